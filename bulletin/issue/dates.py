"""Months, dates that may be partial, and times of day, as British readers write and read them. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from bulletin.declaration.values import invalid, parsed_by

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

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


_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_MONTH_NUMBERS |= {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)} | {"sept": 9}
_WEEKDAY = re.compile(rf"({'|'.join(WEEKDAYS)}|{'|'.join(day[:3] for day in WEEKDAYS)}),?\s+", re.IGNORECASE)
_DATE_REMEDY = "Write it as 24 March 2021 (or March 2021, 13 April, 2021)."


def parse_month(text: str) -> Month:
    """`2021-05` or `May 2021`. Raises PydanticCustomError."""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
        year, month = int(match[1]), int(match[2])
    elif (match := re.fullmatch(r"([A-Za-z]+)\s+([0-9]{4})", text)) and match[1].lower() in _MONTH_NUMBERS:
        year, month = int(match[2]), _MONTH_NUMBERS[match[1].lower()]
    else:
        raise invalid(f"“{text}” is not a month.", "Write it as 2021-06.")
    if month not in range(1, 13) or year not in YEARS:
        raise invalid(f"“{text}” is not a month that exists.", "Write it as 2021-06.")
    return Month(year, month)


def parse_date(text: str) -> PartialDate:
    """A partial date from `2021-03-24`, `24 March 2021`, `Wed 24 Mar 2021`, `March 2021`, `13 April` or `2021`.

    Dates in figures alone, as in 24/03/2021, are refused: 03/04 means two days. Raises PydanticCustomError.
    """
    weekday = _WEEKDAY.match(text)
    rest = text[weekday.end() :] if weekday else text
    parts: tuple[int | None, int | None, int | None]
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", rest):
        parts = (int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    elif match := re.fullmatch(r"([0-9]{4})", rest):
        parts = (int(match[1]), None, None)
    elif match := re.fullmatch(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]+)\.?(?:,?\s+([0-9]{4}))?", rest):
        month = _MONTH_NUMBERS.get(match[2].lower())
        if month is None:
            raise invalid(f"“{text}” is not a date.", _DATE_REMEDY)
        parts = (int(match[3]) if match[3] else None, month, int(match[1]) if match[1] else None)
        if parts[0] is None and parts[2] is None:
            raise invalid(
                f"“{text}” is a month without its year.", f"Write the year as well, as in {MONTHS[month - 1]} 2021."
            )
    else:
        raise invalid(f"“{text}” is not a date.", _DATE_REMEDY)
    found = PartialDate(*parts)
    _refuse_impossible(found, text)
    if weekday and found.weekday and found.weekday[:3].lower() != weekday[1][:3].lower():
        raise invalid(f"{found} is a {found.weekday}, not a {weekday[1].capitalize()}.", "Correct the day or the date.")
    return found


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
    """A time of day from `14:30`, `2:30pm`, `2.30 pm`, `2pm`, `midday` or `midnight`. Raises PydanticCustomError."""
    word = text.lower()
    if word in ("midday", "noon", "12 noon"):
        return TimeOfDay(12, 0)
    if word == "midnight":
        return TimeOfDay(0, 0)
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", word)
    if match and (match[2] or match[3]):
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match[3].startswith("p") else 0)
        elif match[3]:
            hour = 99
        if hour < 24 and minute < 60:
            return TimeOfDay(hour, minute)
    raise invalid(f"“{text}” is not a time of day.", "Write it as 14:30 or 2:30pm.")


AMonth = Annotated[Month, BeforeValidator(parsed_by(parse_month)), WithJsonSchema({"type": "string"})]
ADate = Annotated[PartialDate, BeforeValidator(parsed_by(parse_date)), WithJsonSchema({"type": "string"})]
ADay = Annotated[date, BeforeValidator(parsed_by(parse_day)), WithJsonSchema({"type": "string"})]
ATime = Annotated[TimeOfDay, BeforeValidator(parsed_by(parse_time)), WithJsonSchema({"type": "string"})]
