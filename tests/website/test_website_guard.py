"""Who may ask the website, what for and how much; and what every answer says, whatever it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bulletin.website.problems import ProblemKind
from public_pages import HOST, SETTINGS, TOKEN, PublicPages, build_pages, frame_of, read_settings

URL = f"https://{HOST}"
UNSUBSCRIBE = f"/unsubscribe/{TOKEN}"
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = "List-Unsubscribe=One-Click"
MULTIPART_CLICK = (
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
)


class Website:
    """The application, a client of it from `peer`, and its lines."""

    def __init__(self, *, peer: str = "127.0.0.1", text: str = SETTINGS, **options: Any) -> None:
        self.lines: list[str] = []
        self.reports: list[str] = []
        frame = frame_of(text, report=self.reports.append)
        self.application, self.pages = build_pages(text, frame=frame, write=self.lines.append, **options)
        self.client = TestClient(self.application, base_url=URL, follow_redirects=False, client=(peer, 4711))

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Any:
        """The answer to a request with just these headers (`sec_fetch_site` is Sec-Fetch-Site)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            named.setdefault("content-type", FORM)
        return self.client.request(method, path, content=body, headers=named)


@pytest.fixture
def website() -> Website:
    return Website()


ASKED = {
    "a page": ("GET", "/privacy", {}, 200),
    "a form": ("GET", "/subscribe", {}, 200),
    "a page with a token": ("GET", UNSUBSCRIBE, {}, 200),
    "what a form did": ("POST", UNSUBSCRIBE, {}, 200),
    "a form with faults": ("POST", "/subscribe", {}, 422),
    "the style sheet": ("GET", "/style.css", {}, 200),
    "no page": ("GET", "/nothing", {}, 404),
    "a slash too many": ("GET", "/privacy/", {}, 404),
    "a broken token": ("GET", "/unsubscribe/u3039g", {}, 404),
    "an expired one": ("GET", "/fault/expired", {}, 410),
    "too many": ("GET", "/fault/many", {}, 429),
    "a busy database": ("GET", "/fault/busy", {}, 503),
    "our own fault": ("GET", "/fault/ours", {}, 500),
    "another host": ("GET", "/privacy", {"host": "evil.example"}, 421),
    "another origin": ("POST", "/subscribe", {"origin": "https://evil.example"}, 403),
    "no form": ("POST", "/subscribe", {"content-type": "application/json"}, 400),
    "another method": ("PUT", "/privacy", {}, 405),
    "a post to a page": ("POST", "/privacy", {}, 405),
}


@pytest.mark.parametrize("asked", ASKED)
def test_every_answer_has_the_headers_and_no_cookie(website: Website, asked: str) -> None:
    method, path, headers, status = ASKED[asked]
    answer = website.ask(method, path, "x=y", **headers)

    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == ("max-age=600" if path == "/style.css" else "no-store")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers.get("x-robots-tag") == ("noindex" if "unsubscribe" in path else None)
    assert "set-cookie" not in answer.headers
    assert ("retry-after" in answer.headers) == (status in (429, 503))


@pytest.mark.parametrize("asked", ASKED)
def test_head_answers_as_get_does_without_the_body(website: Website, asked: str) -> None:
    method, path, headers, _ = ASKED[asked]
    if method != "GET":
        return
    whole, head = (website.ask(one, path, **headers) for one in ("GET", "HEAD"))

    assert head.status_code == whole.status_code
    assert dict(head.headers) == dict(whole.headers)
    assert (head.content, len(whole.content) > 0) == (b"", True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused_and_the_right_ones_named(website: Website, method: str) -> None:
    answer = website.ask(method, UNSUBSCRIBE)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert website.pages.posted == []


def test_a_page_without_a_form_takes_no_post(website: Website) -> None:
    answer = website.ask("POST", "/privacy", "a=b")

    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"{HOST}.evil.example", "shield.example.org", "192.0.2.1", "[", "", f"evil.example/{HOST}"],
)
def test_a_foreign_host_is_refused_and_not_repeated(website: Website, host: str) -> None:
    answer = website.ask("GET", "/privacy", host=host)

    assert answer.status_code == 421
    assert "This page has another address" in answer.text
    assert "evil" not in answer.text
    assert URL in answer.text


