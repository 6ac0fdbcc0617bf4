"""Days in words: weekday first where readers must be there, short in rows, without a weekday in timelines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.phrases import describe_days, describe_step_days, describe_when, describe_when_short
from bulletin.issue.dates import PartialDate, parse_date

YEAR = 2026  # the issue's
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def read(*days: str) -> list[PartialDate]:
    return [parse_date(day) for day in days]


@pytest.mark.parametrize(
    ("days", "whole", "short"),
    [
        (["9 February 2027"], "Tuesday 9 February 2027", "Tue 9 Feb 2027"),
        (["4 December 2026"], "Friday 4 December", "Fri 4 Dec"),
        (["9 February 2027", "11 February 2027"], "Tuesday 9 to Thursday 11 February 2027", "Tue 9 to Thu 11 Feb 2027"),
        (["8 December 2026", "10 December 2026"], "Tuesday 8 to Thursday 10 December", "Tue 8 to Thu 10 Dec"),
        (
            ["30 November 2026", "2 December 2026"],
            "Monday 30 November to Wednesday 2 December",
            "Mon 30 Nov to Wed 2 Dec",
        ),
        (
            ["30 December 2026", "2 January 2027"],
            "Wednesday 30 December 2026 to Saturday 2 January 2027",
            "Wed 30 Dec 2026 to Sat 2 Jan 2027",
        ),
        (
            ["30 December", "2 January 2027"],
            "Wednesday 30 December 2026 to Saturday 2 January 2027",
            "Wed 30 Dec 2026 to Sat 2 Jan 2027",
        ),
        (["9 February", "11 February 2027"], "Tuesday 9 to Thursday 11 February 2027", "Tue 9 to Thu 11 Feb 2027"),
        (["9 February"], "9 February", "9 Feb"),
        (["October 2026"], "October 2026", "Oct 2026"),
        (["November 2026", "December 2026"], "November to December 2026", "Nov to Dec 2026"),
        (["2026"], "2026", "2026"),
        (["2026", "2027"], "2026 to 2027", "2026 to 2027"),
    ],
)
def test_when_to_be_there_is_said_weekday_first(days: list[str], whole: str, short: str) -> None:
    assert describe_when(*read(*days), year=YEAR) == whole
    assert describe_when_short(*read(*days), year=YEAR) == short


def test_a_row_of_sessions_always_has_the_year() -> None:
    assert describe_when_short(*read("4 December 2026")) == "Fri 4 Dec 2026"
    assert describe_when(*read("4 December 2026")) == "Friday 4 December 2026"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["May 2026"], "May 2026"),
        (["26 April 2021"], "26 Apr 2021"),
        (["November 2026", "December 2026"], "Nov to Dec 2026"),
        (["9 June 2021", "11 June 2021"], "9 to 11 Jun 2021"),
        (["2027"], "2027"),
    ],
)
def test_a_timeline_has_short_months_and_no_weekdays(days: list[str], words: str) -> None:
    assert describe_step_days(*read(*days)) == words


@given(DAYS, DAYS)
def test_both_ends_of_a_run_are_told_and_can_be_read_again(one: date, other: date) -> None:
    first, last = (parse_date(str(day)) for day in sorted([str(one), str(other)]))
    words = describe_when(first, last)
    assert words.endswith(f"{last.weekday} {last}")
    assert words.startswith(first.weekday)
    assert (first == last) == (" to " not in words)
    assert describe_days(first, last).endswith(str(last))
