"""By when a complaint must be acknowledged, and when a person is reminded of it. Pure.

Data Protection Act 2018, section 164A: within 30 days, and if the last of them is no working day, by the next one that
is. Some read the law so that the day of receipt is the first of the 30, others the day after it. We keep to the earlier
of both.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bulletin.issue.holidays import Nation, name_holiday

DAYS: Final = 30
REMINDERS: Final = (20, 27)
"""How many days after receipt a person is reminded, if they haven't acknowledged it."""

_SATURDAY: Final = 5


def find_deadline(received: date, nation: Nation) -> date:
    """The last day on which a complaint that came on `received` may be acknowledged."""
    readings = (received + timedelta(days=DAYS), received + timedelta(days=DAYS - 1))
    return min(_find_working_day(day, nation) for day in readings)


def find_reminder(received: date, today: date) -> int | None:
    """The last of `REMINDERS` whose day has come; None before the first."""
    return max((days for days in REMINDERS if today >= received + timedelta(days=days)), default=None)


def _find_working_day(day: date, nation: Nation) -> date:
    """The day itself, or else the next one on which people are at work."""
    while day.weekday() >= _SATURDAY or name_holiday(day, nation):
        day += timedelta(days=1)
    return day
