"""Months, dates that may be partial, and times of day, as British readers write and read them. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from bulletin.declaration.values import invalid, parsed_by
from bulletin.issue.date_forms import (
    CLOCK,
    IN_FIGURES,
    IN_WORDS,
    MONTH_NUMBERS,
    MONTHS,
    RANGE,
    SOMEWHERE,
    TIME,
    WEEKDAY,
    WEEKDAYS,
    YEAR_FIRST,
)

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "YEARS",
    "ADate",
    "ADay",
    "AMonth",
    "ATime",
    "Month",
    "PartialDate",
    "TimeOfDay",
    "parse_date",
    "parse_day",
    "parse_month",
    "parse_time",
]

YEARS = range(1900, 2200)
"""The years that a date can have. Any other is a slip."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month of a year: `2021-05`, printed "May 2021"."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}"

    def __add__(self, months: int) -> Month:
        """The month that comes so many months later; earlier, where the number is negative."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __sub__(self, other: Month) -> int:
        """How many months later this one is: June 2021 is one month after May 2021."""
        return (self.year - other.year) * 12 + self.month - other.month

    @property
    def id(self) -> str:
        """As in a file's name: `2021-05`."""
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose day, year, or day and month may be unknown.

    One of: year; month and year; day and month; day, month and year. Printed "2021", "March 2021", "13 April",
    "24 March 2021".
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        words = [str(self.day)] if self.day else []
        words += [MONTHS[self.month - 1]] if self.month else []
        words += [str(self.year)] if self.year else []
        return " ".join(words)

    @property
    def exact(self) -> date | None:
        """The calendar day, if it is known."""
        return date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    @property
    def weekday(self) -> str:
        """The day's name; empty where the day is not known."""
        return WEEKDAYS[self.exact.weekday()] if self.exact else ""

    def earliest(self, *, year: int) -> date:
        """The first day that this can mean; `year` is used if none is written."""
        return date(self.year or year, self.month or 1, self.day or 1)

    def latest(self, *, year: int) -> date:
        """The last day that this can mean; `year` is used if none is written."""
        actual_year, month = self.year or year, self.month or 12
        return date(actual_year, month, self.day or monthrange(actual_year, month)[1])


@dataclass(frozen=True, order=True, slots=True)
class TimeOfDay:
    """A time of day: `14:30`, printed "2:30pm"; twelve o'clock is "midday", and 00:00 "midnight"."""

    hour: int
    minute: int

    def __str__(self) -> str:
        if self.minute == 0 and self.hour in (0, 12):
            return "midday" if self.hour else "midnight"
        minutes = f":{self.minute:02}" if self.minute else ""
        return f"{(self.hour - 1) % 12 + 1}{minutes}{'am' if self.hour < 12 else 'pm'}"


_DATE_REMEDY: Final = "Write it as 24 March 2021 (or March 2021, 13 April, 2021)."
_TIME_REMEDY: Final = "Write it as 14:30 or 2:30pm."
_CENTURY: Final = 2000  # of a year in two figures


def parse_month(text: str) -> Month:
    """`2021-05` or `May 2021`. Raises PydanticCustomError."""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
        year, month = int(match[1]), int(match[2])
    elif (match := re.fullmatch(r"([A-Za-z]+)\s+([0-9]{4})", text)) and match[1].lower() in MONTH_NUMBERS:
        year, month = int(match[2]), MONTH_NUMBERS[match[1].lower()]
    elif (match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{4})", text)) and int(match[1]) in range(1, 13):
        raise invalid(f"“{text}” is not a month.", f"Write it as {match[2]}-{int(match[1]):02}.")
    else:
        raise invalid(f"“{text}” is not a month.", "Write it as 2021-06.")
    if month not in range(1, 13) or year not in YEARS:
        raise invalid(f"“{text}” is not a month that exists.", "Write it as 2021-06.")
    return Month(year, month)


