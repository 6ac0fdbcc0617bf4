"""The ledger on a real PostgreSQL server: its schema, its guards, and senders on two machines that share it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from anytown import NOON, begin_mailing, read_states
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.schema import open_database
from bulletin.database.tables import metadata, subscribers
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.errors import DatabaseError
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call
from command_process import start_sending, wait_until_in_flight
from conftest import on_postgresql
from dispatching import many, send
from misbehaving import MisbehavingServer, serve_and_stall
from scripted import serve
from sink import Sink, run_sink

if TYPE_CHECKING:
    from postgresql import PostgreSQL

PEOPLE = [f"reader-{number:03}@example.org" for number in range(300)]
CONNECTIONS = 4


@pytest.fixture
def engine(empty_server_url: str) -> Iterator[Engine]:
    engine = open_database(empty_server_url)
    yield engine
    engine.dispose()


def read_clauses(engine: Engine) -> set[str]:
    """Every column, constraint and index, as the server writes them."""
    constraints = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    )
    columns = (
        "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, "
        "column_default) FROM information_schema.columns WHERE table_schema = 'public'"
    )
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with engine.begin() as connection:
        found = [line for query in (columns, constraints, indexes) for line in connection.scalars(text(query))]
    return {line for line in found if "alembic_version" not in line}


def test_the_migrations_make_every_column_constraint_and_index_that_the_program_describes(
    engine: Engine, postgresql: PostgreSQL
) -> None:
    url = postgresql.make_empty_database()
    described = connect_database(url)
    metadata.create_all(described)

    assert read_clauses(engine) == read_clauses(described)
    described.dispose()
    postgresql.drop(url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=_LEFT_OUT), metadata) == []


# What a server does without (see `tables`), and Alembic would want there.
_LEFT_OUT = {"include_object": lambda _, name, *_more: name != "fk_deliveries_mailing_id_mailings"}


@pytest.mark.parametrize("statement", ["TRUNCATE suppression_events", "DELETE FROM suppression_events WHERE false"])
def test_the_server_refuses_to_empty_the_journal_of_suppressions_even_where_there_are_none(
    engine: Engine, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="a suppression stands"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_commit_is_on_the_servers_disk_even_where_it_was_told_not_to_wait(
    engine: Engine, empty_server_url: str
) -> None:
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    again = open_database(empty_server_url)
    with again.begin() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    again.dispose()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("SET TRANSACTION READ ONLY", "can only be read. Name the server that takes changes"),
        ("SET LOCAL ROLE pg_read_all_data", "does not let us in. Ask those who run it"),
        ("SET LOCAL statement_timeout = 1", "cannot be used: canceling statement due to statement timeout"),
    ],
)
def test_what_a_server_refuses_is_told_in_words(engine: Engine, refusal: str, words: str) -> None:
    row = {"hash": b"anna", "address": "anna@example.org", "added_at": NOON}
    told = pytest.raises(DatabaseError, match=words)
    with told, database_errors(), engine.begin() as connection:
        connection.execute(text(refusal))
        connection.execute(subscribers.insert(), row)
        connection.execute(text("SELECT pg_sleep(5)"))


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(DatabaseError, match="Check that its server runs and can be reached from here") as caught:
        open_database("postgresql+psycopg://anna:s3cret@127.0.0.1:1/ledger")
    assert "127.0.0.1" in caught.value.message
    assert "s3cret" not in str(caught.value)


def test_a_database_that_cannot_keep_every_letter_is_refused(postgresql: PostgreSQL) -> None:
    url = postgresql.make_empty_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(DatabaseError, match="keeps text as LATIN1, which does not have every letter"):
        open_database(url)
    postgresql.drop(url)


def test_every_letter_is_kept_whatever_the_computer_takes_for_usual(
    empty_server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "latin1")
    engine = open_database(empty_server_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT CAST(:words AS text)"), {"words": "– Łódź 😀"}) == "– Łódź 😀"
    engine.dispose()


def test_without_the_driver_a_person_is_told_what_to_install() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from bulletin.database.schema import open_database\n"
        "from bulletin.errors import MissingPart\n"
        "try:\n    open_database('postgresql+psycopg://localhost/ledger')\n"
        "except MissingPart as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == 'A database on PostgreSQL needs one more part: pip install "ebulletin[postgres]"\n'


def end_sessions(engine: Engine) -> None:
    """End every other session of this database, as a server that is restarted does."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@on_postgresql
