"""How a time is put into words: one function for each kind of wording. Pure.

Times are in ms since 1970, UTC. `zone` is the zone to tell them in; None is this computer's own.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

_MINUTE: Final = 60_000  # ms
_UNITS: Final = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))  # seconds


def format_time(at: int, *, zone: tzinfo | None = None) -> str:
    """`4 May 2021, 10:02`: for a list or a table of what has happened."""
    local = read_local(at, zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


def format_day(day: date) -> str:
    """`4 May 2021`, the same on every system."""
    return f"{day.day} {day:%B %Y}"


def format_exact_time(at: int, *, zone: tzinfo | None = None) -> str:
    """`4 May 2021, 10:02:07 BST`: for a record, which may be read in another place."""
    local = read_local(at, zone)
    return f"{local.day} {local:%B %Y, %H:%M:%S %Z}"


def format_clock_first(at: int, *, zone: tzinfo | None = None) -> str:
    """`10:02 on 4 May 2021`: for since when something lasts."""
    local = read_local(at, zone)
    return f"{local:%H:%M} on {local.day} {local:%B %Y}"


def format_second(at: int, *, zone: tzinfo | None = None) -> str:
    """`10:02:07 on Tuesday 4 May 2021`: for finding a file or a copy by its time."""
    local = read_local(at, zone)
    return f"{local:%H:%M:%S} on {local:%A} {local.day} {local:%B %Y}"


def format_rfc3339(at: int) -> str:
    """`2021-05-04T09:02:07.120Z`: in UTC, for other programs."""
    moment = datetime.fromtimestamp(at / 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03}Z"


def format_utc(at: int) -> str:
    """`2021-05-04T09:02:07Z`: as `format_rfc3339`, to the second."""
    return f"{datetime.fromtimestamp(at / 1000, tz=UTC):%Y-%m-%dT%H:%M:%SZ}"


def describe_moment(at: int, *, zone: tzinfo | None = None) -> str:
    """`09:00 on Tuesday 1 June 2021 (BST, UTC+1)`: for a time that somebody plans by."""
    local = read_local(at, zone)
    offset = describe_offset(local)
    name = local.tzname() or ""
    told = f"{name}, {offset}" if name.replace(" ", "").isalpha() and name != offset else offset
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y} ({told})"


def describe_offset(moment: datetime) -> str:
    """How far a zone is from UTC: `UTC`, `UTC+1`, `UTC−3:30`."""
    minutes = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def describe_time(moment: datetime, *, now: datetime) -> str:
    """`14:35 today`, `09:10 tomorrow`, `09:10 on Tuesday 24 November`; both are in the reader's own zone.

    A year that is not this one is named.
    """
    days = (moment.date() - now.date()) / timedelta(days=1)
    date = f"{moment.day} {moment:%B}" if moment.year == now.year else f"{moment.day} {moment:%B %Y}"
    day = {0: "today", 1: "tomorrow"}.get(int(days), f"on {moment:%A} {date}")
    return f"{moment:%H:%M} {day}"


def describe_length(milliseconds: int) -> str:
    """`less than a minute`, `about 3 h 20 min`, `about 2 days 5 h`: rounded up, and no finer than it can be known."""
    minutes = math.ceil(milliseconds / _MINUTE)
    if minutes <= 1:
        return "about a minute" if milliseconds > _MINUTE / 2 else "less than a minute"
    if minutes > 10:
        minutes = 5 * math.ceil(minutes / 5)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return "about " + " ".join(f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min")) if value)
    days, hours = divmod(hours + (minutes > 0), 24)
    return f"about {days} day{'s' * (days > 1)}" + (f" {hours} h" if hours else "")


def describe_interval(seconds: int) -> str:
    """`10 seconds`, `minute`, `2 hours`: to follow “each”."""
    name, unit = next((name, unit) for name, unit in _UNITS if seconds % unit == 0)
    number = seconds // unit
    return name if number == 1 else f"{number} {name}s"


def read_local(at: int, zone: tzinfo | None = None) -> datetime:
    """A time as the clocks of the zone show it."""
    return datetime.fromtimestamp(at / 1000, zone).astimezone(zone)
