"""The tables of the job queue: made, upgraded in order, and never taken back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import procrastinate
import pytest
from sqlalchemy import Engine, text

from bulletin.database.schema import open_database
from bulletin.delivery.workers.job_queue import defer_shifts, leave_out_taken
from bulletin.delivery.workers.queue_schema import find_missing, upgrade_queue
from bulletin.delivery.workers.sharing import Opening
from bulletin.delivery.workers.watchdog import ALIVE, notify
from bulletin.errors import DatabaseError
from conftest import on_postgresql

pytestmark = [pytest.mark.slow]

MIGRATIONS = sorted((Path(procrastinate.__file__).parent / "sql" / "migrations").glob("*.sql"))
OPENINGS = [Opening(worker=1, mailing=7), Opening(worker=2, mailing=7)]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@on_postgresql
def test_a_new_database_gets_all_at_once_and_nothing_the_second_time(engine: Engine) -> None:
    assert len(upgrade_queue(engine)) == len(MIGRATIONS)
    assert not upgrade_queue(engine)
    assert find_missing(engine) == []


@on_postgresql
@pytest.mark.parametrize("done", [1, 20, len(MIGRATIONS) - 1])
def test_an_older_database_is_upgraded_in_order(engine: Engine, done: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE queue_migrations (name varchar(255) PRIMARY KEY)"))
    for path in MIGRATIONS[:done]:
        with engine.begin() as connection:
            connection.connection.driver_connection.execute(path.read_bytes())  # type: ignore[union-attr] # psycopg's
            connection.execute(text("INSERT INTO queue_migrations VALUES (:name)"), {"name": path.name})
    assert list(upgrade_queue(engine)) == [path.name for path in MIGRATIONS[done:]]
    with engine.begin() as connection:
        defer_shifts(connection, OPENINGS)
        assert leave_out_taken(connection, [*OPENINGS, Opening(worker=3, mailing=7)]) == [Opening(worker=3, mailing=7)]


@on_postgresql
def test_a_newer_database_is_refused(engine: Engine) -> None:
    upgrade_queue(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO queue_migrations VALUES ('99.01.00_01_what_comes.sql')"))
    with pytest.raises(DatabaseError, match=r"newer version, to 99\.01"):
        upgrade_queue(engine)


@on_postgresql
def test_jobs_of_a_transaction_that_is_rolled_back_never_were(engine: Engine) -> None:
    upgrade_queue(engine)
    with engine.connect() as connection:
        defer_shifts(connection, OPENINGS)
        assert leave_out_taken(connection, OPENINGS) == []
        connection.rollback()
        assert leave_out_taken(connection, OPENINGS) == OPENINGS


def test_a_file_has_no_queue(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert upgrade_queue(engine) == ()
    engine.dispose()


@pytest.mark.parametrize("kind", ["file", "name"])
def test_systemd_hears_that_a_worker_is_alive(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "notify") if kind == "file" else f"@bulletin-{tmp_path.name}-{id(tmp_path)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(place.replace("@", "\0", 1))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", place)
        notify(ALIVE)
        assert systemd.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("place", ["", "relative", "/no/such/socket"])
def test_without_systemd_nothing_happens(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", place)
    notify(ALIVE)
