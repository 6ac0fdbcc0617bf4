"""Facts: courses that no one can book, and booking that ends after the course. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin.issue.item import Booking
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.training import Course
from bulletin.issue.passages import Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_COURSE = """
- kind: training
  title: Training
  items:
    - title: Neglect
      provider: Us
      sessions: [{{date: 9 June 2021}}]
      {more}
"""


@rule(
    "FACT09",
    "booking-after-course",
    severity=Severity.WARNING,
    reason="One of the two days is wrong, and readers book too late.",
    wrong=[Example(sections=_COURSE.format(more="book: {how: Ring us., by: 11 June 2021}"), at="11 June 2021")],
    right=[Example(sections=_COURSE.format(more="book: {how: Ring us., by: 2 June 2021}"))],
)
def booking_after_course(context: Context) -> Iterator[Violation]:
    """Booking that ends after the course or the event."""
    for record in context.records:
        booking, last = _read_booking(record, context.issue.published.year)
        if booking and booking.by and last and booking.by.earliest(year=last.year) > last:
            message = f"Booking ends on {booking.by}, after the last day ({last.day} {last:%B} {last.year})."
            yield Violation(span=context.span(*record.place, "book", "by"), message=message, remedy="Correct one day.")


def _read_booking(record: Record, year: int) -> tuple[Booking | None, date | None]:
    value = record.value
    if isinstance(value, Course) and value.sessions:
        days = [(session.until or session.date).latest(year=year) for session in value.sessions]
        return value.book, max(days)
    if isinstance(value, Event):
        days = [(day.until or day.date).latest(year=year) for day in (value, *value.sessions)]
        return value.book, max(days)
    return None, None


_HOW = re.compile(
    r"@|https?:|www\.|\b0\d{2,4}[ \d]{5,}|\b(?:book|register|sign up|e-?mail|ring|call|phone|contact|apply|"
    r"drop[ -]in|turn up|invit\w+|no need to|already full|fully booked|on the website|through your)\b",
    re.IGNORECASE,
)


@rule(
    "FACT10",
    "no-way-to-book",
    severity=Severity.WARNING,
    reason="Readers who want to come can’t find out how.",
    wrong=[Example(sections=_COURSE.format(more="audience: All partners"), at="title")],
    right=[
        Example(sections=_COURSE.format(more="link: https://www.example.org/neglect")),
        Example(sections=_COURSE.format(more="summary: To book, write to training@example.org.")),
    ],
)
def no_way_to_book(context: Context) -> Iterator[Violation]:
    """A course on given dates without a link, a way to book, or words that say how to take part."""
    year = context.issue.published.year
    for record in context.records:
        course = record.value
        if not isinstance(course, Course) or not course.sessions or course.link or course.book:
            continue
        coming = any(session.date.latest(year=year) >= context.issue.published for session in course.sessions)
        section = context.issue.sections[int(record.place[1])]
        told = f"{course.summary or ''} {getattr(section, 'introduction', '') or ''} {course.cost or ''}"
        if coming and not _HOW.search(told):
            message = f"“{course.title}” has dates, but nothing says how to book."
            remedy = "Add `link:` or `book:`, or say in its summary how to take part."
            yield Violation(span=context.key(*record.place, "title"), message=message, remedy=remedy)


RULES: tuple[Rule, ...] = (booking_after_course, no_way_to_book)
