"""Dates: a year that is missing or wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bulletin.issue.dates import PartialDate
from bulletin.issue.passages import Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import Tense, WrittenDate, read_weekday
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import (
    FoundDate,
    find_dates,
    find_occasions,
    format_day,
    is_a_year_off,
    is_deadline,
    last_day,
    move_year,
    violation_at_field,
)
from bulletin.settings.proof import Severity

_YEARLY = re.compile(r"\b(?:(?:every|each) (?:year\b|[0-9])|annually|yearly|year (?:to|from|ending)\b)", re.IGNORECASE)
_NAMES_YEAR = re.compile(r"\b(?:19|20)[0-9][0-9]\b")


@rule(
    "DATE05",
    "year-missing",
    severity=Severity.WARNING,
    reason="People read and search an issue for years. “13 April” could then be any 13 April.",
    wrong=[
        Example(text="The Board next meets on 22 September.", at="22 September"),
        Example(text="The new centre opened on 12 January.", at="12 January"),
    ],
    right=[
        Example(text="The Board next meets on 9 June. Book by 14 May."),
        Example(text="The Board next meets on Wednesday 22 September."),
        Example(text="The Board next meets on 9 June 2021."),
        Example(text="Our 2021 programme starts on 26 July and ends on 20 August."),
        Example(text="The financial year begins on 6 April every year."),
    ],
)
def year_missing(context: Context) -> Iterator[Violation]:
    """A day and a month without a year, if nothing beside them and nothing above them names it."""
    for found in find_dates(context):
        written = found.date
        if written.known_year or _is_dated(found) or _YEARLY.search(written.around) or _is_under_year(context, found):
            continue
        distance = _count_months(context, written)
        if distance not in _NEAR_MONTHS and not _is_told_by_weekday(context, written):
            severity = Severity.NOTE if distance in _LATE_MONTHS or distance == _LAST_MONTH else None
            violation = found.violation("The year is missing.", "Add it, so the date still makes sense later.")
            yield replace(violation, severity=severity)
    for record, name, written_date in _find_partial_dates(context):
        if written_date.day and not written_date.year:
            yield violation_at_field(context, record, name, f"{written_date} has no year.", "Add the year.")


_NEAR_MONTHS = range(4)
"""How many months after the issue's a date needs no year: everyone reads it as of this issue's time."""

_LATE_MONTHS = range(4, 7)
"""How many months after the issue's a date is still the next of its name, so that a missing year is only noted."""

_LAST_MONTH = -1


def _count_months(context: Context, written: WrittenDate) -> int:
    """How many months after the issue's month a date is, from -5 to 6: in the year that is nearest."""
    return (written.month - context.issue.month.month + 5) % 12 - 5


def _is_told_by_weekday(context: Context, written: WrittenDate) -> bool:
    """Whether the weekdays of a date are those of the nearest year: in the years around it they aren't."""
    year = context.issue.month.year + (context.issue.month.month + _count_months(context, written) - 1) // 12
    named = [(read_weekday(name), day) for name, day in zip(written.weekdays, written.find_days(year), strict=True)]
    told = [(number, day) for number, day in named if number is not None]
    return bool(told) and all(day is not None and day.weekday() == number for number, day in told)


def _is_under_year(context: Context, found: FoundDate) -> bool:
    """Whether a heading above the date names a year: of its section, its group or its own entry."""
    place = found.passage.place
    titles = (context.source.text_at((*place[:depth], "title")) for depth in range(1, len(place)))
    return any(_NAMES_YEAR.search(title) for title in titles)


def _is_dated(found: FoundDate) -> bool:
    """Whether the sentence names a year, or the record has the same day with its year."""
    if _NAMES_YEAR.search(found.date.around):
        return True
    fields = (getattr(found.passage.record, name) for name in type(found.passage.record).model_fields)
    return any(
        isinstance(value, PartialDate) and value.year and (value.month, value.day) == (found.date.month, day)
        for value in fields
        for day in found.date.days
    )


def _find_partial_dates(context: Context) -> Iterator[tuple[Record, str, PartialDate]]:
    for record in context.records:
        for name in type(record.value).model_fields:
            value = getattr(record.value, name)
            if isinstance(value, PartialDate):
                yield record, name, value


@rule(
    "DATE06",
    "year-wrong",
    severity=Severity.WARNING,
    reason="In January it is easy to type last year, and a copied entry keeps its old year.",
    wrong=[Example(text="The Board next meets on Wednesday 9 June 2020.", at="Wednesday 9 June 2020")],
    right=[Example(text="The Board next meets on Wednesday 9 June 2021.")],
)
def year_wrong(context: Context) -> Iterator[Violation]:
    """A date that would make sense in another year."""
    for found in find_dates(context):
        day = last_day(found.date)
        if day and found.date.year and (other := _right_year(found.date, day, context)):
            yield found.violation(f"Should this be {other}?", "Correct the year, or the verb if the year is right.")
    for record, name, day in find_occasions(context):
        other_day = move_year(day, context.issue.published) if is_a_year_off(day, context) else None
        if day < context.issue.published and other_day:
            message = f"{format_day(day)} is long past. Should this be {other_day.year}?"
            yield violation_at_field(context, record, name, message, "Correct the year.")


def _right_year(written: WrittenDate, day: date, context: Context) -> int | None:
    """The year in which the weekday or the verb of a date would be right."""
    published = context.issue.published
    other = move_year(day, published) if is_a_year_off(day, context) else None
    if other is None:
        return None
    number = read_weekday(written.weekdays[-1]) if written.weekdays else None
    if number is not None and number != day.weekday():
        return other.year if number == other.weekday() else None
    coming = (written.tense is Tense.COMING or is_deadline(written)) and day < published <= other
    past = written.tense is Tense.PAST and other <= published < day
    return other.year if coming or past else None


RULES: tuple[Rule, ...] = (year_missing, year_wrong)
