"""Dates: days that do not exist or do not fit, and words of time that have gone stale. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.proof.case import Case, remark_on
from bulletin.proof.finding import Remark
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof_settings import Severity

_WHOLE_DATE = re.compile(rf"\b({'|'.join(WEEKDAYS)}),? (\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)}),? (\d{{4}})\b")


@rule(
    "DATE01",
    "weekday-disagrees",
    severity=Severity.ERROR,
    reason="A reader who trusts the weekday comes on another day than one who trusts the date.",
    wrong=[Example(text="The forum meets on Monday 11 May 2021.", at="Monday 11 May 2021")],
    right=[Example(text="The forum meets on Tuesday 11 May 2021.")],
)
def weekday_disagrees(case: Case) -> Iterator[Remark]:
    """A weekday and a date that do not go together."""
    for passage in case.texts:
        for match in _WHOLE_DATE.finditer(passage.prose.text):
            day = _read_day(int(match[4]), MONTHS.index(match[3]) + 1, int(match[2]))
            if day and WEEKDAYS[day.weekday()] != match[1]:
                right = WEEKDAYS[day.weekday()]
                yield remark_on(
                    passage,
                    match.start(),
                    match.end(),
                    f"{match[2]} {match[3]} {match[4]} is a {right}, not a {match[1]}.",
                    "Correct the day or the date.",
                )


def _read_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # that is another rule's


RULES: tuple[Rule, ...] = (weekday_disagrees,)
