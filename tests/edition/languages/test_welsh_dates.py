"""Dates and times in Welsh: full words, no ordinals, and a first letter that changes only after “o” and “tan”."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.languages.speech import speak
from bulletin.edition.languages.welsh_dates import WELSH_MONTHS
from bulletin.edition.phrases import DateTile
from bulletin.issue.dates import Month, PartialDate, TimeOfDay, parse_date, parse_time

CY = speak("cy")
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def read(*days: str) -> list[PartialDate]:
    return [parse_date(day) for day in days]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["9 February 2027"], "dydd Mawrth 9 Chwefror 2027"),
        (["4 December 2026"], "dydd Gwener 4 Rhagfyr"),
        (["9 February 2027", "11 February 2027"], "dydd Mawrth 9 – dydd Iau 11 Chwefror 2027"),
        (["30 December", "2 January 2027"], "dydd Mercher 30 Rhagfyr 2026 – dydd Sadwrn 2 Ionawr 2027"),
        (["9 February"], "9 Chwefror"),
        (["October 2026"], "Hydref 2026"),
        (["November 2026", "December 2026"], "Tachwedd–Rhagfyr 2026"),
        (["November 2026", "January 2027"], "Tachwedd 2026 – Ionawr 2027"),
        (["2026", "2027"], "2026–2027"),
    ],
)
def test_when_to_be_there_is_said_weekday_first_and_in_full(days: list[str], words: str) -> None:
    assert CY.when(*read(*days), year=2026) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["9 June 2027", "11 June 2027"], "9–11 Mehefin 2027"),
        (["March 2021", "May 2021"], "Mawrth–Mai 2021"),
        (["30 November 2026", "2 December 2026"], "30 Tachwedd – 2 Rhagfyr 2026"),
        (["26 April 2021"], "26 Ebrill 2021"),
        (["13 April"], "13 Ebrill"),
    ],
)
def test_a_run_has_a_dash(days: list[str], words: str) -> None:
    assert CY.days(*read(*days)) == words
    assert CY.step_days(*read(*days)) == words


@pytest.mark.parametrize(
    ("day", "by", "after_o"),
    [
        ("4 December 2026", "dydd Gwener 4 Rhagfyr", "ddydd Gwener 4 Rhagfyr"),
        ("February 2027", "mis Chwefror 2027", "fis Chwefror 2027"),
        ("9 February", "9 Chwefror", "9 Chwefror"),
        ("2027", "2027", "2027"),
    ],
)
def test_only_the_first_word_changes_after_o_and_tan(day: str, by: str, after_o: str) -> None:
    (found,) = read(day)
    assert CY.say("By {date}", date=CY.last_day(found)) == f"Erbyn {by}"
    assert CY.say("From {date}", date=CY.last_day(found), soft=CY.soft(found)) == f"O {after_o}"


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("9:30am", "12:30pm", "9:30am–12:30pm"),
        ("9:30am", None, "o 9:30am"),
        (None, "12:30pm", "tan 12:30pm"),
        ("midday", None, "o ganol dydd"),
        (None, "midnight", "tan hanner nos"),
        ("9am", "midday", "9am – canol dydd"),
        (None, None, ""),
    ],
)
def test_hours(starts: str | None, ends: str | None, words: str) -> None:
    times: list[TimeOfDay | None] = [parse_time(each) if each else None for each in (starts, ends)]
    assert CY.hours(*times) == words


def test_days_months_and_lists() -> None:
    assert CY.day(date(2021, 5, 4)) == "4 Mai 2021"
    assert CY.weekday(date(2027, 3, 9)) == "dydd Mawrth 9 Mawrth 2027"
    assert CY.month(Month(2027, 2)) == "Chwefror 2027"
    assert CY.in_month(Month(2021, 5)) == "ym mis Mai 2021"
    assert CY.names(["Bangor", "Caernarfon", "Llangefni"]) == "Bangor, Caernarfon, Llangefni"
    assert CY.names([]) == ""


@pytest.mark.parametrize(
    ("days", "tile"),
    [
        (["9 February 2027"], DateTile(above="", large="9", below="Chwefror")),
        (["9 June 2027", "11 June 2027"], DateTile(above="", large="9–11", below="Mehefin")),
        (["June 2027"], DateTile(above="", large="2027", below="Mehefin")),
        (["2027"], DateTile(above="", large="2027", below="")),
    ],
)
def test_the_leaf_of_a_calendar_has_a_month_in_full(days: list[str], tile: DateTile) -> None:
    first, *rest = read(*days)
    assert CY.tile(first, rest[0] if rest else None) == tile


@given(DAYS)
def test_a_day_is_told_with_its_own_weekday_month_and_figures(day: date) -> None:
    words = CY.weekday(day)
    weekdays = ["Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul"]
    assert words == f"dydd {weekdays[day.weekday()]} {day.day} {WELSH_MONTHS[day.month - 1]} {day.year}"


@given(DAYS, DAYS)
def test_a_run_says_both_ends_and_no_english_word(one: date, other: date) -> None:
    first, last = (PartialDate(day.year, day.month, day.day) for day in sorted([one, other]))
    words = CY.when(first, last)
    assert words.endswith(CY.day(last.exact or one))
    assert set(re.findall(r"[A-Za-z]+", words)) <= {*WELSH_MONTHS, "dydd", "Llun", "Mercher", "Iau", "Gwener"} | {
        *("Sadwrn", "Sul")
    }


def test_other_languages_are_said_in_english() -> None:
    assert speak("pl") is speak("en")
