"""Dates: past events written as future, and future events written as past. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin.issue.kinds.priorities import Milestone
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import Tense, WrittenDate, read_weekday
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import (
    find_dates,
    find_occasions,
    first_day,
    format_day,
    is_a_year_off,
    is_deadline,
    last_day,
    nearest_day,
    violation_at_field,
)
from bulletin.settings.proof import Severity


@rule(
    "DATE02",
    "coming-but-past",
    severity=Severity.WARNING,
    reason="An event announced for a day that has passed makes readers doubt the rest.",
    wrong=[Example(text="The Board will meet on 26 April 2021.", at="26 April 2021")],
    right=[
        Example(text="The Board met on 26 April 2021."),
        Example(text="The Board will meet on 26 May 2021."),
    ],
)
def coming_but_past(context: Context) -> Iterator[Violation]:
    """An event written as still to come, although its day is over when the issue comes out."""
    when = f"before this issue comes out ({format_day(context.issue.published)})"
    for found in find_dates(context):
        day = last_day(found.date) or _told_day(found.date, context)
        gone = day and day < context.issue.published and not is_a_year_off(day, context)
        if gone and found.date.tense is Tense.COMING and not is_deadline(found.date):
            yield found.violation(
                f"This is written as still to come, but it was {when}.", "Correct the date or the verb."
            )
    for record, name, day in find_occasions(context):
        if day < context.issue.published and not is_a_year_off(day, context):
            message = f"This takes place {when}."
            yield violation_at_field(context, record, name, message, "Delete it, or correct its date.")


@rule(
    "DATE03",
    "past-but-coming",
    severity=Severity.WARNING,
    reason="Something can’t have happened on a day that is still to come.",
    wrong=[Example(text="The Executive met on 18 May 2021.", at="18 May 2021")],
    right=[Example(text="The Executive meets on 18 May 2021."), Example(text="We planned a talk for 18 May 2021.")],
)
def past_but_coming(context: Context) -> Iterator[Violation]:
    """An event written as past, although its day is still to come when the issue comes out."""
    for found in find_dates(context):
        day = first_day(found.date) or _told_day(found.date, context)
        if day and day > context.issue.published and found.date.tense is Tense.PAST and not is_a_year_off(day, context):
            yield found.violation(
                f"This is written as past, but the issue comes out before it ({format_day(context.issue.published)}).",
                "Correct the date or the verb.",
            )
    for record in context.records:
        done = record.value.date if isinstance(record.value, Milestone) and record.value.done else None
        if done and done.earliest(year=context.issue.published.year) > context.issue.published:
            message = f"This step is marked as done, but its date ({done}) is after this issue comes out."
            yield violation_at_field(context, record, "date", message, "Correct the date, or delete `done: yes`.")


def _told_day(written: WrittenDate, context: Context) -> date | None:
    """The day that a date without its year means, if it is within weeks and its weekday, if it has one, is right."""
    day = nearest_day(written, context.issue.published)
    if day is None or abs((day - context.issue.published).days) > _WEEKS or _OTHER_YEAR.search(written.around):
        return None
    number = read_weekday(written.weekdays[0])
    return day if number in (None, day.weekday()) else None


_WEEKS = 45  # days in which a day without its year is that of this year
_OTHER_YEAR = re.compile(
    r"\b(?:last|previous|next|every|each|(?:19|20)[0-9][0-9]|(?:a|one) year|years ago)\b", re.IGNORECASE
)

RULES: tuple[Rule, ...] = (coming_but_past, past_but_coming)
