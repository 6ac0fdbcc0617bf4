"""The signature of each reader of a mailing (`edition.audiences`), as a number that one statement works out.

Each list that a `for:` names is a bit of the number, in the order of `EditionSet.lists`; consent is the bit after them.
Above that is the place of the language that they chose, from 1, in the order of `EditionSet.languages`.
A list that a reader has unsubscribed from is not theirs, even if they get the issue through another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, exists, func, literal_column, select

from bulletin.database.states import WishKind
from bulletin.database.tables import memberships, subscribers
from bulletin.issue.audience import Audience
from bulletin.subscribers.consent import has_consent
from bulletin.subscribers.scope import find_bulletin
from bulletin.subscribers.suppression import is_suppressed, is_unknown
from bulletin.subscribers.wishes import newest_wish

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from bulletin.edition.edition_set import EditionSet

NO_EDITION: Final = 0
"""Takes the place of an edition's number where there is none: no mailing has one with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """What tells the readers of an issue apart: some of its lists, consent to marketing, the language they chose."""

    lists: Sequence[str] = ()
    by_consent: bool = False
    languages: Sequence[str] = ()

    @property
    def language_bit(self) -> int:
        """The lowest bit of the place of the language."""
        return len(self.lists) + 1


def count_signatures(
    connection: Connection,
    who: Sequence[ColumnElement[bool]],
    *,
    issue: str,
    mailed: Sequence[str],
    apart: Apart,
) -> Counter[Audience]:
    """How many subscribers under the conditions `who` have each signature. Within the caller's transaction.

    `mailed` are the lists that `issue` goes to.
    """
    bits = _write_bits(issue, mailed, apart)
    query = select(bits.label("bits"), func.count()).select_from(subscribers).where(*who).group_by("bits")
    return Counter({_read_bits(number, apart): count for number, count in connection.execute(query)})


def choose_edition(editions: EditionSet, *, issue: str, mailed: Sequence[str]) -> ColumnElement[int]:
    """The number of each subscriber's edition; `NO_EDITION` if none is for them."""
    if editions.is_alone:
        return _number(1)
    apart = Apart(lists=editions.lists, by_consent=editions.by_consent, languages=editions.languages)
    bits = _write_bits(issue, mailed, apart)
    numbers = {_find_bits(audience, apart): number for audience, number in editions.numbers.items()}
    return case(
        {_number(one): _number(number) for one, number in numbers.items()}, value=bits, else_=_number(NO_EDITION)
    )


def _write_bits(issue: str, mailed: Sequence[str], apart: Apart) -> ColumnElement[int]:
    bulletin = find_bulletin(issue)
    through = [_is_on(name) for name in apart.lists]
    left = [is_suppressed(subscribers.c.hash, name, bulletin) for name in apart.lists]
    consents = [has_consent(subscribers.c.hash, subscribers.c.id, mailed, bulletin)] if apart.by_consent else []
    without_stops = _add_up([*through, *consents])
    with_stops = _add_up([*(on & ~stopped for on, stopped in zip(through, left, strict=True)), *consents])
    bits = case((is_unknown(subscribers.c.hash), without_stops), else_=with_stops)
    return bits + _write_language(apart) if apart.languages else bits


def _write_language(apart: Apart) -> ColumnElement[int]:
    wish = newest_wish(subscribers.c.id, WishKind.LANGUAGE)
    places: dict[ColumnElement[str], ColumnElement[int]] = {
        literal_column(f"'{language}'"): _number(place << apart.language_bit)
        for place, language in enumerate(apart.languages, 1)
    }
    return case(places, value=wish, else_=_number(0))


def _add_up(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[int]:
    """The number whose bits say which of these are true, the first one by the least."""
    number = _number(0)
    for at, condition in enumerate(conditions):
        number = number + case((condition, _number(1 << at)), else_=_number(0))
    return number


def _is_on(name: str) -> ColumnElement[bool]:
    theirs = memberships.alias()
    found = exists(_number(1)).select_from(theirs)
    return found.where(theirs.c.subscriber_id == subscribers.c.id, theirs.c.list == name).correlate_except(theirs)


def _find_bits(audience: Audience, apart: Apart) -> int:
    on = sum(1 << at for at, name in enumerate(apart.lists) if name in audience.lists)
    place = apart.languages.index(audience.language) + 1 if audience.language else 0
    return on + (audience.consent << len(apart.lists)) + (place << apart.language_bit)


def _read_bits(number: int, apart: Apart) -> Audience:
    on = frozenset(name for at, name in enumerate(apart.lists) if number >> at & 1)
    place = number >> apart.language_bit
    language = apart.languages[place - 1] if place else ""
    return Audience(lists=on, consent=bool(number >> len(apart.lists) & 1), language=language)


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))
