"""Serve the website until it is told to stop."""

from __future__ import annotations

import socket
from functools import partial

from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp

from bulletin.web.serving import PatientProtocol, QuietServer
from bulletin.web.serving import listen as listen_on

USUAL_PORT = 8526
HEADER_SECONDS = 10.0
GRACE_SECONDS = 10
MOST_CONNECTIONS = 1000
MOST_AT_ONCE = 8
"""Threads that answer. Each keeps a connection to the database and memory of its own."""


def listen_for_readers(host: str, port: int | None) -> socket.socket:
    """A socket to serve on: `port`, or any free one for 0; for None the usual one, or any free one if it is taken.

    Raises BulletinError if that cannot be had.
    """
    return listen_on(host, port, usual_port=USUAL_PORT, what="The website")


class WebsiteServer(QuietServer):
    """The website, on a socket that listens already. `serve_until_stopped` runs it.

    A client that is slow to say what it wants is hung up on. When it is stopped, answers under way may end.
    """

    def __init__(
        self,
        application: ASGIApp,
        *,
        sock: socket.socket,
        header_seconds: float = HEADER_SECONDS,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        protocol = partial(PatientProtocol, patience=header_seconds, most=most_connections)
        super().__init__(application, sock=sock, protocol=protocol, grace=GRACE_SECONDS)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until it is told to stop, with few threads: all of them would wait for the same database."""
        current_default_thread_limiter().total_tokens = MOST_AT_ONCE
        await super().serve(sockets)
