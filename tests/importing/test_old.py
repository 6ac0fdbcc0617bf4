"""How near the drafts of old bulletins come to what an officer would write by hand (`tests/old`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import press
from bulletin.declaration.source import Data, parse_source
from bulletin.edition.build import make_edition
from bulletin.importing.blocks import Role
from bulletin.importing.draft import OldBulletin, draft_from
from bulletin.importing.pictures import take_pictures
from bulletin.importing.plain import read_text
from bulletin.importing.reading import read_old
from bulletin.workspace.workspace import Workspace
from checkout import TESTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

OLD = TESTS / "old"
MakeWorkspace = Callable[..., Workspace]
Make = Callable[[str, str], OldBulletin]
FORMATS = ("html", "docx", "tagged.pdf", "plain.pdf")
FILES = [(name, suffix) for name in ("council", "charity", "partnership") for suffix in FORMATS]
FILES += [("mailer", suffix) for suffix in FORMATS if suffix != "docx"] + [("partnership", "txt")]


def write_page(name: str) -> str:
    """The bulletin as a page; the one that is a text is given tags."""
    if name != "partnership":
        return (OLD / f"{name}.html").read_text(encoding="utf-8")
    written, in_list = [], False
    for block in read_text((OLD / "partnership.txt").read_bytes()):
        entry = block.role is Role.ENTRY
        written += ["<ul>"] if entry and not in_list else ["</ul>"] if in_list and not entry else []
        in_list = entry
        tag = "li" if entry else f"h{block.level}" if block.level else "p"
        words = re.sub(r"(?:(.*?) (· .*) )?(https:\S+)", r'<a href="\3">\1</a> \2', block.text) if entry else block.text
        words = re.sub(r'<a href="([^"]*)"></a>', r"\1", words)
        written.append(f"<{tag}>{words}</{tag}>")
    return f"<html><body>{''.join(written)}{'</ul>' if in_list else ''}</body></html>"


@pytest.fixture(scope="module")
def make_old(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make the draft of an old bulletin in one of the formats."""
    folder, made = tmp_path_factory.mktemp("old"), dict[tuple[str, str], OldBulletin]()

    def make(name: str, suffix: str) -> OldBulletin:
        if (name, suffix) not in made:
            path = _write(name, suffix)
            blocks = read_old(path)
            made[name, suffix] = draft_from(blocks, name=path.name, pictures=take_pictures(blocks, folder=folder))
        return made[name, suffix]

    def _write(name: str, suffix: str) -> Path:
        page, path = write_page(name) if suffix != "txt" else "", folder / f"{name}-{suffix}"
        if suffix == "txt":
            return OLD / "partnership.txt"
        if suffix == "docx":
            return press.write_docx(page, path.with_suffix(".docx"))
        if suffix == "html":
            path = path.with_suffix(".html")
            path.write_text(page, encoding="utf-8")
            return path
        columns = press.COLUMNS if (name, suffix) == ("charity", "plain.pdf") else ""
        return press.print_pdf(browser, page + columns, path, tagged=suffix == "tagged.pdf", running=f"{name} news")

    return make


def lay_out(text: str) -> list[str]:
    """The lines of an issue, each paragraph of it filled anew, so that only words and fields make a difference."""
    source = parse_source(text, shown_as="draft.yaml")
    assert not source.faults
    return yaml.safe_dump(_fill(source.data), sort_keys=False, allow_unicode=True, width=100).splitlines()


def _fill(data: Data) -> Data:
    if isinstance(data, dict):
        return {name: _fill(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_fill(value) for value in data]
    return re.sub(r"(?<!\n)\n(?! *(?:- |\d+\. |\n|### )) *", " ", (data or "").strip())


@pytest.mark.parametrize(("name", "suffix"), FILES)
def test_under_a_quarter_of_the_lines_of_a_draft_need_touching(name: str, suffix: str, make_old: Make) -> None:
    drafted, wanted = lay_out(make_old(name, suffix).text), lay_out((OLD / f"{name}.yaml").read_text(encoding="utf-8"))
    kept = sum(match.size for match in SequenceMatcher(None, drafted, wanted, autojunk=False).get_matching_blocks())
    assert 1 - kept / len(drafted) < 0.25  # to be changed or deleted
    assert 1 - kept / len(wanted) < 0.25  # to be written


@pytest.mark.parametrize(("name", "suffix"), FILES)
def test_marks_are_few_enough_to_be_looked_at(name: str, suffix: str, make_old: Make) -> None:
    made = make_old(name, suffix)
    assert 0 < made.guesses <= 2.5 * made.sections


@pytest.mark.parametrize(("name", "suffix"), FILES)
def test_nothing_of_a_whole_file_is_called_lost(name: str, suffix: str, make_old: Make) -> None:
    assert make_old(name, suffix).lost == ()


@pytest.mark.parametrize(("name", "suffix"), FILES)
def test_a_draft_can_be_rendered_at_once(name: str, suffix: str, make_old: Make, make_workspace: MakeWorkspace) -> None:
    made = make_old(name, suffix)
    workspace = make_workspace(issues={made.month.id: made.text})
    for path, content in made.pictures.items():
        (workspace.root / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace.root / path).write_bytes(content)
    assert len(workspace.load_issue(made.month.id).sections) == made.sections
    assert make_edition(workspace, made.month.id).text


@pytest.mark.parametrize("suffix", FORMATS)
def test_tables_lists_links_and_emphasis_come_over_from_every_format(suffix: str, make_old: Make) -> None:
    council, charity = make_old("council", suffix).text, make_old("charity", suffix).text
    assert "- title: Voice of the child\n        provider: Young Northshire\n" in council
    assert re.search(r"which looks at\n +- plans that last longer than two years\n", council)
    assert "*Spring survey*" in council
    assert "**1,240 contacts**" in council
    assert "](https://jobs.northshire.example.org/social-work)" in council
    assert re.search(r"1\. Drive a minibus on the first Saturday\.\n +2\. Bake for the drop-in\.", charity)


@pytest.mark.parametrize("suffix", ["html", "docx"])
def test_pictures_come_over_with_their_alternative(suffix: str, make_old: Make) -> None:
    made = make_old("council", suffix)
    ((path, content),) = made.pictures.items()
    assert re.fullmatch(r"issues/images/2021-06-poster-a-father-holds-a-\w{6}\.png", path)
    assert content.startswith(b"\x89PNG")
    assert f'file: {path}\n      alt: "Poster: a father holds a crying baby"' in made.text.replace('"issues', "issues")


def test_what_a_mailer_puts_around_a_bulletin_is_left_out_and_named(make_old: Make) -> None:
    above, _, issue = make_old("mailer", "html").text.partition("\nmonth:")
    for words in ("View this email", "Copyright ©", "You are receiving", "mailing address", "unsubscribe", "Facebook"):
        assert words in above.replace("\n# ", " ")
        assert words not in issue
    assert "\npreview_text: Half-term clubs, a new chair, and a survey for parents\n" in issue  # its hidden line


def test_running_lines_and_page_numbers_of_a_pdf_are_left_out(make_old: Make) -> None:
    text = make_old("council", "plain.pdf").text
    assert "council news" not in text
    assert "Page 1" not in text
