from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bulletin.issue.dates import Month, PartialDate, TimeOfDay, parse_date, parse_day, parse_month, parse_time


@pytest.mark.parametrize(
    ("written", "read", "printed"),
    [
        ("2021-03-24", PartialDate(2021, 3, 24), "24 March 2021"),
        ("24 March 2021", PartialDate(2021, 3, 24), "24 March 2021"),
        ("24th Mar 2021", PartialDate(2021, 3, 24), "24 March 2021"),
        ("Wednesday 24 March 2021", PartialDate(2021, 3, 24), "24 March 2021"),
        ("Wed, 24 March, 2021", PartialDate(2021, 3, 24), "24 March 2021"),
        ("1 Sept. 2021", PartialDate(2021, 9, 1), "1 September 2021"),
        ("March 2021", PartialDate(2021, 3), "March 2021"),
        ("2021-03", PartialDate(2021, 3), "March 2021"),
        ("13 April", PartialDate(None, 4, 13), "13 April"),
        ("29 February", PartialDate(None, 2, 29), "29 February"),
        ("2021", PartialDate(2021), "2021"),
    ],
)
def test_a_date_may_be_partial_and_is_printed_as_the_british_read_it(
    written: str, read: PartialDate, printed: str
) -> None:
    assert parse_date(written) == read
    assert str(read) == printed


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/04/2021", "can be two days"),
        ("03-04-2021", "can be two days"),
        ("31 April 2021", "April 2021 has 30 days"),
        ("29 February 2021", "February 2021 has 28 days"),
        ("0 March 2021", "March 2021 has 31 days"),
        ("Tuesday 24 March 2021", "24 March 2021 is a Wednesday, not a Tuesday"),
        ("March", "is a month without its year"),
        ("24 Marsh 2021", "is not a date"),
        ("2021-13", "has no such month"),
        ("0021", "is not a year"),
        ("soon", "is not a date"),
        ("", "is not a date"),
    ],
)
def test_what_is_not_a_date_says_why(written: str, why: str) -> None:
    with pytest.raises(PydanticCustomError, match=why):
        parse_date(written)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_whole_date_is_read_back_from_how_it_is_printed(day: date) -> None:
    printed = str(PartialDate(day.year, day.month, day.day))

    assert parse_day(printed) == parse_day(day.isoformat()) == day
    assert parse_date(f"{PartialDate(day.year, day.month, day.day).weekday} {printed}").exact == day


def test_the_span_of_a_partial_date_is_known() -> None:
    assert PartialDate(2024, 2).latest(year=2021) == date(2024, 2, 29)
    assert PartialDate(None, 4, 13).earliest(year=2021) == date(2021, 4, 13)
    assert (PartialDate(2021).earliest(year=1), PartialDate(2021).latest(year=1)) == (
        date(2021, 1, 1),
        date(2021, 12, 31),
    )


def test_the_weekday_of_a_partial_date_is_not_guessed() -> None:
    assert PartialDate(2021, 5, 4).weekday == "Tuesday"
    assert PartialDate(2021, 5).weekday == ""


@pytest.mark.parametrize("written", ["2021-05", "May 2021", "may 2021"])
def test_a_month_has_an_id_and_a_name(written: str) -> None:
    month = parse_month(written)

    assert (month.id, str(month)) == ("2021-05", "May 2021")


@pytest.mark.parametrize("written", ["2021-00", "2021-13", "21-05", "Mai 2021", "May", ""])
def test_what_is_not_a_month_is_refused(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a month"):
        parse_month(written)


def test_months_are_in_order() -> None:
    assert Month(2020, 12) < Month(2021, 1) < Month(2021, 2)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("14:30", "2:30pm"),
        ("2.30 pm", "2:30pm"),
        ("9:30", "9:30am"),
        ("09:00", "9am"),
        ("2pm", "2pm"),
        ("12:00", "midday"),
        ("12am", "midnight"),
        ("12:30am", "12:30am"),
        ("12:15pm", "12:15pm"),
        ("noon", "midday"),
        ("00:00", "midnight"),
        ("23:59", "11:59pm"),
    ],
)
def test_a_time_is_printed_as_the_british_read_it(written: str, printed: str) -> None:
    assert str(parse_time(written)) == printed


@pytest.mark.parametrize("written", ["24:00", "12", "9:60", "13pm", "0am", "half past three", ""])
def test_what_is_not_a_time_is_refused(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a time of day"):
        parse_time(written)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_is_read_back_from_how_it_is_printed(hour: int, minute: int) -> None:
    time = TimeOfDay(hour, minute)

    assert parse_time(str(time)) == parse_time(f"{hour}:{minute:02}") == time


@given(st.integers(1900, 2199), st.integers(1, 12), st.integers(-600, 600))
def test_a_month_that_comes_so_many_months_later_is_so_many_months_away(year: int, month: int, away: int) -> None:
    start = Month(year, month)

    assert (start + away) - start == away
    assert ((start + away) > start) == (away > 0)


def test_december_is_followed_by_january_of_the_next_year() -> None:
    assert Month(2021, 12) + 1 == Month(2022, 1)
    assert Month(2022, 1) + -1 == Month(2021, 12)
    assert Month(2022, 1) - Month(2021, 11) == 2
