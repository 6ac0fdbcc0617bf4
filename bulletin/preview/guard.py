"""The guard: who may talk to the preview.

Another web page in the same browser may not; nor may another machine, unless it was let in with a token.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bulletin.web.headers import set_security_headers
from bulletin.web.origins import LOOPBACK_NAMES, read_host_name

TOKEN_HEADER = "x-bulletin-token"  # noqa: S105 -- a name, not a secret
COOKIE = "bulletin-preview"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = {"GET", "HEAD"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """What opens the preview: the name it listens under, and two random words.

    `page_token` is written into the page, and every POST has to bring it. `entry_token` is "" on the loopback, where
    no other machine gets in; elsewhere, a browser that brings it once as `?token=` gets a cookie.
    """

    host: str
    page_token: str = field(repr=False)
    entry_token: str = field(default="", repr=False)

    def knows(self, host_header: str) -> bool:
        """Whether a Host header names this machine as we do. DNS rebinding uses a foreign name."""
        name = read_host_name(host_header)
        if name in LOOPBACK_NAMES or name == self.host.lower():
            return True
        return bool(self.entry_token) and _is_address(name)  # a foreign page has a name, never a bare address of ours


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """Wraps an application: refuses foreign requests, and sets the headers that separate its pages from others."""

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                set_security_headers(headers, policy=PAGE_POLICY, referrer="no-referrer")
            await send(message)

        answer = self._judge(Request(scope)) or self._app
        await answer(scope, receive, send_guarded)

    def _judge(self, request: Request) -> Response | None:
        """The refusal, or the redirection that sets a cookie; None if the request may pass."""
        headers = request.headers
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._gate.knows(host):
            return PlainTextResponse("This preview is not known by that name.", status_code=421)
        if origin is not None and origin != f"http://{host}":
            return _refuse("The preview answers its own pages only.")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return _refuse("The preview answers its own pages only.")
        if self._gate.entry_token and not _same(request.cookies.get(COOKIE, ""), self._gate.entry_token):
            return self._let_in(request)
        if request.method in _SAFE:
            return None
        if origin is None or not _same(headers.get(TOKEN_HEADER, ""), self._gate.page_token):
            return _refuse("Only the preview’s own page can do this. Load it again.")
        return None

    def _let_in(self, request: Request) -> Response:
        given = request.query_params.get("token", "")
        if request.method != "GET" or not _same(given, self._gate.entry_token):
            return PlainTextResponse("Open the whole address that the terminal shows, with its token.", status_code=401)
        answer = RedirectResponse(request.url.path, status_code=303)  # so that the token isn't in the address bar
        answer.set_cookie(COOKIE, given, httponly=True, samesite="strict")
        return answer


def _refuse(words: str) -> Response:
    return PlainTextResponse(words, status_code=403)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
