from __future__ import annotations

import asyncio
import encodings
import gzip
import json
import pkgutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import trustme
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.errors import BulletinError
from bulletin.proof.context import Context
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.finding import Finding
from bulletin.proof.links.cache import LinkCache
from bulletin.proof.links.checker import check_links
from bulletin.proof.links.hosts import is_public
from bulletin.proof.links.link_status import LinkState, LinkStatus
from bulletin.proof.proofing import apply_rules
from bulletin.proof.rule import Example
from bulletin.settings.proof import Severity
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, refuse_connections
from proof_case import make_context

pytestmark = pytest.mark.slow

NOW = datetime(2021, 5, 4, 10, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Reply = bytes | Callable[[str], bytes]


def reply(status: str, *headers: str, page: str = "") -> bytes:
    body = page.encode()
    kind = ["Content-Type: text/html; charset=utf-8"] if page else []
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, *kind, f"Content-Length: {len(body)}", "", ""]).encode() + body


GOOD = reply("200 OK", page="<html><title>Our plan</title><h1>Our plan</h1>")


class Web:
    """Web servers on 127.0.0.x, each with its pages by path; what they were asked; and the names that lead to them."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.asked: list[tuple[str, str, str]] = []
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.names: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        self._servers: list[asyncio.Server] = []

    def serve(
        self,
        name: str,
        pages: dict[str, Reply],
        *,
        ip: str = "127.0.0.1",
        delay: float = 0,
        tls: ssl.SSLContext | None = None,
    ) -> str:
        """Start a server; its address, without a path."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.IncompleteReadError), closing(writer):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.partition("\r\n")[0].split(" ")
                self.asked.append((method, name, path))
                self.at_once[name] += 1
                self.most_at_once[name] = max(self.most_at_once[name], self.at_once[name])
                await asyncio.sleep(delay)
                self.at_once[name] -= 1
                found = pages.get(path, reply("404 Not Found"))
                found = found(head) if callable(found) else found
                writer.write(found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else found)
                await writer.drain()

        return f"{'https' if tls else 'http'}://{name}:{self._start(name, answer, ip=ip, tls=tls)}"

    def serve_greeting(self, name: str, words: bytes) -> str:
        """Start a server that says the same to everyone, before anything is asked."""

        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(words)
            writer.close()

        return f"http://{name}:{self._start(name, greet, ip='127.0.0.1')}"

    def _start(self, name: str, answer: Handler, *, ip: str, tls: ssl.SSLContext | None = None) -> int:
        async def start() -> asyncio.Server:
            return await asyncio.start_server(answer, ip, 0, ssl=tls)

        server = asyncio.run_coroutine_threadsafe(start(), self.loop).result(10)
        self._servers.append(server)
        self.names.setdefault(name, []).append(ip)
        return int(server.sockets[0].getsockname()[1])

    async def resolve(self, host: str) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self.names[host]

    def check(self, *addresses: str, **more: object) -> list[LinkStatus]:
        given = {"now": NOW, "resolve": self.resolve, "allowed": LOOPBACK, **more}
        return list(check_links(addresses, **given).values())  # type: ignore[arg-type]

    def close(self) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.run_until_complete(asyncio.sleep(0.01))  # lets connections end
        self.loop.close()


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.close()


def test_a_page_that_opens_is_good(web: Web) -> None:
    site = web.serve("a.example", {"/plan?a=1": GOOD})
    assert web.check(f"{site}/plan?a=1#part") == [LinkStatus(state=LinkState.GOOD)]
    assert web.asked == [("GET", "a.example", "/plan?a=1")]


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        ("404 Not Found", LinkState.GONE),
        ("410 Gone", LinkState.GONE),
        ("401 Unauthorized", LinkState.SIGN_IN),
        ("403 Forbidden", LinkState.GUARDED),
        ("429 Too Many Requests", LinkState.GUARDED),
        ("999 Request denied", LinkState.GUARDED),
        ("500 Internal Server Error", LinkState.UNSURE),
        ("503 Service Unavailable", LinkState.UNSURE),
    ],
)
def test_a_status_says_how_an_address_is(web: Web, answered: str, state: LinkState) -> None:
    site = web.serve("a.example", {"/plan": reply(answered)})
    (status,) = web.check(f"{site}/plan")
    assert status.state is state
    assert status.why.startswith(answered.partition(" ")[0])


