"""Days, hours and names in the words of British readers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bulletin.issue.dates import MONTHS, WEEKDAYS, PartialDate, TimeOfDay


def describe_day(day: date) -> str:
    """`4 May 2021`."""
    return str(PartialDate(day.year, day.month, day.day))


def describe_weekday(day: date) -> str:
    """`Friday 12 March 2027`: people plan by it."""
    return f"{WEEKDAYS[day.weekday()]} {describe_day(day)}"


def end_sentence(words: str) -> str:
    """`words` with a full stop, unless they have one already: the name S.H.I.E.L.D. ends in one."""
    return words if words.rstrip("”’\"'").endswith((".", "!", "?", "…")) else f"{words}."


def describe_days(first: PartialDate, last: PartialDate | None = None) -> str:
    """One date, or a run of them: "9 to 11 June 2021", "March to April 2021". What both share is said once."""
    if last is None or last == first:
        return str(first)
    return f"{_leave_out_shared(first, last)} to {last}"


def describe_when(first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
    """When to be there, weekday first: "Tuesday 9 February 2027", "Tuesday 9 to Thursday 11 February 2027".

    A whole date is without its year if that is `year`, the issue's. Partial dates keep theirs: "October 2026", "2026".
    """
    return _describe_ends(first, last, year=year, weekdays=True, letters=None)


def describe_when_short(first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
    """The same in a row or on a button: "Wed 13 Jan 2027", "Tue 9 to Thu 11 Feb", "Nov to Dec 2026"."""
    return _describe_ends(first, last, year=year, weekdays=True, letters=3)


def describe_step_days(first: PartialDate, last: PartialDate | None = None) -> str:
    """When a step of a timeline is, or was: "26 Apr 2021", "May 2026", "Nov to Dec 2026". No one plans by it."""
    return _describe_ends(first, last, year=None, weekdays=False, letters=3)


def _describe_ends(
    first: PartialDate, last: PartialDate | None, *, year: int | None, weekdays: bool, letters: int | None
) -> str:
    """One date, or two with "to" between them; months and weekdays cut to so many `letters`, or whole."""
    last = last or first
    first = _lend_year(first, last)
    hides_year = year is not None and first.year == last.year == year and first.day and last.day
    shown = replace(last, year=None) if hides_year else last
    ends = [(last, shown)]
    if last != first:
        ends.insert(0, (first, _leave_out_shared(first, last)))
    return " to ".join(_describe_end(end, shown, weekdays=weekdays, letters=letters) for end, shown in ends)


def _describe_end(whole: PartialDate, shown: PartialDate, *, weekdays: bool, letters: int | None) -> str:
    """The parts of a date that are `shown`, with the weekday of the whole one."""
    words = [whole.weekday[:letters] if weekdays else "", str(shown.day or "")]
    words += [MONTHS[shown.month - 1][:letters] if shown.month else "", str(shown.year or "")]
    return " ".join(filter(None, words))


def _lend_year(first: PartialDate, last: PartialDate) -> PartialDate:
    """The first day of a run with the year that is said at its end alone."""
    if first.year or not last.year or not first.month or not last.month:
        return first
    return replace(first, year=last.year - (first.month > last.month))


def _leave_out_shared(first: PartialDate, last: PartialDate) -> PartialDate:
    """The first date of a run without the year and month that the last one says."""
    shared_year = first.year is None or first.year == last.year
    shared_month = shared_year and first.month == last.month and first.day and last.day
    return replace(
        first,
        year=None if shared_year and first.month else first.year,
        month=None if shared_month else first.month,
    )


def describe_hours(starts: TimeOfDay | None, ends: TimeOfDay | None) -> str:
    """As in "9:30am to 12:30pm", "from 9:30am", "until 12:30pm"; "" where neither is known."""
    if starts and ends:
        return f"{starts} to {ends}"
    return f"from {starts}" if starts else f"until {ends}" if ends else ""


def join_names(names: Sequence[str]) -> str:
    """As in "Greenwich, Lewisham and Bexley". Names that are HTML already stay so: `+` escapes nothing twice."""
    *others, last = names or [""]
    if not others:
        return last
    joined = others[0]
    for name in others[1:]:
        joined = joined + ", " + name
    return joined + " and " + last


@dataclass(frozen=True, kw_only=True, slots=True)
class DateTile:
    """A date as a calendar's leaf shows it: `large` ("9", or "June" where the day is open) above `lines`."""

    large: str
    lines: tuple[str, ...]


def date_tile(first: PartialDate, last: PartialDate | None = None, *, year: int) -> DateTile:
    """The leaf of a day or of a run of days. `year` is the reader's: another one is named."""
    last = last or first
    named_year = f" {first.year}" if first.year and first.year != year else ""
    if not first.month:
        return DateTile(large=str(first), lines=() if last == first else (f"to {last}",))
    month = MONTHS[first.month - 1]
    if not first.day:
        return DateTile(large=month, lines=(str(first.year), *(() if last == first else (f"to {last}",))))
    if last == first:
        return DateTile(large=str(first.day), lines=(month + named_year, *([first.weekday] if first.weekday else [])))
    if (last.year or first.year, last.month) == (first.year or last.year, first.month) and last.day:
        weekdays = (f"{first.weekday[:3]} to {last.weekday[:3]}",) if first.weekday and last.weekday else ()
        return DateTile(large=f"{first.day}–{last.day}", lines=(month + named_year, *weekdays))
    return DateTile(large=str(first.day), lines=(month + named_year, f"to {_without_year(last, year)}"))


def _without_year(day: PartialDate, year: int) -> PartialDate:
    return replace(day, year=None) if day.year == year and day.month and day.day else day
