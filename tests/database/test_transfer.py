from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from anytown import NOON, add_people, address_of, begin_mailing, opt_out
from bulletin.database.schema import open_database
from bulletin.database.tables import metadata, subscribers
from bulletin.database.transfer import transfer_database
from bulletin.errors import DatabaseError
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.scope import one_list
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import on_postgresql
from wishes import come_back, stop

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace()


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    """The workspace's own file, after a mailing and opt-outs, one of which was taken back and made again."""
    engine = open_database(workspace)
    begin_mailing(engine, "anna", "ben", "cara")
    opt_out(engine, "ben")
    with engine.begin() as connection:
        cara = hash_address(connection, address_of("cara"))
        for now in (NOON, NOON + 2):
            stop(connection, cara, now=now)
            come_back(connection, cara, one_list("partners"), now=now + 1)
    yield engine
    engine.dispose()


def read_all(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the count of commits: moving is one more."""
    with engine.begin() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=str)
            for table in metadata.sorted_tables
        }
    return found | {"identity": [(row[0], row[4]) for row in found["identity"]]}  # the id, and the key of the hashes


@on_postgresql
def test_all_that_people_did_goes_along_and_the_workspace_takes_the_new_database_for_its_own(
    workspace: Workspace, ledger: Engine, database_url: str
) -> None:
    before = read_all(ledger)
    assert len(before["suppression_events"]) == 5

    transfer_database(workspace.database_url, database_url, now=NOON)

    moved = open_database(open_workspace(workspace.root, environ={"BULLETIN_DATABASE_URL": database_url}))
    assert read_all(moved) == before
    add_people(moved, partners=["dora"])  # which needs a number of its own
    with moved.begin() as connection:
        assert len(set(connection.scalars(select(subscribers.c.id)))) == 4
    moved.dispose()


@on_postgresql
def test_the_old_database_is_a_stranger_once_it_has_moved(
    workspace: Workspace, ledger: Engine, database_url: str
) -> None:
    transfer_database(str(ledger.url), database_url, now=NOON)

    with pytest.raises(DatabaseError, match="was moved to postgresql"):
        open_database(workspace)


@on_postgresql
def test_nothing_is_moved_over_what_is_there_already(workspace: Workspace, ledger: Engine, database_url: str) -> None:
    there = open_database(database_url)
    add_people(there, partners=["dora"])
    there.dispose()
    before = read_all(ledger)

    with pytest.raises(DatabaseError, match="is not empty"):
        transfer_database(workspace.database_url, database_url, now=NOON)

    assert read_all(ledger) == before


def test_a_database_that_is_not_there_cannot_be_moved(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="There is no database"):
        transfer_database(f"sqlite:///{tmp_path / 'none.db'}", f"sqlite:///{tmp_path / 'new.db'}", now=NOON)
    assert list(tmp_path.iterdir()) == []