def test_a_file_gets_a_head_request_and_a_get_request_only_if_that_is_refused(web: Web) -> None:
    def no_head(head: str) -> bytes:
        return reply("405 Method Not Allowed") if head.startswith("HEAD") else reply("200 OK")

    site = web.serve("a.example", {"/a.pdf": reply("200 OK", "Content-Type: application/pdf"), "/b.pdf": no_head})
    assert [status.state for status in web.check(f"{site}/a.pdf", f"{site}/b.pdf")] == [LinkState.GOOD] * 2
    assert sorted(web.asked) == [
        ("GET", "a.example", "/b.pdf"),
        ("HEAD", "a.example", "/a.pdf"),
        ("HEAD", "a.example", "/b.pdf"),
    ]


def test_a_chain_of_redirects_is_followed_and_shown(web: Web) -> None:
    last = web.serve("b.example", {"/new": GOOD}, ip="127.0.0.2")
    site = web.serve(
        "a.example",
        {
            "/old": reply("301 Moved", "Location: /middle"),
            "/middle": reply("308 Moved", f"Location: {last}/new"),
            "/now": reply("302 Found", "Location: /middle"),
        },
    )
    assert web.check(f"{site}/old", f"{site}/now") == [
        LinkStatus(state=LinkState.GOOD, hops=(f"{site}/middle", f"{last}/new"), permanent=True),
        LinkStatus(state=LinkState.GOOD, hops=(f"{site}/middle", f"{last}/new")),
    ]


def test_a_redirect_to_a_final_slash_is_no_move(web: Web) -> None:
    site = web.serve("a.example", {"/plan": reply("301 Moved", "Location: /plan/"), "/plan/": GOOD})
    (status,) = web.check(f"{site}/plan")
    assert status.state is LinkState.GOOD
    assert not status.permanent


def test_redirects_without_end_or_in_a_circle_are_given_up(web: Web) -> None:
    pages: dict[str, Reply] = {f"/{n}": reply("301 Moved", f"Location: /{n + 1}") for n in range(20)}
    pages |= {"/a": reply("302 Found", "Location: /b"), "/b": reply("302 Found", "Location: /a")}
    site = web.serve("a.example", pages)
    endless, circle = web.check(f"{site}/0", f"{site}/a")
    assert (endless.state, endless.why, len(endless.hops)) == (LinkState.UNSURE, "it redirects more than 5 times", 5)
    assert (circle.state, circle.why) == (LinkState.UNSURE, "it redirects in a circle")


@pytest.mark.parametrize(
    "location",
    ["http://[x", "mailto:us@example.org", "javascript:alert(1)", "ftp://a.example/", "http://", "//:99999/"],
)
def test_a_redirect_to_what_is_no_web_address_is_not_followed(web: Web, location: str) -> None:
    site = web.serve("a.example", {"/plan": reply("302 Found", f"Location: {location}")})
    assert web.check(f"{site}/plan")[0].state in (LinkState.UNSURE, LinkState.GONE)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Page not found - Anytown</title>",
        "<title>Anytown</title><body><h1 class='big'>Sorry, we couldn&rsquo;t find that</h1>",
        "<title>404</title>",
        "<TITLE>\n  Error 404: file not found\n</TITLE>",
        "<h1>This page no longer exists</h1>",
    ],
)
def test_a_page_that_says_that_it_is_not_there_is_suspected(web: Web, page: str) -> None:
    site = web.serve("a.example", {"/plan": reply("200 OK", page=page)})
    (status,) = web.check(f"{site}/plan")
    assert status.state is LinkState.MISSING


@pytest.mark.parametrize(
    "page",
    [
        "<title>Lost and found</title><h1>Children who are not found in time</h1>",
        "<title>Room 404 of the Civic Offices</title>",
        "<title>Our plan</title><p>Page not found</p>",
        "<title>What to do when your page is missing a heading</title>",
    ],
)
def test_a_page_that_speaks_of_losing_is_not_suspected(web: Web, page: str) -> None:
    site = web.serve("a.example", {"/plan": reply("200 OK", page=page)})
    assert web.check(f"{site}/plan") == [LinkStatus(state=LinkState.GOOD)]


