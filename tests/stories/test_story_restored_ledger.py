"""A back-up that was made while an issue was being sent is put in place elsewhere: no one is sent anything by guess."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from anytown import NOON, opt_out
from bulletin.database.backup import back_up
from bulletin.database.mark import MARK_FILE
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule
from bulletin.errors import DatabaseError, LedgerBehind, MailingError, NotFound
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import on_sqlite
from mailed import ACCEPTED, LATER, QUEUED, mail, run
from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

NAMES = ["anna", "ben", "cleo", "dora", "emil", "fay"]
LISTS = {"partners": "email,name\n" + "".join(f"{name}@example.org,{name}\n" for name in NAMES), "schools": "email\n"}
HALF_SENT = [("anna", ACCEPTED), ("fay", ACCEPTED), *((name, QUEUED) for name in ("ben", "cleo", "dora"))]

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The workspace that sent. Its commands, and those of others, have the database of the environment."""
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "a key that all computers of this test know")
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    return make_workspace(lists=LISTS, environ={"BULLETIN_DATABASE_URL": database_url})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    yield engine
    engine.dispose()


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def elsewhere(
    workspace: Workspace,
    database_url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Workspace]:
    """Goes to another computer: the same files without `.bulletin/`, and an empty database of the same kind."""

    def go() -> Workspace:
        root = tmp_path / "elsewhere"
        shutil.copytree(workspace.root, root, ignore=shutil.ignore_patterns(".bulletin"))
        url = f"sqlite:///{tmp_path / 'new' / 'ledger.db'}"
        if not database_url.startswith("sqlite"):
            server: PostgreSQL = request.getfixturevalue("postgresql")
            url = server.make_empty_database()
        monkeypatch.setenv("BULLETIN_DATABASE_URL", url)
        return open_workspace(root, environ={"BULLETIN_DATABASE_URL": url})

    return go


def count(workspace: Workspace, issue: str = "2021-05") -> dict[str, int]:
    found = json.loads(run(workspace, "status", issue, "--json"))
    return {name: found[name] for name in ("queued", "accepted", "deferred", "uncertain") if found[name]}


def test_everyone_who_was_queued_then_is_uncertain_elsewhere_and_nothing_is_sent_before_a_person_decides(
    ledger: Engine,
    catcher: MailCatcher,
    elsewhere: Callable[[], Workspace],
    tmp_path: Path,
) -> None:
    mail(ledger, [*HALF_SENT, ("emil", LATER)])
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    opt_out(ledger, "cleo")
    there = elsewhere()

    said = run(there, "database", "restore", str(tmp_path / "monday.db"), "--yes")
    assert "It knows what happened until 11:00:00 on Tuesday 4 May 2021." in said
    assert "2021-05 has stopped: 4 readers uncertain." in said
    assert "Who unsubscribed after 11:00:00 on Tuesday 4 May 2021 isn't known." in said
    assert count(there) == {"accepted": 2, "uncertain": 4}
    assert "No one else is left" in run(there, "send", "2021-05", "--yes")
    run(there, "resolve", "2021-05", "dora@example.org", "--resend")
    with pytest.raises(MailingError, match="Nothing was sent") as caught:
        run(there, "send", "2021-05", "--yes")
    assert caught.value.remedy.endswith("bulletin database restore --checked")
    assert "isn't known" in run(there, "database", "status")

    run(there, "subscribers", "remove", "cleo@example.org")
    assert run(there, "database", "restore", "--checked") == "Recorded. You can send again.\n"
    run(there, "resolve", "2021-05", "ben@example.org", "--delivered")
    run(there, "send", "2021-05", "--yes", code=1)  # two are uncertain still
    assert [one.recipient for one in catcher.caught] == ["dora@example.org"]
    assert count(there) == {"accepted": 4, "uncertain": 2}


def test_the_mark_of_the_machine_that_sent_tells_that_nothing_was_sent_since(
    workspace: Workspace, ledger: Engine, elsewhere: Callable[[], Workspace], catcher: MailCatcher, tmp_path: Path
) -> None:
    mail(ledger, HALF_SENT)
    note_mark(ledger, gone=2, accepted=2)
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    opt_out(ledger, "cleo")
    mark = shutil.copy(workspace.state_folder / MARK_FILE, tmp_path / "mark")
    there = elsewhere()

    said = run(there, "database", "restore", str(tmp_path / "monday.db"), "--mark", str(mark), "--yes")
    assert "2021-05 has stopped: 3 still queued, as nothing was sent since." in said
    assert count(there) == {"accepted": 2, "queued": 3}
    run(there, "subscribers", "remove", "cleo@example.org")
    run(there, "database", "restore", "--checked")
    assert "The ledger was put back from a back-up of" in run(there, "status", "2021-05")
    run(there, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("gone", "accepted", "found"),
    [
        (5, 5, {"accepted": 5}),
        (5, 4, {"accepted": 2, "uncertain": 3}),
        (4, 4, {"accepted": 2, "uncertain": 3}),
    ],
)
def test_the_mark_names_them_only_where_it_leaves_no_doubt(
    *,
    workspace: Workspace,
    ledger: Engine,
    elsewhere: Callable[[], Workspace],
    tmp_path: Path,
    gone: int,
    accepted: int,
    found: dict[str, int],
) -> None:
    mail(ledger, HALF_SENT)
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    note_mark(ledger, gone=gone, accepted=accepted)
    mark = shutil.copy(workspace.state_folder / MARK_FILE, tmp_path / "mark")
    there = elsewhere()

    run(there, "database", "restore", str(tmp_path / "monday.db"), "--mark", str(mark), "--yes")
    assert count(there) == found


