"""Everything that is known about one address: what a person may ask to see (UK GDPR article 15)."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, mailings, memberships, subscribers
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.suppression import Suppression, find_suppressions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.subscribers.address import Address


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
    suppressions: tuple[Suppression, ...] = ()
    deliveries: tuple[PastDelivery, ...] = ()


def describe_subscriber(connection: Connection, key: str) -> Subscriber | None:
    """All that the database has on the address with `key`: lists by name, deliveries by age. None if it has nothing."""
    hash_ = hash_address(connection, key)
    suppressions = find_suppressions(connection, hash_)
    row = connection.execute(select(subscribers).where(subscribers.c.hash == hash_)).one_or_none()
    if row is None:
        return Subscriber(key=key, suppressions=suppressions) if suppressions else None
    return Subscriber(
        key=key,
        id=row.id,
        address=row.address,
        name=row.name,
        added_at=row.added_at,
        memberships=_find_memberships(connection, row.id),
        suppressions=suppressions,
        deliveries=_find_deliveries(connection, row.id),
    )


def find_lists(connection: Connection, hash_: bytes) -> tuple[str, ...]:
    """The lists that the address with this hash is on, by name."""
    query = select(memberships.c.list).join(subscribers).where(subscribers.c.hash == hash_)
    return tuple(connection.scalars(query.order_by(memberships.c.list)))


def find_similar(connection: Connection, address: Address) -> tuple[str, ...]:
    """Up to three addresses on lists that are spelt almost like this one, with the same domain or the same local part.

    Of a domain with very many people, only some are looked at.
    """
    local, _, domain = address.written.rpartition("@")
    near = subscribers.c.address.endswith(f"@{domain}", autoescape=True) | subscribers.c.address.startswith(
        f"{local}@", autoescape=True
    )
    is_listed = exists().where(memberships.c.subscriber_id == subscribers.c.id)
    query = select(subscribers.c.address).where(near, is_listed).order_by(subscribers.c.id).limit(_MOST_COMPARED)
    found = {_leave_out_common(one, local, domain): one for one in connection.scalars(query)}
    close = get_close_matches(local, found, n=3, cutoff=0.7) + get_close_matches(f"@{domain}", found, n=3, cutoff=0.7)
    return tuple(found[one] for one in close)[:3]


def _leave_out_common(address: str, local: str, domain: str) -> str:
    """What is left to compare: with the same domain, what is before the @; with the same local part, the domain."""
    if address.lower().endswith(f"@{domain.lower()}"):
        return address.rpartition("@")[0]
    return address[len(local) :]


_MOST_COMPARED: Final = 20_000


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