def test_a_deep_address_that_leads_to_the_home_page_is_suspected_and_a_home_page_is_not(web: Web) -> None:
    site = web.serve(
        "a.example",
        {"/plans/2021": reply("301 Moved", "Location: /"), "/": GOOD, "/home": reply("302 Found", "Location: /")},
    )
    deep, home = web.check(f"{site}/plans/2021", f"{site}/home")
    assert (deep.state, deep.why) == (LinkState.MISSING, "it leads to the home page")
    assert home.state is LinkState.GOOD


def test_compressed_and_chunked_pages_are_read(web: Web) -> None:
    body = gzip.compress(b"<title>Page not found</title>")
    packed = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site = web.serve("a.example", {"/a": packed, "/b": head + b"7\r\n<title>\r\n9\r\nNot found\r\n0\r\n\r\n"})
    assert [status.state for status in web.check(f"{site}/a", f"{site}/b")] == [LinkState.MISSING] * 2


def test_no_encoding_that_a_page_claims_ends_the_asking(web: Web) -> None:
    page = b"<title>Page not found</title>\\u12 \xff\xfe\x80 xn--\x00"
    known = {name for _, name, _ in pkgutil.iter_modules(encodings.__path__)} | {"hex", "bz2", "nonsense", "", "\u0661"}
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={}\r\nContent-Encoding: gzip\r\n\r\n"
    pages: dict[str, Reply] = {
        f"/{number}": head.format(name).encode() + gzip.compress(page) for number, name in enumerate(sorted(known))
    }
    sites = [web.serve(f"s{n}.example", pages, ip=f"127.0.0.{n + 2}") for n in range(12)]

    statuses = web.check(*(sites[number % 12] + path for number, path in enumerate(pages)))

    assert len(statuses) == len(known)
    told = dict(zip(sorted(known), statuses, strict=True))
    for name in ("idna", "undefined", "punycode", "unicode_escape", "rot_13", "cp1252", "iso8859_15", "nonsense"):
        assert told[name].state is LinkState.MISSING, name


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "'utf-16be'"])
def test_a_page_in_another_encoding_is_read(web: Web, charset: str) -> None:
    content = "<title>Page not found</title>".encode(charset.strip("'"))
    site = web.serve(
        "a.example", {"/": f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode() + content}
    )

    assert web.check(f"{site}/")[0].state is LinkState.MISSING


def test_a_name_that_tls_cannot_have_is_reported(web: Web) -> None:
    web.names[".a.example"] = web.names["a" * 64 + ".example"] = ["127.0.0.1"]

    for host in web.names:
        assert web.check(f"https://{host}:9/")[0].state in (LinkState.UNSURE, LinkState.GONE)


def test_a_long_page_is_read_no_further_than_its_beginning(web: Web) -> None:
    page = "<title>Our plan</title>" + "x" * 3_000_000 + "<h1>Page not found</h1>"
    site = web.serve("a.example", {"/plan": reply("200 OK", page=page)})
    assert web.check(f"{site}/plan") == [LinkStatus(state=LinkState.GOOD)]


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000, b"HTTP/1.1 999999 x\r\n\r\n"],
)
def test_what_is_no_answer_of_a_web_server_is_not_called_dead(web: Web, answer: bytes) -> None:
    site = web.serve("a.example", {"/plan": answer})
    assert web.check(f"{site}/plan")[0].state is LinkState.UNSURE