@on_sqlite
def test_a_mailing_that_began_after_the_back_up_is_named_by_the_mark_and_goes_to_nobody(
    workspace: Workspace, ledger: Engine, elsewhere: Callable[[], Workspace], catcher: MailCatcher, tmp_path: Path
) -> None:
    run(workspace, "subscribers", "sync", "--yes")
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    run(workspace, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 6
    mark = shutil.copy(workspace.state_folder / MARK_FILE, tmp_path / "mark")
    there = elsewhere()

    said = run(there, "database", "restore", str(tmp_path / "monday.db"), "--mark", str(mark), "--yes")
    assert "2021-05 went out after that, and the back-up has no trace of it: bulletin resolve 2021-05 --unknown" in said
    with pytest.raises(LedgerBehind):
        run(there, "subscribers", "remove", "cleo@example.org")
    assert "6 readers marked as uncertain" in run(there, "resolve", "2021-05", "--unknown", "--yes")
    run(there, "database", "restore", "--checked")
    run(there, "send", "2021-05", "--yes")
    assert len(catcher.caught) == 6


@on_sqlite
def test_what_was_planned_then_is_not_begun_by_itself(
    ledger: Engine, elsewhere: Callable[[], Workspace], catcher: MailCatcher, tmp_path: Path
) -> None:
    grace = 10 * 366 * 24 * 3600 * 1000
    request = ScheduleRequest(
        issue="2021-05", lists=("partners",), newcomers=False, due_at=NOON, grace=grace, digest="0" * 64
    )
    add_schedule(ledger, request, now=NOON)
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    there = elsewhere()

    said = run(there, "database", "restore", str(tmp_path / "monday.db"), "--yes")
    assert "2021-05 was scheduled for 11:00:00 on Tuesday 4 May 2021, and isn't any more." in said
    assert "If it wasn't sent: bulletin schedule 2021-05 --at TIME" in said
    run(there, "database", "restore", "--checked")
    run(there, "run")
    assert not catcher.caught


@on_sqlite
def test_a_back_up_that_somebody_copied_into_place_sends_nothing_until_it_is_restored(
    workspace: Workspace, ledger: Engine, database_url: str, catcher: MailCatcher, tmp_path: Path
) -> None:
    mail(ledger, HALF_SENT)
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    ledger.dispose()
    file = Path(database_url.removeprefix("sqlite:///"))
    shutil.move(tmp_path / "monday.db", file)

    with pytest.raises(LedgerBehind, match=r"is a back-up\. It ends at"):
        run(workspace, "send", "2021-05", "--yes")
    assert "2021-05 has stopped: 3 readers uncertain" in run(workspace, "database", "restore", "--yes")
    run(workspace, "database", "restore", "--checked")
    run(workspace, "send", "2021-05", "--yes")
    assert [one.recipient for one in catcher.caught] == ["emil@example.org"]  # who had not been sent it at all


def test_no_database_that_knows_something_is_replaced(workspace: Workspace, ledger: Engine, tmp_path: Path) -> None:
    mail(ledger, HALF_SENT)
    back_up(ledger, tmp_path / "monday.db", now=NOON)
    with pytest.raises(DatabaseError, match="A back-up put in its place would know less"):
        run(workspace, "database", "restore", str(tmp_path / "monday.db"), "--yes")
    assert count(workspace) == {"accepted": 2, "queued": 3}


@on_sqlite
@pytest.mark.usefixtures("ledger")
def test_what_is_no_back_up_is_refused_and_leaves_nothing(elsewhere: Callable[[], Workspace], tmp_path: Path) -> None:
    there = elsewhere()
    (tmp_path / "notes.txt").write_text("Buy milk" * 200)
    (tmp_path / "empty.db").touch()
    for name, words in (("notes.txt", "not a back-up"), ("empty.db", "no ledger in it"), ("none.db", "There is no")):
        with pytest.raises((DatabaseError, NotFound), match=words):
            run(there, "database", "restore", str(tmp_path / name), "--yes")
    assert not list((tmp_path / "new").glob("*"))


@on_sqlite
def test_the_back_up_of_another_office_is_refused(
    workspace: Workspace, ledger: Engine, database_url: str, tmp_path: Path
) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    back_up(other, tmp_path / "monday.db", now=NOON)
    other.dispose()
    ledger.dispose()
    Path(database_url.removeprefix("sqlite:///")).unlink()
    with pytest.raises(DatabaseError, match="a back-up of another ledger"):
        run(workspace, "database", "restore", str(tmp_path / "monday.db"), "--yes")


def note_mark(engine: Engine, *, gone: int, accepted: int) -> None:
    """As a sender leaves the mark that has come so far with its mailing."""
    from sqlalchemy import update

    from bulletin.database.commits import note_mailing
    from bulletin.database.tables import subscribers
    from bulletin.delivery.ledger.mailing import find_mailings, mark_mailing

    with engine.begin() as connection:
        (mailing,) = find_mailings(connection, "2021-05")
        connection.execute(update(subscribers).values(added_at=NOON + gone + accepted))
        note_mailing(connection, mark_mailing(mailing, gone=gone, accepted=accepted))
