"""Northfield, a partnership whose mail server, DNS, website and computer are in order: each test breaks one thing."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bulletin.database.schema import open_database
from bulletin.doctor.case import Case, Computer
from bulletin.doctor.names.resolver import DnsResolver
from bulletin.doctor.outside.received_copy import ReceivedCopy
from bulletin.workspace.workspace import Workspace
from conftest import write_workspace
from inbox import Inbox, RealRelay
from name_server import NameServer, serving_names
from own_website import serve_website

DOMAIN = "northfieldpartnership.org.uk"  # of no one; nothing of it is ever asked outside of this machine
RELAY = "smtp.office365.com"
WEBSITE = f"news.{DOMAIN}"
KEY = "Zx3kQ9vT7mB1rL5nW8yC2hD6fJ4sP0gA_uEiOqXtVbN"
TOKEN = "a-token-for-tests"
ELSEWHERE = "81.2.69.142"  # a public address, which nothing ever connects to

SETTINGS = f"""\
organisation:
  name: Northfield Partnership
  about: We keep children safe in Northfield.
  address: 1 High Street, Northfield NF1 1AA
  email: contact@{DOMAIN}
bulletins:
  monthly:
    title: Northfield news
    sender: {{name: Northfield Partnership, email: news@{DOMAIN}}}
    reply_to: contact@{DOMAIN}
lists:
  partners: {{title: Partner agencies, basis: public-task}}
website:
  url: https://{WEBSITE}
sending:
  provider: microsoft-365
  smtp: smtp+starttls://news%40{DOMAIN}@{RELAY}:587
  login: {{kind: command, command: printf {TOKEN}}}
"""
WITH_PASSWORD = SETTINGS.replace(f"  login: {{kind: command, command: printf {TOKEN}}}\n", "")
LISTS = {"partners": f"email,name\nanna@{DOMAIN},Anna\nben@{DOMAIN},Ben\n"}
ISSUE = """\
month: 2026-12
published: 1 December 2026
subject: Northfield news for December
preview_text: What we did in November
sections:
  - kind: notice
    title: Office hours
    text: We are closed on **25 December 2026**.
"""


@cache
def make_dkim_record(bits: int = 2048) -> str:
    """A DKIM record with a key of this length, in pieces as the DNS has them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    text = "v=DKIM1; k=rsa; p=" + b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


def make_zone() -> str:
    """The records of the good set-up."""
    return f"""
{DOMAIN} TXT "v=spf1 include:spf.protection.outlook.com -all"
{DOMAIN} MX 10 northfield.mail.protection.outlook.com.
spf.protection.outlook.com TXT "v=spf1 ip4:40.92.0.0/15 -all"
selector1._domainkey.{DOMAIN} TXT {make_dkim_record()}
_dmarc.{DOMAIN} TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN}"
{WEBSITE} A {ELSEWHERE}
{RELAY} A 52.97.133.162
"""


class MicrosoftInbox(Inbox):
    """A mail server that takes a token, as Microsoft's does."""

    async def auth_XOAUTH2(self, _server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802 -- aiosmtpd's
        told = b64decode(arguments[1]) if len(arguments) > 1 else b""
        return AuthResult(success=TOKEN.encode() in told, handled=False)


@dataclass
class Dialler:
    """Leads from hosts to servers on this machine. A host without one refuses connections."""

    context: ssl.SSLContext
    ways: dict[tuple[str, int], int] = field(default_factory=dict)
    refusal: OSError = field(default_factory=ConnectionRefusedError)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def dial(self, host: str, port: int, *, patience: float) -> socket.socket:
        self.dialled.append((host, port))
        if (host, port) not in self.ways:
            raise self.refusal
        return socket.create_connection(("127.0.0.1", self.ways[host, port]), timeout=patience)


@dataclass(kw_only=True)
class Northfield:
    """What to set up. `relay` and `front` are options of the mail server and of the proxy before the website."""

    settings: str = SETTINGS
    zone: str = field(default_factory=make_zone)
    faults: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=lambda: dict(LISTS))
    relay: dict[str, Any] = field(default_factory=dict)
    relay_name: str = RELAY
    relay_certificate: str = RELAY
    certificate_end: datetime | None = None
    encrypts: bool = True
    inbox: Callable[[], Inbox] = MicrosoftInbox
    front: Front | None = None
    computer: dict[str, Any] = field(default_factory=dict)
    copy: ReceivedCopy | None = None
    roles: frozenset[str] = frozenset()
    prepare: Callable[[Workspace], object] = lambda _workspace: None