def test_a_server_that_hangs_up_in_mid_mailing_is_told_in_words_and_nobody_is_lost_or_written_to_twice(
    database_url: str,
) -> None:
    engine, other = open_database(database_url), open_database(database_url)
    mailing = begin_mailing(engine, *many(9))
    left: list[str] = []

    def hang_up(name: str) -> None:
        left.append(name)
        if len(left) == 3:
            end_sessions(other)

    with serve(on_message=hang_up) as server, pytest.raises(DatabaseError, match="Then run the same command again"):
        send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == many(9)[:3]
    assert set(list(read_states(other).values())[:2]) == {"accepted"}
    with serve() as server:
        counts = send(engine, mailing, server.server_address[1])
    assert sorted(server.kept) == many(9)[3:]
    assert (counts.accepted + counts.uncertain, counts.queued) == (9, 0)
    assert counts.uncertain <= 1
    engine.dispose()
    other.dispose()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def machines(make_workspace: Callable[..., Workspace], tmp_path: Path) -> tuple[Workspace, Workspace]:
    """The workspace as two machines have it: files alike, and each its own state folder."""
    here = make_workspace(lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email"})
    shutil.copytree(here.root, tmp_path / "elsewhere")
    return here, open_workspace(tmp_path / "elsewhere", environ={})


def environ_of(server: Sink | MisbehavingServer, url: str) -> dict[str, str]:
    return server.environ | {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": "a secret that both machines know"}


@on_postgresql
def test_the_second_of_two_machines_is_told_which_one_is_sending_and_takes_over_when_that_one_dies(
    machines: tuple[Workspace, Workspace], tmp_path: Path, database_url: str
) -> None:
    here, elsewhere = machines
    log, other_log = tmp_path / "log.txt", tmp_path / "elsewhere.txt"
    with serve_and_stall(accepted=10) as silent:
        environ = environ_of(silent, database_url)
        first = start_sending(here, environ, log)
        wait_until_in_flight(CONNECTIONS, first, database_url)
        assert start_sending(elsewhere, environ, other_log).wait(60) == 1
        assert f"(process {first.pid}, since " in other_log.read_text()
        assert "2021-05 is being sent already, by" in other_log.read_text()
        first.kill()
        first.wait()
    with run_sink(tmp_path / "faster") as sink:
        last = start_sending(elsewhere, environ_of(sink, database_url), other_log)
        assert last.wait(60) == 1, other_log.read_text()  # somebody is uncertain
    received = sink.recipients()
    engine = open_database(database_url)
    states = {one.address: one.state for one in list_deliveries(engine, find_mailings(engine, "2021-05"))}
    engine.dispose()
    uncertain = {address for address, state in states.items() if state == "uncertain"}
    assert sorted(states) == PEOPLE
    assert set(states.values()) == {"accepted", "uncertain"}
    assert len(uncertain) == CONNECTIONS
    assert received + Counter(dict.fromkeys(uncertain, 1)) + silent.answered() == Counter(PEOPLE)


@on_postgresql
def test_senders_on_either_machine_killed_at_any_moment_lose_nobody_and_mail_nobody_twice(
    machines: tuple[Workspace, Workspace], sink: Sink, tmp_path: Path, database_url: str
) -> None:
    environ, log = environ_of(sink, database_url), tmp_path / "log.txt"
    moments = sorted(random.SystemRandom().sample(range(10, 180), 3))
    print(f"moments of killing: {moments}")  # noqa: T201 -- to repeat what failed
    for turn, moment in enumerate(moments):
        process = start_sending(machines[turn % 2], environ, log)
        sink.wait_for(moment + 5 * turn, process)
        process.kill()
        assert process.wait() == -9, log.read_text()
    last = start_sending(machines[1], environ, log)
    assert last.wait(60) in (0, 1), log.read_text()

    told = json.loads(call("status", "2021-05", "--json", folder=machines[0].root, environ=environ).stdout)
    engine = open_database(database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    received = sink.recipients()
    assert max(received.values()) == 1
    assert set(received) <= set(PEOPLE)
    assert (told["total"], told["accepted"], told["uncertain"]) == (300, counts.accepted, counts.uncertain)
    assert counts.accepted + counts.uncertain == 300
    assert counts.accepted <= Counter(received).total()
