"""A database from when a mailing had one edition is upgraded: each delivery is of it, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import IntegrityError

import new_ledgers
from bulletin.database.engine import connect_database
from bulletin.database.schema import configure_migrations, open_database
from bulletin.database.tables import deliveries, mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_editions import read_editions
from bulletin.issue.audience import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

PEOPLE = 40
SCHEDULE = "id, issue, lists, newcomers, due_at, grace, digest, planned_at, state, ended_at, mailing_id"


@pytest.fixture(autouse=True)
def _ledgers_are_made_by_the_migrations() -> Iterator[None]:
    with new_ledgers.by_migration():
        yield


@pytest.fixture
def upgraded(empty_url: str) -> Iterator[Engine]:
    """Two mailings: one with deliveries in several states, and one whose deliveries were deleted but for a few."""
    old = connect_database(empty_url)
    with old.begin() as connection:
        config = configure_migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0015")
        for statement in (
            "INSERT INTO editions VALUES ('first', 'x', 1), ('second', 'y', 2)",
            "INSERT INTO mailings VALUES (1, 'k1', '2021-05', '[\"partners\"]', 'first', 4)",
            "INSERT INTO mailings VALUES (5, 'k5', '2021-06', '[\"partners\", \"schools\"]', 'second', 7)",
            "INSERT INTO mailing_events (id, mailing_id, event, at, note) VALUES (1, 1, 'begun', 4, '')",
            "INSERT INTO kept_counts VALUES (5, 'accepted', false, false, false, 100, 9)",
            f"INSERT INTO schedules ({SCHEDULE}) VALUES (1, '2021-05', '[]', false, 1, 1, 'd', 1, 'begun', 2, 1)",
        ):
            connection.exec_driver_sql(statement.replace("'x'", _blob(old)).replace("'y'", _blob(old)))
        people = [{"id": one, "hash": b"%016d" % one} for one in range(1, PEOPLE + 1)]
        added = "INSERT INTO subscribers (id, hash, address, name, added_at) VALUES (:id, :hash, 'a@b.uk', 'A', 1)"
        connection.execute(text(added), people)
        mailed = (
            "INSERT INTO deliveries (mailing_id, subscriber_id, hash, address, name, state, attempts, reply) "
            "VALUES (:mailing, :id, :hash, 'a@example.org', 'A', :state, 1, 'as it was')"
        )
        states = ("queued", "accepted", "refused")
        rows = [one | {"mailing": 1, "state": states[one["id"] % 3]} for one in people]
        rows += [one | {"mailing": 5, "state": "accepted"} for one in people[:3]]
        connection.execute(text(mailed), rows)
    old.dispose()
    engine = open_database(empty_url)
    yield engine
    engine.dispose()


def _blob(engine: Engine) -> str:
    return "''::bytea" if engine.dialect.name == "postgresql" else "x''"


def test_each_mailing_has_its_edition_as_the_first_for_everyone(upgraded: Engine) -> None:
    for issue, digest, readers in (("2021-05", "first", PEOPLE), ("2021-06", "second", 103)):
        (mailing,) = find_mailings(upgraded, issue)
        (kept,) = read_editions(upgraded, mailing)
        assert (kept.number, kept.digest, kept.signatures, kept.items, kept.readers) == (
            1,
            digest,
            (PUBLIC,),
            (),
            readers,
        )


def test_every_delivery_is_of_that_edition_and_otherwise_as_it_was(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        rows = connection.execute(select(deliveries).order_by(deliveries.c.id)).all()
    (first,) = find_mailings(upgraded, "2021-05")

    assert len(rows) == PEOPLE + 3
    assert {row.edition for row in rows} == {1}
    assert {row.reply for row in rows} == {"as it was"}
    counts = count_states(upgraded, [first])
    assert (counts.queued, counts.accepted, counts.refused) == (13, 14, 13)


def test_mailings_keep_their_numbers_and_all_that_refers_to_them(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        assert [tuple(row) for row in connection.execute(select(mailings).order_by(mailings.c.id))] == [
            (1, "k1", "2021-05", ["partners"], 4),
            (5, "k5", "2021-06", ["partners", "schools"], 7),
        ]
        assert connection.scalar(text("SELECT mailing_id FROM schedules")) == 1
        assert connection.scalar(text("SELECT mailing_id FROM mailing_events")) == 1
        assert "kept_mailings" not in inspect(connection).get_table_names()
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize("values", [{"edition": 2}, {"mailing_id": 2}, {"edition": None}])
def test_the_upgraded_database_refuses_a_delivery_of_no_edition(
    upgraded: Engine, values: dict[str, int | None]
) -> None:
    with pytest.raises(IntegrityError), upgraded.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == 1).values(**values))
