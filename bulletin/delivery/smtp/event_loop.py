"""The event loop that sends mail."""

from __future__ import annotations

import asyncio


def make_event_loop() -> asyncio.AbstractEventLoop:
    """Make a uvloop event loop, or asyncio's own where uvloop is missing. uvloop saves an eighth of the CPU time."""
    try:
        import uvloop
    except ImportError:  # on Windows, and without the extra `fast`
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
