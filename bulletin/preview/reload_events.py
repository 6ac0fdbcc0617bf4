"""Tells every open page that something was saved. For use within one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


class ReloadEvents:
    """Broadcasts revision numbers to open pages until closed."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[int | None]] = set()
        self._closed = False

    def announce(self, revision: int) -> None:
        for listener in self._listeners:
            listener.put_nowait(revision)

    def close(self) -> None:
        """End every `listen`: so a server can end while pages are still open."""
        self._closed = True
        for listener in self._listeners:
            listener.put_nowait(None)

    async def listen(self, first: int) -> AsyncIterator[int]:
        """`first`, then every revision announced from now on."""
        revisions: asyncio.Queue[int | None] = asyncio.Queue()
        revisions.put_nowait(first)
        self._listeners.add(revisions)
        try:
            while not self._closed and (revision := await revisions.get()) is not None:
                yield revision
        finally:
            self._listeners.discard(revisions)
