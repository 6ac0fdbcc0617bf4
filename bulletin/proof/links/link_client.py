"""Request one web address, but never one inside this network: each name is resolved and checked here first.

The connection goes to the same IP address that was checked, so a name that resolves differently the second time (DNS
rebinding) gains nothing. Proxies from the environment are not used.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bulletin import __version__
from bulletin.proof.links.hosts import Address, Network, is_public, read_numeric, read_target
from bulletin.proof.links.link_status import LinkState

if TYPE_CHECKING:
    import h11

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""Resolves a host name to its IP addresses. Raises socket.gaierror."""

PATIENCE = 10.0  # seconds for one request, from the first packet to the last
GAP = 0.1  # seconds between the starts of two requests to one host
SEATS = 2  # requests to one host at once
ALL_SEATS = 64  # requests at once
_MOST_BYTES = 64 * 1024  # read of a page
_MOST_ADDRESSES = 3  # tried of one host
_CONNECTING = 4.0  # seconds for each of them
_READABLE = {80, 443}
OFFLINE = "its name can’t be looked up now"


class NoAnswer(Exception):
    """Why there is no answer, and the state of the address that follows."""

    def __init__(self, state: LinkState, why: str) -> None:
        super().__init__(why)
        self.state = state
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer of a server. `page` is the beginning of an HTML page; "" for anything else."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


