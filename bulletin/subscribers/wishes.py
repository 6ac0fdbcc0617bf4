"""What readers chose for themselves: a language, plain text alone, a pause. The newest of a kind counts.

Rows are only added, each with its time and through what it came, so it can be told what was wished when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, func, insert, select

from bulletin.database.states import WishKind
from bulletin.database.tables import wishes

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

TEXT_ONLY: Final = "text"
"""The value of `WishKind.FORMAT` for plain text alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What one reader chose. `language` is a code, "" if they chose none; `paused_until` the day of the next email."""

    language: str = ""
    text_only: bool = False
    paused_until: date | None = None


def add_wish(connection: Connection, subscriber_id: int, kind: WishKind, value: str, *, origin: str, now: int) -> None:
    """Remember a wish at `now` (ms since 1970); an empty `value` takes the former one back."""
    row = {"subscriber_id": subscriber_id, "kind": kind, "value": value, "since": now, "origin": origin}
    connection.execute(insert(wishes).values(row))


def find_wishes(connection: Connection, subscriber_id: int) -> Wishes:
    """What a reader wishes at present. A pause that is over is still there: compare it with today."""
    query = select(wishes.c.kind, wishes.c.value).where(wishes.c.subscriber_id == subscriber_id).order_by(wishes.c.id)
    newest = {row.kind: row.value for row in connection.execute(query)}
    until = newest.get(WishKind.PAUSE, "")
    return Wishes(
        language=newest.get(WishKind.LANGUAGE, ""),
        text_only=newest.get(WishKind.FORMAT) == TEXT_ONLY,
        paused_until=date.fromisoformat(until) if until else None,
    )


def newest_wish(subscriber_id: ColumnElement[int], kind: WishKind) -> ColumnElement[str]:
    """The newest wish of a kind of this subscriber (a column), "" if there is none: for a statement about many."""
    mine = (
        select(wishes.c.value)
        .where(wishes.c.subscriber_id == subscriber_id, wishes.c.kind == kind.value)
        .order_by(wishes.c.id.desc())
        .limit(1)
        .correlate_except(wishes)
        .scalar_subquery()
    )
    return func.coalesce(mine, "")


def any_wishes() -> Select[tuple[bool]]:
    """The query whether anyone ever wished anything: if no one has, a statement about many need not ask for each."""
    return select(exists(select(wishes.c.id)))


def wants_text_only(subscriber_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that a subscriber (a column) wants plain text alone."""
    return newest_wish(subscriber_id, WishKind.FORMAT) == TEXT_ONLY


def is_paused(subscriber_id: ColumnElement[int], today: date) -> ColumnElement[bool]:
    """The condition that a subscriber (a column) has asked for no issue before a day that is still ahead."""
    return newest_wish(subscriber_id, WishKind.PAUSE) > today.isoformat()
