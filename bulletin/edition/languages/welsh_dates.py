"""Dates, times and lists in Welsh, phrased so that no word needs a grammar. Pure.

Full words always: cut short, “Maw” is both Tuesday and March. A day begins with a small letter in a sentence; where a
line begins with it, `begin` in a template makes that a capital. After “o” and “tan” the first letter of a day changes
(“o ddydd Mawrth”): `soft_date` gives that form, and nothing else ever follows these two words. Ranges have a dash,
because “i” would change what follows; lists have commas only, because “a” and “ac” do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bulletin.edition.phrases import DateTile, leave_out_shared, lend_year
from bulletin.issue.dates import Month, PartialDate, TimeOfDay

WELSH_MONTHS: Final = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
_WEEKDAYS: Final = ("Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul")
WELSH_DAYS: Final = (*_WEEKDAYS, "dydd", "ddydd", "mis", "fis", "erbyn", "o", "tan")
"""The words of a date besides its months."""


def welsh_month(month: Month) -> str:
    """`Chwefror 2027`."""
    return f"{WELSH_MONTHS[month.month - 1]} {month.year}"


def welsh_in_month(month: Month) -> str:
    """`ym mis Chwefror 2027`: in that month."""
    return f"ym mis {welsh_month(month)}"


def welsh_day(day: date) -> str:
    """`4 Mai 2021`."""
    return _say_parts(PartialDate(day.year, day.month, day.day))


def welsh_weekday(day: date) -> str:
    """`dydd Gwener 12 Mawrth 2027`."""
    return f"{_name_weekday(day)} {welsh_day(day)}"


def welsh_days(first: PartialDate, last: PartialDate | None = None) -> str:
    """One date, or a run of them: `9–11 Mehefin 2027`, `Mawrth–Mai 2021`, `30 Tachwedd – 2 Rhagfyr 2026`."""
    return _say_run(first, last, year=None, weekdays=False)


def welsh_when(first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
    """When to be there: `dydd Mawrth 9 Chwefror 2027`. A whole date is without its year if that is `year`."""
    return _say_run(first, last, year=year, weekdays=True)


def welsh_last_day(day: PartialDate) -> str:
    """The last day to act, within a sentence: `dydd Gwener 18 Rhagfyr`, `mis Chwefror 2027`."""
    words = welsh_when(day, year=day.year)
    return f"mis {words}" if day.month and not day.day else words


def soft_date(day: PartialDate) -> str:
    """The same after “o” and “tan”: `ddydd Gwener 18 Rhagfyr`, `fis Chwefror 2027`. Figures never change."""
    words = welsh_last_day(day)
    for plain, soft in (("dydd ", "ddydd "), ("mis ", "fis ")):
        if words.startswith(plain):
            return soft + words.removeprefix(plain)
    return words


def welsh_time(time: TimeOfDay) -> str:
    """`9:30am`, `canol dydd`, `hanner nos`."""
    return {"midday": "canol dydd", "midnight": "hanner nos"}.get(str(time), str(time))


def welsh_hours(starts: TimeOfDay | None, ends: TimeOfDay | None) -> str:
    """As in `9:30am–12:30pm`, `o 9:30am`, `tan 12:30pm`; "" where neither is known."""
    if starts and ends:
        both = [welsh_time(starts), welsh_time(ends)]
        return (" – " if any(" " in each for each in both) else "–").join(both)
    word, time = ("o", starts) if starts else ("tan", ends)
    return f"{word} {_soften_time(time)}" if time else ""


def join_welsh_names(names: Sequence[str]) -> str:
    """As in `Bangor, Caernarfon, Llangefni`. Names that are HTML already stay so: `+` escapes nothing twice."""
    first, *others = names or [""]
    joined = first
    for name in others:
        joined = joined + ", " + name
    return joined


def welsh_tile(first: PartialDate, last: PartialDate | None = None) -> DateTile:
    """The leaf of a calendar: `9` above `Chwefror`. A weekday in full is too wide for it, and is beside it anyway."""
    if not first.month:
        return DateTile(above="", large=str(first.year), below="")
    month = WELSH_MONTHS[first.month - 1]
    if not first.day:
        return DateTile(above="", large=str(first.year or ""), below=month)
    several = last and last.day and (last.month, last.year) == (first.month, first.year) and last != first
    return DateTile(above="", large=f"{first.day}–{last.day}" if several and last else str(first.day), below=month)


def _soften_time(time: TimeOfDay) -> str:
    words = welsh_time(time)
    return f"g{words.removeprefix('c')}" if words.startswith("c") else words


def _say_run(first: PartialDate, last: PartialDate | None, *, year: int | None, weekdays: bool) -> str:
    last = last or first
    first = lend_year(first, last)
    hides_year = year is not None and first.year == last.year == year and first.day and last.day
    ends = [_say_end(last, replace(last, year=None) if hides_year else last, weekdays=weekdays)]
    if last != first:
        ends.insert(0, _say_end(first, leave_out_shared(first, last), weekdays=weekdays))
    return (" – " if any(" " in end for end in ends[:1]) else "–").join(ends)


def _say_end(whole: PartialDate, shown: PartialDate, *, weekdays: bool) -> str:
    """The parts of a date that are `shown`, with the weekday of the whole one."""
    weekday = _name_weekday(whole.exact) if weekdays and whole.exact else ""
    return " ".join(filter(None, [weekday, _say_parts(shown)]))


def _say_parts(day: PartialDate) -> str:
    month = WELSH_MONTHS[day.month - 1] if day.month else ""
    return " ".join(filter(None, [str(day.day or ""), month, str(day.year or "")]))


def _name_weekday(day: date) -> str:
    return f"dydd {_WEEKDAYS[day.weekday()]}"
