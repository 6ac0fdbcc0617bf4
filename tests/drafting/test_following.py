from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.drafting.following import find_months, first_day, last_day, plan_publication
from bulletin.issue.dates import Month, parse_date


@pytest.mark.parametrize(
    ("published", "month", "expected"),
    [
        (date(2021, 5, 4), Month(2021, 6), date(2021, 6, 1)),  # the first Tuesday
        (date(2021, 5, 31), Month(2021, 6), date(2021, 6, 28)),  # a fifth Monday: the last
        (date(2021, 5, 19), Month(2022, 2), date(2022, 2, 16)),  # the third Wednesday
        (date(2021, 4, 30), Month(2021, 6), date(2021, 5, 28)),  # a last Friday of the month before
        (date(2021, 5, 4), Month(2022, 1), date(2022, 1, 4)),
    ],
)
def test_the_day_of_publication_keeps_its_place_in_the_month(published: date, month: Month, expected: date) -> None:
    assert plan_publication(published, Month(2021, 5), month) == expected


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 30))
def test_the_next_day_of_publication_is_the_same_weekday_as_many_months_on(published: date, by: int) -> None:
    month = Month(published.year, published.month)
    planned = plan_publication(published, month, month + by)

    assert Month(planned.year, planned.month) == month + by
    assert planned.weekday() == published.weekday()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("12 January", date(2022, 1, 12), date(2022, 1, 12)),  # the nearest one
        ("30 November", date(2021, 11, 30), date(2021, 11, 30)),
        ("29 February", date(2022, 2, 28), date(2022, 2, 28)),  # a day that 2022 does not have
        ("May 2021", date(2021, 5, 1), date(2021, 5, 31)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_date_means_all_the_days_that_it_may_and_without_a_year_the_nearest(
    written: str, first: date, last: date
) -> None:
    day = parse_date(written)

    assert (first_day(day, near=date(2021, 12, 7)), last_day(day, near=date(2021, 12, 7))) == (first, last)


def test_months_are_found_in_a_text_with_their_year_or_the_nearest() -> None:
    text = "We may begin in January, go on from March 2023 to May 9999, and rest."

    assert list(find_months(text, near=date(2021, 12, 7))) == [Month(2022, 1), Month(2023, 3), Month(2022, 5)]
