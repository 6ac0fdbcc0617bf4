"""`--as LIST`: an issue as readers on a list get it, in `render`, `test` and `diff`; and the matrix of editions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.copies.restricted_copies import find_record
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

THREE_LISTS = SETTINGS.replace("  schools:", "  champions: {title: Champions, basis: public-task}\n  schools:")
HEAD = "month: 2021-{0}\npublished: 4 {1} 2021\nsubject: News\npreview_text: What we did\nsections:\n"
ALL = "  - {kind: notice, title: Office hours, text: We open at nine.}\n"
SCHOOLS = "  - {kind: notice, title: Term dates, text: Nine weeks until the holidays., for: schools}\n"
ROTA = (
    "  - {kind: events, title: Dates, items: [{title: Forum, date: 9 June 2021},"
    " {title: Champions’ rota, date: 9 June 2021, for: champions}]}\n"
)
OFFER = "  - {kind: notice, title: Paid course, text: Book one for 90 pounds today., marketing: yes}\n"
ISSUE = HEAD.format("05", "May") + ALL + SCHOOLS + ROTA + OFFER


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=THREE_LISTS, issues={"2021-05": ISSUE})


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def test_each_edition_is_written_to_a_folder_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    run(workspace, "render", "2021-05", "--out", str(tmp_path / "out"))

    written = {path.name: (path / "email.txt").read_text("utf-8") for path in sorted((tmp_path / "out").iterdir())}
    assert list(written) == [
        "1-everyone-else",
        "2-others-who-agreed-to-marketing",
        "3-champions",
        "4-champions-who-agreed-to-marketing",
        "5-schools",
        "6-schools-who-agreed-to-marketing",
        "7-champions-and-schools",
        "8-champions-and-schools-who-agreed-to-marketing",
    ]
    assert [name[0] for name, text in written.items() if "Nine weeks" in text] == ["5", "6", "7", "8"]
    assert [name[0] for name, text in written.items() if "rota" in text] == ["3", "4", "7", "8"]
    assert [name[0] for name, text in written.items() if "90 pounds" in text] == ["2", "4", "6", "8"]


def test_as_a_list_is_the_edition_of_its_readers_and_several_are_the_union(
    workspace: Workspace, tmp_path: Path
) -> None:
    def read(*lists: str) -> str:
        options = [option for name in lists for option in ("--as", name)]
        run(workspace, "render", "2021-05", "--out", str(tmp_path / "out"), *options)
        return (tmp_path / "out" / "email.txt").read_text("utf-8")

    assert "rota" in read("champions")
    assert "90 pounds" not in read("champions")  # its basis is a public task
    assert "Nine weeks" not in read("champions")
    both = read("champions", "schools")
    assert all(words in both for words in ("rota", "Nine weeks", "90 pounds"))
    said = run(workspace, "render", "2021-05", "--out", str(tmp_path / "out"), "--as", "school", code=1)
    assert "There is no list “school”. The lists in bulletin.yaml are: partners, champions, schools." in said


def test_the_matrix_shows_which_part_is_in_whose_edition(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(
        settings=THREE_LISTS, issues={"2021-05": HEAD.format("05", "May") + ALL + SCHOOLS + ROTA}
    )
    lines = run(workspace, "render", "2021-05", "--matrix").splitlines()

    assert lines[:5] == [
        "Edition 1: everyone else",
        "Edition 2: champions",
        "Edition 3: schools",
        "Edition 4: champions and schools",
        "Website: everyone",
    ]
    assert [line.split() for line in lines[6:]] == [
        ["Part", "For", "1", "2", "3", "4", "Website"],
        ["Office", "hours", "everyone", *["Yes"] * 5],
        ["Term", "dates", "schools", "No", "No", "Yes", "Yes", "No"],
        ["Dates", "everyone", *["Yes"] * 5],
        ["Champions’", "rota", "champions", "No", "Yes", "No", "Yes", "No"],
    ]
    assert "Add --out and a folder" in run(workspace, "render", "2021-05", code=2)


def test_a_test_copy_is_of_what_everyone_gets(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "test", "2021-05", "--to", "jo@example.org")

    (caught,) = catcher.caught
    message = message_from_bytes(caught.file.read_bytes(), policy=default)
    assert message["Subject"] == "[TEST 1] News"
    text = message.get_body(("plain",)).get_content()
    assert "We open at nine" in text
    assert not any(words in text for words in ("Nine weeks", "rota", "90 pounds"))
    assert not find_record(workspace).exists()


def test_a_copy_with_more_says_for_which_readers_asks_first_and_is_recorded(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    copy = ("test", "2021-05", "--to", "jo@example.org", "--as", "champions", "--as", "schools")
    assert "This needs a yes" in run(workspace, *copy, code=1)
    assert not catcher.caught

    run(workspace, *copy, "--yes")
    (caught,) = catcher.caught
    message = message_from_bytes(caught.file.read_bytes(), policy=default)
    assert message["Subject"] == "[TEST 1, champions and schools] News"
    assert "Nine weeks" in message.get_body(("plain",)).get_content()
    (line,) = find_record(workspace).read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["issue"], entry["lists"], entry["domain"]) == ("2021-05", ["champions", "schools"], "example.org")
    assert "jo@" not in line


def test_a_copy_as_a_list_without_parts_of_its_own_asks_nothing(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "test", "2021-05", "--to", "jo@example.org", "--as", "partners")

    assert len(catcher.caught) == 1
    assert not find_record(workspace).exists()


def test_what_is_new_is_told_as_readers_of_a_list_see_it(make_workspace: MakeWorkspace) -> None:
    issues = {"2021-04": HEAD.format("04", "April") + ALL, "2021-05": ISSUE}
    workspace = make_workspace(settings=THREE_LISTS, issues=issues)

    assert "Term dates" in run(workspace, "diff", "2021-05")
    assert "marketing, for readers who agreed to it" in run(workspace, "diff", "2021-05")
    seen = run(workspace, "diff", "2021-05", "--as", "champions")
    assert "Champions’ rota" in seen
    assert not any(words in seen for words in ("Term dates", "Paid course"))
