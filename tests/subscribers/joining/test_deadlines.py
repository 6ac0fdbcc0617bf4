"""The days that people are told: true until midnight, and without weekends and bank holidays where we answer."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bulletin.issue.holidays import Nation
from bulletin.subscribers.joining.deadlines import find_answer_day, find_end
from bulletin.times import read_local


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("time", ["00:00:00", "11:00:00", "23:59:59"])
@pytest.mark.parametrize(("day", "end"), [("2021-05-04", "2021-05-11"), ("2021-03-25", "2021-04-01")])
def test_a_link_works_until_the_end_of_the_day_that_the_email_names(day: str, time: str, end: str) -> None:
    """Also where the clocks change in between."""
    until = read_local(find_end(at(f"{day}T{time}"), days=7))
    assert f"{until:%Y-%m-%d %H:%M:%S}" == f"{end} 23:59:59"


ANSWERS = [
    ("2021-05-04T11:00", Nation.ENGLAND, date(2021, 5, 11)),  # Tuesday to Tuesday
    ("2021-05-07T16:00", Nation.ENGLAND, date(2021, 5, 14)),
    ("2021-05-08T09:00", Nation.ENGLAND, date(2021, 5, 14)),  # on a Saturday
    ("2021-05-28T09:00", Nation.ENGLAND, date(2021, 6, 7)),  # 31 May was a bank holiday
    ("2021-12-23T09:00", Nation.ENGLAND, date(2022, 1, 4)),  # Christmas, and New Year's Day on a Monday
    ("2021-12-23T09:00", Nation.SCOTLAND, date(2022, 1, 5)),  # where 2 January is one too
    ("2021-03-16T09:00", Nation.NORTHERN_IRELAND, date(2021, 3, 24)),  # St Patrick's Day
]


@pytest.mark.parametrize(("asked", "nation", "day"), ANSWERS)
def test_we_answer_within_five_working_days(asked: str, nation: Nation, day: date) -> None:
    assert find_answer_day(at(asked), nation) == day