@pytest.mark.parametrize("host", [HOST, f"{HOST}:443", HOST.upper(), "127.0.0.1:8526", "localhost", "[::1]:8526"])
def test_our_names_are_known_in_any_spelling(website: Website, host: str) -> None:
    assert website.ask("GET", "/privacy", host=host).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # an old browser
        ({"origin": URL}, 200),
        ({"origin": URL, "sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"origin": "null"}, 403),
        ({"origin": f"http://{HOST}"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://evil.example", "sec_fetch_site": "same-origin"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "https://127.0.0.1:8526", "host": "127.0.0.1:8526"}, 200),  # someone looks at it at home
        ({"origin": "https://localhost:8526", "host": "127.0.0.1:8526"}, 403),
        ({"origin": "https://127.0.0.1:8526"}, 403),
    ],
)
def test_a_form_comes_from_our_own_page(website: Website, headers: dict[str, str], status: int) -> None:
    answer = website.ask("POST", UNSUBSCRIBE, "act=stop&scope=all", **headers)

    assert answer.status_code == status
    assert len(website.pages.posted) == (status == 200)


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8526"])
def test_a_form_by_http_is_refused_where_the_website_has_https(host: str) -> None:
    website = Website(peer="203.0.113.9")
    website.client.base_url = website.client.base_url.copy_with(scheme="http")

    assert website.ask("POST", UNSUBSCRIBE, "act=stop", host=host, origin=f"http://{host}").status_code == 403
    assert website.pages.posted == []


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart", "with a line end"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "https://mail.example"}, {"sec_fetch_site": "cross-site"}],
    ids=["nothing", "null", "another", "cross-site"],
)
def test_one_click_needs_no_origin_and_is_not_redirected(
    website: Website, encoding: str, headers: dict[str, str]
) -> None:
    body, content_type = MULTIPART_CLICK if encoding == "multipart" else (ONE_CLICK, FORM)
    body += "\r\n" if encoding == "with a line end" else ""
    answer = website.ask("POST", UNSUBSCRIBE, body, content_type=content_type, **headers)

    assert answer.status_code == 200
    assert "You’ve unsubscribed" in answer.text
    assert len(website.pages.posted) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/subscribe", ONE_CLICK),
        ("/complaint", ONE_CLICK),
        (UNSUBSCRIBE, f"{ONE_CLICK}&act=undo"),
        (UNSUBSCRIBE, f"act=undo&{ONE_CLICK}"),
        (UNSUBSCRIBE, "List-Unsubscribe=Yes"),
        (UNSUBSCRIBE, "list-unsubscribe=One-Click"),
    ],
)
def test_nothing_but_one_click_is_exempt(website: Website, path: str, body: str) -> None:
    assert website.ask("POST", path, body, origin="https://evil.example").status_code == 403
    assert website.pages.posted == []


@pytest.mark.parametrize("size", [65_536, 65_537, 1_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_has_64_kb_at_most(website: Website, size: int, *, chunked: bool) -> None:
    content = b"text=" + b"x" * (size - 5)

    def pieces() -> Iterator[bytes]:
        for start in range(0, size, 10_000):
            yield content[start : start + 10_000]

    body = pieces() if chunked else content
    answer = website.client.post("/complaint", content=body, headers={"content-type": FORM})

    assert answer.status_code == (413 if size > 65_536 else 422)
    assert ("Shorten your message" in answer.text) == (size > 65_536)
    assert len(website.pages.posted) == (size <= 65_536)


def test_what_a_body_says_of_its_length_is_not_waited_for(website: Website) -> None:
    answer = website.ask("POST", "/complaint", "x", content_length="70000")

    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(("number", "status"), [(100, 422), (101, 400), (9000, 400)])
def test_a_form_has_a_hundred_fields_at_most(website: Website, number: int, status: int) -> None:
    assert website.ask("POST", "/complaint", "&".join(["a=b"] * number)).status_code == status


# --- behind a proxy


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.0/24"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.0/24"),
        ("10.0.0.7", "198.51.100.1", "10.0.0.0/24"),
    ],
)
def test_a_forged_address_does_not_move_a_visitor_to_another_network(peer: str, forwarded: str, network: str) -> None:
    website = Website(peer=peer)
    website.ask("GET", "/visitors", x_forwarded_for=forwarded, forwarded=f"for={forwarded}", x_real_ip=forwarded)

    assert website.pages.visitors == [network]


