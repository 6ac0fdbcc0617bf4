"""Patterns in a line of an old bulletin: dates, times, months, labels, numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pydantic_core import PydanticCustomError

from bulletin.issue.dates import MONTHS, WEEKDAYS, Month, PartialDate, parse_date, parse_month, parse_time

_MONTH = "|".join([*MONTHS, *(f"{name[:3]}" for name in MONTHS), "Sept"])
_WEEKDAY = "|".join([*WEEKDAYS, *(day[:3] for day in WEEKDAYS)])
_DATE = re.compile(
    rf"(?:\b(?:{_WEEKDAY}),? )?"
    rf"\b(?:[0-9]{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\b(?:,? [0-9]{{4}}\b)?|(?:{_MONTH}),? [0-9]{{4}}\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b({'|'.join(MONTHS)}),? ([0-9]{{4}})\b", re.IGNORECASE)
_HOUR = r"[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?:am|pm)|[0-9]{1,2}:[0-9]{2}|midday|noon"
_HOURS = re.compile(rf"\b({_HOUR})(?:\s*(?:to|-|–|until)\s*({_HOUR}))?\b", re.IGNORECASE)
_LONGEST_PAST = 3  # months: a date without a year is more likely in the months ahead
_SEPARATOR = re.compile(r"\s+[·|–—-]\s+|\s*[;·|]\s+")


def find_dates(text: str) -> list[str]:
    """The valid dates in a text, as written."""
    return [match[0] for match in _DATE.finditer(text) if _read_date(match[0])]


def _read_date(text: str) -> PartialDate | None:
    try:
        return parse_date(text)
    except PydanticCustomError:
        return None


def complete_date(written: str, month: Month) -> tuple[str, bool]:
    """A date with its year, and whether that is certain. A missing year is the one that is nearest to `month`.

    A weekday that fits makes it certain. If the weekday fits no year nearby, the date stays as it is.
    """
    found = _read_date(written)
    if found is None or found.year is not None or found.month is None:
        return written, True
    distances = {year: Month(year, found.month) - month for year in _years_near(month)}
    years = [year for year, away in distances.items() if -_LONGEST_PAST <= away <= 12 - _LONGEST_PAST]
    fitting = [year for year in years if _read_date(f"{written} {year}")]
    if not fitting:
        return written, False
    certain = bool(re.match(_WEEKDAY, written, re.IGNORECASE))
    return f"{written} {fitting[0]}", certain


def _years_near(month: Month) -> range:
    return range(month.year - 1, month.year + 2)


def find_day(texts: Iterable[str]) -> str:
    """The first whole date in the texts; empty if there is none."""
    days = (written for text in texts for written in find_dates(text))
    return next((written for written in days if (found := _read_date(written)) and found.exact), "")


def find_month(masthead: Iterable[str], rest: Iterable[str]) -> Month | None:
    """The month that the head of a bulletin names, or else the one that its text names most often."""
    for text in masthead:
        for match in _NAMED.finditer(text):
            return _read_month(match)
    named = Counter(match[0] for text in rest for match in _NAMED.finditer(text))
    return _read_month(found) if named and (found := _NAMED.match(named.most_common(1)[0][0])) else None


def _read_month(match: re.Match[str]) -> Month | None:
    try:
        return parse_month(f"{match[1]} {match[2]}")
    except PydanticCustomError:
        return None


def find_hours(text: str) -> tuple[str, str, str]:
    """The hours as written in a text, their start, and their end; each empty if the text doesn't have it."""
    for match in _HOURS.finditer(text):
        if _is_time(match[1]) and (not match[2] or _is_time(match[2])):
            return match[0], match[1], match[2] or ""
    return "", "", ""


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except PydanticCustomError:
        return False
    return True


def find_number(text: str) -> tuple[int, str] | None:
    """The number and the title of `Priority 6: Neglect` or `6. Neglect`; None without a number."""
    match = re.fullmatch(r"(?:priority\s+)?([0-9]{1,3})\s*[.):–—-]\s*(\S.*)", text, re.IGNORECASE)
    return (int(match[1]), match[2]) if match else None


def read_label(text: str, *labels: str) -> str:
    """The words after a label at the beginning of a text, as in `Led by: Bexley CCG`; empty without one."""
    match = re.match(rf"(?:{'|'.join(labels)})(?:\s*:\s*|\s+(?=by\b)|\s+)(\S.*)", text, re.IGNORECASE)
    return match[1].rstrip(". ") if match else ""


def cut(text: str, *pieces: str) -> list[str]:
    """The parts of a text, split at its dots, dashes and brackets as in `Title · Publisher`, without the `pieces`."""
    for piece in filter(None, pieces):
        text = text.replace(piece, " · ", 1)
    parts = _SEPARATOR.split(re.sub(r"[()]", " · ", f" {text} "))
    return [stripped for part in parts if (stripped := part.strip(" ,;:·|–—-"))]
