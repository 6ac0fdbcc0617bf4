"""Deliveries that came back: which one a report is about, what else the person got, and that it bounced.

All within the caller's transaction. A person's deliveries are found through the mailings, of which there are few:
nothing else has an index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, case, exists, func, literal_column, or_, select, update

from bulletin.database.dialects import domain_of
from bulletin.database.prepared import Prepared
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, mailings, returns, subscribers

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, Select

MAY_BOUNCE: Final = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)
"""Only what a server has taken, or may have taken, can come back."""

_SENT: Final = (*MAY_BOUNCE, DeliveryState.BOUNCED)
_LONGEST: Final = 90 * 24 * 60 * 60 * 1000  # ms: no mailing takes longer


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedDelivery:
    """A delivery that a report is about. `sent_at` is in ms since 1970, UTC; 0 for one that was never sent."""

    id: int
    mailing_id: int
    issue: str
    subscriber_id: int
    hash: bytes
    address: str
    state: DeliveryState
    sent_at: int
    reply: str = ""


class EarlierDelivery(NamedTuple):
    """A delivery of a person: which, of which issue, when it was sent (ms since 1970), and its state."""

    id: int
    issue: str
    at: int
    state: DeliveryState


def find_delivery(connection: Connection, delivery_id: int, subscriber_id: int) -> ReportedDelivery | None:
    """The delivery with this number, if it went to this subscriber."""
    return _find_one(connection, _ONE_REPORTED, {"delivery": delivery_id, "subscriber": subscriber_id})


def find_newest_delivery(connection: Connection, subscriber_id: int) -> ReportedDelivery | None:
    """The newest delivery to a subscriber that was sent: for a token of earlier releases, which names none."""
    of_mailings = deliveries.c.mailing_id.in_(_begun_since(0))
    sent = of_mailings & (deliveries.c.subscriber_id == subscriber_id) & deliveries.c.state.in_(_SENT)
    return _find_one(connection, _REPORTED.where(sent).order_by(mailings.c.id.desc()).limit(1))


def find_delivery_of(connection: Connection, mailing_key: str, subscriber_id: int) -> int | None:
    """The number of the delivery to a subscriber in the mailing with this key; None if there is none."""
    query = (
        select(deliveries.c.id)
        .join(mailings)
        .where(mailings.c.key == mailing_key, deliveries.c.subscriber_id == subscriber_id)
    )
    found: int | None = connection.scalar(query)
    return found


def find_recent_delivery(connection: Connection, hash_: bytes, *, since: int) -> ReportedDelivery | None:
    """The newest delivery to the address with this hash that was sent since a time (ms since 1970)."""
    person = connection.scalar(select(subscribers.c.id).where(subscribers.c.hash == hash_))
    found = None if person is None else find_newest_delivery(connection, person)
    return found if found and found.sent_at >= since else None


def find_delivery_address(connection: Connection, subscriber_id: int, delivery_id: int | None) -> str:
    """The address that a delivery went to, else the subscriber's own; empty if neither is known any more."""
    named = {"delivery": delivery_id, "subscriber": subscriber_id}
    return (delivery_id is not None and connection.scalar(_WENT_TO, named)) or connection.scalar(_OWN, named) or ""


def mark_bounced(connection: Connection, delivery_id: int, *, reply: str) -> bool:
    """Record that a delivery came back; `reply` is why, in the words of the report, without an address.

    False if it wasn't accepted or uncertain: then nothing is changed.
    """
    return _BOUNCE.run(connection, [(reply, delivery_id)]) == 1


def list_earlier(connection: Connection, subscriber_id: int, *, since: int) -> tuple[EarlierDelivery, ...]:
    """The deliveries to a subscriber since a time (ms since 1970) that were accepted, are uncertain, or bounced."""
    ended = deliveries.c.mailing_id.in_(_begun_since(since)) & deliveries.c.state.in_(_SENT)
    query = (
        select(deliveries.c.id, mailings.c.issue, _SENT_AT, deliveries.c.state)
        .join(mailings)
        .where(deliveries.c.subscriber_id == subscriber_id, ended, since <= _SENT_AT)
    )
    return tuple(EarlierDelivery(*row[:3], DeliveryState(row[3])) for row in connection.execute(query))


def count_sent(connection: Connection, mailing_ids: Collection[int]) -> dict[int, int]:
    """To how many readers each of these mailings was sent."""
    query = select(deliveries.c.mailing_id, func.count()).where(_were_sent(mailing_ids))
    return dict(connection.execute(query.group_by(deliveries.c.mailing_id)).all())


class BounceCount(NamedTuple):
    """How much of an issue came back: `sent` emails, `bounced` of them, and how many of these lately."""

    issue: str
    sent: int
    bounced: int
    lately: int


