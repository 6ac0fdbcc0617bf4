from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.prose import read_plain
from bulletin.issue.holidays import name_holiday
from bulletin.proof.reading.written_dates import Tense, find_written_dates
from bulletin.proof.rule import Example
from proof_case import find


def codes(text: str, **more: str) -> list[str]:
    return [finding.code for finding in find(Example(text=text, **more)) if finding.code.startswith("DATE")]


@pytest.mark.parametrize(
    "text",
    [
        "The course that was planned for 11 March 2021 now takes place on 10 June 2021.",
        "We have moved the meeting from 29 April 2021 to 13 May 2021.",
        "On 28 April 2021 the Network agreed to meet again on 7 July 2021.",
        "The service had been due to end on 31 March 2021, but will now run until September 2021.",
        "Anyone who booked before 30 April 2021 will hear from us by 14 May 2021.",
        "We will look back on the year from April 2020 to March 2021.",
        "We have invited all schools to a workshop on 9 June 2021.",
        "The deadline was extended to 28 May 2021.",
        "The helpline has been open since 1 April 2021.",
        "April is one of the four who may march in May Street.",
        "The rest centre is open from 5pm to 8am.",
    ],
)
def test_dates_in_the_right_tense_are_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("In March 2021 the Hub will hold its first sessions.", "DATE02"),
        ("On Wednesday 12 May 2021 more than 60 parents came to the talk.", "DATE03"),
        ("We recently published our annual report, in January 2020.", "DATE04"),
        ("Since March 8, every pupil has been back.", "DATE05"),
        ("The annual conference will be on Thursday 14 October 2020.", "DATE06"),
        ("The fair is from 12 to 9 June 2021.", "DATE07"),
        ("Closing date for nominations is 30 April 2021.", "DATE08"),
        ("It ends on 29 February 2021.", "DATE09"),
    ],
)
def test_a_slip_is_found_once_and_by_one_rule(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_in_january_a_coming_day_of_last_january_has_the_wrong_year() -> None:
    january = {"month": "2022-01", "published": "11 January 2022"}
    assert codes("The Board will meet on 26 January 2021.", **january) == ["DATE06"]
    assert codes("The Board met on 14 December 2022.", **january) == ["DATE06"]
    assert codes("The Board met on 14 December 2021.", **january) == []


def test_a_later_date_lends_its_year_to_those_before_it() -> None:
    assert codes("Half-term runs from Monday 31 May to Friday 4 June 2021.") == []
    assert codes("Half-term runs from Tuesday 31 May to Friday 4 June 2021.") == ["DATE01"]


def test_the_date_of_an_entry_is_held_to_the_same_rules() -> None:
    event = """
    - kind: events
      title: Days
      items:
        - {{title: Forum, date: {date}, starts: 3pm, ends: 4pm}}
    """
    assert find(Example(sections=event.format(date="10 June 2021"))) == []
    assert [f.code for f in find(Example(sections=event.format(date="10 April 2021")))] == ["DATE02"]
    assert [f.code for f in find(Example(sections=event.format(date="10 June 2020")))] == ["DATE06"]


# Source: https://www.gov.uk/bank-holidays
@pytest.mark.parametrize(
    "day",
    [
        "2020-05-08",
        "2021-04-02",
        "2021-04-05",
        "2021-12-27",
        "2021-12-28",
        "2022-01-03",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2022-12-26",
        "2022-12-27",
        "2023-01-02",
        "2023-05-08",
        "2024-08-26",
        "2025-04-18",
        "2026-04-06",
        "2026-12-28",
    ],
)
def test_a_bank_holiday_is_known(day: str) -> None:
    assert name_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2020-05-04", "2021-12-25", "2022-05-30", "2022-12-28", "2023-05-02", "2026-11-09"])
def test_any_other_day_is_none(day: str) -> None:
    assert name_holiday(date.fromisoformat(day)) == ""


@given(text=st.text("0123456789 stndrh,–-/.:aAbcMmayJunetoi2021\n", max_size=80))
def test_whatever_is_written_dates_have_their_place(text: str) -> None:
    for written in find_written_dates(read_plain(text)):
        assert 0 <= written.start < written.end <= len(text)
        assert written.tense in (None, *Tense)
        assert written.sentence[written.at :].startswith(text[written.start : written.end][:1])


@pytest.mark.slow
@pytest.mark.parametrize("text", ["9 June 2021 ", "1, 2, 3, 4, 5, 6 and 7 ", "Monday ", "next month ", "9 "])
def test_a_long_text_full_of_dates_is_read_in_a_moment(text: str) -> None:
    prose = read_plain("9 May " + text * (100_000 // len(text)))
    for written in find_written_dates(prose):
        assert written.tense in (None, *Tense)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["next month 9 June ", "book by 9 April 2021, ", "will meet on 9 June 2020 and "])
def test_rules_about_dates_take_time_in_proportion_to_the_text(text: str) -> None:
    assert find(Example(text=text * (60_000 // len(text))), "DATE05") is not None
