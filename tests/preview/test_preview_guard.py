"""Who may talk to the preview: its own page on this machine, and nobody else without a token."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.preview.guard import COOKIE, Gate, Guard
from bulletin.workspace.workspace import Workspace
from previewing import PEOPLE, serve

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def root(make_workspace: MakeWorkspace) -> Path:
    return make_workspace(lists={"partners": PEOPLE}).root


@contextmanager
def ask(address: str, path: str, *, method: str = "GET", body: str = "", **headers: str) -> Iterator[HTTPResponse]:
    """The answer to a request with just these headers (`sec_fetch_site` is Sec-Fetch-Site)."""
    connection = HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=named)
        yield connection.getresponse()
    finally:
        connection.close()


def status_of(address: str, path: str, **options: Any) -> int:
    with ask(address, path, **options) as answer:
        return answer.status


def read_token(address: str) -> str:
    with ask(address, "/issues/2021-05") as answer:
        found = re.search(r'name="bulletin-token" content="([^"]+)"', answer.read().decode())
    assert found is not None
    return found[1]


def test_a_foreign_host_is_refused(root: Path) -> None:
    with serve(root) as address:
        port = urlsplit(address).port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST", f"[::1]:{port}"):
            assert status_of(address, "/state/2021-05", host=host) == 200
        for host in (
            "evil.example.org",
            f"evil.example.org:{port}",
            "127.0.0.1.evil.example.org",
            "192.0.2.1",
            "",
            "[",
        ):
            assert status_of(address, "/state/2021-05", host=host) in (400, 421)


def test_a_foreign_origin_is_refused(root: Path) -> None:
    with serve(root) as address:
        own = address.removesuffix("/issues/2021-05")
        assert status_of(address, "/state/2021-05", origin=own) == 200
        for origin in ("https://evil.example.org", "null", own + "0", own.replace("127.0.0.1", "localhost"), ""):
            assert status_of(address, "/state/2021-05", origin=origin) == 403
        assert status_of(address, "/state/2021-05", sec_fetch_site="cross-site", sec_fetch_mode="no-cors") == 403
        assert status_of(address, "/state/2021-05", sec_fetch_site="same-origin", sec_fetch_mode="cors") == 200


def test_a_post_needs_the_own_origin_and_the_pages_token(root: Path, tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "caught") as catcher:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
        with serve(root, environ=environ) as address:
            own, token = address.removesuffix("/issues/2021-05"), read_token(address)
            body = json.dumps({"issue": "2021-05", "address": "officer@example.org"})
            for headers in (
                {},
                {"origin": own},
                {"x_bulletin_token": token},
                {"origin": own, "x_bulletin_token": token + "x"},
                {"origin": own, "x_bulletin_token": "é"},
                {"origin": "http://evil.example.org", "x_bulletin_token": token},
            ):
                assert status_of(address, "/copies", method="POST", body=body, **headers) == 403
            assert not catcher.caught
            assert status_of(address, "/copies", method="POST", body=body, origin=own, x_bulletin_token=token) == 200
            assert len(catcher.caught) == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", "{", '{"issue": "2021-05"}', "x" * 20_000, "\udcff"])
def test_a_post_that_is_no_wish_for_a_copy_is_refused_in_words(root: Path, body: str) -> None:
    with serve(root) as address:
        own, token = address.removesuffix("/issues/2021-05"), read_token(address)
        content = body.encode("utf-8", errors="surrogateescape").decode("latin-1")
        with ask(address, "/copies", method="POST", body=content, origin=own, x_bulletin_token=token) as answer:
            assert answer.status == 422
            assert "not a request for a test copy" in json.loads(answer.read())["error"]


def test_only_copies_takes_a_post_and_a_get_of_it_does_nothing(root: Path) -> None:
    with serve(root) as address:
        own, token = address.removesuffix("/issues/2021-05"), read_token(address)
        assert status_of(address, "/copies") == 405
        assert status_of(address, "/state/2021-05", method="POST", origin=own, x_bulletin_token=token) == 405


def test_nothing_outside_the_workspace_is_served(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n", encoding="utf-8")
    (root / "issues" / "2021-06.yaml").symlink_to(secret)
    (root / "subscribers" / "schools.csv").symlink_to(secret)
    names = ("2021-06", "../secret", "../../secret", "%2e%2e/%2e%2e/secret", "..%2fsecret", "/etc/passwd", "2021-05%00")
    paths = [f"/{place}/{name}" for place in ("state", "mail", "text", "source", "pictures/x") for name in names]
    paths += [f"/page/{name}.yaml" for name in names] + ["/page/../desk.py", "/page/%2e%2e/desk.py", "/readers/schools"]
    paths += ["/readers/..", "/mail/2021-05?reader=schools:2", "/bulletin.yaml", "/.bulletin/secret.key"]
    with serve(root) as address:
        for path in paths:
            with ask(address, path) as answer:
                assert (answer.status, path) == (404, path)
                assert b"hunter2" not in answer.read()


def test_every_answer_keeps_other_pages_away_and_leaves_no_copy(root: Path) -> None:
    with serve(root) as address:
        for path in (
            "/issues/2021-05",
            "/state/2021-05",
            "/mail/2021-05",
            "/text/2021-05",
            "/page/preview.js",
            "/none",
        ):
            with ask(address, path) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors" in policy
                assert ("sandbox" in policy) == path.startswith("/mail/")
                assert "unsafe" not in policy or path.startswith("/mail/")


def test_a_page_on_another_origin_can_neither_read_nor_send(root: Path, browser: Browser, tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "caught") as catcher:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
        with serve(root, environ=environ) as address, serve_page("<title>Elsewhere</title>") as elsewhere:
            own = address.removesuffix("/issues/2021-05")
            page = browser.new_page()
            for other in (elsewhere, elsewhere.replace("127.0.0.1", "localhost")):  # the same site, and another
                page.goto(other)
                assert page.evaluate(ATTACK, own) == ["refused"] * 6
            page.close()
        assert not catcher.caught


ATTACK = """async (own) => {
  const body = JSON.stringify({ issue: "2021-05", address: "victim@example.org" });
  const headers = { "Content-Type": "application/json", "X-Bulletin-Token": "guess" };
  const attempts = [
    () => fetch(own + "/readers/partners").then((answer) => answer.text()),
    () => fetch(own + "/source/2021-05", { mode: "no-cors" }).then((answer) => answer.text() || Promise.reject()),
    () => fetch(own + "/copies", { method: "POST", headers, body }).then((answer) => answer.text()),
    () => fetch(own + "/copies", { method: "POST", mode: "no-cors", body })
      .then((answer) => answer.text()).then((text) => text || Promise.reject()),
    () => new Promise((resolve, reject) => {
      const events = new EventSource(own + "/events");
      events.onmessage = resolve;
      events.onerror = reject;
    }),
    () => new Promise((resolve, reject) => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.onload = () => frame.contentDocument ? resolve() : reject();
      frame.src = own + "/issues/2021-05";
    }),
  ];
  return Promise.all(attempts.map((attempt) => attempt().then(() => "succeeded", () => "refused")));
}"""


@contextmanager
def serve_page(html: str) -> Iterator[str]:
    """The address of a web server of somebody else's, with one page."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def outward() -> TestClient:
    """A guarded page on an address that other machines reach."""
    inner = Starlette(routes=[Route("/issues/2021-05", lambda _: PlainTextResponse("the page"))])
    gate = Gate(host="192.0.2.7", page_token="page", entry_token="entry")
    return TestClient(Guard(inner, gate=gate), base_url="http://192.0.2.7:8525", follow_redirects=False)


def test_on_another_address_only_who_has_the_token_comes_in(outward: TestClient) -> None:
    assert outward.get("/issues/2021-05").status_code == 401
    assert outward.get("/issues/2021-05?token=guess").status_code == 401
    answer = outward.get("/issues/2021-05?token=entry")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issues/2021-05")
    assert "HttpOnly; Path=/; SameSite=strict" in answer.headers["set-cookie"]
    assert outward.get("/issues/2021-05").text == "the page"
    outward.cookies.set(COOKIE, "guess")
    assert outward.get("/issues/2021-05", headers={"cookie": f"{COOKIE}=guess"}).status_code == 401


def test_a_foreign_name_is_refused_on_another_address_too(outward: TestClient) -> None:
    assert outward.get("/issues/2021-05?token=entry", headers={"host": "evil.example.org"}).status_code == 421
