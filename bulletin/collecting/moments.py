"""Days and times as contributors type them into a table: in figures, or both in one cell. Pure.

What is a day or a time is for `issue.dates` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic_core import PydanticCustomError

from bulletin.issue.dates import PartialDate, TimeOfDay, parse_date, parse_time

_BETWEEN = re.compile(r"(?<=\d)T(?=\d)|,?\s+(?:at\s+)?", re.IGNORECASE)
_SECONDS = re.compile(r"([0-9]{1,2}:[0-9]{2}):[0-9]{2}(?:\.0+)?")
_FIGURES = re.compile(r"(?P<first>[0-9]{1,2})[/.-](?P<second>[0-9]{1,2})[/.-](?P<year>[0-9]{4}|[0-9]{2})")
_NO_DAY = re.compile(r"(?:30|31) December 1899|[01] January 1900")  # what Excel gives for a time without a day


def read_day(text: str) -> PartialDate | None:
    """The day that a text says; None if it says none."""
    try:
        return parse_date(text.strip())
    except PydanticCustomError:
        return None


def read_time(text: str) -> TimeOfDay | None:
    """The time of day that a text says, with or without seconds; None if it says none."""
    try:
        return parse_time(_SECONDS.sub(r"\1", text.strip()))
    except PydanticCustomError:
        return None


def separate(text: str) -> tuple[str, str]:
    """The day and the time of a cell with both, as in `9 June 2021 14:30`. One of them is "" if it isn't there.

    Any other text is returned as it is, with "".
    """
    for between in reversed(list(_BETWEEN.finditer(text))):
        day, written = text[: between.start()].strip(), text[between.end() :].strip()
        time = read_time(written)
        if time and _NO_DAY.fullmatch(day):
            return "", write_time(written)
        if time and (read_day(day) or _FIGURES.fullmatch(day)):
            is_day_alone = time == TimeOfDay(0, 0) and written[0].isdigit()  # as programs write it
            return day, "" if is_day_alone else write_time(written)
    return text, ""


def write_day(text: str, *, day_first: bool = False) -> str:
    """A day in figures, written out: `17/12/2026` is 17 December 2026. Any other text as it is.

    `day_first`: its day is known to be first, so `03/04/2026` can be read too.
    """
    match = _FIGURES.fullmatch(text.strip())
    if not match:
        return text
    found = read_day(".".join(match.groups()) if day_first else text)  # with dots, the day is always first
    return str(found) if found else text


def write_time(text: str) -> str:
    """A time without its seconds. Any other text as it is."""
    return _SECONDS.sub(r"\1", text.strip()) if read_time(text) else text


def has_day_first(texts: Iterable[str]) -> bool:
    """Whether the days in figures among these texts have the day first: one of them must, and none has it second."""
    found = [match for text in texts if (match := _FIGURES.match(text.strip()))]
    return any(int(one["first"]) > 12 for one in found) and not any(int(one["second"]) > 12 for one in found)


def is_ambiguous(text: str) -> bool:
    """Whether a day in figures could be read month first too: 03/04/2026, but not 17/12/2026 or 04/04/2026."""
    match = _FIGURES.fullmatch(text.strip())
    return bool(
        match and match["first"] != match["second"] and int(match["second"]) <= 12 and int(match["first"]) <= 12
    )
