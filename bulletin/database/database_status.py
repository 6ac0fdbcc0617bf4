"""What a database is, where, and how much it has: read without upgrading or making anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, inspect, select, text

from bulletin.database.database_events import DatabaseRecord, find_database_events, find_unknown_since
from bulletin.database.dialects import find_file, is_on_server, measure_size
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.database.schema import HEAD, read_version
from bulletin.database.shortfall import Shortfall, find_shortfall
from bulletin.database.states import DatabaseEvent
from bulletin.database.tables import (
    database_events,
    deliveries,
    identity,
    mailings,
    memberships,
    subscribers,
    suppression_events,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

_COUNTED: Final = (subscribers, memberships, suppression_events, mailings, deliveries)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseStatus:
    """A database as it is. `place` has no password; `size` is in bytes; `changed_at` in ms since 1970, UTC.

    `version` is that of its schema, and `program` the one that this program needs. `counts` are of rows, by table.
    """

    kind: str
    place: str
    size: int
    version: str
    program: str = HEAD
    changed_at: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    events: tuple[DatabaseRecord, ...] = ()
    unknown_since: int | None = None
    shortfall: Shortfall | None = None

    @property
    def is_current(self) -> bool:
        """Whether the schema is what this program needs."""
        return self.version == self.program

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of this program has upgraded it. Versions are numbers of four digits."""
        return self.version > self.program

    @property
    def moved_to(self) -> str:
        """Where it was moved to; "" if it wasn't."""
        return next((str(one.details["to"]) for one in self.events if one.event is DatabaseEvent.MOVED), "")


def read_database_status(url: str) -> DatabaseStatus | None:
    """The database at `url`; None if there is none yet. Raises DatabaseError if it can't be read."""
    engine = connect_database(url)
    file = find_file(engine.url)
    try:
        if file and not file.exists():
            return None
        with database_errors(name_place(engine.url)), engine.connect() as connection:
            found = _read(connection)
            connection.rollback()
            return found
    finally:
        engine.dispose()


def _read(connection: Connection) -> DatabaseStatus | None:
    version = read_version(connection)
    if version is None:
        return None
    there = set(inspect(connection).get_table_names())
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in _COUNTED
        if table.name in there
    }
    is_known = version == HEAD  # an older or newer one may have other columns
    return DatabaseStatus(
        kind=_name_kind(connection),
        place=name_place(connection.engine.url),
        size=measure_size(connection),
        version=version,
        changed_at=connection.scalar(select(identity.c.changed_at)) or 0 if is_known else 0,
        counts=counts,
        events=find_database_events(connection) if database_events.name in there else (),
        unknown_since=find_unknown_since(connection) if is_known else None,
        shortfall=find_shortfall(connection) if is_known else None,
    )


def _name_kind(connection: Connection) -> str:
    if not is_on_server(connection):
        return f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"
    version = str(connection.scalar(text("SHOW server_version")))
    return f"PostgreSQL {version.partition(' ')[0]}"