def test_words_of_a_server_cannot_steer_a_terminal(web: Web) -> None:
    page = "<title>Page not found \x1b[2J\u202e</title>"
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /new\x1b[2J\r\nContent-Length: 0\r\n\r\n"
    site = web.serve("a.example", {"/plan": reply("200 OK", page=page), "/old": moved})
    statuses = web.check(f"{site}/plan", f"{site}/old")
    assert statuses[0].state is LinkState.MISSING
    assert all("\x1b" not in hop for status in statuses for hop in (status.why, *status.hops))
    assert "\u202e" not in statuses[0].why


def test_a_silent_server_is_given_up_after_the_time_allowed(web: Web) -> None:
    site = web.serve("a.example", {}, delay=30)
    start = time.monotonic()
    (status,) = web.check(f"{site}/plan", patience=0.3)
    assert status == LinkStatus(state=LinkState.UNSURE, why="no answer within 0.3 seconds")
    assert time.monotonic() - start < 5


def test_a_server_that_takes_no_connections_is_not_called_dead(web: Web) -> None:
    web.names["a.example"] = ["127.0.0.1"]
    with refuse_connections() as port:
        (status,) = web.check(f"http://a.example:{port}/")
    assert status == LinkStatus(state=LinkState.UNSURE, why="the server doesn’t accept connections")


def test_a_host_that_does_not_exist_is_gone(web: Web) -> None:
    site = web.serve("a.example", {"/": GOOD})
    gone, good = web.check("https://nowhere.example/", f"{site}/")
    assert (gone.state, gone.why) == (LinkState.GONE, "there is no server called nowhere.example")
    assert good.state is LinkState.GOOD


def test_being_offline_is_one_error_and_not_one_for_each_link() -> None:
    async def resolve(_: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    with pytest.raises(BulletinError, match="No links could be checked"):
        check_links(["https://a.example/", "https://b.example/"], now=NOW, resolve=resolve)


@pytest.mark.parametrize(
    "inside",
    """
    127.0.0.1 10.0.0.5 172.16.0.1 192.168.1.1 169.254.169.254 100.64.1.1 0.0.0.0 198.18.0.1 198.19.255.255 224.0.0.1
    240.0.0.1 255.255.255.255 192.0.0.0 192.0.0.8 192.0.0.11 192.0.0.170 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1
    :: ::1 ::127.0.0.1 fd00::1 fe80::1 fec0::1 ff02::1 100::1 5f00::1 4000::1
    ::ffff:127.0.0.1 ::ffff:192.0.0.8 64:ff9b::7f00:1 64:ff9b::c000:8 64:ff9b:1::1 2002:7f00:1:: 2002:c000:8::
    2001::1 2001:2::1 2001:10::1 2001:db8::1 3fff::1
    """.split(),  # noqa: SIM905 -- addresses alone are read more easily
)
def test_an_address_inside_a_network_is_never_requested(web: Web, inside: str) -> None:
    web.serve("real.example", {"/": GOOD})
    web.names["a.example"] = ["93.184.215.14", inside]  # one answer of several is enough
    (status,) = web.check("http://a.example/", allowed=())
    assert status == LinkStatus(
        state=LinkState.CLOSED, why=f"a.example is {ip_address(inside)}, which is inside a network"
    )
    assert web.asked == []


@pytest.mark.parametrize(
    "address",
    """
    1.1.1.1 100.128.0.1 172.32.0.1 192.0.0.9 192.0.0.10 192.0.1.1 198.20.0.1 192.31.196.1 223.255.255.255
    2606:4700::1111 2a00:1450:4009::200e 2001:4860:4860::8888 2001:4:112::1 64:ff9b::101:101 2002:101:101::
    ::ffff:1.1.1.1
    """.split(),  # noqa: SIM905
)
def test_an_address_of_the_internet_may_be_requested(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "[::1]", "0177.0.0.1"])
def test_a_number_for_a_host_is_judged_in_every_notation(web: Web, host: str) -> None:
    port = web.serve("a.example", {"/": GOOD}).rpartition(":")[2]
    (status,) = web.check(f"http://{host}:{port}/", allowed=())
    assert status.state is LinkState.CLOSED
    assert web.asked == []
    assert web.looked_up == []


def test_a_redirect_into_a_network_is_not_followed(web: Web) -> None:
    secret = web.serve("metadata.example", {"/secret": GOOD}, ip="127.0.0.9")
    site = web.serve("a.example", {"/plan": reply("302 Found", f"Location: {secret}/secret")}, ip="127.0.0.1")
    (status,) = web.check(f"{site}/plan", allowed=[ip_network("127.0.0.1/32")])
    assert (status.state, status.hops) == (LinkState.CLOSED, (f"{secret}/secret",))
    assert [name for _, name, _ in web.asked] == ["a.example"]


def test_the_ip_address_that_was_checked_is_the_one_that_is_requested(web: Web) -> None:
    """A name that answers something else the second time (DNS rebinding) is looked up once for each request."""
    site = web.serve("a.example", {"/plan": GOOD}, ip="127.0.0.1")
    answers = iter([["127.0.0.1"], ["127.0.0.9"]])

    async def resolve(_: str) -> Sequence[str]:
        return next(answers)

    (status,) = web.check(f"{site}/plan", resolve=resolve, allowed=[ip_network("127.0.0.1/32")])
    assert status.state is LinkState.GOOD
    assert next(answers) == ["127.0.0.9"]


def test_a_port_of_another_service_is_not_requested(web: Web) -> None:
    web.names["a.example"] = ["93.184.215.14"]
    assert web.check("http://a.example:25/")[0] == LinkStatus(
        state=LinkState.CLOSED, why="port 25 is not for web pages"
    )


def test_proxies_of_the_environment_are_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = web.serve("proxy.example", {})
    monkeypatch.setenv("http_proxy", proxy.replace("proxy.example", "127.0.0.1"))
    site = web.serve("a.example", {"/plan": GOOD}, ip="127.0.0.2")
    assert web.check(f"{site}/plan") == [LinkStatus(state=LinkState.GOOD)]


def test_certificates_are_checked_for_the_name_in_the_address(web: Web) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    def make(ca: trustme.CA, name: str, **more: datetime) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(name, **more).configure_cert(context)
        return context

    good = web.serve("a.example", {"/": GOOD}, tls=make(authority, "a.example"))
    other = web.serve("b.example", {"/": GOOD}, ip="127.0.0.2", tls=make(authority, "other.example"))
    old = web.serve("c.example", {"/": GOOD}, ip="127.0.0.3", tls=make(authority, "c.example", not_after=NOW))
    unknown = web.serve("d.example", {"/": GOOD}, ip="127.0.0.4", tls=make(stranger, "d.example"))
    plain = web.serve_greeting("e.example", b"HTTP/1.1 400 Bad Request\r\n\r\n").replace("http:", "https:")
    statuses = web.check(*(f"{site}/" for site in (good, other, old, unknown, plain)), tls=trusted)
    assert [status.state for status in statuses] == [
        LinkState.GOOD,
        LinkState.BROKEN,
        LinkState.BROKEN,
        LinkState.UNSURE,
        LinkState.BROKEN,
    ]
    assert statuses[1].why == "its certificate is not valid for it"
    assert statuses[2].why == "its certificate has expired"


def test_200_links_on_slow_servers_are_checked_within_10_seconds_and_politely(web: Web) -> None:
    sites = [
        web.serve(f"s{n}.example", {f"/{page}": GOOD for page in range(10)}, ip=f"127.0.0.{n + 2}", delay=0.2)
        for n in range(20)
    ]
    addresses = [f"{site}/{page}" for site in sites for page in range(10)]
    start = time.monotonic()
    statuses = web.check(*addresses)
    assert time.monotonic() - start < 10
    assert statuses == [LinkStatus(state=LinkState.GOOD)] * 200
    assert len(web.asked) == 200
    assert max(web.most_at_once.values()) <= 2


def test_an_address_that_was_good_lately_is_not_requested_again_and_any_other_is(web: Web, tmp_path: Path) -> None:
    site = web.serve("a.example", {"/good": GOOD})
    path = tmp_path / "state" / "links.json"
    addresses = (f"{site}/good", f"{site}/good#part", f"{site}/gone")

    def ask(later: timedelta) -> int:
        before = len(web.asked)
        statuses = web.check(*addresses, cache=LinkCache(path), now=NOW + later)
        assert [status.state for status in statuses] == [LinkState.GOOD, LinkState.GOOD, LinkState.GONE]
        return len(web.asked) - before

    assert ask(timedelta()) == 2
    assert ask(timedelta(seconds=1)) == 1  # the one that was gone
    assert ask(timedelta(hours=23)) == 1
    assert ask(timedelta(hours=25)) == 2
    assert len(json.loads(path.read_text())) == 1


@pytest.mark.parametrize(
    "content", ["", "no json", "[]", '{"x": 1}', '{"http://a.example/": {"state": "odd"}}', "\x00"]
)
def test_a_memory_that_cannot_be_read_is_done_without(web: Web, tmp_path: Path, content: str) -> None:
    path = tmp_path / "links.json"
    path.write_text(content)
    site = web.serve("a.example", {"/": GOOD})
    assert web.check(f"{site}/", cache=LinkCache(path)) == [LinkStatus(state=LinkState.GOOD)]
    assert LinkCache(path).recall(f"{site}/", now=NOW) == LinkStatus(state=LinkState.GOOD)


def _ask(web: Web, context: Context) -> Context:
    """The context with a status for each of its web addresses."""
    return replace(
        context, link_statuses=check_links(context.web_addresses, now=NOW, resolve=web.resolve, allowed=LOOPBACK)
    )


def _proof(web: Web, text: str, settings: str = "") -> list[Finding]:
    context = _ask(web, make_context(Example(text=text, settings=settings)))
    found = apply_rules(context, gather_rules(context.settings))
    return [finding for finding in found if finding.code in ("LINK10", "LINK11", "LINK12", "PROOF02")]


def test_findings_are_at_the_address_and_as_severe_as_what_they_prove(web: Web) -> None:
    site = web.serve(
        "a.example",
        {
            "/down": reply("503 Service Unavailable"),
            "/wall": reply("403 Forbidden"),
            "/old": reply("301 Moved", "Location: /new"),
            "/new": GOOD,
            "/soft": reply("200 OK", page="<title>Page not found</title>"),
        },
    )
    pages = ["gone", "down", "wall", "old", "soft", "new"]
    findings = _proof(web, "\n".join(f"See [page {page}]({site}/{page})." for page in pages))
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("LINK10", Severity.ERROR),
        ("LINK10", Severity.WARNING),
        ("LINK10", Severity.NOTE),
        ("LINK11", Severity.NOTE),
        ("LINK12", Severity.WARNING),
    ]
    gone, moved = findings[0], findings[3]
    assert gone.excerpt[gone.column - 1 : gone.span.end_column - 1] == f"{site}/gone"
    assert moved.remedy == f"Use the new one: {site}/new"


