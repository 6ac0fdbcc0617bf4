"""A kind of section that is added as CONTRIBUTING.md says it, to the letter, in a copy of the package."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from mypy import api as mypy

from checkout import ROOT, SUPPORT
from conftest import SETTINGS
from specimen import picture

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGE = PAGE[PAGE.index("## A worked example: a new kind of section") :]
MODULE, IMPORT, MEMBER = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
HTML, TEXT, WEB = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
PLACES = re.findall(r"`((?:bulletin/issue/kinds|templates/[\w/]+/sections)/quotation\.[\w.]+)`", PAGE)

HEAD = """\
month: 2021-07
published: 6 July 2021
subject: Anytown news for July
preview_text: What young people told us in June, and who will answer them.
sections:
"""
QUOTATION = """\
  - kind: quotation
    title: What young people say
    words: Nobody asked us before *this summer*.
    speaker: Ffion of the Youth Council
    image: {file: issues/council.png, alt: The council at work}
"""
ISSUE = f"{HEAD}{QUOTATION}"
CONTRIBUTORS = "contributors:\n  health: {organisation: Anytown Health, email: news@health.example.org}\n"
CONTRIBUTION = """\
from: health
sections:
  - kind: quotation
    title: What parents say
    words: The coffee mornings helped us.
    speaker: A father of two
"""
OLD = """\
<html><body><h1>Anytown news, July 2020</h1>
<h2>In their own words</h2><p>I was listened to from the first day, and every day since then.</p>
<h2>Board update</h2><ul><li>We met.</li><li>We met again.</li></ul></body></html>
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the package in `root` that has the new kind, and a workspace of it."""

    root: Path
    workspace: Path

    def run(self, *lines: str) -> list[str]:
        """What each command prints, run one after the other in the workspace. All of them succeed."""
        command = [sys.executable, str(SUPPORT / "commands_in_copy.py")]
        split = [[*line.split(), "--workspace", str(self.workspace)] for line in lines]
        done = subprocess.run(
            command, input=json.dumps(split), env=self.environ, capture_output=True, text=True, check=True, timeout=120
        )
        outcomes = json.loads(done.stdout)
        assert [code for code, _ in outcomes] == [0] * len(lines), outcomes
        return [printed for _, printed in outcomes]

    def evaluate(self, program: str) -> str:
        """What a Python program prints with the copy."""
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, cwd=self.root, env=self.environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.root)}

    def write(self, name: str, content: str) -> None:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.workspace / name).read_text(encoding="utf-8")

    def read_all(self, pattern: str) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in self.workspace.glob(pattern))


def make_copy(folder: Path, *, module: str = MODULE) -> Copy:
    """The package with what the page says, step by step, and a workspace with a quotation.

    What Python has compiled is copied too: it holds as long as a file is as old and as long as it was.
    """
    for name in ("bulletin", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for place, content in zip(PLACES, (module, HTML, TEXT, WEB), strict=True):
        (folder / place).write_text(content, encoding="utf-8")
    sections = folder / "bulletin/issue/sections.py"
    kinds = sections.read_text(encoding="utf-8")
    kinds = kinds.replace("from bulletin.issue.kinds.resources", f"{IMPORT}from bulletin.issue.kinds.resources")
    sections.write_text(kinds.replace("    | About,\n", f"    | About\n{MEMBER.rstrip()},\n"), encoding="utf-8")
    copy = Copy(folder, folder / "workspace")
    copy.write("bulletin.yaml", SETTINGS + CONTRIBUTORS)
    copy.write("issues/2021-07.yaml", ISSUE)
    (copy.workspace / "issues/council.png").write_bytes(picture())
    return copy


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return make_copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(copied: Copy, tmp_path: Path) -> Copy:
    """The copy, with a workspace that no other test has written to."""
    shutil.copytree(copied.workspace, tmp_path / "workspace")
    return Copy(copied.root, tmp_path / "workspace")


def test_the_page_has_one_class_and_three_templates() -> None:
    assert len(PLACES) == 4
    assert len(re.findall(r"^class ", MODULE, re.MULTILINE)) == 1


def test_it_is_checked_rendered_and_compared(copy: Copy) -> None:
    june = (
        ISSUE.replace("2021-07", "2021-06")
        .replace("6 July", "1 June")
        .replace("for July", "for June")
        .replace("preview_text: ", "preview_text: In June, ")
    )
    copy.write("issues/2021-06.yaml", june.replace("asked", "told"))

    checked, _, compared = copy.run("check 2021-07", f"render 2021-07 --out {copy.workspace / 'out'}", "diff 2021-07")

    assert "issues/2021-07.yaml: in order, 1 section" in checked
    html, text = (copy.read_all(f"out/**/*.{suffix}") for suffix in ("html", "txt"))
    assert "before <em>this summer</em>.</p>" in re.sub(r"(<\w+) [^>]*>", r"\1>", html)
    assert ">What young people say</h2>" in html.replace("\xa0", " ").replace("&nbsp;", " ")
    assert 'alt="The council at work"' in html
    assert "What young people say\n---------------------\n" in text
    assert "Picture: The council at work" in text
    assert "Nobody asked us before" in text
    assert "Ffion of the Youth Council" in html
    assert "Ffion of the Youth Council" in text
    assert "words: “Nobody told us before *this summer*.” → “Nobody asked us before *this summer*.”" in compared


def test_a_fault_in_it_is_told_at_its_line(copy: Copy) -> None:
    copy.write("issues/2021-07.yaml", ISSUE.replace("    speaker: Ffion of the Youth Council\n", ""))

    with pytest.raises(AssertionError, match="“speaker” is missing in a quotation section: who said it"):
        copy.run("check 2021-07")


def test_the_next_draft_has_nothing_of_last_month_but_its_title(copy: Copy) -> None:
    copy.run("new 2021-08")
    draft = copy.read("issues/2021-08.yaml")

    assert yaml.safe_load(draft)["sections"] == [
        {"kind": "quotation", "title": "What young people say", "words": "TO WRITE", "speaker": "TO WRITE"}
    ]
    assert "# write: what was said." in draft
    assert "# write: who said it." in draft


def test_the_next_draft_keeps_what_the_trait_says(copy: Copy) -> None:
    program = f"""
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from bulletin.drafting.draft import draft_next
from bulletin.issue.dates import Month
from bulletin.issue.kinds.quotation import QuotationSection
from bulletin.issue.sections import traits_of
from bulletin.issue.traits import NextMonth
from bulletin.workspace.workspace import open_workspace
issue, source = open_workspace(Path({str(copy.workspace)!r}), environ={{}}).read_issue("2021-07")
drafts = {{}}
for trait in NextMonth:
    QuotationSection.traits = replace(traits_of(issue.sections[0]), next_month=trait)
    traits_of.__globals__["_find_traits"].cache_clear()
    draft = draft_next(source, issue, month=Month(2021, 8), published=date(2021, 8, 3))
    drafts[trait.name] = [draft.text, draft.dropped]
