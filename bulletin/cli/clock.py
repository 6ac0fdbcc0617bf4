"""The one clock: everything below the edge is handed the time."""

from __future__ import annotations

import time
from datetime import date

from bulletin import times


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def today(milliseconds: int | None = None) -> date:
    """Today, or the day of another time, in the user's own zone."""
    return times.read_local(now_ms() if milliseconds is None else milliseconds).date()


def format_time(milliseconds: int | None) -> str:
    """`4 May 2021, 10:02`, in the user's own zone; empty for None."""
    return "" if milliseconds is None else times.format_time(milliseconds)


def describe_soon(milliseconds: int) -> str:
    """A time to come, as seen from now: `16:38`, `09:10 tomorrow`, `09:10 on Tuesday 24 November`."""
    at, now = times.read_local(milliseconds), times.read_local(now_ms())
    return times.describe_time(at, now=now).removesuffix(" today")