def test_a_forwarded_host_is_never_believed(website: Website) -> None:
    assert website.ask("GET", "/privacy", host="evil.example", x_forwarded_host=HOST).status_code == 421
    assert website.ask("GET", "/privacy", x_forwarded_host="evil.example").status_code == 200


@pytest.mark.parametrize(
    ("peer", "proto", "sent"),
    [("127.0.0.1", "https", True), ("127.0.0.1", "http", False), ("203.0.113.9", "https", False)],
)
def test_strict_transport_security_is_sent_behind_tls_only(peer: str, proto: str, *, sent: bool) -> None:
    website = Website(peer=peer)
    website.client.base_url = website.client.base_url.copy_with(scheme="http")
    answer = website.ask("GET", "/privacy", x_forwarded_proto=proto)

    assert ("strict-transport-security" in answer.headers) is sent


@pytest.mark.parametrize("path", ["/bulletin/privacy", "/privacy"])
def test_a_website_below_a_path_answers_with_and_without_it(path: str) -> None:
    website = Website(text=SETTINGS.replace(f"url: {URL}", f"url: {URL}/bulletin/"))
    answer = website.ask("GET", path)

    assert answer.status_code == 200
    assert 'href="/bulletin/style.css"' in answer.text
    assert 'href="/bulletin/complaint"' in answer.text
    assert website.ask("GET", "/bulletins/privacy").status_code == 404
    assert website.ask("POST", "/bulletin/complaint", "a=b", origin=URL).status_code == 422


# --- what becomes of faults, and of a rush


def test_a_line_names_the_route_and_never_a_token_or_an_address(website: Website) -> None:
    website.ask("GET", UNSUBSCRIBE)
    website.ask("POST", UNSUBSCRIBE, ONE_CLICK)
    website.ask("POST", "/subscribe", "email=jo.bloggs%40example.org")
    website.ask("GET", "/jo.bloggs@example.org")
    website.ask("GET", f"{UNSUBSCRIBE}/")
    website.ask("JO.BLOGGS", "/subscribe")
    website.ask("GET", "/fault/ours")

    shown = [re.sub(r"\d+ ms$", "… ms", line) for line in website.lines if not line.startswith("Our fault")]
    assert shown == [
        "GET /unsubscribe/… 200 … ms",
        "POST /unsubscribe/… 200 … ms",
        "POST /subscribe 422 … ms",
        "GET (no page) 404 … ms",
        "GET (no page) 404 … ms",
        "(other) (no page) 405 … ms",
        "GET /fault/… 500 … ms",
    ]
    told = "\n".join([*website.lines, *website.reports])
    for secret in (TOKEN, "bloggs", "example.org", "127.0.0.1", "secret"):
        assert secret not in told.lower().replace(__file__.lower(), "")


def test_our_own_fault_is_reported_by_its_place_and_the_page_has_nothing_of_it(website: Website) -> None:
    answer = website.ask("GET", "/fault/ours")

    assert answer.status_code == 500
    assert "Sorry, there is a problem" in answer.text
    assert "secret" not in answer.text
    (told,) = (line for line in website.lines if line.startswith("Our fault"))
    assert re.fullmatch(r"Our fault: LookupError at .*public_pages\.py:\d+", told)


def test_an_answer_that_breaks_off_is_not_followed_by_another(website: Website) -> None:
    website.ask("GET", "/fault/half")

    assert website.lines[-1].startswith("GET /fault/… 200")


def test_retry_after_says_when(website: Website) -> None:
    many, busy = website.ask("GET", "/fault/many"), website.ask("GET", "/fault/busy")

    assert (many.headers["retry-after"], busy.headers["retry-after"]) == ("600", "120")
    assert "Try again in 10 minutes." in many.text
    assert "<strong>We haven’t saved your choice.</strong> Try again in a few minutes." in busy.text