def parse_date(text: str) -> PartialDate:
    """A partial date from `2021-03-24`, `24 March 2021`, `Thurs 24th Mar 21`, `24/03/2021`, `March 2021` or `2021`.

    Figures alone are read only if they mean one day: 03/04/2021 is refused, because Americans begin with the month.
    Raises PydanticCustomError, whose remedy has the same date in a form that is read, if it is known.
    """
    weekday = WEEKDAY.match(text)
    name = weekday["name"].capitalize() if weekday else ""
    found = _read_date(text[weekday.end() :] if weekday else text, name)
    if found is None:
        raise invalid(f"“{text}” is not a date.", _suggest_date(text))
    _refuse_impossible(found, text)
    if name and found.weekday and found.weekday[:3] != name[:3]:
        meant = next(day for day in WEEKDAYS if day.startswith(name[:3]))
        raise invalid(f"{found} is a {found.weekday}, not a {meant}.", "Correct the day or the date.")
    return found


def _read_date(written: str, weekday: str) -> PartialDate | None:
    """The date that a text without its weekday means, if it has one of the forms; it may be one that can't be."""
    rest = written.rstrip(" .,;")
    if match := YEAR_FIRST.fullmatch(rest):
        return PartialDate(int(match["year"]), _number(match["month"]), _number(match["day"]))
    if match := IN_FIGURES.fullmatch(rest):
        return _read_figures(match, written, weekday)
    for form in IN_WORDS:
        if (match := form.fullmatch(rest)) and (month := MONTH_NUMBERS.get(match["month"].lower())):
            groups = match.groupdict()
            year, day = _read_year(groups["year"]), _number(groups.get("day"))
            if year is None and day is None:
                remedy = f"Write the year as well, as in {MONTHS[month - 1]} 2021."
                raise invalid(f"“{written}” is a month without its year.", remedy)
            return PartialDate(year, month, day)
    return None


def _number(figures: str | None) -> int | None:
    return int(figures) if figures else None


def _read_year(figures: str | None) -> int | None:
    """The year; two figures are of this century: `21` and `’21` are 2021."""
    bare = (figures or "").lstrip("'’")
    return int(bare) + (_CENTURY if len(bare) == 2 else 0) if bare else None


def _read_figures(match: re.Match[str], written: str, weekday: str) -> PartialDate:
    """A date in figures: day, month, year, unless the month may be first. Its weekday can decide that."""
    first, second, year = int(match["first"]), int(match["second"]), _read_year(match["year"])
    british, american = PartialDate(year, second, first), PartialDate(year, first, second)
    if match["mark"] == "." or first == second or not _exists(american):
        return british
    if not _exists(british):
        raise invalid(f"“{written}” has no month {second}.", f"Write it as {american}, if the month is first.")
    fitting = [day for day in (british, american) if weekday and day.weekday[:3] == weekday[:3]]
    if len(fitting) == 1:
        return fitting[0]
    raise invalid(f"“{written}” can be two days.", f"Write it as {british}; or, if the month is first, as {american}.")


def _exists(day: PartialDate) -> bool:
    with suppress(PydanticCustomError):
        _refuse_impossible(day, "")
        return True
    return False


def _suggest_date(text: str) -> str:
    """What to write instead: the date or dates inside the text, or the one that a misspelled month means."""
    found = list(dict.fromkeys(_find_dates(text)))
    if len(found) == 1:
        return f"Write only the date: {found[0]}. What else you want to say goes into another field."
    if len(found) == 2:
        return f"Write one day: {found[0]}. If it lasts until {found[1]}, write that under `until`."
    corrected = re.sub(r"[A-Za-z]{3,}", lambda word: _guess_month(word[0]), text)
    guessed = next(_find_dates(corrected), None) if corrected != text else None
    return f"Write it as {guessed}." if guessed else _DATE_REMEDY


def _find_dates(text: str) -> Iterator[PartialDate]:
    """The dates inside a text; both days of a range such as 27–28 November 2021."""
    for match in SOMEWHERE.finditer(RANGE.sub(r"\g<first>\g<rest>; \g<last>\g<rest>", text)):
        with suppress(PydanticCustomError):
            found = _read_date(match[0], "")
            if found and found.day and _exists(found):
                yield found


