"""`bulletin database backup`: a whole copy of the ledger, at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from anytown import NOON, add_people, address_of, begin_mailing, opt_out
from bulletin.database.backup import back_up
from bulletin.database.schema import open_database
from bulletin.database.states import SuppressionOrigin, SuppressionReason
from bulletin.errors import DatabaseError, LedgerBehind
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.suppression import suppress
from bulletin.workspace.workspace import Workspace
from conftest import full_disk, on_postgresql
from mailed import run

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(lists={"partners": "email\nanna@example.org\n", "schools": "email\n"})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    opt_out(engine, "anna")
    yield engine
    engine.dispose()


def read_suppressed(file: Path) -> list[bytes]:
    with closing(sqlite3.connect(file)) as copy:
        return [hash_ for (hash_,) in copy.execute("SELECT hash FROM suppression_events ORDER BY hash")]


def hash_of(engine: Engine, name: str) -> bytes:
    with engine.begin() as connection:
        return hash_address(connection, address_of(name))


def test_a_copy_has_all_that_is_committed_while_another_program_is_writing(ledger: Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with ledger.begin() as connection:  # which is not over yet
        suppress(connection, b"ben", reason=SuppressionReason.OPTED_OUT, origin=SuppressionOrigin.PAGE, now=1)
        back_up(ledger, copy, now=NOON)

    assert read_suppressed(copy) == [hash_of(ledger, "anna")]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == ["copy.db"]


def test_a_copy_takes_the_place_of_the_ledger(workspace: Workspace, ledger: Engine, tmp_path: Path) -> None:
    add_people(ledger, partners=["anna", "ben"])
    ledger.dispose()
    said = run(workspace, "database", "backup", str(tmp_path / "copy.db"))
    assert said.startswith(f"The ledger was copied to {tmp_path / 'copy.db'}.")
    file = workspace.state_folder / "ledger.db"
    file.unlink()
    (tmp_path / "copy.db").rename(file)

    assert "opted out" in run(workspace, "subscribers", "show", "anna@example.org")


@pytest.mark.usefixtures("ledger")
def test_no_file_is_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("the only other copy")
    with pytest.raises(DatabaseError, match="is there already"):
        run(workspace, "database", "backup", str(tmp_path / "copy.db"))
    assert (tmp_path / "copy.db").read_text() == "the only other copy"


@pytest.mark.parametrize("target", ["no-such-folder/copy.db", "ledger.db/copy.db", "n" * 300])
def test_where_no_copy_can_be_written_it_says_so_and_leaves_nothing(
    workspace: Workspace, ledger: Engine, target: str
) -> None:
    before = sorted(workspace.state_folder.iterdir())
    with pytest.raises(DatabaseError, match=r"could not be copied to .*: "):
        back_up(ledger, workspace.state_folder / target, now=NOON)
    assert sorted(workspace.state_folder.iterdir()) == before


def test_on_a_full_disk_it_says_so_and_leaves_nothing(ledger: Engine, tmp_path: Path) -> None:
    with full_disk(), pytest.raises(DatabaseError, match="could not be copied"):
        back_up(ledger, tmp_path / "copy.db", now=NOON)
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.slow
@on_postgresql
def test_a_ledger_on_a_server_is_copied_to_the_same_kind_of_file(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    add_people(engine, partners=["anna", "ben"])
    opt_out(engine, "ben")
    back_up(engine, tmp_path / "copy.db", now=NOON)

    assert read_suppressed(tmp_path / "copy.db") == [hash_of(engine, "ben")]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == ["copy.db"]
    engine.dispose()


def test_a_copy_says_that_it_is_a_back_up_and_nothing_is_recorded_in_it(ledger: Engine, tmp_path: Path) -> None:
    begin_mailing(ledger, "cleo", "dora")
    back_up(ledger, tmp_path / "copy.db", now=NOON)

    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    with pytest.raises(LedgerBehind) as caught:
        opt_out(copy, "cleo")
    copy.dispose()
    said = str(caught.value)
    assert "is a back-up. It ends at " in said
    assert "2021-05 may have gone to more than the 0 people that it knows of." in said
    assert "bulletin database restore" in said
