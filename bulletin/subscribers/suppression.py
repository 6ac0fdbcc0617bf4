"""Lasting reasons not to email an address. The first one is kept: nothing changes or deletes it.

The database holds to that too: it refuses every UPDATE and DELETE on the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.dialects import insert_into
from bulletin.database.states import SuppressionReason
from bulletin.database.tables import suppressions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """Why and since when (milliseconds since 1970, UTC) an address, by its key, is not written to."""

    key: str
    reason: SuppressionReason
    since: int
    note: str


def suppress(connection: Connection, key: str, *, reason: SuppressionReason, now: int, note: str = "") -> bool:
    """Never write to the address with `key` again; `now` in milliseconds since 1970.

    False if that was already so: then the reason, time and note that stand are left alone. The address need not be
    a subscriber's.
    """
    statement = insert_into(connection, suppressions).values(key=key, reason=reason, since=now, note=note)
    new = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(new).rowcount == 1


def is_suppressed(
    key: ColumnElement[str],
    list_name: ColumnElement[str] | str | None = None,  # noqa: ARG001 -- see below
    bulletin: ColumnElement[str] | str | None = None,  # noqa: ARG001 -- see below
) -> ColumnElement[bool]:
    """The condition that the address with this `key` (a column) must not be emailed.

    Every statement that queues or claims a delivery uses it: it is the one place that says what being suppressed means.
    `list_name` and `bulletin` do not narrow it yet, because every suppression is for all lists and all bulletins.
    """
    # Only the inner table is its own: in whichever statement this is used, `key` is that statement's.
    found = select(suppressions.c.key).where(suppressions.c.key == key)
    return found.correlate_except(suppressions).exists()


def find_suppression(connection: Connection, key: str) -> Suppression | None:
    """The suppression of the address with `key`, if there is one."""
    row = connection.execute(select(suppressions).where(suppressions.c.key == key)).one_or_none()
    if row is None:
        return None
    return Suppression(key=row.key, reason=SuppressionReason(row.reason), since=row.since, note=row.note)


def count_suppressed(connection: Connection) -> int:
    """How many addresses must never be emailed, for whichever reason."""
    return connection.execute(select(func.count()).select_from(suppressions)).scalar_one()
