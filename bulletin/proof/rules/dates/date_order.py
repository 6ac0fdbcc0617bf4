"""Dates: an end before its start. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bulletin.issue.dates import TimeOfDay
from bulletin.issue.item import Session
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.issue.passages import Passage, Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import last_day, violation_at_field
from bulletin.settings.proof import Severity


@rule(
    "DATE07",
    "ends-before-start",
    severity=Severity.ERROR,
    reason="Readers can’t put an event that ends before it starts into a diary.",
    wrong=[Example(text="The play scheme runs from 13 August to 2 August 2021.", at="2 August 2021")],
    right=[Example(text="The play scheme runs from 2 August to 13 August 2021.")],
)
def ends_before_start(context: Context) -> Iterator[Violation]:
    """An event that ends before it starts."""
    for record in context.records:
        yield from _check_order(context, record)
    for passage, dates in context.dates:
        yield from _check_ranges(passage, dates)
    for passage, match in context.matches(_HOURS):
        starts, ends = _read_hour(*match.group(1, 2, 3)), _read_hour(*match.group(4, 5, 6))
        if ends <= starts and match[3] == match[6]:  # from 5pm to 8am is overnight
            yield violation_at(passage, match, "This ends before it starts.", "Correct one of the times.")


_HOURS = re.compile(
    r"\bfrom ([0-9]{1,2})(?:[:.]([0-9][0-9]))? ?(am|pm) (?:to|until) ([0-9]{1,2})(?:[:.]([0-9][0-9]))? ?(am|pm)\b"
)


def _read_hour(hour: str, minute: str | None, half: str) -> TimeOfDay:
    return TimeOfDay(int(hour) % 12 + (12 if half == "pm" else 0), int(minute or 0))


def _check_order(context: Context, record: Record) -> Iterator[Violation]:
    value, year = record.value, context.issue.published.year
    if isinstance(value, Vacancy):
        yield from _check_vacancy(context, record, value)
    if not isinstance(value, Session | Milestone):
        return
    if value.until and value.until.latest(year=year) < value.date.earliest(year=year):
        message = f"This ends on {value.until}, before it starts on {value.date}."
        yield violation_at_field(context, record, "until", message, "Correct one of the dates.")
    if isinstance(value, Session) and value.starts and value.ends and not value.until and value.ends <= value.starts:
        message = f"This ends at {value.ends}, but starts at {value.starts}."
        yield violation_at_field(context, record, "ends", message, "Correct one of the times.")


def _check_vacancy(context: Context, record: Record, vacancy: Vacancy) -> Iterator[Violation]:
    year = context.issue.published.year
    held = vacancy.interviews
    if held and held.latest(year=year) < vacancy.closes.earliest(year=year):
        message = f"The interviews are on {held}, but readers can apply until {vacancy.closes}."
        found = violation_at_field(context, record, "interviews", message, "Correct one of the dates.")
        yield replace(found, severity=Severity.WARNING)  # some do talk to candidates as they come


def _check_ranges(passage: Passage, dates: Sequence[WrittenDate]) -> Iterator[Violation]:
    for first, second in pairwise(dates):
        between = passage.prose.text[first.end : second.start]
        if re.fullmatch(r" (?:to|until) | ?[–-] ?", between):
            year = second.known_year
            start = first.find_days(first.year or year)[-1:] if year else ()
            end = last_day(second)
            if start and start[0] and end and end < start[0]:
                yield violation_at(
                    passage, (first.start, second.end), "This ends before it starts.", "Correct one of the dates."
                )
    for written in dates:
        if written.is_range and len(written.days) == 2 and written.days[1] <= written.days[0]:
            yield violation_at(
                passage, (written.start, written.end), "This ends before it starts.", "Correct one of the dates."
            )


RULES: tuple[Rule, ...] = (ends_before_start,)
