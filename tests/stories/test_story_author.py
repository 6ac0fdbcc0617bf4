"""Whoever writes an issue can't be the only one who approves it, however names are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletin.approval.approvals import find_approvals
from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

ANYBODY = SETTINGS + "approval: {needed: 1}\n"
NAMED = SETTINGS + "approval: {needed: 1, people: [Jo Bloggs, Sam Smith, Ann Other]}\n"
LISTS = {"partners": "email\nanna@example.org\n", "schools": "email\ncara@example.org\n"}


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def write(make_workspace: MakeWorkspace) -> Callable[..., Workspace]:
    def made(author: str, *, settings: str = ANYBODY) -> Workspace:
        text = ISSUE.replace("published:", f"author: {author}\npublished:")
        return make_workspace(settings=settings, lists=LISTS, issues={"2021-05": text})

    return made


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def approve(workspace: Workspace, name: str, *, code: int = 0) -> str:
    return run(workspace, "approve", "2021-05", "--by", name, "--yes", code=code)


# --- where bulletin.yaml names who may approve


@pytest.mark.parametrize(
    ("author", "line", "column", "said"),
    [
        ("Jo Blogs", 2, 9, "“Jo Blogs” is not one of the `people:` who may approve. Did you mean “Jo Bloggs”?"),
        ("Jo Bloggs and Sam Smit", 2, 23, "“Sam Smit” is not one of the `people:` who may approve. Did you mean “Sam"),
        (
            "[Ann Other, Max]",
            2,
            21,
            "“Max” is not one of the `people:` who may approve. The people are Jo Bloggs, Sam ",
        ),
        ("Communications", 2, 9, "“Communications” is not one of the `people:` who may approve."),
    ],
)
def test_an_author_who_is_not_among_the_people_is_an_error_at_its_place(
    write: Callable[..., Workspace], author: str, line: int, column: int, said: str
) -> None:
    workspace = write(author, settings=NAMED)

    for command in (("check", "2021-05"), ("approve", "2021-05", "--by", "Sam Smith", "--yes")):
        assert f"issues/2021-05.yaml:{line}:{column}: {said}" in run(workspace, *command, code=1)


@pytest.mark.parametrize(
    "author",
    [
        "jo bloggs",
        "[Sam Smith, Jo Bloggs]",
        "Jo Bloggs, Sam Smith",
        "Sam Smith & Jo Bloggs",
        "\n  - Jo\N{NO-BREAK SPACE}Bloggs\n  - Ann Other",
    ],
)
def test_each_author_in_any_spelling_needs_somebody_else(write: Callable[..., Workspace], author: str) -> None:
    workspace = write(author, settings=NAMED)
    run(workspace, "check", "2021-05")

    assert "Jo Bloggs wrote 2021-05" in approve(workspace, "Jo Bloggs", code=1)
    other = "Ann Other" if "Ann" not in author else "Sam Smith"
    assert "Nothing more is needed." in approve(workspace, other)


def test_a_slip_in_the_authors_name_after_the_approval_stops_the_send(
    write: Callable[..., Workspace], catcher: MailCatcher
) -> None:
    workspace = write("Jo Bloggs", settings=NAMED)
    approve(workspace, "Sam Smith")
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text(encoding="utf-8").replace("Jo Bloggs", "Jo Blogs"), encoding="utf-8")

    assert "Did you mean “Jo Bloggs”?" in run(workspace, "send", "2021-05", "--yes", code=1)
    assert not catcher.caught


# --- where anybody may approve


@pytest.mark.parametrize(
    "author",
    [
        "Jo Bloggs, Sam Smith",
        "Jo Bloggs and Sam Smith",
        "Jo Bloggs & Sam Smith",
        "Jo Bloggs with Sam Smith",
        "Smith, Sam; Bloggs, Jo",
        "[Jo Bloggs, Sam Smith]",
    ],
)
def test_two_names_let_neither_of_them_approve_alone(write: Callable[..., Workspace], author: str) -> None:
    workspace = write(author)

    for name in ("Jo Bloggs", "Sam Smith", "SAM\N{NO-BREAK SPACE}SMITH", "Jo Bloggs, Sam Smith", "Dr Jo Bloggs"):
        assert "their approval alone" in approve(workspace, name, code=1)
    assert "Nothing more is needed." in approve(workspace, "Ann Other")


@pytest.mark.parametrize(
    ("author", "by"),
    [
        ("José Núñez", "Jose\N{COMBINING ACUTE ACCENT} Nu\N{COMBINING ACUTE ACCENT}n\N{COMBINING TILDE}ez"),
        ("Jo O'Neil-Smith", "Jo O’Neil\N{NON-BREAKING HYPHEN}Smith"),
        ("Jo Bloggs", "JoBloggs"),
        ("Jo Bloggs", "Ｊｏ Ｂｌｏｇｇｓ"),
    ],
)
def test_another_way_of_writing_a_name_is_the_same_person(
    write: Callable[..., Workspace], author: str, by: str
) -> None:
    assert "their approval alone" in approve(write(author), by, code=1)


@pytest.mark.parametrize(("author", "by"), [("Jo Blogs", "Jo Bloggs"), ("Jo Bloggs", "Joe Bloggs")])
def test_a_name_that_is_almost_the_authors_is_asked_about(
    write: Callable[..., Workspace], author: str, by: str
) -> None:
    said = approve(write(author), by, code=1)

    assert f"{by} is almost the name of the author, {author}." in said
    assert "If they are the same person, someone else must approve it." in said


def test_of_two_who_are_needed_one_must_not_have_written_it(write: Callable[..., Workspace]) -> None:
    workspace = write("Jo Bloggs and Sam Smith", settings=ANYBODY.replace("1}", "2}"))
    approve(workspace, "Jo Bloggs")

    assert "It still needs approval by 1 other person." in approve(workspace, "Sam Smith")
    assert "Nothing more is needed." in approve(workspace, "Ann Other")


# --- what was approved before


def test_an_approval_of_before_counts_where_nothing_has_changed(
    write: Callable[..., Workspace], catcher: MailCatcher
) -> None:
    """What was approved has the same digest, whether one author is written as a name or as a list of one."""
    workspace = write("Jo Bloggs")
    approve(workspace, "Ann Other")
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text(encoding="utf-8").replace("Jo Bloggs", "[Jo Bloggs]"), encoding="utf-8")
    engine = open_database(workspace.database_url)
    (signed,) = find_approvals(engine, "2021-05")
    engine.dispose()

    assert "Approved by Ann Other (" in run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 2
    assert re.search(rf"\b{signed.digest}\b", run(workspace, "certificate", "2021-05"))
    assert "altered" not in run(workspace, "certificate", "2021-05")


def test_an_approval_by_one_of_two_authors_in_one_text_is_not_enough_any_more(
    write: Callable[..., Workspace], catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = write("Jo Bloggs, Sam Smith")
    with monkeypatch.context() as before:  # an older version let each of them approve alone
        before.setattr("bulletin.approval.requirement.is_author", lambda _contents, _name: False)
        before.setattr("bulletin.approval.requirement.find_near", lambda _authors, _name: "")
        approve(workspace, "Jo Bloggs")

    assert "still needs approval by 1 other person" in run(workspace, "send", "2021-05", "--yes", code=1)
    assert not catcher.caught
