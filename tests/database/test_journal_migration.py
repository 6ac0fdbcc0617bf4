"""A database from before the journal is upgraded: nobody is lost, nor what is known of them; no address stays."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, make_url, select, text

import new_ledgers
from bulletin.database.engine import connect_database
from bulletin.database.residue import has_residue, mark_residue, wipe_residue
from bulletin.database.schema import HEAD, configure_migrations, open_database
from bulletin.database.states import SuppressionOrigin, SuppressionReason
from bulletin.database.tables import deliveries, identity, memberships, subscribers, suppression_events
from bulletin.subscribers.address_hash import hash_address, read_hasher
from bulletin.subscribers.scope import EVERYTHING
from bulletin.subscribers.suppression import Suppression, find_suppressions
from conftest import on_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from postgresql import PostgreSQL

REASONS = list(SuppressionReason)
PEOPLE = 50  # of whom every second one is on the list and has a delivery


@pytest.fixture(autouse=True)
def _ledgers_are_made_by_the_migrations() -> Iterator[None]:
    with new_ledgers.by_migration():
        yield


def fill(connection: Connection, number: int) -> None:
    """So many people who were suppressed before there was a journal, half of whom are subscribers as well."""
    rows = [
        {
            "key": f"p{one}@old-address.example.org",
            "reason": REASONS[one % 4].value,
            "since": 1000 - one,
            "note": f"rang us from p{one}@old-address.example.org, 3 March" if one % 3 else "",
        }
        for one in range(number)
    ]
    connection.execute(text("INSERT INTO suppressions VALUES (:key, :reason, :since, :note)"), rows)
    person = "INSERT INTO subscribers VALUES (:id, :key, :address, :name, 7)"
    joined = "INSERT INTO memberships VALUES (:id, 'partners', 'file', 'consent', 8, '{\"town\": \"Hull\"}')"
    mailed = (
        "INSERT INTO deliveries (id, mailing_id, subscriber_id, key, address, name, state, attempts, claimed_at, "
        "ended_at, reply) VALUES (:id, 1, :id, :key, :address, :name, 'accepted', 2, 5, 6, '250 OK')"
    )
    connection.execute(text("INSERT INTO editions VALUES ('d', :content, 1)"), {"content": b"{}"})
    connection.execute(text("INSERT INTO mailings VALUES (1, 'k', '2021-05', '[\"partners\"]', 'd', 4)"))
    people = [
        {"id": one + 1, "key": row["key"], "address": str(row["key"]).title(), "name": f"Reader {one}"}
        for one, row in enumerate(rows)
        if one % 2
    ]
    for statement in (person, joined, mailed):
        connection.execute(text(statement), people)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT setval('subscribers_id_seq', max(id)) FROM subscribers"))


def make_old(url: str, number: int = PEOPLE) -> None:
    """A database with the schema from before the journal."""
    engine = connect_database(url)
    with engine.begin() as connection:
        config = configure_migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        fill(connection, number)
    engine.dispose()


@pytest.fixture
def upgraded(empty_url: str) -> Iterator[Engine]:
    make_old(empty_url)
    engine = open_database(empty_url)
    yield engine
    engine.dispose()


def test_everyone_who_was_suppressed_still_is_for_the_same_reason_since_the_same_time(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        for one in range(PEOPLE):
            found = find_suppressions(connection, hash_address(connection, f"p{one}@old-address.example.org"))
            assert found == (
                Suppression(
                    scope=EVERYTHING,
                    reason=REASONS[one % 4],
                    since=1000 - one,
                    origin=SuppressionOrigin.MIGRATION,
                    note="rang us from … 3 March" if one % 3 else "",
                ),
            )
        assert connection.scalar(text("SELECT count(*) FROM suppression_events")) == PEOPLE
        assert not inspect(connection).has_table("suppressions")


def test_the_journal_begins_with_the_earliest(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        times = list(connection.scalars(select(suppression_events.c.at).order_by(suppression_events.c.id)))
    assert times == sorted(times)


def test_people_lists_and_deliveries_are_as_they_were_but_for_the_hash(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        hash_key = read_hasher(connection)
        people = connection.execute(select(subscribers).order_by(subscribers.c.id)).all()
        mailed = connection.execute(select(deliveries).order_by(deliveries.c.id)).all()
        assert [row.id for row in people] == [row.id for row in mailed] == list(range(2, PEOPLE + 1, 2))
        for row in (*people, *mailed):
            assert row.hash == hash_key(row.address.lower())
            assert (row.address, row.name) == (f"P{row.id - 1}@Old-Address.Example.Org", f"Reader {row.id - 1}")
        assert {(row.state, row.attempts, row.ended_at, row.reply) for row in mailed} == {("accepted", 2, 6, "250 OK")}
        details = connection.scalars(select(memberships.c.details)).all()
        assert details == [{"town": "Hull"}] * (PEOPLE // 2)


def test_numbers_go_on_after_the_last(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        new = subscribers.insert().values(hash=b"new", address="new@example.org", added_at=1)
        assert connection.execute(new.returning(subscribers.c.id)).scalar_one() > PEOPLE - 1


def test_each_database_has_a_key_of_its_own_which_stays(empty_url: str, tmp_path: Path) -> None:
    keys = []
    for url in (empty_url, empty_url, f"sqlite:///{tmp_path}/another.db"):
        engine = open_database(url)
        with engine.begin() as connection:
            keys.append(bytes(connection.scalars(select(identity.c.address_key)).one()))
        engine.dispose()
    assert keys[0] == keys[1] != keys[2]
    assert {len(key) for key in keys} == {32}


def read_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_address_of_a_person_on_no_list_is_left_in_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    make_old(url)
    assert b"p4@old-address" in read_files(tmp_path)  # suppressed, and no subscriber

    engine = open_database(url)

    assert b"old-address" not in read_files(tmp_path)  # as it was in a key; subscribers wrote theirs with capitals
    assert b"P5@Old-Address" in read_files(tmp_path)
    engine.dispose()


def test_no_address_of_a_person_on_no_list_is_left_on_a_server(postgresql: PostgreSQL) -> None:
    url = postgresql.make_empty_database()
    make_old(url)
    engine = open_database(url)
    admin = connect_database(url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    files = read_files(postgresql.folder / "data" / "base" / str(number))
    assert b"old-address" not in files
    assert b"P5@Old-Address" in files
    for one in (engine, admin):
        one.dispose()
    postgresql.drop(url)


@on_sqlite
def test_what_cannot_be_wiped_yet_is_wiped_when_the_database_is_next_opened(database_url: str) -> None:
    path = make_url(database_url).database or ""
    Path(path).unlink(missing_ok=True)
    make_old(database_url)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM suppressions").fetchone() == (PEOPLE,)

    engine = open_database(database_url)  # while another program reads what was there before
    with engine.begin() as connection:
        assert has_residue(connection)
    engine.dispose()
    reader.close()
    open_database(database_url).dispose()

    assert b"old-address" not in read_files(Path(path).parent)
    with contextlib.closing(sqlite3.connect(path)) as again:
        assert again.execute("SELECT residue FROM identity").fetchone() == (0,)


def test_a_new_database_has_nothing_to_wipe_and_one_is_wiped_whenever_it_is_asked_for(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        assert not has_residue(connection)
        mark_residue(connection)
        assert has_residue(connection)
    assert wipe_residue(engine) is True
    with engine.begin() as connection:
        assert not has_residue(connection)
    engine.dispose()


UPGRADE = """
import sys
from bulletin.database.schema import open_database
open_database(sys.argv[1])
"""


@pytest.mark.parametrize("share", [1, 4, 9])
def test_an_upgrade_that_is_killed_leaves_everything_as_it_was(tmp_path: Path, share: int) -> None:
    """Killed when it has written so many tenths of what it writes in all."""
    url, file, log = f"sqlite:///{tmp_path}/ledger.db", tmp_path / "ledger.db", tmp_path / "ledger.db-wal"
    make_old(url, 6_000)
    process = subprocess.Popen([sys.executable, "-c", UPGRADE, url])
    enough = file.stat().st_size * share // 10
    while process.poll() is None and not (log.exists() and log.stat().st_size > enough):
        pass
    process.kill()
    process.wait(60)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if version != HEAD:
            assert connection.execute("SELECT count(*), min(key) FROM suppressions").fetchone() == (
                6_000,
                "p0@old-address.example.org",
            )
            assert connection.execute("SELECT count(key) FROM deliveries").fetchone() == (3_000,)
    again = open_database(url)
    with again.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM suppression_events")) == 6_000
        assert find_suppressions(connection, hash_address(connection, "p0@old-address.example.org"))
    again.dispose()
