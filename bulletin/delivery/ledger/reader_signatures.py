"""The signature of each reader of a mailing (`edition.audiences`), as a number that one statement works out.

Each list that a `for:` names is a bit of the number, in the order of `EditionSet.lists`; consent is the bit after them.
A list that a reader has unsubscribed from is not theirs, even if they get the issue through another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, exists, func, literal_column, select

from bulletin.database.tables import memberships, subscribers
from bulletin.issue.audience import Audience
from bulletin.subscribers.consent import has_consent
from bulletin.subscribers.scope import find_bulletin
from bulletin.subscribers.suppression import is_suppressed, is_unknown

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from bulletin.edition.edition_set import EditionSet

NO_EDITION: Final = 0
"""Takes the place of an edition's number where there is none: no mailing has one with it."""


def count_signatures(
    connection: Connection,
    who: Sequence[ColumnElement[bool]],
    *,
    issue: str,
    mailed: Sequence[str],
    lists: Sequence[str],
    by_consent: bool,
) -> Counter[Audience]:
    """How many subscribers under the conditions `who` have each signature. Within the caller's transaction.

    `mailed` are the lists that `issue` goes to, `lists` those of them that tell its readers apart.
    """
    bits = _write_bits(issue, mailed, lists, by_consent=by_consent)
    query = select(bits.label("bits"), func.count()).select_from(subscribers).where(*who).group_by("bits")
    return Counter({_read_bits(number, lists): count for number, count in connection.execute(query)})


def choose_edition(editions: EditionSet, *, issue: str, mailed: Sequence[str]) -> ColumnElement[int]:
    """The number of each subscriber's edition; `NO_EDITION` if none is for them."""
    if editions.is_alone:
        return _number(1)
    bits = _write_bits(issue, mailed, editions.lists, by_consent=editions.by_consent)
    numbers = {_find_bits(audience, editions.lists): number for audience, number in editions.numbers.items()}
    return case(
        {_number(one): _number(number) for one, number in numbers.items()}, value=bits, else_=_number(NO_EDITION)
    )


def _write_bits(issue: str, mailed: Sequence[str], lists: Sequence[str], *, by_consent: bool) -> ColumnElement[int]:
    bulletin = find_bulletin(issue)
    through = [_is_on(name) for name in lists]
    left = [is_suppressed(subscribers.c.hash, name, bulletin) for name in lists]
    consents = [has_consent(subscribers.c.hash, subscribers.c.id, mailed, bulletin)] if by_consent else []
    without_stops = _add_up([*through, *consents])
    with_stops = _add_up([*(on & ~stopped for on, stopped in zip(through, left, strict=True)), *consents])
    return case((is_unknown(subscribers.c.hash), without_stops), else_=with_stops)


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


def _find_bits(audience: Audience, lists: Sequence[str]) -> int:
    return sum(1 << at for at, name in enumerate(lists) if name in audience.lists) + (audience.consent << len(lists))


def _read_bits(number: int, lists: Sequence[str]) -> Audience:
    on = frozenset(name for at, name in enumerate(lists) if number >> at & 1)
    return Audience(lists=on, consent=bool(number >> len(lists) & 1))


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))