async def resolve_name(host: str) -> Sequence[str]:
    """The IP addresses of a host from the system's resolver. Raises socket.gaierror."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


@dataclass(kw_only=True)
class LinkClient:
    """Requests addresses politely: few at once from each host, with a gap between them.

    `allowed` are networks that may be requested although they are not public. `tls` replaces the system's set of
    trusted certificates.
    """

    resolve: Resolve = resolve_name
    allowed: Sequence[Network] = ()
    tls: ssl.SSLContext | None = None
    patience: float = PATIENCE
    _all: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ALL_SEATS))
    _seats: dict[str, asyncio.Semaphore] = field(default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(SEATS)))
    _next: dict[str, float] = field(default_factory=dict)

    async def ask(self, address: str, *, method: str = "GET") -> Answer:
        """The answer to a request for `address`, without following redirects. Raises NoAnswer."""
        async with self._take_turn(read_target(address).host):
            try:
                async with asyncio.timeout(self.patience):
                    return await self._ask(address, method)
            except TimeoutError:
                raise NoAnswer(LinkState.UNSURE, f"no answer within {self.patience:g} seconds") from None
            except ssl.SSLCertVerificationError as error:
                raise _assess_certificate(error) from None
            except ssl.SSLError:
                raise NoAnswer(LinkState.BROKEN, "a secure connection can’t be made") from None
            except OSError:
                raise NoAnswer(LinkState.UNSURE, "the server doesn’t accept connections") from None
            except ValueError:  # Python raises it, for example for a name that TLS can't have
                raise NoAnswer(LinkState.UNSURE, "it can’t be requested") from None

    @asynccontextmanager
    async def _take_turn(self, host: str) -> AsyncIterator[None]:
        async with self._seats[host], self._all:
            now = asyncio.get_running_loop().time()
            start = max(now, self._next.get(host, now))
            self._next[host] = start + GAP
            await asyncio.sleep(start - now)
            yield

    async def _ask(self, address: str, method: str) -> Answer:
        host, port = _encode_host(address), _find_port(address)
        secure = read_target(address).scheme == "https"
        reader, writer = await self._connect(host, port, secure=secure)
        try:
            return await _Exchange(reader, writer).run(method, host, port, _write_path(address), secure=secure)
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connect(
        self, host: str, port: int, *, secure: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trouble: OSError = ConnectionRefusedError()
        for ip in (await self._find_addresses(host, port))[:_MOST_ADDRESSES]:
            try:
                async with asyncio.timeout(min(_CONNECTING, self.patience)):
                    return await asyncio.open_connection(
                        str(ip), port, ssl=self._context if secure else None, server_hostname=host if secure else None
                    )
            except ssl.SSLError:
                raise
            except OSError as error:  # a TimeoutError too
                trouble = error
        raise trouble

    async def _find_addresses(self, host: str, port: int) -> list[Address]:
        """The IP addresses of a host. Raises NoAnswer if one of them, or the port, must not be requested."""
        literal = read_numeric(host)
        found = [literal] if literal else await self._resolve(host)
        if not found:
            raise NoAnswer(LinkState.GONE, f"there is no server called {host}")
        strangers = [ip for ip in found if not any(ip in network for network in self.allowed)]
        for ip in strangers:
            if not is_public(ip):
                where = f"{ip} is" if literal else f"{host} is {ip}, which is"
                raise NoAnswer(LinkState.CLOSED, f"{where} inside a network")
        if strangers and port < 1024 and port not in _READABLE:
            raise NoAnswer(LinkState.CLOSED, f"port {port} is not for web pages")
        return found

    async def _resolve(self, host: str) -> list[Address]:
        try:
            names = await self.resolve(host)
        except socket.gaierror as error:
            unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            if unknown:
                raise NoAnswer(LinkState.GONE, f"there is no server called {host}") from None
            raise NoAnswer(LinkState.UNSURE, OFFLINE) from None
        except UnicodeError:
            raise NoAnswer(LinkState.GONE, f"{host} can’t be the name of a server") from None
        return [ip_address(name.partition("%")[0]) for name in dict.fromkeys(names)]

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()


_NO_ISSUER = (2, 20, 21)
"""OpenSSL's codes for a certificate chain with a missing link, which browsers fetch but we don't."""


def _assess_certificate(error: ssl.SSLCertVerificationError) -> NoAnswer:
    if error.verify_code in _NO_ISSUER:
        return NoAnswer(LinkState.UNSURE, "we can’t tell from here who issued its certificate")
    said = {10: "its certificate has expired", 18: "it issued its own certificate"}
    return NoAnswer(LinkState.BROKEN, said.get(error.verify_code, "its certificate is not valid for it"))


def _encode_host(address: str) -> str:
    """The host in ASCII, as it is looked up. Raises NoAnswer for an impossible host."""
    import idna

    host = read_target(address).host
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NoAnswer(LinkState.GONE, f"{host} can’t be the name of a server") from None


def _find_port(address: str) -> int:
    target = read_target(address)
    if not target.is_web:
        raise NoAnswer(LinkState.UNSURE, "it is not a complete web address")
    return target.port or (443 if target.scheme == "https" else 80)


_KEPT = "/%:@!$&'()*+,;=~?-._[]|"


def _write_path(address: str) -> str:
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe=_KEPT)
    return f"{path}?{quote(parts.query, safe=_KEPT)}" if parts.query else path


class _Exchange:
    """One request and its answer (HTTP/1.1, RFC 9112), reading no more than is needed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import h11

        self._reader = reader
        self._writer = writer
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_BYTES)

    async def run(self, method: str, host: str, port: int, path: str, *, secure: bool) -> Answer:
        """Send the request and read the answer. Raises NoAnswer if it is not HTTP."""
        import h11

        shown = f"[{host}]" if ":" in host else host
        headers = [
            ("Host", shown if port == (443 if secure else 80) else f"{shown}:{port}"),
            ("User-Agent", f"Mozilla/5.0 (compatible; bulletin/{__version__}; checks links)"),
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("Accept-Language", "en-GB,en;q=0.8"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        try:
            request = self._connection.send(h11.Request(method=method, target=path, headers=headers)) or b""
            self._writer.write(request + (self._connection.send(h11.EndOfMessage()) or b""))
            await self._writer.drain()
            return await self._read()
        except h11.ProtocolError:
            raise NoAnswer(LinkState.UNSURE, "the answer is not from a web server") from None

    async def _read(self) -> Answer:
        import h11

        event = await self._next_event()
        while isinstance(event, h11.InformationalResponse):
            event = await self._next_event()
        if not isinstance(event, h11.Response):
            raise NoAnswer(LinkState.UNSURE, "the server closed the connection without an answer")
        headers = {
            name.decode("latin-1").lower(): value.decode("utf-8", errors="replace") for name, value in event.headers
        }
        readable = event.status_code == 200 and "html" in headers.get("content-type", "").lower()
        page = _decode(await self._read_body(), headers) if readable else ""
        return Answer(status=event.status_code, headers=headers, page=page)

    async def _read_body(self) -> bytes:
        """The beginning of a page, or as much as arrived before the connection broke."""
        import h11

        body = b""
        with suppress(h11.RemoteProtocolError):
            while len(body) < _MOST_BYTES and isinstance(event := await self._next_event(), h11.Data):
                body += event.data
        return body

    async def _next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        import h11

        while (event := self._connection.next_event()) is h11.NEED_DATA:
            self._connection.receive_data(await self._reader.read(16 * 1024))
        return event


def _decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a page, also from servers that compress it against our request."""
    if headers.get("content-encoding", "").lower() in ("gzip", "deflate"):
        try:
            body = zlib.decompressobj(47).decompress(body, 4 * _MOST_BYTES)
        except zlib.error:
            return ""
    named = _CHARSET.search(headers.get("content-type", ""))
    try:
        return body.decode(named[1] if named else "utf-8", errors="replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", errors="replace")


_CHARSET = re.compile(
    r"charset=[\"']?((?:us-)?ascii|utf-?(?:8|16)(?:-?[bl]e)?"
    r"|(?:iso|latin|windows|cp|ibm|koi8|mac|gb|big5|euc|shift)[0-9a-z_-]{0,20})(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
"""The encodings of web pages. Python has others that are not: idna, undefined, punycode, unicode_escape."""
