"""How far mailings are, and what became of each delivery. Reads only.

Every function is a transaction of its own (`read_deliveries`: one after the other), and raises DatabaseError if that
fails.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, func, literal_column, select

from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries, mailings
from bulletin.delivery.ledger.counts import without_later
from bulletin.delivery.ledger.mailing import read_mailing
from bulletin.delivery.ledger.mailing_editions import find_letterhead
from bulletin.delivery.ledger.mailing_events import STOPPED, find_events, find_last_event
from bulletin.delivery.ledger.resolution import BY_PERSON
from bulletin.delivery.message.message_id import show_message_id

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine, Row

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.ledger.mailing_events import EventRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message's fate. `reply` has the server's own words. Times are in ms since 1970, UTC.

    `message_id` has “…” for what isn't known here (`show_message_id`).

    `claimed_at` and `ended_at`: when the last attempt began and ended; `due_at`: when a deferred one is tried again.
    """

    address: str
    name: str
    state: DeliveryState
    message_id: str
    attempts: int
    claimed_at: int | None
    ended_at: int | None
    due_at: int | None
    reply: str


def turn_has_come(now: int) -> ColumnElement[bool]:
    """The condition that a delivery waits for nothing but a sender, at `now` (ms since 1970)."""
    ready = deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING))
    return ready | ((deliveries.c.state == DeliveryState.DEFERRED) & (deliveries.c.due_at <= now))


def list_deliveries(
    engine: Engine, mailings: Iterable[Mailing], *, states: Collection[DeliveryState] = tuple(DeliveryState)
) -> tuple[Delivery, ...]:
    """The deliveries of `mailings` in one of `states`, in the order in which they were frozen: each person's latest."""
    return tuple(read_deliveries(engine, mailings, states=states))


def read_deliveries(
    engine: Engine, mailings: Iterable[Mailing], *, states: Collection[DeliveryState] = tuple(DeliveryState)
) -> Iterator[Delivery]:
    """As `list_deliveries`, for however many: a batch at a time is in memory, and the database is not kept waiting."""
    chosen = tuple(mailings)
    by_id = {mailing.id: mailing for mailing in chosen}
    letterheads = {mailing.id: find_letterhead(engine, mailing) for mailing in chosen}
    # Not a plain column: by its index the database would sort all of them anew for each batch.
    mailing_id = deliveries.c.mailing_id + literal_column("0")
    query = (
        select(deliveries)
        .where(mailing_id.in_(by_id), deliveries.c.state.in_(states), *without_later(chosen))
        .order_by(deliveries.c.id)
        .limit(_BATCH)
    )
    after = _find_first(engine, by_id) - 1
    while True:
        with database_errors(), engine.begin() as connection:
            rows = connection.execute(query.where(deliveries.c.id > after)).all()
        for row in rows:
            message_id = show_message_id(by_id[row.mailing_id].key, row.subscriber_id, letterheads[row.mailing_id])
            yield _read_delivery(row, message_id)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


_BATCH: Final = 1000
_REMEMBERED: Final = 1_000
"""The latest deliveries that tell how long the server takes."""


def _find_first(engine: Engine, mailing_ids: Iterable[int]) -> int:
    query = select(func.min(deliveries.c.id)).where(deliveries.c.mailing_id.in_(mailing_ids))
    with database_errors(), engine.begin() as connection:
        return connection.scalar(query) or 0


def _read_delivery(row: Row[Any], message_id: str) -> Delivery:
    return Delivery(
        address=row.address,
        name=row.name,
        state=DeliveryState(row.state),
        message_id=message_id,
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        due_at=row.due_at,
        reply=row.reply,
    )


def find_end(source: Source, mailing: Mailing, counts: Counts, events: Sequence[EventRecord]) -> int | None:
    """When the last reader was tried: as recorded, or the last reply if a sender died before recording it.

    In ms since 1970, UTC; None while anyone is still to be tried.
    """
    if counts.unfinished:
        return None
    cancelled = any(one.event is MailingEvent.CANCELLED for one in events)
    for one in reversed(events):
        if one.event is MailingEvent.RESUMED and not cancelled:
            break
        if one.event in (MailingEvent.ENDED, MailingEvent.CANCELLED):
            return one.at
    query = select(func.max(deliveries.c.ended_at)).where(deliveries.c.mailing_id == mailing.id)
    with read_from(source) as connection:
        last: int | None = connection.scalar(query)
    return last


def find_waiting(engine: Engine, *, now: int) -> dict[str, list[Mailing]]:
    """By issue, the mailings that may go on by themselves: somebody's turn has come, and no person is to be asked."""
    query = select(mailings).where(exists().where(deliveries.c.mailing_id == mailings.c.id, turn_has_come(now)))
    with database_errors(), engine.begin() as connection:
        found = [read_mailing(row) for row in connection.execute(query.order_by(mailings.c.id))]
    waiting: dict[str, list[Mailing]] = {}
    for mailing in found:
        if find_last_event(engine, mailing.id) not in STOPPED:
            waiting.setdefault(mailing.issue, []).append(mailing)
    return waiting


def is_untouched(engine: Engine, mailing: Mailing) -> bool:
    """Whether no message was ever claimed, and no person has resumed the mailing."""
    claimed = select(exists().where(deliveries.c.mailing_id == mailing.id, deliveries.c.claimed_at.is_not(None)))
    with database_errors(), engine.begin() as connection:
        if connection.scalar(claimed):
            return False
    return all(record.event is not MailingEvent.RESUMED for record in find_events(engine, mailing.id))


def find_last_move(engine: Engine, mailing: Mailing) -> int:
    """When something was last done about a mailing, or could be first: in ms since 1970."""
    columns = (func.max(deliveries.c.claimed_at), func.max(deliveries.c.ended_at), func.min(deliveries.c.due_at))
    with database_errors(), engine.begin() as connection:
        row = connection.execute(select(*columns).where(deliveries.c.mailing_id == mailing.id)).one()
    events = [record.at for record in find_events(engine, mailing.id)]
    times = [mailing.began_at, *events, *(int(time) for time in row if time is not None)]
    return max(times)


def measure_latency(engine: Engine, *, longest: float) -> float | None:
    """How long a message took of late from its claim to the server's 250, in ms on average. None without any.

    Deliveries that a person decided about do not count: their end is the time of the decision.
    """
    length = deliveries.c.ended_at - deliveries.c.claimed_at
    took = (
        select(length.label("ms"))
        .where(deliveries.c.state == DeliveryState.ACCEPTED, length.between(0, longest))
        .where(~BY_PERSON)
        .order_by(deliveries.c.id.desc())
        .limit(_REMEMBERED)
        .subquery()
    )
    with database_errors(), engine.begin() as connection:
        average = connection.scalar(select(func.avg(took.c.ms)))
    return None if average is None else max(1.0, float(average))