print(json.dumps(drafts))
"""
    drafts = json.loads(copy.evaluate(program))
    left = {trait: yaml.safe_load(text)["sections"] for trait, (text, _) in drafts.items()}
    same = yaml.safe_load(ISSUE)["sections"]

    assert left["LEFT_OUT"] == [{"kind": "article", "title": "TO WRITE", "text": "TO WRITE"}]
    assert drafts["LEFT_OUT"][1] == ["quotation “What young people say”: was for last month only"]
    assert left["EMPTIED"] != same
    assert left["KEPT"] == same
    assert left["UPDATED"] == [{name: value for name, value in same[0].items() if name != "image"}]
    assert "what has changed since last month?" in drafts["UPDATED"][0]
    assert "what has changed since last month?" not in drafts["KEPT"][0]


def test_it_is_collected_and_offered_in_blank_forms(copy: Copy) -> None:
    copy.write("issues/2021-07/contributions/health.yaml", CONTRIBUTION)

    copy.run("collect 2021-07 --yes", "collect 2021-07 --forms")

    placed = yaml.safe_load(copy.read("issues/2021-07.yaml"))["sections"]
    assert [section["title"] for section in placed] == ["What young people say", "What parents say"]
    forms = copy.read_all("issues/2021-07/contributions/forms/*.yaml")
    assert "#   words (needed): What was said. For example: I was listened to." in forms


def test_it_is_recognised_in_an_old_bulletin(copy: Copy) -> None:
    copy.write("old.html", OLD)

    copy.run(f"draft {copy.workspace / 'old.html'} --month 2020-07")

    first, *_ = yaml.safe_load(copy.read("issues/2020-07.yaml"))["sections"]
    assert first == {
        "kind": "quotation",
        "title": "In their own words",
        "words": "I was listened to from the first day, and every day since then.",
        "speaker": "TO WRITE",
    }


def test_its_words_are_found_in_the_preview_and_its_names_are_taken_for_names(copy: Copy) -> None:
    program = f"""
from pathlib import Path
from bulletin.issue.passages import find_passages
from bulletin.preview.passages import list_passages
from bulletin.proof.vocabulary import is_name
from bulletin.workspace.workspace import open_workspace
issue, source = open_workspace(Path({str(copy.workspace)!r}), environ={{}}).read_issue("2021-07")
print(*(passage.words for passage in list_passages(source, issue) if passage.place[0] == "sections"), sep="|")
print(*(passage.field for passage in find_passages(issue, source) if is_name(passage)), sep="|")
"""
    shown, names = copy.evaluate(program).splitlines()

    assert shown == "What young people say|Nobody asked us before this summer.|Ffion of the Youth Council"
    assert names == "speaker"


def test_editors_complete_it(copy: Copy) -> None:
    copy.run("schema")
    schema = json.loads(copy.read(".bulletin/issue.schema.json"))

    assert schema["$defs"]["QuotationSection"]["required"] == ["title", "kind", "words", "speaker"]


def test_the_type_checker_asks_for_each_trait(tmp_path: Path) -> None:
    (tmp_path / "quotation.py").write_text(MODULE.replace("        one_of_a_kind=False,\n", ""), encoding="utf-8")

    printed, _, code = mypy.run(["--strict", "--follow-imports=silent", str(tmp_path / "quotation.py")])

    assert code == 1
    assert 'error: Missing named argument "one_of_a_kind" for "Traits"' in printed


def test_a_kind_without_traits_stops_the_program_at_its_start() -> None:
    without = re.sub(r"    traits: .*?\n    \)\n", "", MODULE, flags=re.DOTALL)

    with pytest.raises(TypeError, match="QuotationSection has no traits"):
        exec(without, {"__name__": "quotation"})
