"""Who is on the lists, as the database has them: counted, and one by one with where each membership came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from bulletin.database.tables import memberships, subscribers, suppression_events
from bulletin.subscribers.membership import FROM_FILE
from bulletin.subscribers.suppression import is_suppressed
from bulletin.subscribers.wishes import is_paused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_BATCH: Final = 1_000  # rows that are read at a time


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderCounts:
    """How many are on a list: from its file, from the website; and how many of them all are suppressed or pause."""

    name: str
    from_file: int = 0
    from_web: int = 0
    suppressed: int = 0
    paused: int = 0

    @property
    def people(self) -> int:
        """All who are on it."""
        return self.from_file + self.from_web

    @property
    def written_to(self) -> int:
        """How many would get an issue now."""
        return self.people - self.suppressed - self.paused


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedReader:
    """One person on a list; `since` in ms since 1970. `details` are the file's further columns."""

    address: str
    name: str
    source: str
    basis: str
    since: int
    suppressed: bool
    paused: bool
    details: dict[str, str]


def count_readers(connection: Connection, *, today: date) -> dict[str, ReaderCounts]:
    """The counts of each list that has anyone, by its name. Who is suppressed isn't counted as pausing."""
    stopped, paused = _conditions(today)
    columns = (
        memberships.c.list,
        func.count().label("people"),
        _count(memberships.c.source == FROM_FILE).label("from_file"),
        _count(stopped).label("suppressed"),
        _count(~stopped & paused).label("paused"),
    )
    query = select(*columns).join_from(memberships, subscribers).group_by(memberships.c.list)
    return {
        row.list: ReaderCounts(
            name=row.list,
            from_file=row.from_file,
            from_web=row.people - row.from_file,
            suppressed=row.suppressed,
            paused=row.paused,
        )
        for row in connection.execute(query)
    }


def _conditions(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return is_suppressed(subscribers.c.hash, memberships.c.list), is_paused(subscribers.c.id, today)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def list_readers(connection: Connection, list_name: str, *, today: date) -> Iterator[ListedReader]:
    """Everyone on a list, in the order in which they were first known."""
    stopped, paused = _conditions(today)
    columns = (
        *(subscribers.c.address, subscribers.c.name, memberships.c.source, memberships.c.basis),
        *(memberships.c.since, memberships.c.details, stopped.label("suppressed"), paused.label("paused")),
    )
    query = select(*columns).join_from(memberships, subscribers).where(memberships.c.list == list_name)
    rows = connection.execute(query.order_by(subscribers.c.id).execution_options(yield_per=_BATCH))
    return (ListedReader(**_as_flags(row)) for row in rows.mappings())


def _as_flags(row: Any) -> dict[str, Any]:
    return {**row, "suppressed": bool(row["suppressed"]), "paused": bool(row["paused"])}


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressedReader:
    """Someone who gets nothing at all, or nothing through a list, and whose address is still known."""

    address: str
    reason: str
    since: int


def list_suppressed_readers(connection: Connection, list_name: str = "") -> Iterator[SuppressedReader]:
    """Everyone who gets no email (through a list, if one is named), with their newest stop (ms since 1970).

    Only those whose address is still known: the journal of suppressions has hashes.
    """
    newest = (
        select(func.max(suppression_events.c.id))
        .where(suppression_events.c.hash == subscribers.c.hash, suppression_events.c.event == "stop")
        .correlate_except(suppression_events)
        .scalar_subquery()
    )
    query = (
        select(subscribers.c.address, suppression_events.c.reason, suppression_events.c.at.label("since"))
        .join(suppression_events, suppression_events.c.id == newest)
        .where(is_suppressed(subscribers.c.hash, list_name), subscribers.c.address != "")
        .order_by(subscribers.c.id)
    )
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    return (SuppressedReader(**row) for row in rows.mappings())