def _guess_month(word: str) -> str:
    near = get_close_matches(word.lower(), [month.lower() for month in MONTHS], n=1, cutoff=0.7)
    return near[0].capitalize() if near else word


def _refuse_impossible(found: PartialDate, text: str) -> None:
    if found.year is not None and found.year not in YEARS:
        raise invalid(f"“{text}” is not a year from {YEARS[0]} to {YEARS[-1]}.", _DATE_REMEDY)
    if found.month is not None and found.month not in range(1, 13):
        raise invalid(f"“{text}” has no such month.", _DATE_REMEDY)
    if found.month and found.day is not None:
        days = monthrange(found.year or 2024, found.month)[1]  # without a year, 29 February may be meant
        if found.day not in range(1, days + 1):
            in_year = f" {found.year}" if found.year else ""
            raise invalid(
                f"“{text}” does not exist: {MONTHS[found.month - 1]}{in_year} has {days} days.",
                "Correct the day or the month.",
            )


def parse_day(text: str) -> date:
    """A whole date in any form that `parse_date` reads. Raises PydanticCustomError."""
    found = parse_date(text).exact
    if found is None:
        raise invalid(f"“{text}” is not a whole date.", "Write day, month and year, as in 4 May 2021.")
    return found


def parse_time(text: str) -> TimeOfDay:
    """A time of day from `14:30`, `2:30pm`, `2.30 pm`, `2pm`, `10:00:00`, `1430 hrs`, `12 noon` or `midnight`.

    Raises PydanticCustomError, whose remedy has the same time in a form that is read, if it is known.
    """
    word = text.lower().strip()
    if re.fullmatch(TIME, word, re.IGNORECASE) and (found := _read_time(word)):
        return found
    raise invalid(f"“{text}” is not a time of day.", _suggest_time(word))


def _read_time(word: str) -> TimeOfDay | None:
    """The time that a text in one of the forms means; None if there is none such."""
    if word.endswith("midnight"):
        return TimeOfDay(0, 0)
    if word.endswith(("noon", "midday")):
        return TimeOfDay(12, 0)
    match = CLOCK.fullmatch(word)
    if not match:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return TimeOfDay(hour, minute) if hour < 24 and minute < 60 else None


def _suggest_time(word: str) -> str:
    """What to write instead: the time or times inside the text, or the two that a bare hour can mean."""
    written = (match[0].strip() for match in re.finditer(rf"(?<![\w:.])(?:{TIME})(?!\w)", word, re.IGNORECASE))
    times = [found for each in written if each != word and (found := _read_time(each))]
    if len(times) > 1:
        return f"Write one time: {times[0]}. If it ends at {times[1]}, write that under `ends`."
    if times:
        return f"Write only the time: {times[0]}."
    if match := re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(?:o['’]? ?clock|[ap]\.?m\.?|h)?", word):
        hour, minute = int(match[1]), int(match[2] or 0)
        if 1 <= hour <= 12 and minute < 60:
            both = (TimeOfDay(hour % 12, minute), TimeOfDay(hour % 12 + 12, minute))
            return "Write it as {} or {}.".format(*(both if hour < 12 else reversed(both)))
        if hour < 24 and minute < 60:
            return f"Write it as {TimeOfDay(hour, minute)}."
    return _TIME_REMEDY


AMonth = Annotated[Month, BeforeValidator(parsed_by(parse_month)), WithJsonSchema({"type": "string"})]
ADate = Annotated[PartialDate, BeforeValidator(parsed_by(parse_date)), WithJsonSchema({"type": "string"})]
ADay = Annotated[date, BeforeValidator(parsed_by(parse_day)), WithJsonSchema({"type": "string"})]
ATime = Annotated[TimeOfDay, BeforeValidator(parsed_by(parse_time)), WithJsonSchema({"type": "string"})]
