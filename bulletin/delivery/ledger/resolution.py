"""What a person decides: whether uncertain messages arrived, and that the cause of a refusal is fixed.

Only a person can know either. Every function is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, literal, select, update

from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries, mailings, memberships
from bulletin.delivery.ledger.mailing import Mailing, find_mailings, read_mailing
from bulletin.delivery.ledger.mailing_events import CANCELLED, CANCELLED_MAILINGS, add_event, find_last_record
from bulletin.delivery.ledger.withholding import is_withheld_from_any
from bulletin.errors import MailingError
from bulletin.subscribers.address_hash import hash_addresses

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine


_DECIDED: Final = "A person decided:"  # and what: in place of a server's words

BY_PERSON: Final = deliveries.c.reply.like(f"{_DECIDED}%")
"""The condition that a person has decided what became of a delivery."""


class Decision(StrEnum):
    """What a person says of an uncertain delivery."""

    DELIVERED = "delivered"  # it arrived: uncertain → accepted
    # It did not, or may come twice: uncertain → queued, for the next `bulletin send`. A mailing that was cancelled does
    # not go on: uncertain → withdrawn, as all who were left out of it.
    RESEND = "resend"


def _choose_state(decision: Decision, withheld: ColumnElement[bool]) -> ColumnElement[str]:
    if decision is Decision.DELIVERED:
        return literal(DeliveryState.ACCEPTED.value)
    # No message is queued for an address that is suppressed.
    return case((withheld, DeliveryState.WITHDRAWN.value), else_=DeliveryState.QUEUED.value)


def resolve_deliveries(
    engine: Engine, issue: str, keys: Collection[str] | None, decision: Decision, *, now: int
) -> int:
    """Decide the uncertain deliveries of `issue` to the addresses with these `keys`, at `now` (ms since 1970).

    None: all that are uncertain.
    All of them or none: raises MailingError that names each address that is not uncertain. A mailing that had ended and
    is to send it again is resumed, and that is recorded. Returns how many count as left out instead, because their
    mailing was cancelled.
    """
    with database_errors(), engine.begin() as connection:
        people = hash_addresses(connection, keys or ())
        named = _of(issue) if keys is None else _of(issue) & deliveries.c.hash.in_(people)
        uncertain = named & (deliveries.c.state == DeliveryState.UNCERTAIN)
        withheld = is_withheld_from_any(find_mailings(connection, issue))
        decide = (
            update(deliveries)
            .where(uncertain)
            .values(state=_choose_state(decision, withheld), reply=f"{_DECIDED} {decision}.")
            .returning(deliveries.c.mailing_id, deliveries.c.state)
        )
        if wrong := _find_others(connection, named, people, DeliveryState.UNCERTAIN):
            raise MailingError(
                f"Only what is uncertain can be decided. In {issue}, {'; '.join(wrong)}.",
                "Nothing was changed. Leave these out, and run the same command again.",
            )
        left_out = _leave_out(connection, uncertain) if decision is Decision.RESEND else 0
        decided = connection.execute(decide).all()
        for mailing_id in {row.mailing_id for row in decided if row.state == DeliveryState.QUEUED}:
            _resume_if_ended(connection, mailing_id, now, note="Those who were uncertain are sent it again.")
    return left_out


def record_named(engine: Engine, mailing_id: int, subscriber_ids: Iterable[int]) -> int:
    """Record these readers of a mailing as having got it, if they are uncertain: a person gave a log that names them.

    Returns how many were.
    """
    people, number = sorted(subscriber_ids), 0
    uncertain = (deliveries.c.mailing_id == mailing_id) & (deliveries.c.state == DeliveryState.UNCERTAIN)
    values = {"state": DeliveryState.ACCEPTED, "reply": f"{_DECIDED} delivered, by the mail server’s log."}
    with database_errors(), engine.begin() as connection:
        for start in range(0, len(people), _BATCH):
            theirs = deliveries.c.subscriber_id.in_(people[start : start + _BATCH])
            number += connection.execute(update(deliveries).where(uncertain, theirs).values(**values)).rowcount
    return number


def count_uncertain(engine: Engine, issue: str) -> int:
    """For how many people a delivery of `issue` is uncertain."""
    uncertain = _of(issue) & (deliveries.c.state == DeliveryState.UNCERTAIN)
    with database_errors(), engine.begin() as connection:
        return connection.execute(select(func.count(deliveries.c.hash.distinct())).where(uncertain)).scalar_one()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A reader refused by the server, and its words.

    `cancelled`: their mailing was, so it is not sent again. `suppressed`: they must not be written to any more.
    """

    id: int
    mailing_id: int
    subscriber_id: int
    address: str
    name: str
    ended_at: int | None  # ms since 1970, UTC
    reply: str
    cancelled: bool
    suppressed: bool


