"""What readers chose for themselves: a language, plain text alone, a pause, a name. The newest of a kind counts.

Rows are only added, each with its time and through what it came, so it can be told what was wished when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, func, insert, literal_column, select

from bulletin.database.states import WishKind
from bulletin.database.tables import subscribers, wishes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select

BY_FILE: Final = "file"
"""The origin of a wish that a list's file has."""

_BATCH = 500  # people a statement

TEXT_ONLY: Final = "text"
"""The value of `WishKind.FORMAT` for plain text alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What one reader chose. `language` is a code, "" if they chose none; `paused_until` the day of the next email.

    `name` is None if they never chose one: then it is as their list has it.
    """

    language: str = ""
    text_only: bool = False
    paused_until: date | None = None
    name: str | None = None


def add_wish(connection: Connection, subscriber_id: int, kind: WishKind, value: str, *, origin: str, now: int) -> None:
    """Remember a wish at `now` (ms since 1970); an empty `value` takes the former one back."""
    row = {"subscriber_id": subscriber_id, "kind": kind, "value": value, "since": now, "origin": origin}
    connection.execute(insert(wishes).values(row))


def wish_by_file(connection: Connection, languages: Iterable[tuple[bytes, str]], *, now: int) -> None:
    """Remember the language that a list's file has for each of these people, by the hashes of their addresses.

    What a person chose themselves stays: a file never overrules it.
    """
    people = iter(languages)
    while wanted := dict(islice(people, _BATCH)):
        newest = (
            _find_newest(subscribers.c.id, WishKind.LANGUAGE, column) for column in (wishes.c.value, wishes.c.origin)
        )
        query = select(subscribers.c.id, subscribers.c.hash, *newest).where(subscribers.c.hash.in_(list(wanted)))
        common = {"kind": WishKind.LANGUAGE, "since": now, "origin": BY_FILE}
        rows = [
            {"subscriber_id": id_, "value": wanted[bytes(hash_)], **common}
            for id_, hash_, value, origin in connection.execute(query)
            if origin in (None, BY_FILE) and (value or "") != wanted[bytes(hash_)]
        ]
        if rows:
            connection.execute(insert(wishes), rows)


def find_wishes(connection: Connection, subscriber_id: int) -> Wishes:
    """What a reader wishes at present. A pause that is over is still there: compare it with today."""
    query = select(wishes.c.kind, wishes.c.value).where(wishes.c.subscriber_id == subscriber_id).order_by(wishes.c.id)
    newest = {row.kind: row.value for row in connection.execute(query)}
    until = newest.get(WishKind.PAUSE, "")
    return Wishes(
        language=newest.get(WishKind.LANGUAGE, ""),
        text_only=newest.get(WishKind.FORMAT) == TEXT_ONLY,
        paused_until=date.fromisoformat(until) if until else None,
        name=newest.get(WishKind.NAME),
    )


def find_language(connection: Connection, subscriber_id: int) -> str:
    """The code of the language that a reader chose; "" if they chose none."""
    of = wishes.c.subscriber_id == subscriber_id
    query = select(wishes.c.value).where(of, wishes.c.kind == WishKind.LANGUAGE).order_by(wishes.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def newest_wish(subscriber_id: ColumnElement[int], kind: WishKind) -> ColumnElement[str]:
    """The newest wish of a kind of this subscriber (a column), "" if there is none: for a statement about many."""
    return func.coalesce(_find_newest(subscriber_id, kind), _NOTHING)


def name_to_greet(subscriber_id: ColumnElement[int], listed: ColumnElement[str]) -> ColumnElement[str]:
    """The name that a subscriber (a column) chose, or else the one that is `listed` (a column)."""
    return func.coalesce(_find_newest(subscriber_id, WishKind.NAME), listed)


def is_paused(subscriber_id: ColumnElement[int], today: date | ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a subscriber (a column) has asked for no issue before a day that is still ahead.

    `today` may be a column or a parameter, as text (YYYY-MM-DD).
    """
    return newest_wish(subscriber_id, WishKind.PAUSE) > (today.isoformat() if isinstance(today, date) else today)


def has_paused(subscriber_id: ColumnElement[int], today: date) -> ColumnElement[bool]:
    """As `is_paused`, for a statement about most subscribers: a server finds all pauses once, and asks for no one's."""
    later = wishes.alias("later_wishes")
    pause: ColumnElement[str] = literal_column(f"'{WishKind.PAUSE.value}'")
    newer = select(later.c.id).where(
        later.c.subscriber_id == wishes.c.subscriber_id, later.c.kind == pause, later.c.id > wishes.c.id
    )
    ahead = select(wishes.c.id).where(
        wishes.c.subscriber_id == subscriber_id,
        wishes.c.kind == pause,
        wishes.c.value > today.isoformat(),
        ~newer.correlate(wishes).exists(),
    )
    return ahead.correlate_except(wishes).exists()


def _find_newest(
    subscriber_id: ColumnElement[int], kind: WishKind, column: ColumnElement[str] = wishes.c.value
) -> ScalarSelect[str]:
    """The column of the newest wish of a kind; NULL if there is none.

    All is written out: statements that are prepared have a parameter for each value of a row.

    Without an offset, SQLite is given one as a parameter. In whichever statement this is used, `subscriber_id` is that
    statement's.
    """
    newest = (
        select(column)
        .where(wishes.c.subscriber_id == subscriber_id, wishes.c.kind == literal_column(f"'{kind.value}'"))
        .order_by(wishes.c.id.desc())
        .limit(literal_column("1"))
        .offset(literal_column("0"))
    )
    return newest.correlate_except(wishes).scalar_subquery()


def any_wishes() -> Select[tuple[bool]]:
    """The query whether anyone ever wished anything: if no one has, a statement about many need not ask for each."""
    return select(exists(select(wishes.c.id)))


def wants_text_only(subscriber_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that a subscriber (a column) wants plain text alone."""
    return newest_wish(subscriber_id, WishKind.FORMAT) == TEXT_ONLY


_NOTHING: Final[ColumnElement[str]] = literal_column("''")
