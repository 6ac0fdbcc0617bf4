"""What happened to a mailing as a whole. Its last event says where it is; but cancelled stays cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select

from bulletin.database.dialects import lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import MailingEvent
from bulletin.database.tables import mailing_events

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row


STOPPED: Final = (MailingEvent.PAUSED, MailingEvent.HALTED, MailingEvent.CANCELLED)
"""Events after which a mailing waits for a person."""

_LAST_FIRST: Final = ((mailing_events.c.event == MailingEvent.CANCELLED).desc(), mailing_events.c.id.desc())
"""The order of a mailing's events in which the first says where it is."""

CANCELLED_MAILINGS: Final = select(mailing_events.c.mailing_id).where(mailing_events.c.event == MailingEvent.CANCELLED)
"""Their ids."""

CANCELLED: Final = "The mailing was cancelled."
"""What is recorded in place of a server's words at those who did not get a mailing because it was cancelled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRecord:
    """An event: when it happened (ms since 1970, UTC), and why or who did it ("" if not known)."""

    id: int
    event: MailingEvent
    at: int
    note: str


def find_events(source: Source, mailing_id: int) -> tuple[EventRecord, ...]:
    """All that happened to the mailing, in that order. Raises DatabaseError."""
    query = select(mailing_events).where(mailing_events.c.mailing_id == mailing_id).order_by(mailing_events.c.id)
    with read_from(source) as connection:
        return tuple(map(_read, connection.execute(query)))


def pick_last_event(events: Sequence[EventRecord]) -> EventRecord | None:
    """The event that says where a mailing is; None if it began before events were recorded."""
    cancelled = (one for one in reversed(events) if one.event is MailingEvent.CANCELLED)
    return next(cancelled, events[-1] if events else None)


def was_cancelled(source: Source, mailing_id: int) -> bool:
    """Whether somebody has ever cancelled the mailing. Raises DatabaseError."""
    return any(one.event is MailingEvent.CANCELLED for one in find_events(source, mailing_id))


def find_last_record(connection: Connection, mailing_id: int) -> EventRecord | None:
    """As `pick_last_event`, within the caller's transaction."""
    of_mailing = select(mailing_events).where(mailing_events.c.mailing_id == mailing_id)
    row = connection.execute(of_mailing.order_by(*_LAST_FIRST).limit(1)).one_or_none()
    return _read(row) if row else None


def find_last_event(engine: Engine, mailing_id: int) -> MailingEvent:
    """The event that says where the mailing is. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        last = find_last_record(connection, mailing_id)
    return last.event if last else MailingEvent.BEGUN  # one that began before there were events has none


def find_release(engine: Engine, mailing_id: int) -> int | None:
    """When a person last resumed the mailing, in ms since 1970, UTC; None without that. Raises DatabaseError."""
    query = select(func.max(mailing_events.c.at)).where(
        mailing_events.c.mailing_id == mailing_id, mailing_events.c.event == MailingEvent.RESUMED
    )
    with database_errors(), engine.begin() as connection:
        released: int | None = connection.scalar(query)
    return released


def is_stopped(engine: Engine, mailing_ids: Iterable[int]) -> bool:
    """Whether one of these mailings waits for a person. Raises DatabaseError."""
    return any(find_last_event(engine, one) in STOPPED for one in mailing_ids)


def lock_events(connection: Connection) -> None:
    """Keep others from recording events until this transaction ends, so that a decision on the last one holds."""
    lock_for_writing(connection, mailing_events)


def record_event(engine: Engine, mailing_id: int, event: MailingEvent, *, now: int, note: str = "") -> None:
    """Write down that this happened, at `now` (ms since 1970); `note` says why, or who did it. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        add_event(connection, mailing_id, event, now=now, note=note)


def add_event(connection: Connection, mailing_id: int, event: MailingEvent, *, now: int, note: str = "") -> None:
    """As `record_event`, within the caller's transaction."""
    connection.execute(insert(mailing_events).values(mailing_id=mailing_id, event=event, at=now, note=note))


def _read(row: Row[Any]) -> EventRecord:
    return EventRecord(id=row.id, event=MailingEvent(row.event), at=row.at, note=row.note)
