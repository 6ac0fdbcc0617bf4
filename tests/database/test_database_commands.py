"""`bulletin database status`, `upgrade` and `move`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, text, update

from anytown import NOON, opt_out
from bulletin.database.database_events import find_new_place
from bulletin.database.engine import connect_database
from bulletin.database.schema import HEAD, configure_migrations, open_database
from bulletin.database.table_copy import sum_table
from bulletin.database.tables import deliveries, metadata
from bulletin.delivery.ledger.file_lock import hold_mailing
from bulletin.delivery.sending.outbox_runner import HOLD
from bulletin.errors import DatabaseError, MailingHeld
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import on_postgresql, on_sqlite
from mailed import ACCEPTED, LATER, QUEUED, UNCERTAIN, mail, run
from postgresql import PostgreSQL

MakeWorkspace = Callable[..., Workspace]

LISTS = {"partners": "email,name\nanna@example.org,Anna\n", "schools": "email\n"}
FATES = [("anna", ACCEPTED), ("ben", QUEUED), ("cleo", LATER), ("dora", UNCERTAIN)]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    return make_workspace(lists=LISTS, environ={"BULLETIN_DATABASE_URL": database_url})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    mail(engine, FATES)
    opt_out(engine, "ben")
    yield engine
    engine.dispose()


def read_status(workspace: Workspace) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(workspace, "database", "status", "--json"))
    return found


@pytest.mark.usefixtures("ledger")
def test_status_says_where_the_database_is_and_how_much_it_has(workspace: Workspace, database_url: str) -> None:
    said = run(workspace, "database", "status")
    assert f"Schema:   {HEAD} (up to date)" in said
    assert "4  deliveries" in said
    found = read_status(workspace)
    assert str(found["kind"]).startswith("SQLite" if database_url.startswith("sqlite") else "PostgreSQL")
    assert found["counts"] == {
        "subscribers": 4,
        "memberships": 4,
        "suppression_events": 1,
        "mailings": 1,
        "deliveries": 4,
    }
    assert (found["current"], found["moved_to"], found["complete"]) == (True, "", True)


@on_postgresql
def test_status_never_shows_a_password(
    workspace: Workspace, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url.replace("postgres@", "postgres:s3cret@"))
    assert "s3cret" not in run(workspace, "database", "status") + run(workspace, "database", "status", "--json")


@on_sqlite
def test_status_makes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    Path(tmp_path / "ledger.db").unlink(missing_ok=True)
    assert "There is no database yet." in run(workspace, "database", "status")
    assert not (tmp_path / "ledger.db").exists()
    assert not workspace.state_folder.exists()


@pytest.mark.usefixtures("ledger")
def test_a_newer_schema_is_told_and_refused(workspace: Workspace, database_url: str) -> None:
    engine = connect_database(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert "newer than this program" in run(workspace, "database", "status")
    with pytest.raises(DatabaseError, match="upgraded by a newer version"):
        run(workspace, "database", "upgrade")


def test_an_older_schema_is_told_and_upgraded(
    make_workspace: MakeWorkspace, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", empty_url)
    workspace = make_workspace(lists=LISTS, environ={"BULLETIN_DATABASE_URL": empty_url})
    engine, config = connect_database(empty_url), configure_migrations()
    before = str(ScriptDirectory.from_config(config).get_revision(HEAD).down_revision)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
    engine.dispose()

    assert f"Schema:   {before} (older than this program" in run(workspace, "database", "status")
    assert run(workspace, "database", "upgrade") == f"The database was upgraded from schema {before} to {HEAD}.\n"
    assert run(workspace, "database", "upgrade") == f"The database is up to date: schema {HEAD}.\n"


@pytest.fixture
def target(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if database_url.startswith("postgresql"):
        return f"sqlite:///{tmp_path / 'moved' / 'ledger.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.make_empty_database()


def sum_up(url: str) -> dict[str, object]:
    engine = connect_database(url)
    with engine.begin() as connection:
        sums: dict[str, object] = {
            table.name: sum_table(connection, table)
            for table in metadata.sorted_tables
            if table.name not in ("identity", "database_events")
        }
    engine.dispose()
    return sums


@pytest.mark.slow
def test_a_database_moves_there_and_back_with_nothing_lost_and_nothing_done_in_the_old_ones(
    *,
    workspace: Workspace,
    ledger: Engine,
    database_url: str,
    target: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    before = sum_up(database_url)
    ledger.dispose()

    said = run(workspace, "database", "move", "--to", target, "--yes")
    assert "All of it is in " in said
    assert sum_up(target) == before
    with pytest.raises(DatabaseError, match="was moved to"):
        run(workspace, "status")
    assert "It was moved to " in run(workspace, "database", "status")

    monkeypatch.setenv("BULLETIN_DATABASE_URL", target)
    assert "anna@example.org" in run(workspace, "status", "2021-05", "--who", "accepted")
    again = open_database(target)
    opt_out(again, "dora")
    again.dispose()
    after = sum_up(target)
    with pytest.raises(DatabaseError, match="was moved to"):
        run(workspace, "database", "move", "--to", database_url, "--yes")
    last = f"sqlite:///{tmp_path / 'last.db'}"
    run(workspace, "database", "move", "--to", last, "--yes")
    assert sum_up(last) == after
    monkeypatch.setenv("BULLETIN_DATABASE_URL", last)
    assert "opted out" in run(workspace, "subscribers", "show", "dora@example.org")


@pytest.mark.slow
@pytest.mark.parametrize("held", ["2021-05", HOLD])
@on_sqlite
def test_nothing_moves_while_something_is_being_sent(
    workspace: Workspace, ledger: Engine, target: str, held: str, tmp_path: Path
) -> None:
    with (
        hold_mailing(tmp_path, held, now=NOON),
        pytest.raises(MailingHeld, match="Nothing can be moved while something is being sent"),
    ):
        run(workspace, "database", "move", "--to", target, "--yes")
    with ledger.begin() as connection:
        assert find_new_place(connection) is None


@pytest.mark.slow
def test_a_program_that_has_the_old_database_open_records_nothing_more_in_it(
    workspace: Workspace, ledger: Engine, target: str
) -> None:
    run(workspace, "database", "move", "--to", target, "--yes")
    with pytest.raises(DatabaseError, match=r"was moved while it was in use\. This was not recorded"):
        opt_out(ledger, "anna")


@pytest.mark.slow
@on_sqlite
def test_a_copy_that_differs_is_noticed_and_the_old_database_stays(
    workspace: Workspace, ledger: Engine, target: str
) -> None:
    new = open_database(target)
    trigger = "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = 'x'; RETURN NEW; END $$"
    with new.begin() as connection:
        connection.execute(text(trigger))
        connection.execute(
            text("CREATE TRIGGER spoil BEFORE INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION spoil()")
        )
    new.dispose()

    with pytest.raises(DatabaseError, match="the table deliveries differs"):
        run(workspace, "database", "move", "--to", target, "--yes")
    opt_out(ledger, "anna")
    assert read_status(workspace)["moved_to"] == ""


@on_sqlite
def test_every_kind_of_value_is_the_same_after_a_move(workspace: Workspace, ledger: Engine, target: str) -> None:
    odd = {"name": "Zoë “Z” \\N\tO’Neill\n🙂", "reply": "250 2.0.0 \\x41 NULL", "due_at": None}
    with ledger.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna").values(odd))
        details = {"role": 'Head "of"\\ it', "none": None, "list": [1, 2.5, True]}
        connection.execute(
            insert(metadata.tables["memberships"]).values(
                subscriber_id=1, list="schools", source="file", basis="consent", since=NOON, details=details
            )
        )
    before = sum_up(str(ledger.url))
    run(workspace, "database", "move", "--to", target, "--yes")
    assert sum_up(target) == before


@on_sqlite
@pytest.mark.usefixtures("ledger")
def test_a_database_does_not_move_to_where_it_is(workspace: Workspace, database_url: str) -> None:
    with pytest.raises(DatabaseError, match="already"):
        run(workspace, "database", "move", "--to", database_url, "--yes")


@on_sqlite
def test_another_workspace_on_the_old_file_is_told_where_it_went(
    workspace: Workspace, ledger: Engine, target: str, tmp_path: Path
) -> None:
    ledger.dispose()
    run(workspace, "database", "move", "--to", target, "--yes")
    shutil.copytree(workspace.root, tmp_path / "other", ignore=shutil.ignore_patterns(".bulletin"))
    other = open_workspace(tmp_path / "other", environ=workspace.environ)
    with pytest.raises(DatabaseError, match="was moved to postgresql"):
        open_database(other)
