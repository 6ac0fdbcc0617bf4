from __future__ import annotations

import json
import ssl
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlalchemy import Engine

from anytown import NOON, address_of, begin_mailing
from bulletin.database.schema import open_database
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.oauth import MARGIN, CachedToken, MicrosoftTokens, Token, fetch_by_command
from bulletin.delivery.smtp.outcome import Fate
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import RelayError, Unreachable
from inbox import Inbox, RealRelay
from lenient import Lenient, Unlimited

SECRET = "s3cret~value"


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_a_commands_output_is_the_token() -> None:
    token = fetch_by_command(python("print('ya29.a0Af_token-1')"))

    assert token.value == "ya29.a0Af_token-1"
    assert "ya29" not in repr(token)


def test_a_command_in_one_line_is_taken_apart_but_no_shell_runs_it(tmp_path: Path) -> None:
    script = tmp_path / "print token.py"
    script.write_text("import sys; print('token-' + '|'.join(sys.argv[1:]))")

    token = fetch_by_command([f"{sys.executable} '{script}' --for news@example.org $HOME;ls"])

    assert token.value == "token---for|news@example.org|$HOME;ls"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("pass", "it printed nothing"),
        ("print('WARNING: log in first')", "it printed something that isn't a token"),
        ("print('token-1234'); print('and more')", "it printed something that isn't a token"),
        ("import sys; sys.stdout.buffer.write(b'\\xff' * 20)", "it printed something that isn't a token"),
        ("import sys; print('s3cret~value'); sys.exit(3)", "it ended with code 3"),
        ("import time; print('s3cret~value', flush=True); time.sleep(60)", "it took longer than 0.5 seconds"),
    ],
)
def test_a_command_that_gives_no_token_is_told_in_words_that_show_nothing_it_printed(script: str, words: str) -> None:
    with pytest.raises(RelayError) as refused:
        fetch_by_command(python(script), timeout=0.5 if "sleep" in script else 30)

    assert words in str(refused.value)
    assert refused.value.remedy
    for shown in ("s3cret", "WARNING", "token-1234"):
        assert shown not in str(refused.value)


def test_a_command_that_cannot_run_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "no-program"
    file.write_text("x")
    with pytest.raises(RelayError, match="there is no such program"):
        fetch_by_command(["no-such-program-at-all --now"])
    with pytest.raises(RelayError, match="you don't have permission to run it"):
        fetch_by_command([str(file)])
    with pytest.raises(RelayError, match="can't be read"):
        fetch_by_command(["echo 'unclosed"])


@pytest.mark.parametrize("command", [["SEKRET=abc gcloud auth print-access-token"], ["SEKRET=abc", "gcloud"]])
def test_of_a_command_that_begins_with_a_variable_nothing_is_shown(command: list[str]) -> None:
    with pytest.raises(RelayError, match="gave no token: there is no such program") as refused:
        fetch_by_command(command)

    assert "No shell runs it" in refused.value.remedy
    assert "SEKRET" not in str(refused.value)
    assert "abc" not in str(refused.value)


@dataclass
class Source:
    """Gives numbered tokens that serve for `life` seconds."""

    life: float
    given: int = 0
    now: float = 1_000.0
    fault: RelayError | None = None

    def fetch(self) -> Token:
        if self.fault:
            raise self.fault
        self.given += 1
        return Token(value=f"token-{self.given}", life=self.life)


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    source = Source(life=3_600)
    token = CachedToken(source.fetch, clock=lambda: source.now)

    assert [token(), token()] == ["token-1", "token-1"]
    source.now += 3_600 - MARGIN - 1
    assert token() == "token-1"
    source.now += 1
    assert token() == "token-2"


def test_a_token_of_short_life_still_serves_for_half_of_it() -> None:
    source = Source(life=60)
    token = CachedToken(source.fetch, clock=lambda: source.now)
    token()
    source.now += 29
    assert token() == "token-1"
    source.now += 1
    assert token() == "token-2"


def test_a_failure_to_get_a_token_is_not_kept() -> None:
    source = Source(life=3_600, fault=RelayError("No token."))
    token = CachedToken(source.fetch, clock=lambda: source.now)
    with pytest.raises(RelayError):
        token()
    source.fault = None

    assert token() == "token-1"
    assert "token-1" not in repr(token)


# A token that the server does not take


