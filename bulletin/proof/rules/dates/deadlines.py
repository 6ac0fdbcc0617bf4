"""Dates: a deadline that has passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.declaration.source import Place
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Booking, Task
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.issue.passages import Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import (
    find_dates,
    format_day,
    is_a_year_off,
    is_deadline,
    last_day,
    violation_at_field,
)
from bulletin.settings.proof import Severity


@rule(
    "DATE08",
    "deadline-gone",
    severity=Severity.WARNING,
    reason="Readers who would like to take part find that they are too late.",
    wrong=[
        Example(text="Please book your place by 30 April 2021.", at="30 April 2021"),
        Example(
            sections="- {kind: vacancies, title: Vacancy, items: [{title: Chair, closes: 30 April 2021}]}",
            at="30 April 2021",
        ),
        Example(
            sections="- {kind: notice, title: Form, text: It is new., do: Use the new form, from: 30 April 2021}",
            at="30 April 2021",
        ),
    ],
    right=[Example(text="Please book your place by 14 May 2021.")],
)
def deadline_gone(context: Context) -> Iterator[Violation]:
    """A deadline that has passed when the issue comes out."""
    remedy = "Delete it, or give a later day."
    when = f"before this issue comes out ({format_day(context.issue.published)})"
    for found in find_dates(context):
        day = last_day(found.date)
        if day and day < context.issue.published and not is_a_year_off(day, context) and is_deadline(found.date):
            yield found.violation(f"This deadline is {when}.", remedy)
    for record, name, written, what in _list_deadlines(context):
        if written.latest(year=context.issue.published.year) < context.issue.published:
            yield violation_at_field(context, record, name, f"{what} {when}.", remedy)


def _list_deadlines(context: Context) -> Iterator[tuple[Record, str, PartialDate, str]]:
    """The fields that hold a day by which readers act: each with its name in the file, and what happens then.

    The last day of a task is another rule's.
    """
    tasks = set(_list_task_days(context))
    for record in context.records:
        value = record.value
        if isinstance(value, Booking) and value.by and (*record.place, "by") not in tasks:
            yield record, "by", value.by, "Booking ends"
        if isinstance(value, Vacancy) and (*record.place, "closes") not in tasks:
            yield record, "closes", value.closes, "This vacancy closes"
        if isinstance(value, Task) and value.from_:
            yield record, "from", value.from_, "This begins"


def _list_task_days(context: Context) -> Iterator[Place]:
    """The place of the day of each task."""
    for record in context.records:
        if isinstance(record.value, Task) and record.value.do:
            yield (*record.place, *record.value.day_field)


RULES: tuple[Rule, ...] = (deadline_gone,)
