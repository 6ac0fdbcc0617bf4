"""The one clock: everything below the edge is handed the time. And how a time is told."""

from __future__ import annotations

import time
from datetime import date, datetime


def tell_time() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def tell_day(milliseconds: int | None = None) -> date:
    """Today, or the day of another time, in the user's own zone."""
    now = tell_time() if milliseconds is None else milliseconds
    return datetime.fromtimestamp(now / 1000).astimezone().date()


def tell_when(milliseconds: int | None) -> str:
    """A time in the user's own zone: `4 May 2021, 10:02`; empty for None."""
    if milliseconds is None:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def tell_soon(milliseconds: int) -> str:
    """A time to come, as seen from now: `16:38`, `09:10 tomorrow`, `09:10 on Tuesday 24 November`."""
    from bulletin.delivery.limits.forecast import describe_time

    moment, now = (datetime.fromtimestamp(at / 1000).astimezone() for at in (milliseconds, tell_time()))
    return describe_time(moment, now=now).removesuffix(" today")
