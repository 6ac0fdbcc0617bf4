"""Days, hours and names in the words of British readers. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
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


def describe_days(
    first: PartialDate,
    last: PartialDate | None = None,
    *,
    weekday: bool = False,
    short: bool = False,
    year: int | None = None,
) -> str:
    """One date, or a run of them: "9 to 11 June 2021", "March to April 2021". What both share is said once.

    With `weekday`, days begin with their names, for people plan by them: "Tuesday 9 to Thursday 11 February 2027". With
    `short`, names have three letters: "Tue 9 Feb". `year` is the reader's: it is left out.
    """
    last = None if last == first else last
    shared_year = last is not None and (first.year is None or first.year == last.year) and bool(first.month)
    shared_month = shared_year and first.month == last.month and first.day and last.day if last else False
    begin = _Day(first, weekday, short)
    words = begin.words(month=not shared_month, year=not shared_year and first.year != year)
    if last is None:
        return words
    return f"{words} to {_Day(last, weekday, short).words(year=last.year != year)}"


@dataclass(frozen=True, slots=True)
class _Day:
    """A date, and the way that it is said."""

    date: PartialDate
    weekday: bool
    short: bool

    def words(self, *, month: bool = True, year: bool = True) -> str:
        """As in "Tuesday 9 February 2027"; a year that is all there is stays."""
        date = self.date
        names = (date.weekday if self.weekday else "", MONTHS[date.month - 1] if date.month and month else "")
        weekday, named_month = (name[:3] if self.short else name for name in names)
        named_year = str(date.year) if date.year and (year or not date.month) else ""
        return " ".join(word for word in (weekday, str(date.day or ""), named_month, named_year) if word)


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
    ["adults", "all", "any", "anybody", "anyone", "carers", "children", "colleagues", "designated", "early", "education", "everybody", "everyone", "families", "foster", "front-line", "frontline", "governors", "headteachers", "health", "leads", "managers", "members", "multi-agency", "new", "parents", "partners", "people", "police", "practitioners", "pregnant", "professionals", "pupils", "residents", "safeguarding", "school", "schools", "social", "staff", "students", "teachers", "the", "those", "trainers", "volunteers", "young"]
)
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