def find_refused(source: Source, issue: str, keys: Collection[str] = ()) -> tuple[Refused, ...]:
    """Who was refused in mailings of `issue`: all, or those with these `keys`.

    Raises MailingError that names each of `keys` who was not refused.
    """
    names = ("id", "mailing_id", "subscriber_id", "address", "name", "ended_at", "reply")
    with read_from(source) as connection:
        people = hash_addresses(connection, keys)
        query = (
            select(
                *(deliveries.c[name] for name in names),
                _IS_CANCELLED.label("cancelled"),
                is_withheld_from_any(find_mailings(connection, issue)).label("suppressed"),
            )
            .where(_of(issue), deliveries.c.state == DeliveryState.REFUSED)
            .order_by(deliveries.c.id)
        )
        if keys:
            query = query.where(deliveries.c.hash.in_(people))
        named = _of(issue) & deliveries.c.hash.in_(people)
        if wrong := _find_others(connection, named, people, DeliveryState.REFUSED):
            raise MailingError(
                f"Only who was refused can be sent it again. In {issue}, {'; '.join(wrong)}.",
                "Nothing was changed. Leave these out, and run the same command again.",
            )
        return tuple(Refused(**row) for row in connection.execute(query).mappings())


def find_unlisted(connection: Connection, refused: Iterable[Refused]) -> frozenset[int]:
    """The ids of those `refused` who are on none of the lists of their mailing now. Within the caller's transaction."""
    chosen = tuple(refused)
    lists = dict(
        connection.execute(
            select(mailings.c.id, mailings.c.lists).where(mailings.c.id.in_({one.mailing_id for one in chosen}))
        ).all()
    )
    listed: set[tuple[int, str]] = set()
    for start in range(0, len(chosen), _BATCH):
        ids = [one.subscriber_id for one in chosen[start : start + _BATCH]]
        query = select(memberships.c.subscriber_id, memberships.c.list).where(memberships.c.subscriber_id.in_(ids))
        listed.update((number, name) for number, name in connection.execute(query))
    return frozenset(
        one.id for one in chosen if not any((one.subscriber_id, name) in listed for name in lists[one.mailing_id])
    )


def leave_out(engine: Engine, refused: Iterable[Refused]) -> int:
    """Count those who were refused in a cancelled mailing as left out of it: a person says so. How many."""
    ids = [one.id for one in refused if one.cancelled]
    with database_errors(), engine.begin() as connection:
        return sum(
            _leave_out(
                connection,
                deliveries.c.id.in_(ids[start : start + _BATCH]) & (deliveries.c.state == DeliveryState.REFUSED),
            )
            for start in range(0, len(ids), _BATCH)
        )


def _leave_out(connection: Connection, which: ColumnElement[bool]) -> int:
    """As if their turn had not come before their mailing was cancelled. How many; none of a mailing that was not."""
    withdrawn = {"state": DeliveryState.WITHDRAWN, "reply": CANCELLED}
    return connection.execute(update(deliveries).where(which, _IS_CANCELLED).values(**withdrawn)).rowcount


def queue_again(engine: Engine, refused: Iterable[Refused], *, now: int) -> int:
    """Queue refused readers again: a person says that the cause is fixed. Returns how many; `now` in ms since 1970.

    They have all their attempts before them again. Suppressed readers and those of a
    cancelled mailing are left out. A mailing that had ended is resumed, and that is recorded.
    """
    again = [one for one in refused if not one.suppressed]
    ids, number = [one.id for one in again], 0
    with database_errors(), engine.begin() as connection:
        withheld = is_withheld_from_any(_read_mailings(connection, {one.mailing_id for one in again}))
        for start in range(0, len(ids), _BATCH):
            queue = (
                update(deliveries)
                .where(
                    deliveries.c.id.in_(ids[start : start + _BATCH]),
                    deliveries.c.state == DeliveryState.REFUSED,
                    ~withheld,
                    ~_IS_CANCELLED,
                )
                .values(state=DeliveryState.QUEUED, attempts=0)
                .returning(deliveries.c.mailing_id)
            )
            going_on = list(connection.scalars(queue))
            number += len(going_on)
            for mailing_id in set(going_on):
                _resume_if_ended(connection, mailing_id, now, note="Those who were refused are sent it again.")
    return number


_BATCH: Final = 500  # of ids in a statement
_IS_CANCELLED: Final = deliveries.c.mailing_id.in_(CANCELLED_MAILINGS)


def _read_mailings(connection: Connection, ids: Collection[int]) -> tuple[Mailing, ...]:
    query = select(mailings).where(mailings.c.id.in_(ids)).order_by(mailings.c.id)
    return tuple(read_mailing(row) for row in connection.execute(query))


def _of(issue: str) -> ColumnElement[bool]:
    return deliveries.c.mailing_id.in_(select(mailings.c.id).where(mailings.c.issue == issue))


def _resume_if_ended(connection: Connection, mailing_id: int, now: int, *, note: str) -> None:
    last = find_last_record(connection, mailing_id)
    if last and last.event is MailingEvent.ENDED:
        add_event(connection, mailing_id, MailingEvent.RESUMED, now=now, note=note)


def _find_others(
    connection: Connection, named: ColumnElement[bool], people: Mapping[bytes, str], wanted: DeliveryState
) -> list[str]:
    """In words, who of `people` (hash → key) is in no mailing in the `wanted` state; of several, the last is told."""
    if not people:
        return []
    query = select(deliveries.c.hash, deliveries.c.state).where(named).order_by(deliveries.c.id)
    rows = [(bytes(row.hash), row.state) for row in connection.execute(query)]
    found, states = {hash_ for hash_, state in rows if state == wanted}, dict(rows)
    return [
        f"{key} is {states[hash_]}" if hash_ in states else f"{key} was never written to"
        for hash_, key in people.items()
        if hash_ not in found
    ]
