"""Plans the first issue: its month, and a working day to publish it that leaves time to write it. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from pydantic_core import PydanticCustomError

from bulletin.errors import BulletinError
from bulletin.issue.dates import Month, PartialDate, parse_day, parse_month
from bulletin.issue.holidays import Nation, describe_day_off

WORKING_DAYS_TO_WRITE: Final = 5
"""From today to the day of publication, at least."""

_SATURDAY: Final = 5


class FirstIssue(NamedTuple):
    """The first issue's month, and the day it is published."""

    month: Month
    published: date

    def __str__(self) -> str:
        """`January 2027, published Monday 4 January`."""
        return f"{self.month}, published {self.published:%A} {self.published.day} {self.published:%B}"


def plan_first_issue(today: date, nation: Nation) -> FirstIssue:
    """Next month's issue, published on the first working day that leaves time to write it."""
    month = Month(today.year, today.month) + 1
    return _plan_month(month, today, nation)


def read_first_issue(text: str, today: date, nation: Nation) -> FirstIssue:
    """The first issue by a month (2027-01) or a day (4 January 2027). Raises BulletinError if it can't be that."""
    try:
        month = parse_month(text)
    except PydanticCustomError:
        return _read_day(text, today, nation)
    return _plan_month(month, today, nation)


def _plan_month(month: Month, today: date, nation: Nation) -> FirstIssue:
    earliest = find_earliest(today, nation)
    published = max(date(month.year, month.month, 1), earliest)
    while not is_working_day(published, nation):
        published += timedelta(days=1)
    if (published.year, published.month) != (month.year, month.month):
        raise BulletinError(f"There is no time left to write an issue for {month}.", _name_earliest(earliest))
    return FirstIssue(month, published)


def _read_day(text: str, today: date, nation: Nation) -> FirstIssue:
    try:
        published = parse_day(text)
    except PydanticCustomError:
        remedy = "Write 2027-01, or the day as in 4 January 2027."
        raise BulletinError(f"“{text}” is neither a month nor a day.", remedy) from None
    if off := describe_day_off(published, nation):
        raise BulletinError(f"{_write(published)} is {off}.", "Choose a working day.")
    if published < (earliest := find_earliest(today, nation)):
        raise BulletinError(f"{_write(published)} leaves too little time to write it.", _name_earliest(earliest))
    return FirstIssue(Month(published.year, published.month), published)


def find_earliest(today: date, nation: Nation) -> date:
    """The first working day that leaves time to write an issue."""
    day, left = today, WORKING_DAYS_TO_WRITE
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, nation)
    return day


def is_working_day(day: date, nation: Nation) -> bool:
    """Whether offices are open: not on a Saturday, a Sunday or a bank holiday of the nation."""
    return day.weekday() < _SATURDAY and not describe_day_off(day, nation)


def find_event_day(published: date, nation: Nation) -> date:
    """A day for an event to fill in: the first working day from a fortnight after `published` on."""
    day = published + timedelta(days=14)
    while not is_working_day(day, nation):
        day += timedelta(days=1)
    return day


def _write(day: date) -> str:
    return f"{day:%A} {PartialDate(day.year, day.month, day.day)}"


def _name_earliest(earliest: date) -> str:
    return f"The earliest day is {_write(earliest)}, {WORKING_DAYS_TO_WRITE} working days from today."
