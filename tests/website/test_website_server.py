"""The website on a real socket: clients that are slow, hang up, or say what isn't HTTP; and its end."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from bulletin.errors import BulletinError
from bulletin.website.server import listen_for_readers
from public_pages import HOST, TOKEN, serve_pages

pytestmark = pytest.mark.slow

SHORT = 0.5  # seconds


@contextmanager
def connect(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as sock:
        yield sock


def read_all(sock: socket.socket) -> bytes:
    """What comes until the other end hangs up."""
    received = b""
    try:
        while piece := sock.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def get(address: str, path: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST /subscribe HTTP/1.1\r\nX-Slow: "]
)
def test_a_client_that_never_ends_its_headers_is_hung_up_on(begun: bytes) -> None:
    with serve_pages(header_seconds=SHORT) as (address, _), connect(address) as sock:
        sock.sendall(begun)
        began = time.monotonic()

        assert read_all(sock) == b""
        assert time.monotonic() - began < 5
        assert get(address, "/privacy")[0] == 200


def test_a_client_that_keeps_sending_headers_is_hung_up_on_too() -> None:
    with serve_pages(header_seconds=SHORT) as (address, _), connect(address) as sock:
        sock.sendall(b"GET /privacy HTTP/1.1\r\nHost: localhost\r\n")
        sock.settimeout(0.1)
        ended = False
        for _ in range(50):
            try:
                sock.sendall(b"X: y\r\n")
                ended = sock.recv(10) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
            if ended:
                break
        assert ended


def test_a_second_request_on_a_connection_is_waited_for_no_longer() -> None:
    with serve_pages(header_seconds=SHORT) as (address, _), connect(address) as sock:
        sock.sendall(b"GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n")
        first = sock.recv(100)
        sock.sendall(b"GET /privacy HTTP/1.1\r\n")

        assert first.startswith(b"HTTP/1.1 200")
        assert b"Privacy notice" not in read_all(sock)


def test_a_client_that_never_ends_its_form_gets_an_answer_and_nothing_is_done() -> None:
    with serve_pages(body_seconds=SHORT) as (address, pages), connect(address) as sock:
        head = f"POST /unsubscribe/{TOKEN} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100\r\n"
        sock.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nact=".encode())
        answer = read_all(sock)

        assert answer.startswith(b"HTTP/1.1 408")
        assert "We haven’t saved your choice.".encode() in answer
        assert pages.posted == []


def test_a_client_that_hangs_up_in_the_middle_of_its_form_has_sent_nothing() -> None:
    lines: list[str] = []
    with serve_pages(write=lines.append) as (address, pages):
        with connect(address) as sock:
            sock.sendall(f"POST /unsubscribe/{TOKEN} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\na".encode())
        assert get(address, "/privacy")[0] == 200
        assert pages.posted == []


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /subscribe HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["TLS", "no host", "a length that is none", "two hosts", "a long line"],
)
def test_what_is_no_request_is_refused_and_the_next_one_answered(sent: bytes) -> None:
    with serve_pages(header_seconds=SHORT) as (address, _):
        with connect(address) as sock:
            sock.sendall(sent)
            answer = read_all(sock)
            assert answer.startswith(b"HTTP/1.1 400") or not answer
            assert (b"x-content-type-options: nosniff" in answer.lower()) == bool(answer)
        assert get(address, "/privacy")[0] == 200


def test_connections_beyond_the_most_are_closed_and_the_others_go_on() -> None:
    with serve_pages(most_connections=3) as (address, _), ExitStack() as opened:
        held = [opened.enter_context(connect(address)) for _ in range(3)]
        for sock in held:
            sock.sendall(b"GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert sock.recv(12) == b"HTTP/1.1 200"
        with connect(address) as one_more:
            assert read_all(one_more) == b""
        held[0].close()
        _until(lambda: _is_answered(address))


def _is_answered(address: str) -> bool:
    try:
        return get(address, "/privacy")[0] == 200
    except OSError:
        return False


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends


def test_head_is_answered_without_a_body_on_the_wire() -> None:
    with serve_pages() as (address, _), connect(address) as sock:
        sock.sendall(b"HEAD /privacy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head, _, body = read_all(sock).partition(b"\r\n\r\n")

        assert head.startswith(b"HTTP/1.1 200")
        assert b"content-length: " in head.lower()
        assert b"server:" not in head.lower()
        assert body == b""


def test_the_website_ends_while_a_client_waits() -> None:
    with serve_pages() as (address, _), connect(address) as sock:
        sock.sendall(b"GET /privacy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        sock.recv(100)
    # It would fail here if it did not end.


def test_a_port_that_is_taken_is_named() -> None:
    with listen_for_readers("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(BulletinError, match=f"The website cannot listen on port {port} of 127.0.0.1"):
            listen_for_readers("127.0.0.1", port)
