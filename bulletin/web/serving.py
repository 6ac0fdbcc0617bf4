"""Listen on a socket, and answer until told to stop. This module owns uvicorn."""

from __future__ import annotations

import contextlib
import socket

import uvicorn
from starlette.types import ASGIApp

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


class QuietServer(uvicorn.Server):
    """Serves an application on a socket that listens already, and writes no lines of its own for each request."""

    def __init__(self, application: ASGIApp, *, sock: socket.socket) -> None:
        self._socket = sock
        super().__init__(
            uvicorn.Config(
                application, log_level="warning", access_log=False, server_header=False, proxy_headers=False, ws="none"
            )
        )

    def serve_until_stopped(self) -> None:
        """Returns after Ctrl-C, or once another thread sets `should_exit`."""
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            self.run(sockets=[self._socket])
