"""Bank holidays in England and Wales, calculated, with those that were moved or added in one year. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

# Source: gov.uk/bank-holidays. A day moved for one year is named with the day that it replaces.
_MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
_ADDED = {
    date(2022, 6, 3): "the Platinum Jubilee bank holiday",
    date(2022, 9, 19): "the bank holiday for the State Funeral of Queen Elizabeth II",
    date(2023, 5, 8): "the bank holiday for the coronation of King Charles III",
}


def name_holiday(day: date) -> str:
    """The name of the bank holiday on `day`; "" if it is not one."""
    return _list_holidays(day.year).get(day, "")


@cache
def _list_holidays(year: int) -> dict[date, str]:
    easter = _find_easter(year)
    found = {
        _first_working_day(date(year, 1, 1)): "New Year’s Day bank holiday",
        easter - timedelta(days=2): "Good Friday",
        easter + timedelta(days=1): "Easter Monday",
        _find_monday(date(year, 5, 1)): "the early May bank holiday",
        _find_monday(date(year, 5, 25)): "the spring bank holiday",
        _find_monday(date(year, 8, 25)): "the summer bank holiday",
    }
    christmas = _first_working_day(date(year, 12, 25))
    boxing = date(year, 12, 26)
    while boxing.weekday() > 4 or boxing == christmas:
        boxing += timedelta(days=1)
    # If Christmas is on a Sunday, Boxing Day keeps its Monday and Christmas moves to the Tuesday.
    if date(year, 12, 25).weekday() == 6:
        christmas, boxing = date(year, 12, 27), date(year, 12, 26)
    found |= {christmas: "the Christmas Day bank holiday", boxing: "the Boxing Day bank holiday"}
    moved = {_MOVED.get(day, day): name for day, name in found.items()}
    return moved | {day: name for day, name in _ADDED.items() if day.year == year}


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