def count_bounces(connection: Connection, *, began_since: int, since: int) -> tuple[BounceCount, ...]:
    """What came back of each issue that was sent since a time, and what of it `since` another (ms since 1970).

    What a server refused at once never left, so it is neither.
    """
    reported = exists().where(
        returns.c.delivery_id == deliveries.c.id, returns.c.at >= since, returns.c["class"].in_(_CAME_BACK)
    )
    came_back = deliveries.c.state == DeliveryState.BOUNCED
    query = (
        select(
            mailings.c.issue,
            func.count(),
            func.sum(case((came_back, 1), else_=0)),
            func.sum(case((came_back & reported, 1), else_=0)),
        )
        .select_from(deliveries.join(mailings))
        .where(mailings.c.began_at >= began_since, deliveries.c.state.in_(_SENT))
        .group_by(mailings.c.issue)
        .order_by(mailings.c.issue)
    )
    return tuple(BounceCount(*row) for row in connection.execute(query))


_CAME_BACK: Final = ("gone", "soft", "ours")  # `bounces.verdict.ReturnClass`


def count_sent_to(
    connection: Connection, mailing_ids: Collection[int], domains: Collection[str]
) -> dict[tuple[int, str], int]:
    """To how many readers at each of these domains each of these mailings was sent."""
    if not domains:
        return {}
    domain = domain_of(deliveries.c.address, connection)
    query = select(deliveries.c.mailing_id, domain, func.count()).where(
        _were_sent(mailing_ids), domain.in_(list(domains))
    )
    rows = connection.execute(query.group_by(deliveries.c.mailing_id, domain))
    return {(mailing, name): number for mailing, name, number in rows}


def list_refused(connection: Connection, *, since: int) -> tuple[ReportedDelivery, ...]:
    """The deliveries that a server refused for good since a time (ms), and whose answer was not judged after that."""
    judged = exists().where(
        returns.c.delivery_id == deliveries.c.id, returns.c.source == ANSWER, returns.c.at >= deliveries.c.ended_at
    )
    refused = (
        deliveries.c.mailing_id.in_(_begun_since(since))
        & (deliveries.c.state == DeliveryState.REFUSED)
        & (deliveries.c.ended_at >= since)
        & deliveries.c.reply.like("5%")
        & ~judged
    )
    return tuple(_read_all(connection.execute(_REPORTED.where(refused).order_by(mailings.c.id, deliveries.c.id))))


ANSWER: Final = "answer"
"""The source of what a server said while sending, in the table `returns`."""


def _written_out(state: DeliveryState) -> ColumnElement[str]:
    return literal_column(f"'{state.value}'")


_SENT_AT: Final = func.coalesce(deliveries.c.ended_at, deliveries.c.claimed_at, 0)
_REPORTED: Final = select(
    deliveries.c.id,
    deliveries.c.mailing_id,
    mailings.c.issue,
    deliveries.c.subscriber_id,
    deliveries.c.hash,
    deliveries.c.address,
    deliveries.c.state,
    _SENT_AT.label("sent_at"),
    deliveries.c.reply,
).join(mailings)


# Made once, as they are needed for each email: that takes longer than it takes to run them.
_ITS: Final = (deliveries.c.id == bindparam("delivery")) & (deliveries.c.subscriber_id == bindparam("subscriber"))
_ONE_REPORTED: Final = _REPORTED.where(_ITS)
_WENT_TO: Final = select(deliveries.c.address).where(_ITS)
_OWN: Final = select(subscribers.c.address).where(subscribers.c.id == bindparam("subscriber"))
_BOUNCE: Final = Prepared(
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"), or_(*(deliveries.c.state == _written_out(one) for one in MAY_BOUNCE)))
    .values(state=_written_out(DeliveryState.BOUNCED), reply=bindparam("reply_")),
    *("reply_", "id_"),
)


def _begun_since(since: int) -> Select[tuple[int]]:
    """The mailings that may have sent something since a time (ms since 1970)."""
    return select(mailings.c.id).where(mailings.c.began_at >= since - _LONGEST)


def _were_sent(mailing_ids: Collection[int]) -> ColumnElement[bool]:
    states = (*_SENT, DeliveryState.REFUSED, DeliveryState.SENDING)
    return deliveries.c.mailing_id.in_(list(mailing_ids)) & deliveries.c.state.in_(states)


def _find_one(
    connection: Connection, query: Select[Any], named: Mapping[str, int] | None = None
) -> ReportedDelivery | None:
    return next(iter(_read_all(connection.execute(query, named))), None)


def _read_all(rows: Iterable[Row[Any]]) -> list[ReportedDelivery]:
    return [
        ReportedDelivery(
            id=row.id,
            mailing_id=row.mailing_id,
            issue=row.issue,
            subscriber_id=row.subscriber_id,
            hash=bytes(row.hash),
            address=row.address,
            state=DeliveryState(row.state),
            sent_at=row.sent_at,
            reply=row.reply,
        )
        for row in rows
    ]
