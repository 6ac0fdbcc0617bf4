from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bulletin.database.schema import open_database
from bulletin.database.states import SuppressionReason
from bulletin.subscribers.suppression import Suppression, find_suppression, suppress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ANNA = "anna@example.org"
OPTED_OUT, BOUNCED, ERASED = SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED, SuppressionReason.ERASED


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_an_address_that_nobody_suppressed_has_no_suppression(connection: Connection) -> None:
    assert find_suppression(connection, ANNA) is None


def test_a_suppression_says_why_since_when_and_what_was_noted(connection: Connection) -> None:
    assert suppress(connection, ANNA, reason=OPTED_OUT, now=1000, note="by telephone") is True
    assert find_suppression(connection, ANNA) == Suppression(
        key=ANNA, reason=OPTED_OUT, since=1000, note="by telephone"
    )


def test_a_suppression_is_of_one_address_only(connection: Connection) -> None:
    suppress(connection, ANNA, reason=OPTED_OUT, now=1000)
    assert find_suppression(connection, "anna+news@example.org") is None


@pytest.mark.parametrize("later", list(SuppressionReason))
def test_the_first_suppression_stands_whatever_comes_later(connection: Connection, later: SuppressionReason) -> None:
    suppress(connection, ANNA, reason=OPTED_OUT, now=1000, note="first")
    assert suppress(connection, ANNA, reason=later, now=2000, note="second") is False
    assert find_suppression(connection, ANNA) == Suppression(key=ANNA, reason=OPTED_OUT, since=1000, note="first")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM suppressions",
        "UPDATE suppressions SET reason = 'bounced'",
        "UPDATE suppressions SET key = 'bea@example.org'",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_a_suppression(connection: Connection, statement: str) -> None:
    suppress(connection, ANNA, reason=OPTED_OUT, now=1000)
    with pytest.raises(DBAPIError, match="a suppression stands"), connection.begin_nested():
        connection.execute(text(statement))
    assert find_suppression(connection, ANNA) is not None


def test_the_database_itself_refuses_a_reason_that_is_none(connection: Connection) -> None:
    with pytest.raises(IntegrityError, match="ck_suppressions_reason"):
        connection.execute(text("INSERT INTO suppressions VALUES ('a@example.org', 'a whim', 1, '')"))


def test_two_suppressions_of_two_people_stand_side_by_side(connection: Connection) -> None:
    suppress(connection, ANNA, reason=BOUNCED, now=1000)
    assert suppress(connection, "bea@example.org", reason=ERASED, now=2000) is True
    first, second = find_suppression(connection, ANNA), find_suppression(connection, "bea@example.org")
    assert first is not None
    assert second is not None
    assert (first.reason, second.reason) == (BOUNCED, ERASED)
