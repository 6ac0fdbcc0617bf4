"""The one clock: everything below the edge is handed the time. And how a time is told."""

from __future__ import annotations

import time
from datetime import date, datetime

from bulletin.times import describe_time, format_time, read_local


def tell_time() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def tell_day(milliseconds: int | None = None) -> date:
    """Today, or the day of another time, in the user's own zone."""
    now = tell_time() if milliseconds is None else milliseconds
    return datetime.fromtimestamp(now / 1000).astimezone().date()


def tell_when(milliseconds: int | None) -> str:
    """A time in the user's own zone: `4 May 2021, 10:02`; empty for None."""
    return "" if milliseconds is None else format_time(milliseconds)


def tell_soon(milliseconds: int) -> str:
    """A time to come, as seen from now: `16:38`, `09:10 tomorrow`, `09:10 on Tuesday 24 November`."""
    return describe_time(read_local(milliseconds), now=read_local(tell_time())).removesuffix(" today")
