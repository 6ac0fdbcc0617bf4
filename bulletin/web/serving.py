"""Listen on a socket, and answer until told to stop. This module owns uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from functools import partial
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bulletin.errors import BulletinError


def listen(host: str, port: int | None, *, usual_port: int, what: str) -> socket.socket:
    """A socket to serve on: `port`, or any free one for 0; for None the usual one, or any free one if it is taken.

    `what` names the server in the error: “The preview”. Raises BulletinError if that cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, usual_port if port is None else port), family=family)
    except OSError as error:
        if port is None:
            return listen(host, 0, usual_port=usual_port, what=what)
        raise BulletinError(
            f"{what} cannot listen on port {port} of {host}: {error.strerror}.",
            "Give another one with --port, or leave it out.",
        ) from error


class PatientProtocol(H11Protocol):
    """HTTP/1.1, with an end to patience: uvicorn itself would wait for ever for the rest of a request's headers.

    `patience` is in seconds, from the opening of a connection or from the first byte of its next request.
    """

    def __init__(self, *arguments: Any, patience: float, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._patience = patience
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:  # the headers are complete
            self._stop_waiting()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self._patience, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        self.transport.abort()


class QuietServer(uvicorn.Server):
    """Serves an application on a socket that listens already, and writes no lines of its own for each request."""

    def __init__(
        self,
        application: ASGIApp,
        *,
        sock: socket.socket,
        patience: float | None = None,
        grace: int | None = None,
        most: int | None = None,
    ) -> None:
        """`patience`: seconds for the headers of a request. `grace`: seconds for answers under way when it is stopped.

        `most`: how many connections there may be at once. None is no limit, for each.
        """
        self._socket = sock
        super().__init__(
            uvicorn.Config(
                application,
                http="auto" if patience is None else partial(PatientProtocol, patience=patience),  # type: ignore[arg-type]  # it makes one
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=grace,
                limit_concurrency=most,
            )
        )

    def serve_until_stopped(self) -> None:
        """Returns after Ctrl-C, or once another thread sets `should_exit`."""
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            self.run(sockets=[self._socket])