class TokenInbox(Inbox):
    """Lets in by XOAUTH2 who has a token in `good`; `lives` says how many messages each serves for."""

    def __init__(self, *good: str, lives: int = 10**6) -> None:
        super().__init__()
        self.good = set(good)
        self.lives = lives
        self.logins: list[str] = []

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:  # noqa: N802 -- aiosmtpd's
        user, bearer, *_ = b64decode(words[1]).decode().split("\x01")
        assert user == "user=news@anytown.example.org"
        token = bearer.removeprefix("auth=Bearer ")
        self.logins.append(token)
        if token in self.good:
            return AuthResult(success=True, auth_data=token)
        await server.challenge_auth('{"status": "401", "error": "invalid_token"}')
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        reply = await super().handle_DATA(server, session, envelope)
        if self.users.count(session.auth_data) == self.lives:
            self.good.discard(str(session.auth_data))
        return reply

    def recipients(self) -> Counter[str]:
        return Counter(address for envelope in self.envelopes for address in envelope.rcpt_tos)


Send = Callable[[Relay, list[str]], None]


def send_mailing_to(relay: Relay, names: list[str], *, engine: Engine, connections: int) -> None:
    """As `bulletin send` does; each connection carries two messages."""
    counts = send_mailing(
        engine,
        begin_mailing(engine, *names),
        routes=[Route(relay=relay, pace=Unlimited(connections=connections, messages_per_connection=2))],
        stop_rule=Lenient(),
        options=SendOptions(secret=b"a secret of this test", run="run"),
        control=Control(clock=lambda: NOON, stop=Event()),
        observer=Callbacks(),
    )
    assert counts == Counts(accepted=len(names))


def send_copies(relay: Relay, names: list[str]) -> None:
    """As `bulletin test` does; each by a connection of its own."""
    for name in names:
        with closing(SmtpMailer(relay)) as mailer:
            outcome = mailer.deliver("news@anytown.example.org", address_of(name), b"Subject: May\r\n\r\nNews.\r\n")
        assert outcome.fate is Fate.ACCEPTED


@pytest.fixture(params=["copies", "mailing", "mailing by four connections"])
def send(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Send]:
    if request.param == "copies":
        yield send_copies
        return
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield partial(send_mailing_to, engine=engine, connections=4 if "four" in request.param else 1)
    engine.dispose()


@contextmanager
def relay_to(inbox: TokenInbox, token: CachedToken) -> Iterator[Relay]:
    with RealRelay(inbox=inbox, auth_require_tls=False) as server:
        login = {"username": "news@anytown.example.org", "token": token}
        yield Relay(host="127.0.0.1", port=server.port, security=Security.PLAIN, **login)


PEOPLE = [f"reader-{number}" for number in range(20)]


def test_a_token_that_ends_early_is_fetched_anew_each_time_and_everybody_gets_one_message(send: Send) -> None:
    source = Source(life=3_600)
    inbox = TokenInbox(*(f"token-{number}" for number in range(1, 9)), lives=5)
    with relay_to(inbox, CachedToken(source.fetch, clock=lambda: source.now)) as relay:
        send(relay, PEOPLE)

    assert inbox.recipients() == Counter(map(address_of, PEOPLE))
    assert source.given >= 3
    assert max(Counter(inbox.logins).values()) <= 5 + 4  # nobody hammers at the door with one that does not open it


def test_a_server_that_takes_no_token_is_asked_with_two_and_then_its_words_are_told(send: Send) -> None:
    source = Source(life=3_600)
    inbox = TokenInbox()
    with (
        relay_to(inbox, CachedToken(source.fetch, clock=lambda: source.now)) as relay,
        pytest.raises(RelayError, match=r"refused us: “535 5\.7\.8 .* \(401, invalid_token\)”"),
    ):
        send(relay, PEOPLE)

    assert set(inbox.logins) == {"token-1", "token-2"}
    assert max(Counter(inbox.logins).values()) <= 4
    assert not inbox.envelopes


def test_a_refused_token_for_which_there_is_no_other_is_not_shown_again(send: Send) -> None:
    """As with a command that keeps its token for an hour."""
    fetched: list[Token] = []

    def fetch() -> Token:
        fetched.append(Token(value="the-only-token", life=3_600))
        return fetched[-1]

    inbox = TokenInbox()
    with (
        relay_to(inbox, CachedToken(fetch, clock=lambda: 0)) as relay,
        pytest.raises(RelayError, match="refused us: “535"),
    ):
        send(relay, PEOPLE)

    assert 1 <= len(inbox.logins) <= 4  # each connection once
    assert len(fetched) >= 2


