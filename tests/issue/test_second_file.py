"""The second language of an issue in a file of its own: one issue, with each fault in the file that it is in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.declaration.source import parse_source
from bulletin.edition.build import make_edition
from bulletin.errors import FaultyFiles, NotFound
from bulletin.issue.second_file import join_files, split_language
from bulletin.proof.proofing import proof_issue
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import TESTS
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

ENGLISH = """\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
- kind: notice
  title: Office closed
  text: Our office is closed on 3 May 2021.
  by: 10 May 2021
  do: Read the hours
- kind: links
  title: Read more
  items:
  - {title: Our guide, link: "https://www.example.org/guide"}
"""
WELSH = """\
subject: Newyddion mis Mai
preview_text: Beth wnaethom ym mis Ebrill
sections:
- title: Swyddfa ar gau
  text: Mae ein swyddfa ar gau ar 3 Mai 2021.
  do: Darllenwch yr oriau
- title: Darllen rhagor
  items:
  - {title: Ein canllaw}
"""
TITLES = SETTINGS.replace("title: Anytown news", "title: {cy: Newyddion, en: Anytown news}")


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=TITLES, issues={"2021-05": ENGLISH, "2021-05.cy": WELSH})


def write(workspace: Workspace, old: str, new: str, *, name: str = "2021-05.cy") -> None:
    path = workspace.issue_path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def find_faults(workspace: Workspace) -> list[str]:
    with pytest.raises(FaultyFiles) as raised:
        workspace.load_issue("2021-05")
    return [f"{fault.file}:{fault.line}: {fault.message}" for fault in raised.value.faults]


def test_two_files_are_one_issue_with_welsh_first(workspace: Workspace) -> None:
    issue = workspace.load_issue("2021-05")

    assert list(workspace.issue_ids()) == ["2021-05"]
    assert issue.languages == ("cy", "en")
    welsh, english = issue.in_each_language
    assert (welsh.subject, english.subject) == ("Newyddion mis Mai", "Anytown news for May")
    assert [section.title for section in welsh.sections] == ["Swyddfa ar gau", "Darllen rhagor"]
    assert welsh.sections[0].by == english.sections[0].by
    assert "Swyddfa ar gau" in make_edition(workspace, "2021-05").text


def split(data: Any, language: str) -> Any:
    """What the file of one language has of an issue that is written in one file."""
    if isinstance(data, dict) and set(data) <= {"cy", "en", "same"} and "same" not in data:
        return data[language]
    if isinstance(data, dict):
        return {key: split(value, language) for key, value in data.items() if key != "languages"}
    return [split(each, language) for each in data] if isinstance(data, list) else data


def test_an_issue_of_every_kind_is_the_same_in_one_file_and_in_two(tmp_path: Path) -> None:
    shutil.copytree(TESTS / "edition" / "bilingual", tmp_path / "both")
    workspace = open_workspace(tmp_path / "both", environ={})
    path = workspace.issue_path("2026-11")
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    before = make_edition(workspace, "2026-11")

    for name, language in (("2026-11", "en"), ("2026-11.cy", "cy")):
        text = yaml.safe_dump(split(data, language), allow_unicode=True, sort_keys=False)
        workspace.issue_path(name).write_text(text, encoding="utf-8")

    assert make_edition(workspace, "2026-11").digest == before.digest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  do: Darllenwch", "  by: 11 May 2021\n  do: Darllenwch", "“11 May 2021” is another value than in"),
        ("- title: Swyddfa", "- kind: article\n  title: Swyddfa", "“article” is another value than in"),
        ("{title: Ein canllaw}", "{title: Ein canllaw}\n  - {title: Un arall}", "This entry is here, and not in"),
        ("  do: Darllenwch yr oriau", "  kicker: Sylwch", "“kicker” is here, and not in"),
        ("text: Mae ein", "text: [Mae ein", "A bracket ([) opens here"),
        ("text: Mae ein", "text: <b>Mae", "HTML"),
        ("subject: Newyddion mis Mai", "subject: [Newyddion]", "This has another shape than in"),
    ],
)
def test_a_fault_of_the_second_file_is_told_there(workspace: Workspace, old: str, new: str, fault: str) -> None:
    write(workspace, old, new)
    lines = workspace.issue_path("2021-05.cy").read_text().splitlines()

    (first, *_) = find_faults(workspace)

    assert first.startswith("issues/2021-05.cy.yaml:")
    assert fault in first
    assert 1 <= int(first.split(":")[1]) <= len(lines)


def test_a_fault_of_the_first_file_is_told_there(workspace: Workspace) -> None:
    write(workspace, "10 May 2021", "32 May 2021", name="2021-05")

    assert find_faults(workspace)[0].startswith("issues/2021-05.yaml:9:")


@pytest.mark.parametrize(
    ("old", "line", "code"),
    [
        ("  do: Darllenwch yr oriau\n", 10, "PAR02"),
        ("  - {title: Ein canllaw}\n", 14, "PAR02"),
        ("preview_text: Beth wnaethom ym mis Ebrill\n", 4, "PAR02"),
    ],
)
def test_what_is_not_translated_is_found_in_the_first_file(
    workspace: Workspace, old: str, line: int, code: str
) -> None:
    write(workspace, old, "  items: []\n" if "canllaw" in old else "")
    if "canllaw" in old:
        write(workspace, "  items:\n", "")

    findings = proof_issue(workspace, "2021-05", today=workspace.load_issue("2021-05").published).findings

    found = [(one.file, one.line) for one in findings if one.code == code and one.file.startswith("issues/")]
    assert ("issues/2021-05.yaml", line) in found


def test_a_finding_in_a_translation_is_told_in_its_file_and_a_comment_there_accepts_it(workspace: Workspace) -> None:
    write(workspace, "ar 3 Mai 2021", "ar 4 Mai 2021")
    published = workspace.load_issue("2021-05").published

    def find() -> list[tuple[str, int]]:
        findings = proof_issue(workspace, "2021-05", today=published).findings
        return [(one.file, one.line) for one in findings if one.code == "PAR05"]

    assert find() in ([("issues/2021-05.cy.yaml", 5)], [("issues/2021-05.yaml", 8)])


def test_the_second_file_alone_is_no_issue(workspace: Workspace) -> None:
    assert workspace.find_issue("issues/2021-05.cy.yaml") == "2021-05"
    workspace.issue_path("2021-05").unlink()

    with pytest.raises(NotFound, match="is the Welsh of an issue that has no file of its own"):
        workspace.find_issue("issues/2021-05.cy.yaml")


def test_both_files_in_one_language_are_told(workspace: Workspace) -> None:
    write(workspace, "month: 2021-05", "month: 2021-05\nlanguage: cy", name="2021-05")

    assert "This is the Welsh of an issue that is in Welsh itself." in find_faults(workspace)[0]


def test_check_reads_both_and_says_in_which_file_a_fault_is(workspace: Workspace) -> None:
    write(workspace, "  do: Darllenwch", "  by: 11 May 2021\n  do: Darllenwch")

    result = CliRunner().invoke(make_app(), ["check", "2021-05", "--workspace", str(workspace.root)])

    assert "issues/2021-05.cy.yaml:6:3" in result.output


TREES = st.recursive(
    st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "text", "by"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["title", "sections"]), TREES),
    st.dictionaries(st.sampled_from(["title", "sections"]), TREES),
)
def test_any_two_files_are_joined_or_their_faults_are_in_the_second(one: Any, other: Any) -> None:
    first, second = (
        parse_source(yaml.safe_dump(data), shown_as=name) for data, name in ((one, "a.yaml"), (other, "a.cy.yaml"))
    )
    joined = join_files(first, second, languages=("en", "cy"), own=())

    for fault in joined.faults:
        assert fault.file == "a.cy.yaml"
        assert 1 <= fault.line <= max(1, len(second.lines))


def test_a_name_without_a_known_language_is_an_issue_of_its_own() -> None:
    assert [split_language(name) for name in ("2021-05.cy", "2021-05.en", "2021-05.de", "2021-05", "cy")] == [
        *(("2021-05", "cy"), ("2021-05", "en"), ("2021-05.de", "")),
        *(("2021-05", ""), ("cy", "")),
    ]
