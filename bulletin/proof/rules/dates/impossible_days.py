"""Dates: a day that is not in the calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.dates import MONTHS
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import find_dates
from bulletin.settings.proof import Severity


@rule(
    "DATE09",
    "no-such-day",
    severity=Severity.ERROR,
    reason="Readers can’t come on a day that doesn’t exist.",
    wrong=[Example(text="The first phase ends on 31 June 2021.", at="31 June 2021")],
    right=[Example(text="The first phase ends on 30 June 2021.")],
)
def no_such_day(context: Context) -> Iterator[Violation]:
    """A day that isn’t in the calendar."""
    for found in find_dates(context):
        year = found.date.known_year or 2024  # without a year, 29 February may be meant
        if any(day is None for day in found.date.find_days(year)):
            month = MONTHS[found.date.month - 1]
            yield found.violation(f"There is no such day in {month}.", "Correct the day or the month.")


RULES: tuple[Rule, ...] = (no_such_day,)