def test_after_its_source_has_failed_a_refused_token_is_not_used_again() -> None:
    source = Source(life=3_600)
    token = CachedToken(source.fetch, clock=lambda: source.now)
    assert token.refuse(token(), RelayError("535 no"))
    source.fault = Unreachable("Not now.")
    with pytest.raises(Unreachable):
        token()
    source.fault = None

    assert token() == "token-2"


@dataclass
class FakeMicrosoft:
    """Discovery and token endpoint on loopback, over TLS. `answers` are given one after the other, the last again."""

    url: str = ""
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    tenants: tuple[str, ...] = ("example.org",)


def make_handler(fake: FakeMicrosoft) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tenant = self.path.split("/")[1]
            if tenant not in fake.tenants:
                self.answer(400, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."})
                return
            here = f"{fake.url}/{tenant}/oauth2/v2.0"
            endpoints = {"authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token"}
            self.answer(200, {"issuer": f"{fake.url}/{tenant}/v2.0", **endpoints})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fake.asked.append(parse_qs(self.rfile.read(length).decode()))
            self.answer(*(fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]))

        def answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


@pytest.fixture
def microsoft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMicrosoft]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    fake = FakeMicrosoft()
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(fake))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    fake.url = f"https://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


def tokens_of(fake: FakeMicrosoft, *, tenant: str = "example.org") -> MicrosoftTokens:
    return MicrosoftTokens(tenant=tenant, client_id="0000-1111", secret=SECRET, authority=fake.url)


def granted(value: str) -> tuple[int, dict[str, Any]]:
    return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": value}


def test_microsoft_gives_a_token_for_the_applications_own_credentials(microsoft: FakeMicrosoft) -> None:
    microsoft.answers = [granted("eyJ0.first"), granted("eyJ0.second")]

    token = tokens_of(microsoft).fetch()

    assert (token.value, token.life) == ("eyJ0.first", 3599)
    (asked,) = microsoft.asked
    assert asked["grant_type"] == ["client_credentials"]
    assert asked["client_id"] == ["0000-1111"]
    assert asked["client_secret"] == [SECRET]
    assert asked["scope"] == ["https://outlook.office365.com/.default"]


def test_what_microsoft_refuses_is_told_in_its_own_words_without_the_secret(microsoft: FakeMicrosoft) -> None:
    said = f"AADSTS7000215: Invalid client secret provided: '{SECRET}'. Trace ID: 8f2b Correlation ID: 77 Timestamp: x"
    microsoft.answers = [(401, {"error": "invalid_client", "error_description": said})]

    with pytest.raises(RelayError) as refused:
        tokens_of(microsoft).fetch()

    assert "for the application 0000-1111: AADSTS7000215: Invalid client secret provided" in str(refused.value)
    assert "hasn't expired" in refused.value.remedy
    assert SECRET not in str(refused.value)
    assert "Trace ID" not in str(refused.value)


def test_a_tenant_that_microsoft_does_not_know_is_named(microsoft: FakeMicrosoft) -> None:
    with pytest.raises(RelayError, match=r"doesn't know the tenant nobody\.example\.org"):
        tokens_of(microsoft, tenant="nobody.example.org").fetch()


def test_a_login_service_out_of_reach_is_told_in_words(
    microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")  # nobody vouches for it
    with pytest.raises(Unreachable, match="isn't giving a token now: it can't prove its identity") as refused:
        tokens_of(microsoft).fetch()

    assert "localhost" not in str(refused.value)


def test_a_login_service_that_is_not_there_is_told_in_words(microsoft: FakeMicrosoft) -> None:
    microsoft.url = "https://localhost:1"
    with pytest.raises(Unreachable, match="it can't be reached"):
        tokens_of(microsoft).fetch()


def test_after_a_fault_the_next_attempt_asks_again(microsoft: FakeMicrosoft) -> None:
    microsoft.answers = [(503, {"error": "temporarily_unavailable"}), granted("eyJ0.later")]
    tokens = tokens_of(microsoft)
    with pytest.raises(Unreachable, match="it has a problem of its own"):
        tokens.fetch()

    assert tokens.fetch().value == "eyJ0.later"
