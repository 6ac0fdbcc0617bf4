"""Days, hours and names in the words of British readers. Pure."""

from __future__ import annotations

import re
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
    return f"{leave_out_shared(first, last)} to {last}"


def describe_when(first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
    """When to be there, weekday first: "Tuesday 9 February 2027", "Tuesday 9 to Thursday 11 February 2027".

    A whole date is without its year if that is `year`, the issue's. Partial dates keep theirs: "October 2026", "2026".
    """
    return _describe_ends(first, last, year=year, weekdays=True, letters=None)


def describe_when_short(first: PartialDate, last: PartialDate | None = None, *, year: int | None = None) -> str:
    """The same in a row or on a button: "Wed 13 Jan 2027", "Tue 9 to Thu 11 Feb", "Nov to Dec 2026"."""
    return _describe_ends(first, last, year=year, weekdays=True, letters=3)


def describe_last_day(day: PartialDate) -> str:
    """The last day to act, on a button or in a list: "Fri 18 Dec". So near that no one needs its year."""
    return describe_when_short(day, year=day.year)


def describe_step_days(first: PartialDate, last: PartialDate | None = None) -> str:
    """When a step of a timeline is, or was: "26 Apr 2021", "May 2026", "Nov to Dec 2026". No one plans by it."""
    return _describe_ends(first, last, year=None, weekdays=False, letters=3)


def _describe_ends(
    first: PartialDate, last: PartialDate | None, *, year: int | None, weekdays: bool, letters: int | None
) -> str:
    """One date, or two with "to" between them; months and weekdays cut to so many `letters`, or whole."""
    last = last or first
    first = lend_year(first, last)
    hides_year = year is not None and first.year == last.year == year and first.day and last.day
    shown = replace(last, year=None) if hides_year else last
    ends = [(last, shown)]
    if last != first:
        ends.insert(0, (first, leave_out_shared(first, last)))
    return " to ".join(_describe_end(end, shown, weekdays=weekdays, letters=letters) for end, shown in ends)


def _describe_end(whole: PartialDate, shown: PartialDate, *, weekdays: bool, letters: int | None) -> str:
    """The parts of a date that are `shown`, with the weekday of the whole one."""
    words = [whole.weekday[:letters] if weekdays else "", str(shown.day or "")]
    words += [MONTHS[shown.month - 1][:letters] if shown.month else "", str(shown.year or "")]
    return " ".join(filter(None, words))


def lend_year(first: PartialDate, last: PartialDate) -> PartialDate:
    """The first day of a run with the year that is said at its end alone."""
    if first.year or not last.year or not first.month or not last.month:
        return first
    return replace(first, year=last.year - (first.month > last.month))


def leave_out_shared(first: PartialDate, last: PartialDate) -> PartialDate:
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


def dial(number: str) -> str:
    """The address that rings a number as people write it: `tel:01632960145`, without an extension (RFC 3966)."""
    main = re.split(r"\b(?:ext|extension|option|x)\b", number, flags=re.IGNORECASE)[0].replace("(0)", "")
    return "tel:" + re.sub(r"[^0-9+]", "", main)


_COMMON = frozenset(
    {
        "adults", "all", "any", "anybody", "anyone", "carers", "champions", "children", "colleagues", "colleges",
        "designated", "early", "education", "everybody", "everyone", "families", "foster", "front-line", "frontline",
        "governors", "headteachers", "health", "leads", "managers", "members", "multi-agency", "new", "parents",
        "partner", "partners", "people", "police", "practitioners", "pregnant", "professionals", "pupils", "residents",
        "safeguarding", "school", "schools", "social", "staff", "students", "teachers", "the", "those", "trainers",
        "volunteers", "young",
    }
)  # fmt: skip
"""Words that begin the descriptions of readers, and are no names."""


def lower_first(words: str) -> str:
    """`All partners` as it reads after "For"; a name or an abbreviation keeps its capital."""
    first = words.partition(" ")[0].strip(",")
    return words[0].lower() + words[1:] if first.lower() in _COMMON and first[1:].islower() else words


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
    """A date as a calendar's leaf shows it: a weekday above what is `large`, a month below it."""

    above: str
    large: str
    below: str


def date_tile(first: PartialDate, last: PartialDate | None = None) -> DateTile:
    """The leaf of a day, of several in one month, or of the first of them."""
    if not first.month:
        return DateTile(above="", large=str(first.year), below="")
    month = MONTHS[first.month - 1][:3]
    if not first.day:
        return DateTile(above="", large=month, below=str(first.year or ""))
    several = last and last.day and (last.month, last.year) == (first.month, first.year) and last != first
    return DateTile(
        above=first.weekday[:3],
        large=f"{first.day}–{last.day}" if several and last else str(first.day),
        below=month,
    )