def test_a_comment_on_a_live_rule_is_unused_only_if_links_were_checked(web: Web) -> None:
    site = web.serve("a.example", {"/": GOOD})
    sections = f"""
    - kind: links
      title: Links
      items:
        - {{title: Our plan, link: "{site}/"}}  # proof: ignore LINK10 because the server sleeps at night
    """
    context = make_context(Example(sections=sections))
    rules = gather_rules(context.settings)
    assert "PROOF02" not in [finding.code for finding in apply_rules(context, rules)]
    asked = _ask(web, context)
    assert "PROOF02" in [finding.code for finding in apply_rules(asked, rules)]


def _write_links(path: Path, *addresses: str) -> None:
    entries = "\n".join(f'      - {{title: Page {n}, link: "{address}"}}' for n, address in enumerate(addresses))
    path.write_text(ISSUE + f"  - kind: links\n    title: Links\n    items:\n{entries}\n")


def test_check_requests_links_only_if_asked_to(web: Web, make_workspace: Callable[..., Workspace]) -> None:
    place = make_workspace()
    site = web.serve("a.example", {"/": GOOD}).replace("a.example", "127.0.0.1")
    _write_links(place.root / "issues/2021-05.yaml", f"{site}/")

    plain = CliRunner().invoke(make_app(), ["check", "--workspace", str(place.root)])
    asked = CliRunner().invoke(make_app(), ["check", "--links", "--format", "json", "--workspace", str(place.root)])

    assert "LINK10" not in plain.output
    (finding,) = [entry for entry in json.loads(asked.output)["findings"] if entry["code"] == "LINK10"]
    assert (finding["severity"], finding["line"]) == ("warning", 12)
    assert "was not checked: 127.0.0.1 is inside a network" in finding["message"]
    assert web.asked == []
    assert (place.state_folder / "links.json").is_file()


def test_check_without_links_loads_nothing_that_asks(make_workspace: Callable[..., Workspace]) -> None:
    script = (
        "import sys; from bulletin.cli.edge import run\n"
        "sys.argv = ['bulletin', 'check']\nrun()\n"
        "print('LOADED', [name for name in ('h11', 'bulletin.proof.links.link_client', 'ssl') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=make_workspace().root, capture_output=True, text=True, check=True
    )
    assert "LOADED []" in done.stdout


def test_only_web_addresses_are_requested(web: Web) -> None:
    assert _proof(web, "[Write](mailto:us@example.org) to us or [ring us](tel:02079460321).") == []
    assert web.looked_up == []
