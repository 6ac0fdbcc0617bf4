"""Bank holidays of England, Wales, Scotland and Northern Ireland: calculated, with those of a single year. Pure.

Source: gov.uk/bank-holidays, as it was on CHECKED. A day moved or added by a later proclamation is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

CHECKED: Final = date(2026, 11, 30)
"""The day on which the days below were last compared with the source."""


_SUNDAY = 6


class Nation(StrEnum):
    """A part of the United Kingdom, by whose bank holidays people are at work or not."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def written(self) -> str:
        """As readers write it: Northern Ireland."""
        return self.value.replace("-", " ").title()


_MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""The days that were moved in one year."""

_ADDED = {
    date(2022, 6, 3): "the Platinum Jubilee bank holiday",
    date(2022, 9, 19): "the bank holiday for the State Funeral of Queen Elizabeth II",
    date(2023, 5, 8): "the bank holiday for the coronation of King Charles III",
}
# By a royal proclamation of 4 February 2026 (Scottish Government, 5 February 2026).
_ADDED_IN_SCOTLAND = {date(2026, 6, 15): "the bank holiday for the men’s World Cup"}


def name_holiday(day: date, nation: Nation = Nation.ENGLAND) -> str:
    """The name of the bank holiday on `day`; "" if it is not one there."""
    return _list_holidays(day.year, nation).get(day, "")


def describe_day_off(day: date, nation: Nation | None = None) -> str:
    """What keeps people from work on `day`, and where: “Easter Monday in England and Wales”; "" on a working day.

    With `nation`, only the bank holidays there count.
    """
    if day.weekday() == _SUNDAY:
        return "a Sunday"
    nations = [nation] if nation else list(Nation)
    names = {one: name for one in nations if (name := name_holiday(day, one))}
    if not names:
        return ""
    titles = [one.written for one in names]
    listed = " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
    where = "the United Kingdom" if len(names) == len(Nation) else listed
    return f"{next(iter(names.values()))} in {where}"


@cache
def _list_holidays(year: int, nation: Nation) -> dict[date, str]:
    moved = {_MOVED.get(day, day): name for day, name in _find_yearly(year, nation)}
    added = _ADDED | (_ADDED_IN_SCOTLAND if nation is Nation.SCOTLAND else {})
    return moved | {day: name for day, name in added.items() if day.year == year}


def _find_yearly(year: int, nation: Nation) -> Iterator[tuple[date, str]]:
    scottish = nation is Nation.SCOTLAND
    easter = _find_easter(year)
    first, second = _find_pair(date(year, 1, 1))
    yield (first if scottish else _first_working_day(date(year, 1, 1))), "New Year’s Day bank holiday"
    if scottish:
        yield second, "the 2 January bank holiday"
    if nation is Nation.NORTHERN_IRELAND:
        yield _first_working_day(date(year, 3, 17)), "the St Patrick’s Day bank holiday"
        yield _first_working_day(date(year, 7, 12)), "the Battle of the Boyne bank holiday"
    yield easter - timedelta(days=2), "Good Friday"
    if not scottish:
        yield easter + timedelta(days=1), "Easter Monday"
    yield _find_monday(date(year, 5, 1)), "the early May bank holiday"
    yield _find_monday(date(year, 5, 25)), "the spring bank holiday"
    yield _find_monday(date(year, 8, 1 if scottish else 25)), "the summer bank holiday"
    if scottish:
        yield _first_working_day(date(year, 11, 30)), "the St Andrew’s Day bank holiday"
    yield from _find_christmas(year)


def _find_christmas(year: int) -> Iterator[tuple[date, str]]:
    christmas, boxing = _find_pair(date(year, 12, 25))
    if date(year, 12, 25).weekday() == 6:  # Boxing Day keeps its Monday, and Christmas moves to the Tuesday
        christmas, boxing = boxing, christmas
    yield christmas, "the Christmas Day bank holiday"
    yield boxing, "the Boxing Day bank holiday"


def _find_pair(day: date) -> tuple[date, date]:
    """The days off for two holidays in a row, which begin on `day`."""
    first = _first_working_day(day)
    second = _first_working_day(day + timedelta(days=1))
    return first, second if second != first else second + timedelta(days=1)


def _first_working_day(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _find_monday(day: date) -> date:
    """The first Monday on or after `day`."""
    return day + timedelta(days=-day.weekday() % 7)


def _find_easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
