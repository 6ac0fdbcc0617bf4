"""The dates of an issue, in texts and in fields, as the rules on dates look at them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bulletin.issue.dates import MONTHS
from bulletin.issue.item import Session
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.issue.passages import Passage, Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import Tense, WrittenDate
from bulletin.proof.reporting import violation_at

_A_YEAR = range(150, 420)
"""Days between a date and the publication that suggest a wrong year, if last year or next would fit."""


@dataclass(frozen=True, kw_only=True)
class FoundDate:
    """A date in a text of the issue."""

    passage: Passage
    date: WrittenDate

    def violation(self, message: str, remedy: str) -> Violation:
        return violation_at(self.passage, (self.date.start, self.date.end), message, remedy)


def find_dates(context: Context) -> Iterator[FoundDate]:
    """Every date in the texts of an issue."""
    for passage, dates in context.dates:
        for written in dates:
            yield FoundDate(passage=passage, date=written)


def last_day(written: WrittenDate) -> date | None:
    """The last day that a date means; None if its year is unknown, or if there is no such day."""
    year = written.known_year
    if year is None:
        return None
    if written.days:
        return written.find_days(year)[-1]
    return date(year + (written.month == 12), written.month % 12 + 1, 1) - timedelta(days=1)


def first_day(written: WrittenDate) -> date | None:
    """The first day that a date means; None if its year is unknown, or if there is no such day."""
    year = written.known_year
    if year is None:
        return None
    return written.find_days(year)[0] if written.days else date(year, written.month, 1)


def nearest_day(written: WrittenDate, published: date) -> date | None:
    """The only day of a date, without its year in the one nearest to the publication; None for several or none."""
    if len(written.days) != 1:
        return None
    years = [written.known_year] if written.known_year else [published.year + number for number in (0, -1, 1)]
    days = [day for year in years if (day := written.find_days(year)[0])]
    return min(days, key=lambda day: abs((day - published).days), default=None)


def is_a_year_off(day: date, context: Context) -> bool:
    """Whether a day is about a year off: a year earlier or later, it would be close to the publication."""
    return abs((day - context.issue.published).days) in _A_YEAR


def move_year(day: date, published: date) -> date | None:
    """The same day in the year before or after, whichever is closer to the publication."""
    try:
        return day.replace(year=day.year + (1 if day < published else -1))
    except ValueError:
        return None


def find_occasions(context: Context) -> Iterator[tuple[Record, str, date]]:
    """The sessions, events and interviews, each with the field for its last day, and that day."""
    for record in context.records:
        if isinstance(record.value, Session):
            name = "until" if record.value.until else "date"
            written = record.value.until or record.value.date
            if written.exact:
                yield record, name, written.exact
        if isinstance(record.value, Vacancy) and record.value.interviews and (day := record.value.interviews.exact):
            yield record, "interviews", day


def violation_at_field(context: Context, record: Record, name: str, message: str, remedy: str) -> Violation:
    """A violation at the field `name` of a record."""
    return Violation(span=context.span(*record.place, name), message=message, remedy=remedy)


def format_day(day: date) -> str:
    """A day as in 4 May 2021."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


_ASKS = re.compile(
    r"\b(?:book|register|reply|replies|apply|applications?|respond|responses|send|sign up|nominat\w+|return|tell us|"
    r"enrol|submit|order|e-?mail|contact|write to|join|let us know|closing date|deadline)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|before|no later than|is|until)(?: [a-z]+ on)?(?: the)?\s*\Z", re.IGNORECASE)


def is_deadline(written: WrittenDate) -> bool:
    """Whether the sentence asks readers to do something by that day."""
    asks = _BY.search(written.before) and _ASKS.search(written.before) and " will " not in written.before
    return bool(asks) and written.tense is not Tense.PAST
