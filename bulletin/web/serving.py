"""Listen on a socket, and answer until told to stop. This module owns uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
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
        sock = socket.create_server((host, usual_port if port is None else port), family=family)
    except OSError as error:
        if port is None:
            return listen(host, 0, usual_port=usual_port, what=what)
        raise BulletinError(
            f"{what} cannot listen on port {port} of {host}: {error.strerror}.",
            "Give another one with --port, or leave it out.",
        ) from error
    # An answer's head and body leave one after the other: the body must not wait until the head is acknowledged.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


_REFUSAL_HEADERS = [
    ("content-type", "text/plain; charset=utf-8"),
    ("content-security-policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ("cache-control", "no-store"),
    ("referrer-policy", "strict-origin"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("connection", "close"),
]


class PatientProtocol(H11Protocol):
    """HTTP/1.1, with an end to patience: uvicorn itself would wait for ever for the rest of a request's headers.

    `patience` is in seconds, from the opening of a connection or from the first byte of its next request. Connections
    beyond `most` are closed at once.
    """

    def __init__(self, *arguments: Any, patience: float, most: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._patience = patience
        self._most = most
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self._most:
            transport.abort()
            return
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

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, with the headers of every other answer. The words say nothing of the request."""
        answer = h11.Response(status_code=400, headers=_REFUSAL_HEADERS, reason=b"Bad Request")
        for event in (answer, h11.Data(data=msg.encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

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
        protocol: Callable[..., H11Protocol] | None = None,
        grace: int | None = None,
    ) -> None:
        """`protocol` makes what talks to one client; None for uvicorn's own choice.

        `grace` is how many seconds answers under way have when it is stopped; None for as many as they need. The event
        loop is asyncio's own: uvloop takes 3 MB, and saves nothing that anyone would notice at a page.
        """
        self._socket = sock
        super().__init__(
            uvicorn.Config(
                application,
                loop="asyncio",
                http=protocol or "auto",  # type: ignore[arg-type]  # uvicorn calls it
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=grace,
            )
        )

    def serve_until_stopped(self) -> None:
        """Returns after Ctrl-C, or once another thread sets `should_exit`."""
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            self.run(sockets=[self._socket])
