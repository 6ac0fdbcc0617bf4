"""Dates: a weekday that doesn't match the date. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import read_weekday
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import FoundDate, find_dates, is_a_year_off, move_year
from bulletin.settings.proof import Severity


@rule(
    "DATE01",
    "weekday-disagrees",
    severity=Severity.ERROR,
    reason="Readers who trust the weekday come on a different day from those who trust the date.",
    wrong=[Example(text="The forum meets on Monday 11 May 2021.", at="Monday 11 May 2021")],
    right=[Example(text="The forum meets on Tuesday 11 May 2021.")],
)
def weekday_disagrees(context: Context) -> Iterator[Violation]:
    """A weekday that doesn’t match its date."""
    for found, day, name in _find_wrong_weekdays(context):
        if not _fits_other_year(day, name, context):
            right = WEEKDAYS[day.weekday()]
            yield found.violation(
                f"{day.day} {MONTHS[day.month - 1]} {day.year} is a {right}, not a {name}.",
                "Correct the day or the date.",
            )


def _find_wrong_weekdays(context: Context) -> Iterator[tuple[FoundDate, date, str]]:
    for found in find_dates(context):
        year = found.date.known_year or context.issue.published.year
        for day, name in zip(found.date.find_days(year), found.date.weekdays, strict=True):
            number = read_weekday(name)
            if day and number is not None and number != day.weekday():
                yield found, day, WEEKDAYS[number]
        yield from _find_told_apart(found, year)


_AFTER = re.compile(
    rf"(?: (?:is|was|will be|falls on)(?: on)? an? |, an? | ?\(an? ?| ?\(|, )(?P<name>{'|'.join(WEEKDAYS)})\b"
    r"(?!,? (?:to|and|or|until|the|\d)|[–-])"
)
_FAR = re.compile(
    rf"\b(?P<name>{'|'.join(WEEKDAYS)}),? (?:(?:at|from) [^,;.]{{3,24}}|in [^,;.]{{3,40}}),? (?:on )?(?:the )?\Z"
)


def _find_told_apart(found: FoundDate, year: int) -> Iterator[tuple[FoundDate, date, str]]:
    """A weekday after its date, or a time or a place away from it: “on Tuesday at 10am, 7 July”."""
    written = found.date
    if len(written.days) != 1 or written.weekdays[0]:
        return
    day = written.find_days(year)[0]
    rest = written.sentence[written.at + written.end - written.start :]
    name = _AFTER.match(rest) or _FAR.search(written.before)
    if day and name and name["name"] != WEEKDAYS[day.weekday()]:
        yield found, day, name["name"]


def _fits_other_year(day: date, name: str, context: Context) -> bool:
    """Whether the weekday is right in another year, in which the day would be close to the publication."""
    if not is_a_year_off(day, context):
        return False
    other = move_year(day, context.issue.published)
    return other is not None and WEEKDAYS[other.weekday()] == name


RULES: tuple[Rule, ...] = (weekday_disagrees,)
