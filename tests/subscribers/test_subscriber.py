from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState, SuppressionOrigin, SuppressionReason
from bulletin.database.tables import deliveries, editions, mailing_editions, mailings, memberships, subscribers
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.scope import EVERYTHING, one_list
from bulletin.subscribers.subscriber import Membership, PastDelivery, Subscriber, describe_subscriber
from bulletin.subscribers.suppression import Suppression, suppress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ANNA = "anna@example.org"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A database with Anna and Bea in it, and two mailings."""
    engine = open_database(database_url)
    with engine.connect() as connection:
        people = [
            {
                "id": 1,
                "hash": hash_address(connection, ANNA),
                "address": "Anna@example.org",
                "name": "Anna Smith",
                "added_at": 100,
            },
            {
                "id": 2,
                "hash": hash_address(connection, "bea@example.org"),
                "address": "bea@example.org",
                "name": "",
                "added_at": 200,
            },
        ]
        connection.execute(subscribers.insert(), people)
        connection.execute(editions.insert(), {"digest": "d", "content": b"{}", "kept_at": 1})
        mailing: dict[str, Any] = {"lists": ["partners"]}
        rows = [
            {"id": 1, "key": "k1", "issue": "2021-05", "began_at": 2000, **mailing},
            {"id": 2, "key": "k2", "issue": "2021-04", "began_at": 1000, **mailing},
        ]
        connection.execute(mailings.insert(), rows)
        kept = [{"mailing_id": n, "n": 1, "digest": "d", "signature": [], "items": [], "readers": 1} for n in (1, 2)]
        connection.execute(mailing_editions.insert(), kept)
        yield connection
    engine.dispose()


def join(connection: Connection, subscriber_id: int, name: str, **details: str) -> None:
    row = {"subscriber_id": subscriber_id, "list": name, "source": "file", "basis": "consent", "since": 300}
    connection.execute(memberships.insert(), {**row, "details": details})


def deliver(connection: Connection, subscriber_id: int, mailing_id: int, state: DeliveryState, **times: object) -> None:
    row = {
        "mailing_id": mailing_id,
        "subscriber_id": subscriber_id,
        "hash": b"k",
        "address": "a",
        "name": "",
        "edition": 1,
    }
    connection.execute(deliveries.insert(), {**row, "state": state, "reply": f"{state} it was", **times})


def test_nothing_is_known_of_an_address_that_never_was_here(connection: Connection) -> None:
    assert describe_subscriber(connection, "zoe@example.org") is None


def test_a_suppression_is_known_even_of_somebody_who_never_subscribed(connection: Connection) -> None:
    zoe = hash_address(connection, "zoe@example.org")
    suppress(connection, zoe, reason=SuppressionReason.COMPLAINED, origin=SuppressionOrigin.BOUNCE, now=5)
    suppression = Suppression(
        scope=EVERYTHING, reason=SuppressionReason.COMPLAINED, since=5, origin=SuppressionOrigin.BOUNCE
    )
    assert describe_subscriber(connection, "zoe@example.org") == Subscriber(
        key="zoe@example.org", suppressions=(suppression,)
    )


def test_all_that_is_known_of_a_subscriber_is_told_and_nothing_of_others(connection: Connection) -> None:
    join(connection, 1, "schools", organisation="Hill School")
    join(connection, 1, "partners")
    join(connection, 2, "champions")
    anna, reason, origin = hash_address(connection, ANNA), SuppressionReason.OPTED_OUT, SuppressionOrigin.COMMAND
    for scope, now in ((one_list("schools"), 5000), (EVERYTHING, 6000)):
        suppress(connection, anna, reason=reason, origin=origin, now=now, scope=scope, note="by telephone")
    deliver(connection, 1, 1, DeliveryState.SENDING, run="r", claimed_at=2100)
    deliver(connection, 1, 2, DeliveryState.ACCEPTED, claimed_at=1100, ended_at=1200)
    deliver(connection, 2, 1, DeliveryState.REFUSED, claimed_at=2100, ended_at=2200)
    assert describe_subscriber(connection, ANNA) == Subscriber(
        key=ANNA,
        id=1,
        address="Anna@example.org",
        name="Anna Smith",
        added_at=100,
        memberships=(
            Membership(list="partners", basis="consent", source="file", since=300, details={}),
            Membership(
                list="schools", basis="consent", source="file", since=300, details={"organisation": "Hill School"}
            ),
        ),
        suppressions=(
            Suppression(scope=one_list("schools"), reason=reason, since=5000, origin=origin, note="by telephone"),
            Suppression(scope=EVERYTHING, reason=reason, since=6000, origin=origin, note="by telephone"),
        ),
        deliveries=(
            PastDelivery(issue="2021-04", state=DeliveryState.ACCEPTED, when=1200, reply="accepted it was"),
            PastDelivery(issue="2021-05", state=DeliveryState.SENDING, when=2100, reply="sending it was"),
        ),
    )


@pytest.mark.parametrize(
    ("times", "when"),
    [
        ({}, None),
        ({"claimed_at": 10, "ended_at": 20}, 20),
        ({"claimed_at": 30, "ended_at": 20}, 30),
    ],
)
def test_a_delivery_tells_the_last_moment_of_its_last_attempt(
    connection: Connection, times: dict[str, int], when: int | None
) -> None:
    deliver(connection, 1, 1, DeliveryState.QUEUED, **times)
    person = describe_subscriber(connection, ANNA)
    assert person is not None
    assert [delivery.when for delivery in person.deliveries] == [when]
