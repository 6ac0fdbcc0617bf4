"""Dates: an event on a bank holiday. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.declared import Declared
from bulletin.issue.dates import PartialDate
from bulletin.issue.holidays import name_holiday
from bulletin.issue.item import Session
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import format_day, violation_at_field
from bulletin.settings.proof import Severity


@rule(
    "DATE10",
    "bank-holiday",
    severity=Severity.WARNING,
    reason="On a bank holiday, most people are not at work.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - title: Forum
                  date: 31 May 2021
            """,
            at="31 May 2021",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - title: Forum
                  date: 1 June 2021
            """
        )
    ],
)
def bank_holiday(context: Context) -> Iterator[Violation]:
    """An event or a session on a bank holiday. `proof: nation:` says of which nation."""
    nation = context.settings.proof.nation
    for record in context.records:
        field, written = _find_day(record.value)
        day = written.exact if written else None
        if day and (name := name_holiday(day, nation)) and not _names_holiday(record.value, name):
            message = f"{format_day(day)} is {name} in {nation.written}."
            yield violation_at_field(context, record, field, message, "Check the day with the organiser.")


def _find_day(value: Declared) -> tuple[str, PartialDate | None]:
    """The day on which people meet, and its field."""
    if isinstance(value, Session):
        return "date", value.date
    return "interviews", value.interviews if isinstance(value, Vacancy) else None


_OF_HOLIDAYS = re.compile(
    r"\b(?:bank holiday|holidays?|easter|good friday|christmas|boxing day|new year)\b", re.IGNORECASE
)
_TOLD = ("title", "summary", "place", "audience")  # the fields that can say that the day is meant


def _names_holiday(entry: Declared, name: str) -> bool:
    """Whether the entry itself says that it is on a holiday: then no one has overlooked that."""
    words = " ".join(str(getattr(entry, field, None) or "") for field in _TOLD)
    return _OF_HOLIDAYS.search(words) is not None or name.casefold() in words.casefold()


RULES: tuple[Rule, ...] = (bank_holiday,)
