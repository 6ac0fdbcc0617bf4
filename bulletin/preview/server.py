"""Serve the preview until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette

from bulletin.preview.guard import Gate, Guard
from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import PreviewSession
from bulletin.preview.site import Site
from bulletin.preview.watch import watch_folders, watch_settings
from bulletin.web.origins import LOOPBACK_NAMES
from bulletin.web.serving import QuietServer
from bulletin.web.serving import listen as listen_on

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8525


def listen(host: str, port: int | None) -> socket.socket:
    """A socket to serve on: `port`, or any free one for 0; for None the usual one, or any free one if it is taken.

    Raises BulletinError if that cannot be had.
    """
    return listen_on(host, port, usual_port=USUAL_PORT, what="The preview")


class Preview(QuietServer):
    """The preview of a workspace, on a socket that listens already. `serve_until_stopped` runs it."""

    def __init__(
        self,
        session: PreviewSession,
        *,
        sock: socket.socket,
        host: str = LOOPBACK,
        issue: str,
        opened: Callable[[str], object],
    ) -> None:
        """`opened` is called with the address of `issue` once the preview answers there."""
        self._session = session
        self._reload_events = ReloadEvents()
        self._opened = opened
        self._gate = Gate(
            host=host,
            page_token=secrets.token_urlsafe(24),
            entry_token="" if host in LOOPBACK_NAMES else secrets.token_urlsafe(24),
        )
        self.address = self._write_address(issue, port=sock.getsockname()[1])
        site = Site(session, self._reload_events, page_token=self._gate.page_token).build(self._watch)
        super().__init__(Guard(site, gate=self._gate), sock=sock)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        asyncio.get_running_loop().run_in_executor(None, self._opened, self.address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._reload_events.close()  # or uvicorn would wait for the streams of events to end
        await super().shutdown(sockets)

    @contextlib.asynccontextmanager
    async def _watch(self, _application: Starlette) -> AsyncIterator[None]:
        root = self._session.workspace.root
        watchers = [
            asyncio.create_task(self._ring_after(saves)) for saves in (watch_settings(root), watch_folders(root))
        ]
        try:
            yield
        finally:
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)

    async def _ring_after(self, saves: AsyncIterator[None]) -> None:
        async for _ in saves:
            self._session.touch()
            self._reload_events.announce(self._session.revision)

    def _write_address(self, issue_id: str, *, port: int) -> str:
        """Where the issue's preview is; where a token is asked for, it has it."""
        host = f"[{self._gate.host}]" if ":" in self._gate.host else self._gate.host
        token = f"?token={self._gate.entry_token}" if self._gate.entry_token else ""
        return f"http://{host}:{port}/issues/{issue_id}{token}"
