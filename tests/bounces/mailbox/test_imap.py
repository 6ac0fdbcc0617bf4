"""Reading an IMAP mailbox of a real Dovecot: in order, once, and without leaving a trace in it."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState, move_letters, read_imap
from bulletin.bounces.mailbox.imap_address import ImapAddress, encode_mailbox, parse_imap_address
from bulletin.errors import MailboxUnreadable
from conftest import refuse_connections
from dovecot import PASSWORD, USER, Dovecot, run_dovecot

TODAY = datetime.now(tz=UTC).date()  # Dovecot dates what is put into its folders by its own clock
pytestmark = pytest.mark.slow


@pytest.fixture
def dovecot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    with run_dovecot() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


def message(number: int, *, size: int = 0) -> bytes:
    return f"Subject: {number}\nMessage-ID: <{number}@example.org>\n\nBody {number}\n".encode() + b"x" * size


def read(address: ImapAddress, state: ImapState | None = None) -> list[FetchedLetter]:
    return list(read_imap(address, state or ImapState(), today=TODAY))


def test_every_message_is_read_in_order_and_the_mailbox_is_as_it_was(dovecot: Dovecot) -> None:
    dovecot.put(*map(message, range(120)))
    before = dovecot.describe()

    found = read(parse_imap_address(dovecot.url()))

    assert [one.letter.content.replace(b"\r\n", b"\n") for one in found] == [*map(message, range(120))]
    assert [one.state.last_uid for one in found] == list(range(1, 121))
    assert dovecot.describe() == before


def test_only_what_came_since_is_read(dovecot: Dovecot) -> None:
    address = parse_imap_address(dovecot.url())
    dovecot.put(message(1), message(2))
    state = read(address)[-1].state

    assert read(address, state) == []  # `n:*` finds the newest message even so

    dovecot.put(message(3))
    assert [one.letter.name for one in read(address, state)] == ["3"]


def test_an_interrupted_reading_continues_with_the_next_message(dovecot: Dovecot) -> None:
    address = parse_imap_address(dovecot.url())
    dovecot.put(*map(message, range(70)))

    reading = read_imap(address, ImapState(), today=TODAY)
    first = [next(reading) for _ in range(7)]
    reading.close()

    assert [one.letter.name for one in read(address, first[-1].state)] == [str(uid) for uid in range(8, 71)]


def test_a_mailbox_that_was_numbered_anew_is_read_again(dovecot: Dovecot) -> None:
    address = parse_imap_address(dovecot.url())
    dovecot.put(message(1), message(2))
    state = read(address)[-1].state

    other = ImapState(state.uidvalidity + 1, 900)

    assert [one.letter.name for one in read(address, other)] == ["1", "2"]


def test_of_a_very_long_message_only_the_start_is_fetched(dovecot: Dovecot) -> None:
    dovecot.put(message(1), message(2, size=1_200_000), message(3))

    found = read(parse_imap_address(dovecot.url()))

    assert [one.letter.name for one in found] == ["1", "2", "3"]
    assert len(found[1].letter.content) == 256 << 10


def test_a_folder_with_any_name_is_read(dovecot: Dovecot) -> None:
    dovecot.put(message(1), folder='.R&APw-ckl&AOQ-ufer &- "x"')

    found = read(parse_imap_address(dovecot.url(mailbox='Rückläufer & "x"')))

    assert len(found) == 1


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_the_password_only_travels_encrypted(dovecot: Dovecot, scheme: str) -> None:
    dovecot.put(message(1))

    assert len(read(parse_imap_address(dovecot.url(scheme=scheme)))) == 1
    assert "TLS" in [line for line in dovecot.log.splitlines() if "Login:" in line][-1]


def test_a_server_with_a_certificate_of_somebody_else_is_not_trusted(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(MailboxUnreadable, match="certificate"):
        read(parse_imap_address(dovecot.url()))


def test_a_wrong_password_is_told_without_repeating_it(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxUnreadable, match="INBOX of returns at localhost can’t be read") as raised:
        read(parse_imap_address(dovecot.url(password="secret-word")))

    assert "secret-word" not in str(raised.value)


def test_a_server_that_is_not_there_is_told() -> None:
    with refuse_connections() as port, pytest.raises(MailboxUnreadable, match="can’t be read"):
        read(parse_imap_address(f"imap://a:b@127.0.0.1:{port}/"))


def test_messages_are_moved_or_deleted_only_when_asked(dovecot: Dovecot) -> None:
    address = parse_imap_address(dovecot.url())
    dovecot.put(message(1), message(2), message(3), message(4))
    dovecot.put(folder=".Done")
    state = read(address)[-1].state

    move_letters(address, [1, 3], uidvalidity=state.uidvalidity, folder="Done")
    move_letters(address, [4], uidvalidity=state.uidvalidity)

    assert [one.letter.name for one in read(address)] == ["2"]
    assert len(read(parse_imap_address(dovecot.url(mailbox="Done")))) == 2
    with pytest.raises(MailboxUnreadable, match="numbered"):
        move_letters(address, [2], uidvalidity=state.uidvalidity + 1)


class _Introspection(BaseHTTPRequestHandler):
    """Says whether a token is good, as RFC 7662 has it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        good = parse_qs(body).get("token") == ["good-token"]
        answer = json.dumps({"active": good, "username": USER}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def with_tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    server = HTTPServer(("127.0.0.1", 0), _Introspection)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with run_dovecot(oauth_url=f"http://127.0.0.1:{server.server_port}/") as dovecot:
            monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
            yield dovecot
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_access_token_takes_the_place_of_a_password(with_tokens: Dovecot) -> None:
    with_tokens.put(message(1))
    url = f"imaps://{USER}@localhost:{with_tokens.tls_port}/"

    assert len(read(parse_imap_address(url, token=lambda: "good-token"))) == 1
    with pytest.raises(MailboxUnreadable):
        read(parse_imap_address(url, token=lambda: "another"))


def test_ten_thousand_messages_are_read_in_little_memory(dovecot: Dovecot) -> None:
    number = 10_000
    dovecot.put(*(message(index, size=2000) for index in range(number)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    seen = sum(1 for _ in read_imap(parse_imap_address(dovecot.url()), ImapState(), today=TODAY))

    assert seen == number
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("Rückläufer", '"R&APw-ckl&AOQ-ufer"'),
        ("A & B", '"A &- B"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("日本語", '"&ZeVnLIqe-"'),
        ("", '""'),
    ],
)
def test_names_of_folders_are_written_as_imap_has_them(name: str, written: str) -> None:
    assert encode_mailbox(name) == written


def test_an_address_is_parsed_with_its_defaults() -> None:
    address = parse_imap_address(f"imaps://news%40example.org:{PASSWORD.replace('/', '%2F')}@imap.example.org")

    assert (address.host, address.port, address.encrypted) == ("imap.example.org", 993, True)
    assert (address.username, address.password, address.mailbox) == ("news@example.org", PASSWORD, "INBOX")
    assert PASSWORD not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://a:b@example.org",
        "imaps://example.org",
        "imaps://a@example.org",
        "imaps://a:b@",
        "imaps://a:b@example.org:port",
        "imaps://a:b@[::1",
        "imaps://a:secret%0d%0aX@example.org",
    ],
)
def test_a_wrong_address_is_explained_without_repeating_it(url: str) -> None:
    with pytest.raises(MailboxUnreadable) as raised:
        parse_imap_address(url)

    assert "secret" not in str(raised.value)
    assert "BULLETIN_IMAP_URL" in str(raised.value)
