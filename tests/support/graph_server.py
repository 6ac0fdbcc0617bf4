"""Microsoft's login service and Graph's `sendMail` on this machine, by https, with the answers that their pages name.

It keeps its own record of what it accepted, before it answers: so a connection that breaks off afterwards leaves a
message that arrived.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import trustme

from bulletin.settings.graph import GraphAccount

MAILBOX = "news@anytown.example.org"
TENANT, CLIENT, SECRET = "anytown.example.org", "0000-1111", "s3cret~value"


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """What it does at a message: keep it or not, and answer or hang up. `part`: only half of the answer is sent."""

    status: int = 202
    code: str = ""
    words: str = "In Microsoft's own words."
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False
    hangs_up: bool = False
    part: bool = False
    stalls: bool = False


ACCEPT = Reaction(keeps=True)
LOST_AFTER = Reaction(keeps=True, hangs_up=True)
LOST_BEFORE = Reaction(hangs_up=True)
HALF = Reaction(keeps=True, part=True)
STALL = Reaction(keeps=True, stalls=True)
BUSY = Reaction(status=429, code="ApplicationThrottled", headers={"Retry-After": "1"})
EXPIRED = Reaction(status=401, code="InvalidAuthenticationToken", words="Lifetime validation failed.")
TOO_LARGE = Reaction(status=413, code="RequestEntityTooLarge")
DENIED = Reaction(status=403, code="ErrorAccessDenied", words="Access is denied.")
NO_SUCH_PERSON = Reaction(status=400, code="ErrorInvalidRecipients", words="At least one recipient is not valid.")
BROKEN = Reaction(status=500, code="ErrorInternalServerError")


class GraphServer(ThreadingHTTPServer):
    """Reacts to each message as `react` says, which gets its number and its recipient."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, authority: trustme.CA, bundle: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.react: Callable[[int, str], Reaction] = lambda _number, _recipient: ACCEPT
        self.arrivals: list[bytes] = []
        self.requests = 0
        self.tokens_given = 0
        self.tokens_refused: set[str] = set()
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.bundle = bundle
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        self.context = context

    def finish_request(self, request: object, client_address: object) -> None:
        """In the thread of the connection: a slow handshake holds no one up."""
        assert isinstance(request, socket.socket)
        try:
            with self.context.wrap_socket(request, server_side=True) as encrypted:
                super().finish_request(encrypted, client_address)
        except (OSError, ssl.SSLError):
            pass  # a sender that was killed

    def handle_error(self, request: object, client_address: object) -> None:
        pass

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_port}"

    @property
    def account(self) -> GraphAccount:
        return GraphAccount(mailbox=MAILBOX, tenant=TENANT, client_id=CLIENT, url=self.url, login_url=self.url)

    @property
    def settings(self) -> str:
        """For bulletin.yaml, under `sending:`."""
        return (
            f"graph: {{mailbox: {MAILBOX}, tenant: {TENANT}, client_id: {CLIENT}, "
            f"url: '{self.url}', login_url: '{self.url}'}}"
        )

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command that sends by it."""
        return os.environ | {"BULLETIN_CLIENT_SECRET": SECRET, "REQUESTS_CA_BUNDLE": str(self.bundle)}

    def recipients(self) -> Counter[str]:
        """How often each address got a message."""
        with self.lock:
            letters = [message_from_bytes(arrival, policy=policy.default) for arrival in self.arrivals]
        return Counter(parseaddr(str(letter["To"]))[1] for letter in letters)


class _Handler(BaseHTTPRequestHandler):
    server: GraphServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """What msal asks first: where tokens are given."""
        here = f"{self.server.url}/{TENANT}"
        endpoints = {
            name: f"{here}/oauth2/v2.0/{name.split('_')[0]}" for name in ("authorization_endpoint", "token_endpoint")
        }
        self._answer(200, {"issuer": f"{here}/v2.0", **endpoints})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # a sender that was killed: no server takes half a request
            self.close_connection = True
        elif self.path.endswith("/token"):
            self._give_token(parse_qs(body.decode()))
        elif self.path == f"/v1.0/users/{MAILBOX}/sendMail":
            self._take(body)
        else:
            self._answer(404, {"error": {"code": "ErrorInvalidUser", "message": "The requested user is invalid."}})

    def _give_token(self, asked: Mapping[str, list[str]]) -> None:
        assert asked["scope"] == [f"{self.server.url}/.default"]
        if asked["client_secret"] != [SECRET]:
            self._answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."})
            return
        with self.server.lock:
            self.server.tokens_given += 1
            token = f"token-{self.server.tokens_given}"
        self._answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _take(self, body: bytes) -> None:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        assert self.headers["Content-Type"] == "text/plain"
        message = b64decode(body, validate=True)
        recipient = parseaddr(str(message_from_bytes(message, policy=policy.default)["To"]))[1]
        with self.server.lock:
            number, self.server.requests = self.server.requests, self.server.requests + 1
        reaction = EXPIRED if token in self.server.tokens_refused else self.server.react(number, recipient)
        if reaction.keeps:
            with self.server.lock:
                self.server.arrivals.append(message)
        if reaction.stalls:
            self.server.ended.wait(60)
        if reaction.hangs_up:
            self.close_connection = True
        elif reaction.part:
            self.wfile.write(b"HTTP/1.1 20")
            self.close_connection = True
        elif reaction.status == 202:
            self._answer(202, None, reaction.headers)
        else:
            self._answer(
                reaction.status, {"error": {"code": reaction.code, "message": reaction.words}}, reaction.headers
            )

    def _answer(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def run_graph(folder: Path) -> Iterator[GraphServer]:
    """Run it during the `with` block. Its certificate is vouched for by a file in `folder`."""
    authority = trustme.CA()
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    server = GraphServer(authority, bundle)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
