"""When somebody joined, as other programs write it: ISO, a workbook's number of days, or day, month and year. Pure.

`03/04/2027` is 3 April, as it is written in Britain, unless that is no date. A time without a zone is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of Excel, such that its 29 February 1900 doesn't matter
_SERIAL: Final = re.compile(r"([2-7]\d{4})(\.\d{1,15})?")  # days from 1954 to 2119
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)(?:[ ,T]+(\d{1,2}):(\d\d)(?::\d\d)?.*)?")
_IN_WORDS: Final = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y")


class ExportDate(NamedTuple):
    """A time in ms since 1970, and whether day and month could be the other way round."""

    at: int
    is_guess: bool = False


def read_export_date(text: str) -> ExportDate | None:
    """The time that a cell has; None if it has none that can be told."""
    text = " ".join(text.split())
    try:
        return _read(text)
    except (ValueError, OverflowError):
        return None


def _read(text: str) -> ExportDate | None:
    if _ISO.fullmatch(text):
        bare = text.replace(" UTC", "+00:00").replace("Z", "+00:00")
        return _count(datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$)", "", bare)))
    if _SERIAL.fullmatch(text):
        return _count(_EPOCH + timedelta(days=float(text)))
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        swapped = month > 12 >= day
        day, month = (month, day) if swapped else (day, month)
        time = (int(match[4] or 0), int(match[5] or 0))
        found = datetime(year if year > 99 else 2000 + year, month, day, *time, tzinfo=UTC)
        return _count(found, is_guess=not swapped and day <= 12 and day != month)
    for form in _IN_WORDS:
        try:
            return _count(datetime.strptime(text, form).replace(tzinfo=UTC))
        except ValueError:
            continue
    return None


def _count(moment: datetime, *, is_guess: bool = False) -> ExportDate:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    milliseconds = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return ExportDate(max(0, milliseconds), is_guess)
