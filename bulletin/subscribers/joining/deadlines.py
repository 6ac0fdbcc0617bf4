"""The days that people who ask to join are told: until when to confirm, and by when we answer. Pure.

Each ends with its day in this computer's own zone, so that what people are told is true until midnight.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bulletin.issue.holidays import Nation, name_holiday
from bulletin.times import read_local

CONFIRM_WITHIN: Final = 7
"""Days to confirm a sign-up, unless `retention: unconfirmed` says otherwise. Then the address is deleted."""

ANSWER_WITHIN: Final = 5
"""Working days in which an officer answers a request, as the page and the email say."""

REQUEST_LASTS: Final = 30
"""Days after which a request that no officer has answered ends by itself."""

_SATURDAY: Final = 5


def find_end(at: int, *, days: int) -> int:
    """The end of the day that is `days` after the one of `at`. Both in ms since 1970."""
    day = read_local(at).date() + timedelta(days=days)
    return round(datetime.combine(day, time(23, 59, 59)).timestamp() * 1000)


def find_answer_day(asked_at: int, nation: Nation) -> date:
    """The day by which we answer what was asked at `asked_at` (ms since 1970), by the working days of `nation`."""
    day = read_local(asked_at).date()
    left = ANSWER_WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and not name_holiday(day, nation)
    return day
