"""Dates for the next issue: its day of publication, and the days and months that a text can mean. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from bulletin.issue.dates import MONTHS, Month, PartialDate


def plan_publication(published: date, month: Month, next_month: Month) -> date:
    """The day of `next_month` that matches `published` in `month`: the first Tuesday, the last Friday before it.

    A fifth weekday counts as the last one.
    """
    place = next_month + (Month(published.year, published.month) - month)
    first = date(place.year, place.month, 1)
    day = first + timedelta(days=(published.weekday() - first.weekday()) % 7, weeks=(published.day - 1) // 7)
    return day if day.month == place.month else day - timedelta(weeks=1)


def first_day(written: PartialDate, *, near: date) -> date:
    """The first day that a date can mean; without a year, in the year that brings its end nearest to `near`."""
    last = last_day(written, near=near)
    return date(last.year, written.month or 1, last.day if written.day else 1)


def last_day(written: PartialDate, *, near: date) -> date:
    """The last day that a date can mean; without a year, the one nearest to `near`."""
    years = [written.year] if written.year else [near.year - 1, near.year, near.year + 1]
    return min((_last_in(written, year) for year in years), key=lambda day: abs(day - near))


def _last_in(written: PartialDate, year: int) -> date:
    month = written.month or 12
    longest = monthrange(year, month)[1]
    return date(year, month, min(written.day or longest, longest))


_MONTH_NAMED = re.compile(rf"\b({'|'.join(MONTHS)})\b(?:\s+([0-9]{{4}}))?")


def find_months(text: str, *, near: date) -> Iterator[Month]:
    """The months that a text names; one without its year is the one nearest to `near`."""
    for match in _MONTH_NAMED.finditer(text):
        year = int(match[2]) if match[2] and 1900 <= int(match[2]) < 2200 else None
        day = last_day(PartialDate(year, MONTHS.index(match[1]) + 1), near=near)
        yield Month(day.year, day.month)
