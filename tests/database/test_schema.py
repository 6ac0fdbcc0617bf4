from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

import new_ledgers
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.schema import HEAD, configure_migrations, open_database
from bulletin.database.tables import metadata, subscribers
from bulletin.errors import DatabaseError
from conftest import count_examples
from opening import connect_to_each, open_one, run_together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def _ledgers_are_made_by_the_migrations() -> Iterator[None]:
    with new_ledgers.by_migration():
        yield


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ledger.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def read_clauses(file: Path) -> list[set[str]]:
    """For each table and index of an SQLite file, the columns and constraints that it was made with."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE type != 'trigger' AND sql IS NOT NULL").fetchall()
    connection.close()
    ours = sorted(sql.replace('"', "") for (sql,) in rows if "alembic_version" not in sql)  # a copied table is quoted
    # SQLite writes a column that is added later on the line of the one before.
    return [{line.strip(" ,\t") for line in re.split(r"\n|, (?=[a-z_]+ [A-Z])", sql)} for sql in ours]


def test_the_migrations_make_the_tables_that_the_program_describes(engine: Engine) -> None:
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_make_every_constraint_and_index_that_the_program_describes(
    engine: Engine, tmp_path: Path
) -> None:
    described = connect_database(f"sqlite:///{tmp_path}/described.db")
    metadata.create_all(described)
    described.dispose()
    engine.dispose()

    assert read_clauses(tmp_path / "ledger.db") == read_clauses(tmp_path / "described.db")


def test_the_ledgers_that_tests_copy_are_what_the_migrations_make(url: str, tmp_path: Path) -> None:
    with new_ledgers.copied():
        open_database(f"sqlite:///{tmp_path}/copied.db").dispose()
        open_database(f"sqlite:///{tmp_path}/another.db").dispose()
    open_database(url).dispose()

    def read(name: str) -> tuple[list[list[str]], str]:  # with clauses in any order: Alembic's differs each time
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            ((own, key),) = connection.execute("SELECT id, hex(address_key) FROM identity").fetchall()
            lines = [
                line.replace(own, "ID").replace(key.lower(), "KEY").replace(key, "KEY")
                for line in connection.iterdump()
            ]
            return sorted(sorted(clause.strip(" ,\t") for clause in line.splitlines()) for line in lines), own

    (migrated, first), (copied, second), (another, third) = map(read, ("ledger.db", "copied.db", "another.db"))
    assert migrated == copied == another
    assert len({first, second, third}) == 3


def test_the_version_that_opens_without_alembic_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(configure_migrations()).get_current_head() == HEAD


def test_a_database_that_is_up_to_date_opens_without_importing_alembic(url: str, engine: Engine) -> None:
    engine.dispose()
    program = (
        "import sys; from bulletin.database.schema import open_database; open_database(sys.argv[1]).dispose();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, url], check=False).returncode == 0


def test_a_database_that_is_opened_again_keeps_what_it_has(url: str, engine: Engine) -> None:
    row = {"hash": b"anna", "address": "Anna@example.org", "added_at": 1}
    with engine.begin() as connection:
        connection.execute(subscribers.insert(), row)
    engine.dispose()
    again = open_database(url)
    with again.begin() as connection:
        assert connection.scalar(text("SELECT address FROM subscribers")) == "Anna@example.org"
    again.dispose()


def test_however_many_open_a_new_database_at_once_all_of_them_can(tmp_path: Path) -> None:
    """SQLite lets one alone turn a new file over to its log, and does not let the others wait for that."""
    assert run_together(4, connect_to_each, tmp_path, count_examples(150)) == [0] * 4


def test_a_new_database_is_given_its_folder(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/state/of/things/ledger.db").dispose()
    assert (tmp_path / "state" / "of" / "things" / "ledger.db").exists()


def test_a_database_in_memory_needs_no_folder() -> None:
    engine = open_database("sqlite://")
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    engine.dispose()


def test_processes_that_open_a_new_database_at_once_all_succeed(empty_url: str) -> None:
    assert run_together(3, open_one, empty_url) == [0] * 3


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    engine = connect_database(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE deliveries (foreign_to_us TEXT)"))
    with pytest.raises(DBAPIError, match="already exists"):
        open_database(empty_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert tables == ["deliveries"]


def test_a_database_of_a_newer_version_is_left_alone_and_the_remedy_named(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseError) as caught:
        open_database(empty_url)
    assert "has been upgraded by a newer version of this program, to schema 9999." in caught.value.message
    assert caught.value.remedy == (
        "Get the newest version of bulletin on this computer too: pip install --upgrade ebulletin"
    )


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Ring Anna about the June issue.\n" * 100)
    with pytest.raises(DatabaseError, match=r"The database .*/notes.txt is not a database, or is damaged\."):
        open_database(f"sqlite:///{file}")
    assert file.read_text() == "Ring Anna about the June issue.\n" * 100


def test_a_folder_in_the_place_of_the_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"cannot be opened\. Check the folder's name and permissions\."):
        open_database(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    with pytest.raises(DatabaseError, match=r"The database's folder .*/state/of cannot be made: Not a directory\."):
        open_database(f"sqlite:///{tmp_path}/state/of/ledger.db")


def test_an_address_that_is_no_database_url_is_told() -> None:
    with pytest.raises(DatabaseError, match=r"The database's address cannot be read\."):
        open_database("ledger.db")


def test_a_damaged_database_is_told_from_a_bug_of_ours(url: str, engine: Engine, tmp_path: Path) -> None:
    engine.dispose()
    with (tmp_path / "ledger.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xaa" * 40960)
    with pytest.raises(DatabaseError, match=r"is damaged\. Put the last good copy of the file back\."):
        open_database(url)


def test_a_database_that_another_program_holds_is_told_in_words(url: str, engine: Engine) -> None:
    impatient = connect_database(url)
    event.listen(impatient, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))
    told = pytest.raises(DatabaseError, match="The database is busy: another program is writing to it")
    with engine.begin(), told, database_errors(), impatient.begin():
        pass
    impatient.dispose()


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("query_only=ON", "The database cannot be written to."), ("max_page_count=1", "cannot grow: the disk is full.")],
)
def test_what_keeps_a_database_from_being_written_is_told_in_words(engine: Engine, pragma: str, words: str) -> None:
    rows = [{"hash": b"%0300d" % number, "address": "a@example.org", "added_at": 1} for number in range(500)]
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        with pytest.raises(DatabaseError, match=words), database_errors():
            connection.execute(subscribers.insert(), rows)


def test_a_statement_that_is_wrong_stays_our_bug(engine: Engine) -> None:
    with pytest.raises(OperationalError), database_errors(), engine.begin() as connection:
        connection.execute(text("SELECT nonsense FROM subscribers"))


def test_a_broken_constraint_stays_our_bug(engine: Engine) -> None:
    with pytest.raises(IntegrityError), database_errors(), engine.begin() as connection:
        connection.execute(text("INSERT INTO memberships VALUES (1, 'partners', 'file', 'consent', 1, '{}')"))


@pytest.mark.parametrize("url", ["postgresql+nodriver://localhost/x", "oraculum://localhost/x"])
def test_a_database_of_an_unknown_driver_says_how_to_write_its_address(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"write postgresql\+psycopg"):
        open_database(url)