class Waiting:
    """An endless request by ASGI: it is in hand until it is cancelled."""

    def __init__(self, path: str, method: str = "GET", *, body: bytes = b"") -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", HOST.encode())],
            "scheme": "https",
            "client": ("203.0.113.9", 1),
            "root_path": "",
        }
        self.statuses: list[int] = []
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self._sent = body

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self._sent, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])
            self.headers = message["headers"]
        self.body += message.get("body", b"")


@pytest.mark.parametrize("path", ["/privacy", "/nothing", "/style.css", "/fault/busy"])
def test_head_sends_no_body_whatever_the_server_makes_of_it(path: str) -> None:
    application: Any = build_pages(write=lambda _line: None)[0]
    get, head = Waiting(path), Waiting(path, "HEAD")
    for request in (get, head):
        asyncio.run(application(request.scope, request.receive, request.send))

    assert (len(get.body) > 100, head.body) == (True, b"")


HEADERS = (b"host", b"origin", b"sec-fetch-site", b"content-type", b"content-length", b"x-forwarded-for", b"cookie")
VALUES = (HOST, URL, "null", "same-origin", FORM, "multipart/form-data; boundary=x", "70000", "-1", "a, b", "")
pieces = st.one_of(st.sampled_from(VALUES).map(str.encode), st.binary(max_size=30))


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "\u00ff"]),
    path=st.one_of(st.sampled_from([UNSUBSCRIBE, "/subscribe", "/privacy", "/", "", "//"]), st.text(max_size=20)),
    headers=st.lists(st.tuples(st.sampled_from(HEADERS), pieces), max_size=6),
    body=st.one_of(st.sampled_from([b"", ONE_CLICK.encode(), b"a=b"]), st.binary(max_size=200)),
    client=st.sampled_from([None, ("127.0.0.1", 1), ("203.0.113.9", 1), ("/a/socket", 0)]),
)
def test_whatever_is_asked_there_is_one_whole_answer_with_every_header(
    method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes, client: tuple[str, int] | None
) -> None:
    lines: list[str] = []
    application: Any = build_pages(write=lines.append)[0]
    request = Waiting(path, method, body=body)
    request.scope |= {"headers": [(b"host", HOST.encode()), *headers], "client": client}

    asyncio.run(application(request.scope, request.receive, request.send))

    (status,) = request.statuses
    named = {name.decode("latin-1") for name, _ in request.headers}
    assert status in {200, 303, 400, 403, 404, 405, 413, 421, 422}
    assert named >= {"content-security-policy", "referrer-policy", "cache-control", "x-content-type-options"}
    assert "set-cookie" not in named
    assert (len(lines), "Our fault" in lines[0]) == (1, False)


def test_a_rush_for_other_pages_leaves_room_to_unsubscribe() -> None:
    statuses = asyncio.run(_rush())

    assert statuses == {"full": 503, "unsubscribing": 200, "afterwards": 200}


async def _rush() -> dict[str, int]:
    held = asyncio.Event()

    class Held(PublicPages):
        async def note_visitor(self, request: Any) -> Any:
            await held.wait()
            return await super().note_visitor(request)

    from bulletin.website.application import build_application

    frame = frame_of()
    routes = Held(frame, read_settings()).routes()
    application: Any = build_application(frame, routes, write=lambda _line: None, at_once=3)

    async def ask(path: str) -> int:
        request = Waiting(path)
        await application(request.scope, request.receive, request.send)
        return request.statuses[0]

    held_up = [asyncio.create_task(ask("/visitors")) for _ in range(3)]
    await asyncio.sleep(0)
    statuses = {"full": await ask("/subscribe"), "unsubscribing": await ask(UNSUBSCRIBE)}
    held.set()
    assert await asyncio.gather(*held_up) == [200] * 3
    return {**statuses, "afterwards": await ask("/subscribe")}


def test_every_problem_has_a_page_of_its_status() -> None:
    assert {kind.status for kind in ProblemKind} == {400, 403, 404, 405, 408, 410, 413, 421, 429, 500, 503}
