"""The server in C that senders are measured against: it must count what arrives, however the network cuts it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checkout import ROOT
from conftest import find_program

pytestmark = pytest.mark.slow

SOURCE = ROOT / "benchmarks" / "sink.c"
ENVELOPE = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"

StartSink = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sink") / "sink"
    compiler = find_program("cc", package="gcc libc6-dev")
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", path, SOURCE], check=True)
    return path


@pytest.fixture
def start_sink(program: Path) -> Iterator[StartSink]:
    processes: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen([program, "-l", "60", *options], stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


class Client:
    """A connection that waits for replies line by line."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb")

    def write(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def read(self, number: int = 1) -> list[bytes]:
        return [self._lines.readline()[:3] for _ in range(number)]

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


def read_port(sink: subprocess.Popen[str]) -> int:
    assert sink.stdout
    return int(sink.stdout.readline().removeprefix("port "))


def stop(sink: subprocess.Popen[str]) -> str:
    sink.terminate()
    return sink.communicate(timeout=20)[0]


@pytest.fixture
def connect() -> Iterator[Callable[[int], Client]]:
    clients: list[Client] = []

    def make(port: int) -> Client:
        clients.append(Client(port))
        assert clients[-1].read() == [b"220"]
        return clients[-1]

    yield make
    for client in clients:
        client.close()


NEARLY_AN_END = b"Subject: x\r\n\r\n..\r\n.x\r\n\n.\n\r.\r\r\n. \r\n\r\n\r\n"
CONVERSATION = ENVELOPE + NEARLY_AN_END + b".\r\n" + ENVELOPE + b".\r\n" + b"NOOP\r\n"
REPLIES = [b"250", b"250", b"354", b"250", b"250", b"250", b"354", b"250", b"250"]


def test_messages_are_counted_wherever_a_read_cuts_them(
    start_sink: StartSink, connect: Callable[[int], Client]
) -> None:
    sink = start_sink()
    port = read_port(sink)
    client, other = connect(port), connect(port)

    for cut in range(1, len(CONVERSATION)):
        client.write(CONVERSATION[:cut])
        other.write(b"NOOP\r\n")  # one thread serves both in order: after this reply the first piece has been read
        assert other.read() == [b"250"]
        client.write(CONVERSATION[cut:])
        assert client.read(len(REPLIES)) == REPLIES

    assert stop(sink) == f"messages {2 * (len(CONVERSATION) - 1)}\n"


def test_messages_are_counted_when_each_byte_comes_by_itself(
    start_sink: StartSink, connect: Callable[[int], Client]
) -> None:
    sink = start_sink()
    port = read_port(sink)
    client, other = connect(port), connect(port)

    for octet in CONVERSATION:
        client.write(bytes([octet]))
        other.write(b"NOOP\r\n")
        assert other.read() == [b"250"]

    assert client.read(len(REPLIES)) == REPLIES
    assert stop(sink) == "messages 2\n"


def test_a_message_longer_than_any_buffer_counts_once_and_half_a_one_not_at_all(
    start_sink: StartSink, connect: Callable[[int], Client]
) -> None:
    sink = start_sink()
    client = connect(read_port(sink))

    client.write(ENVELOPE + b"0123456789.\r\n" * 100_000 + b".\r\n" + ENVELOPE + b"half")

    assert client.read(7) == [b"250", b"250", b"354", b"250", b"250", b"250", b"354"]
    assert stop(sink) == "messages 1\n"


def test_a_body_is_not_taken_without_a_recipient(start_sink: StartSink, connect: Callable[[int], Client]) -> None:
    sink = start_sink()
    client = connect(read_port(sink))

    client.write(b"EHLO here\r\nDATA\r\n")

    assert client.read(4) == [b"250", b"250", b"250", b"503"]
    assert stop(sink) == "messages 0\n"


def test_each_reply_waits_for_the_delay_and_no_connection_for_another(
    start_sink: StartSink, connect: Callable[[int], Client]
) -> None:
    delay = 0.3
    sink = start_sink("-d", str(round(delay * 1_000_000)))
    port = read_port(sink)
    first = connect(port)
    clients = [first, *(connect(port) for _ in range(3))]

    begun = time.monotonic()
    for client in clients:
        client.write(ENVELOPE + b"Hello\r\n.\r\n")
    for client in clients:
        assert client.read(4) == [b"250", b"250", b"354", b"250"]
    took = time.monotonic() - begun

    assert delay <= took < 4 * delay  # one connection after the other would take four, each reply by itself sixteen
    assert stop(sink) == "messages 4\n"


def test_it_ends_by_itself(start_sink: StartSink) -> None:
    sink = start_sink("-l", "1")
    read_port(sink)

    assert sink.communicate(timeout=20)[0] == "messages 0\n"
