"""One line for each answer, for those who look after a server: `POST /unsubscribe/… 200 3 ms`.

It has the name of the route and never the path that was asked for: in that there are tokens. Nor does it have any
address, of email or of a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_PARAMETER = re.compile(r"\{[^{}]*\}")
NO_PAGE = "(no page)"


class AccessLines:
    """Wraps an application, and gives `write` a line after each of its answers.

    `clock` returns seconds, and never goes back.
    """

    def __init__(
        self, app: ASGIApp, *, write: Callable[[str], object], clock: Callable[[], float] = perf_counter
    ) -> None:
        self._app = app
        self._write = write
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 0, self._clock()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._write(_describe(scope, status, self._clock() - begun))


def _describe(scope: Scope, status: int, seconds: float) -> str:
    """A method of the client's own making is not repeated."""
    method = scope["method"] if scope["method"] in _KNOWN_METHODS else "(other)"
    return f"{method} {name_route(scope)} {status or 'no answer'} {seconds * 1000:.0f} ms"


def name_route(scope: Scope) -> str:
    """The route that answers, with an ellipsis for what differs: `/unsubscribe/…`."""
    path = getattr(scope.get("route"), "path", "")
    return _PARAMETER.sub("…", path) if path else NO_PAGE
