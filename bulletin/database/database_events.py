"""What happened to the database as a whole: it was moved, put back from a back-up, or a year was archived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bulletin.database.states import DatabaseEvent
from bulletin.database.tables import database_events
from bulletin.errors import DatabaseError
from bulletin.times import format_second

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseRecord:
    """An event, when it happened (ms since 1970, UTC), and more about it."""

    event: DatabaseEvent
    at: int
    details: Mapping[str, Any]


def record_database_event(connection: Connection, event: DatabaseEvent, *, now: int, **details: object) -> None:
    """Write down that this happened, at `now` (ms since 1970). No detail may name a person, or have a password."""
    connection.execute(insert(database_events).values(event=event, at=now, details=details))


def find_database_events(connection: Connection) -> tuple[DatabaseRecord, ...]:
    """All that happened to the database, in that order."""
    rows = connection.execute(select(database_events).order_by(database_events.c.id))
    return tuple(DatabaseRecord(event=DatabaseEvent(row.event), at=row.at, details=row.details) for row in rows)


def find_new_place(connection: Connection) -> DatabaseRecord | None:
    """Where the database was moved to, in the details' `to`; None if it wasn't."""
    moved = (one for one in find_database_events(connection) if one.event is DatabaseEvent.MOVED)
    return next(moved, None)


def refuse_moved(connection: Connection, place: str) -> None:
    """Raises DatabaseError for a database that was moved: what is done with it would be missing in the new one."""
    if moved := find_new_place(connection):
        raise DatabaseError(
            f"The database {place} was moved to {moved.details['to']} at {format_second(moved.at)}. Nothing is done "
            "with the old one.",
            "Set BULLETIN_DATABASE_URL, or `database:` in bulletin.yaml, to the new address. For the way back: "
            "bulletin database move, with the old file renamed.",
        )


def find_unknown_since(connection: Connection) -> int | None:
    """From when on it isn't known who unsubscribed and what was sent, in ms since 1970; None once a person knows.

    That is so after the database was put back from a back-up.
    """
    since: int | None = None
    for one in find_database_events(connection):
        if one.event is DatabaseEvent.RESTORED:
            since = one.details["since"] if since is None else min(since, one.details["since"])
        elif one.event is DatabaseEvent.CHECKED:
            since = None
    return since