@dataclass(frozen=True, kw_only=True)
class Front:
    """What the web server in front of the pages does wrong."""

    turns_get_into_post: bool = False
    redirects_post: bool = False
    keeps_answers: bool = False


@contextmanager
def set_up(folder: Path, wanted: Northfield) -> Iterator[tuple[Case, NameServer]]:
    """The case, with all servers running."""
    authority = _authority()
    with ExitStack() as stack:
        environ = {"BULLETIN_SECRET_KEY": KEY, **wanted.environ}
        workspace = write_workspace(
            folder, settings=wanted.settings, issues={"2026-12": ISSUE}, lists=wanted.lists, environ=environ
        )
        (folder / ".gitignore").write_text(".bulletin/\nsubscribers/\n")
        engine = open_database(workspace)
        stack.callback(engine.dispose)
        wanted.prepare(workspace)
        names = stack.enter_context(serving_names(wanted.zone, faults=wanted.faults))
        options = dict(wanted.relay)
        if wanted.encrypts:
            options |= {"tls_context": _server_context(wanted.relay_certificate, wanted.certificate_end)}
        relay = stack.enter_context(RealRelay(inbox=wanted.inbox(), **options))
        page = stack.enter_context(serve_website(engine, KEY.encode(), settings=wanted.settings))
        front = stack.enter_context(serve_front(page, wanted.front or Front(), _server_context(WEBSITE, None)))
        context = ssl.create_default_context()
        authority.configure_trust(context)
        case = stack.enter_context(
            Case(
                workspace=workspace,
                resolver=DnsResolver(server=names.address, patience=0.6),
                dialler=Dialler(
                    context, {(wanted.relay_name, 587): relay.port, (WEBSITE, 443): front, (WEBSITE, 80): front}
                ),
                computer=Computer(**{"free": lambda _: 10**11, "python": (3, 13), "environ": {}, **wanted.computer}),
                copy=wanted.copy,
                find_roles=lambda _case: wanted.roles,
            )
        )
        yield case, names


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


@cache
def _server_context(host: str, ends: datetime | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(host, not_after=ends).configure_cert(context)
    return context


@contextmanager
def serve_front(page: str, front: Front, context: ssl.SSLContext) -> Iterator[int]:
    """The port of a web server with TLS that passes requests on to `page`, more or less."""
    kept: list[tuple[int, list[tuple[str, str]], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            method = "POST" if front.turns_get_into_post else self.command
            if not (front.keeps_answers and kept):
                kept.append(self._pass_on(method))
            self._answer(*kept[0] if front.keeps_answers else kept[-1])

        do_HEAD = do_GET  # noqa: N815 -- as it is called

        def do_POST(self) -> None:
            if front.redirects_post:
                self._answer(302, [("Location", "/login")], b"")
            else:
                self._answer(*self._pass_on("POST"))

        def _pass_on(self, method: str) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(urlsplit(page).netloc, timeout=10)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {"Host": WEBSITE} | {
                name: value for name, value in self.headers.items() if name.lower() == "content-type"
            }
            connection.request(method, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            return answer.status, answer.getheaders(), content

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(10)


def run_git(folder: Path, *arguments: str) -> None:
    """Run Git in a folder, as an officer's program would."""
    who = ["-c", "user.name=Jo", "-c", "user.email=jo@localhost", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)
