"""Everything that is known about one address: what a person may ask to see (UK GDPR article 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, mailings, memberships, subscribers
from bulletin.subscribers.suppression import Suppression, find_suppression

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """Being on a list: on what lawful basis, through what (`file`), since when, and what else the list says."""

    list: str
    basis: str
    source: str
    since: int
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDelivery:
    """What became of one issue's message; `when` its last attempt ended or began, None before the first."""

    issue: str
    state: DeliveryState
    when: int | None
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """One address, by its key. All times are milliseconds since 1970, UTC.

    `id`, `address`, `name` and `added_at` are None where only a suppression is known.
    """

    key: str
    id: int | None = None
    address: str | None = None
    name: str | None = None
    added_at: int | None = None
    memberships: tuple[Membership, ...] = ()
    suppression: Suppression | None = None
    deliveries: tuple[PastDelivery, ...] = ()


def describe_subscriber(connection: Connection, key: str) -> Subscriber | None:
    """All that the database has on the address with `key`: lists by name, deliveries by age. None if it has nothing."""
    suppression = find_suppression(connection, key)
    row = connection.execute(select(subscribers).where(subscribers.c.key == key)).one_or_none()
    if row is None:
        return Subscriber(key=key, suppression=suppression) if suppression else None
    return Subscriber(
        key=key,
        id=row.id,
        address=row.address,
        name=row.name,
        added_at=row.added_at,
        memberships=_find_memberships(connection, row.id),
        suppression=suppression,
        deliveries=_find_deliveries(connection, row.id),
    )


def _find_memberships(connection: Connection, subscriber_id: int) -> tuple[Membership, ...]:
    columns = memberships.c
    statement = select(columns.list, columns.basis, columns.source, columns.since, columns.details)
    rows = connection.execute(statement.where(columns.subscriber_id == subscriber_id).order_by(columns.list))
    return tuple(Membership(**row) for row in rows.mappings())


def _find_deliveries(connection: Connection, subscriber_id: int) -> tuple[PastDelivery, ...]:
    columns = deliveries.c
    statement = (
        select(mailings.c.issue, columns.state, columns.claimed_at, columns.ended_at, columns.reply)
        .join(mailings, mailings.c.id == columns.mailing_id)
        .where(columns.subscriber_id == subscriber_id)
        .order_by(mailings.c.began_at, mailings.c.id)
    )
    return tuple(
        PastDelivery(
            issue=row.issue,
            state=DeliveryState(row.state),
            when=max(row.ended_at or 0, row.claimed_at or 0) or None,
            reply=row.reply,
        )
        for row in connection.execute(statement)
    )
