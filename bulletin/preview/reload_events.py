"""The bell: tells every open page that something was saved. For use within one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


class Bell:
    """Rung with a number; whoever listens gets each ring, and the end when the bell is put away."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[int | None]] = set()
        self._put_away = False

    def ring(self, number: int) -> None:
        for listener in self._listeners:
            listener.put_nowait(number)

    def put_away(self) -> None:
        """Nobody hears it any more: a server can end, though pages are still open."""
        self._put_away = True
        for listener in self._listeners:
            listener.put_nowait(None)

    async def listen(self, first: int) -> AsyncIterator[int]:
        """`first`, then every number that is rung from now on."""
        rings: asyncio.Queue[int | None] = asyncio.Queue()
        rings.put_nowait(first)
        self._listeners.add(rings)
        try:
            while not self._put_away and (number := await rings.get()) is not None:
                yield number
        finally:
            self._listeners.discard(rings)
