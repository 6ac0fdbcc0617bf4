"""An older copy of the ledger is put back: nothing is sent from it until somebody has decided who may have had what."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete

from anytown import opt_out
from bulletin.database.commits import allow_settling
from bulletin.database.file_watch import watch_file
from bulletin.database.mark import MARK_FILE, MarkFile
from bulletin.database.schema import open_database
from bulletin.database.shortfall import compare_with_mark, read_mark
from bulletin.database.tables import memberships
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import DatabaseError, LedgerBehind
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import on_postgresql, on_sqlite
from mailed import ACCEPTED, LATER, QUEUED, mail, run
from older_copy import OlderCopy
from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

NAMES = ["anna", "ben", "cleo", "dora", "emil", "fay"]
LISTS = {"partners": "email,name\n" + "".join(f"{name}@example.org,{name}\n" for name in NAMES), "schools": "email\n"}

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, database_url: str) -> Workspace:
    return make_workspace(lists=LISTS, environ={"BULLETIN_DATABASE_URL": database_url})


@pytest.fixture(autouse=True)
def _at_this_database(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "a key that all computers of this test know")


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def keep(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], OlderCopy]:
    """Makes a copy of the ledger as it is."""
    is_file = database_url.startswith("sqlite")
    server: PostgreSQL | None = None if is_file else request.getfixturevalue("postgresql")
    numbers = count()

    def keep() -> OlderCopy:
        folder = tmp_path / f"copy-{next(numbers)}"
        folder.mkdir()
        return OlderCopy(database_url, folder, server)

    return keep


def refusal_of(workspace: Workspace, *arguments: str) -> str:
    with pytest.raises(LedgerBehind) as caught:
        run(workspace, *arguments)
    return str(caught.value)


def test_an_issue_that_an_older_ledger_knows_nothing_of_is_sent_to_nobody_until_a_person_decides(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy]
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    older = keep()
    run(workspace, "send", "2021-05", "--yes")
    older.put_back()

    words = refusal_of(workspace, "send", "2021-05", "--yes")
    assert "is older than it was. It ends at " in words
    assert "2021-05 had gone to 6 people, but it knows of 0." in words
    assert "type: bulletin resolve 2021-05 --unknown." in words
    assert "is older than it was" in run(workspace, "status")

    said = run(workspace, "resolve", "2021-05", "--unknown", "--yes")
    assert "2021-05: 6 readers marked as uncertain." in said
    assert "The ledger can be used again." in said
    assert "may have got it (uncertain): left out" in run(workspace, "send", "2021-05", "--yes")
    assert "6 readers recorded as delivered." in run(workspace, "resolve", "2021-05", "--all", "--delivered", "--yes")
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["accepted"] == 6
    assert len(catcher.caught) == 6


def test_who_still_waited_in_an_older_ledger_is_uncertain_then_and_is_sent_it_only_on_a_persons_word(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy]
) -> None:
    engine = open_database(workspace)
    had = [("anna", ACCEPTED), ("fay", ACCEPTED)]
    mail(engine, [*had, ("ben", QUEUED), ("cleo", QUEUED), ("dora", QUEUED), ("emil", LATER)])
    engine.dispose()
    older = keep()
    run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 4
    older.put_back()

    assert "2021-05 had gone to 6 people, but it knows of 2." in refusal_of(workspace, "send", "2021-05", "--yes")
    assert "2021-05: 4 readers marked as uncertain." in run(workspace, "resolve", "2021-05", "--unknown", "--yes")
    assert "No one else is left" in run(workspace, "send", "2021-05", "--yes")
    run(workspace, "resolve", "2021-05", "emil@example.org", "--resend")
    assert "3  uncertain" in run(workspace, "send", "2021-05", "--yes", code=1)
    assert len(catcher.caught) == 5


@pytest.mark.parametrize(
    "command",
    [
        ("subscribers", "remove", "anna@example.org"),
        ("approve", "2021-05", "--by", "Jo Bloggs", "--yes"),
        ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes"),
        ("send", "2021-05", "--dry-run"),
    ],
    ids=lambda command: command[0],
)
@on_sqlite
def test_nothing_is_recorded_in_an_older_ledger_that_would_be_lost_with_it(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy], command: tuple[str, ...]
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    older = keep()
    run(workspace, "subscribers", "remove", "fay@example.org")
    older.put_back()

    words = refusal_of(workspace, *command)
    assert "No mailing is missing in it." in words
    assert "bulletin resolve ISSUE --unknown" in words
    assert not catcher.caught


@on_sqlite
def test_a_ledger_that_lacks_no_mailing_can_be_used_once_a_person_says_so(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy]
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    older = keep()
    run(workspace, "subscribers", "remove", "fay@example.org")
    older.put_back()

    assert "2021-05: 0 readers marked as uncertain." in run(workspace, "resolve", "2021-05", "--unknown", "--yes")
    run(workspace, "subscribers", "remove", "fay@example.org")
    run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 5


def test_the_newest_copy_is_used_as_if_nothing_had_happened(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy]
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    older = keep()
    run(workspace, "send", "2021-05", "--yes")
    newest = keep()
    older.put_back()
    refusal_of(workspace, "send", "2021-05", "--yes")
    newest.put_back()

    assert "Everyone on these lists has got it." in run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 6


@on_sqlite
def test_every_issue_that_the_ledger_lost_something_of_is_decided_on_its_own(
    workspace: Workspace, keep: Callable[[], OlderCopy]
) -> None:
    engine = open_database(workspace)
    mail(engine, [("anna", QUEUED)], issue="2021-04")
    engine.dispose()
    older = keep()
    engine = open_database(workspace)
    mail(engine, [("ben", ACCEPTED)], issue="2021-05")
    engine.dispose()
    older.put_back()

    assert "bulletin resolve 2021-04 --unknown" in refusal_of(workspace, "send", "2021-05", "--yes")
    said = run(workspace, "resolve", "2021-05", "--unknown", "--yes")
    assert "The ledger is still incomplete. Next: bulletin resolve 2021-04 --unknown" in said
    refusal_of(workspace, "send", "2021-05", "--yes")
    # Its file is gone: what waits is uncertain all the same.
    assert "The ledger can be used again." in run(workspace, "resolve", "2021-04", "--unknown", "--yes")


@on_sqlite
def test_a_ledger_without_its_wal_is_an_older_one(workspace: Workspace, tmp_path: Path) -> None:
    """As a back-up or sync program leaves it that takes only `*.db`, after the sender was killed."""
    engine = open_database(workspace)
    mail(engine, [("anna", ACCEPTED), ("ben", QUEUED)])
    file = Path(engine.url.database or "")
    shutil.copy(file, tmp_path / "without-wal.db")
    engine.dispose()
    shutil.copy(tmp_path / "without-wal.db", file)

    assert "but it knows of 0" in refusal_of(workspace, "send", "2021-05", "--yes")


@pytest.mark.parametrize("harm", [Path.unlink, Path.touch, lambda path: path.write_text('{"ledger": 7}')])
@on_sqlite
def test_a_mark_that_is_lost_or_damaged_is_made_anew_with_a_warning(
    workspace: Workspace, catcher: MailCatcher, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], object]
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    mark = workspace.state_folder / MARK_FILE
    if harm is Path.touch:
        mark.unlink()
    harm(mark)

    run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 6
    assert "ledger.mark was missing or damaged, and was made anew." in caplog.text
    caplog.clear()
    run(workspace, "status")
    assert not caplog.text


@on_sqlite
@pytest.mark.usefixtures("catcher")
def test_a_mark_that_came_from_a_colleagues_computer_before_the_ledger_did_counts(
    workspace: Workspace, keep: Callable[[], OlderCopy]
) -> None:
    """A sync program brings the small file first."""
    run(workspace, "subscribers", "sync", "--yes")
    before = keep()
    mark_before = (workspace.state_folder / MARK_FILE).read_bytes()
    run(workspace, "send", "2021-05", "--yes")
    mark_after = (workspace.state_folder / MARK_FILE).read_bytes()
    before.put_back()
    (workspace.state_folder / MARK_FILE).write_bytes(mark_before)
    assert "would go to 6 readers" in run(workspace, "send", "2021-05", "--dry-run")

    (workspace.state_folder / MARK_FILE).write_bytes(mark_after)
    assert "2021-05 had gone to 6 people" in refusal_of(workspace, "send", "2021-05", "--yes")


@on_postgresql
def test_what_one_computer_knows_stops_all_that_use_the_database(
    workspace: Workspace, catcher: MailCatcher, keep: Callable[[], OlderCopy], tmp_path: Path
) -> None:
    shutil.copytree(workspace.root, tmp_path / "elsewhere", ignore=shutil.ignore_patterns(".bulletin"))
    elsewhere = open_workspace(tmp_path / "elsewhere", environ=workspace.environ)
    run(elsewhere, "subscribers", "sync", "--yes")
    older = keep()
    run(workspace, "send", "2021-05", "--yes")
    older.put_back()

    assert "would go to 6 readers" in run(elsewhere, "send", "2021-05", "--dry-run"), "it knows of nothing more"
    run(workspace, "status")
    assert "2021-05 had gone to 6 people" in refusal_of(elsewhere, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 6


@on_postgresql
def test_a_sender_on_another_computer_stops_as_soon_as_it_is_known_that_the_ledger_lacks_something(
    workspace: Workspace,
) -> None:
    engine = open_database(workspace)
    mail(engine, [("anna", ACCEPTED)])
    with engine.begin() as connection:
        reached = read_mark(connection)
        compare_with_mark(connection, reached._replace(commits=99))
        allow_settling(connection)
    with pytest.raises(LedgerBehind):
        opt_out(engine, "anna")
    engine.dispose()


def test_a_command_that_changes_nothing_is_no_commit(workspace: Workspace) -> None:
    engine = open_database(workspace)
    mark = MarkFile(workspace.state_folder).read()
    with engine.begin() as connection:
        connection.execute(delete(memberships).where(memberships.c.list == "nobody's"))
    assert MarkFile(workspace.state_folder).read() == mark
    opt_out(engine, "anna")
    after = MarkFile(workspace.state_folder).read()
    assert mark
    assert after
    assert after.commits == mark.commits + 1
    engine.dispose()


@on_sqlite
def test_a_wal_that_is_deleted_or_replaced_while_a_mailing_is_sent_stops_it(workspace: Workspace) -> None:
    engine = open_database(workspace)
    opt_out(engine, "anna")
    check = watch_file(engine)
    check()
    wal = workspace.state_folder.parent / f"{engine.url.database}-wal"
    wal.rename(wal.with_name("taken-away"))
    with pytest.raises(DatabaseError, match=r"ledger\.db-wal has been deleted, moved or replaced"):
        check()
    engine.dispose()
