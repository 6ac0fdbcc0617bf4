"""The first issue comes out on a working day that leaves five others to write it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.issue.dates import Month
from bulletin.issue.holidays import Nation, describe_day_off
from bulletin.starting.first_issue import find_earliest, plan_first_issue, read_first_issue
from conftest import examples


@examples(60)
@given(today=st.dates(date(2025, 1, 1), date(2060, 1, 1)), nation=st.sampled_from(Nation))
def test_the_planned_day_is_a_working_day_of_next_month_five_working_days_off(today: date, nation: Nation) -> None:
    month, published = plan_first_issue(today, nation)
    between = [today + timedelta(days=day) for day in range(1, (published - today).days + 1)]

    assert month == Month(today.year, today.month) + 1 == Month(published.year, published.month)
    assert published.weekday() < 5
    assert describe_day_off(published, nation) == ""
    assert len([day for day in between if day.weekday() < 5 and not describe_day_off(day, nation)]) >= 5


@pytest.mark.parametrize(
    ("nation", "published"), [(Nation.ENGLAND, date(2027, 1, 4)), (Nation.SCOTLAND, date(2027, 1, 5))]
)
def test_january_begins_after_the_bank_holidays_of_the_nation(nation: Nation, published: date) -> None:
    assert plan_first_issue(date(2026, 12, 1), nation).published == published


def test_at_the_end_of_a_month_the_next_one_begins_later() -> None:
    planned = plan_first_issue(date(2026, 12, 31), Nation.ENGLAND)

    assert planned.published == find_earliest(date(2026, 12, 31), Nation.ENGLAND) == date(2027, 1, 8)
    assert str(planned) == "January 2027, published Friday 8 January"


@pytest.mark.parametrize("written", ["2027-01", "January 2027", "4 January 2027", "2027-01-04"])
def test_a_month_or_a_day_may_be_written_in_any_form(written: str) -> None:
    assert read_first_issue(written, date(2026, 12, 1), Nation.ENGLAND).published == date(2027, 1, 4)
