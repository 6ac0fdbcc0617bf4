"""SmtpMailer against real servers: aiosmtpd where it behaves, and a scripted one for all the ways not to."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, ClassVar, Self

import pytest
import trustme

from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import RelayError
from conftest import refuse_connections
from inbox import RealRelay

SENDER = "news@anytown.example.org"
ANNA = "anna@example.org"
MESSAGE = b"Subject: May\r\n\r\nNews.\r\n"

HANG_UP = "hang up"
SAY_NOTHING = "say nothing"

Script = Mapping[str, str | list[str]]


class ScriptedRelay:
    """A server that answers each verb as its script says: a reply, several in turn (the last again and again), or none.

    `BANNER` is the greeting, `BODY` what becomes of a message as soon as it begins, `.` the answer to all of it.
    `commands` are the lines it got, `messages` the bytes between DATA and the final dot as they came over the wire.
    """

    USUAL: ClassVar = {
        "BANNER": "220 relay ready",
        "EHLO": "250-relay\r\n250-SIZE 1000000\r\n250 SMTPUTF8",
        "DATA": "354 go on",
        "QUIT": "221 bye",
    }

    def __init__(self, script: Script) -> None:
        turns = {**self.USUAL, **script}
        self._turns = {verb: [turn] if isinstance(turn, str) else list(turn) for verb, turn in turns.items()}
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.connections = 0
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # so that it sees that it has ended
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self._ended.is_set():
                client.close()
                return
            self.connections += 1
            with client, client.makefile("rb") as lines, suppress(OSError):  # the client may hang up first
                self._talk(client, lines)

    def _talk(self, client: socket.socket, lines: Any) -> None:
        """Until one of the two hangs up."""
        if not self._answer(client, "BANNER"):
            return
        for line in lines:
            self.commands.append(line.decode(errors="replace").rstrip("\r\n"))
            verb = self.commands[-1].partition(" ")[0].upper()
            if not self._answer(client, verb):
                return
            if verb == "DATA" and self._last.startswith("354"):
                if self._next("BODY") == HANG_UP:
                    return
                self.messages.append(b"".join(iter(lines.readline, b".\r\n")))
                if not self._answer(client, "."):
                    return
            if verb == "QUIT":
                return

    def _next(self, verb: str) -> str:
        turns = self._turns.get(verb, ["250 ok"])
        return turns.pop(0) if len(turns) > 1 else turns[0]

    def _answer(self, client: socket.socket, verb: str) -> bool:
        """Whether the conversation goes on."""
        self._last = self._next(verb)
        if self._last == SAY_NOTHING:
            self._ended.wait(10)
        if self._last in (HANG_UP, SAY_NOTHING):
            return False
        client.sendall(self._last.encode("latin-1") + b"\r\n")
        return True


@contextmanager
def mailer_to(
    port: int, host: str = "127.0.0.1", security: Security = Security.PLAIN, **options: Any
) -> Iterator[SmtpMailer]:
    login = {name: options.pop(name) for name in ("username", "password") if name in options}
    relay = Relay(host=host, port=port, security=security, **login)
    timeouts = Timeouts(**{"step": 30, "message": 30} | options.pop("timeouts", {}))
    options = {"timeouts": timeouts, "local_hostname": "sender.example.org", **options}
    with closing(SmtpMailer(relay, **options)) as mailer:
        yield mailer


def deliver(script: Script, *, to: str = ANNA, message: bytes = MESSAGE, **options: Any) -> Outcome:
    with ScriptedRelay(script) as relay, mailer_to(relay.port, **options) as mailer:
        return mailer.deliver(SENDER, to, message)


# What the relay says


@pytest.mark.parametrize(
    ("script", "fate"),
    [
        ({".": "250 2.0.0 queued as 17"}, Fate.ACCEPTED),
        ({"RCPT": "251 will forward", ".": "250 queued"}, Fate.ACCEPTED),
        ({"MAIL": "451 4.3.0 busy"}, Fate.DEFERRED),
        ({"RCPT": "450 4.2.0 greylisted"}, Fate.DEFERRED),
        ({"DATA": "451 4.3.0 busy"}, Fate.DEFERRED),
        ({".": "452 4.3.1 disk full"}, Fate.DEFERRED),
        ({".": "421 4.3.2 closing"}, Fate.DEFERRED),
        ({"RCPT": "550 5.1.1 no such person"}, Fate.REFUSED),
        ({"DATA": "554 5.5.1 no valid recipients"}, Fate.REFUSED),
        ({".": "554 5.7.1 looks like spam"}, Fate.REFUSED),
        ({"BANNER": "421 too busy"}, Fate.UNSENT),
        ({"BANNER": "450 not now"}, Fate.UNSENT),
        ({"EHLO": "421 too busy"}, Fate.UNSENT),
        ({"MAIL": "421 too busy"}, Fate.UNSENT),
        ({"RCPT": "421 too busy"}, Fate.UNSENT),
        ({"DATA": "421 too busy"}, Fate.UNSENT),
        ({"BANNER": HANG_UP}, Fate.UNSENT),
        ({"EHLO": HANG_UP}, Fate.UNSENT),
        ({"MAIL": HANG_UP}, Fate.UNSENT),
        ({"RCPT": HANG_UP}, Fate.UNSENT),
        ({"DATA": HANG_UP}, Fate.UNSENT),
        ({"MAIL": "what?"}, Fate.UNSENT),
        ({"RCPT": "354 go on"}, Fate.UNSENT),
        ({"DATA": "250 ok"}, Fate.UNSENT),
        ({"DATA": "what?"}, Fate.UNSENT),
        ({".": HANG_UP}, Fate.UNCERTAIN),
        ({".": "what?"}, Fate.UNCERTAIN),
        ({".": "354 go on"}, Fate.UNCERTAIN),
        ({".": "250-never\r\nended"}, Fate.UNCERTAIN),
        ({".": "554 " + "x" * 9000}, Fate.UNCERTAIN),
    ],
    ids=str,
)
def test_each_answer_means_one_fate(script: Script, fate: Fate) -> None:
    assert deliver(script).fate is fate


def test_a_connection_lost_within_the_message_leaves_it_uncertain() -> None:
    outcome = deliver({"BODY": HANG_UP}, message=b"x" * 70 * 1000 + b"\r\n" * 100_000)

    assert outcome.fate is Fate.UNCERTAIN


@pytest.mark.parametrize("step", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_relay_that_falls_silent_before_the_message_has_not_got_it(step: str) -> None:
    outcome = deliver({step: SAY_NOTHING}, timeouts={"step": 0.2})

    assert outcome.fate is Fate.UNSENT
    assert "didn't answer in time" in outcome.reply


def test_a_relay_that_falls_silent_after_the_message_leaves_it_uncertain() -> None:
    outcome = deliver({".": SAY_NOTHING}, timeouts={"message": 0.2})

    assert outcome.fate is Fate.UNCERTAIN
    assert "didn't answer in time" in outcome.reply


@pytest.mark.parametrize(
    ("step", "begun", "fate"),
    [("EHLO", "250 ", Fate.UNSENT), ("EHLO", "250-a\r\n", Fate.UNSENT), (".", "250 kept as ", Fate.UNCERTAIN)],
)
def test_a_relay_that_goes_on_and_on_with_one_reply_is_given_up_when_its_time_is_over(
    step: str, begun: str, fate: Fate
) -> None:
    class DrippingRelay(ScriptedRelay):
        def _answer(self, client: socket.socket, verb: str) -> bool:
            if verb != step:
                return super()._answer(client, verb)
            for number in range(100):  # for ten times as long as it may take, and then well
                client.sendall(begun.encode() if number == 0 or begun.endswith("\n") else b"x")
                self._ended.wait(0.05)
            client.sendall(b"250 ok\r\n" if begun.endswith("\n") else b"\r\n")
            return True

    with DrippingRelay({}) as relay, mailer_to(relay.port, timeouts={"step": 0.5, "message": 0.5}) as mailer:
        outcome = mailer.deliver(SENDER, ANNA, MESSAGE)

    assert outcome.fate is fate
    assert "didn't answer in time" in outcome.reply


def test_the_verdict_may_take_longer_than_any_other_step() -> None:
    class SlowRelay(ScriptedRelay):
        def _answer(self, client: socket.socket, verb: str) -> bool:
            if verb == ".":
                self._ended.wait(1.3)
            return super()._answer(client, verb)

    with SlowRelay({}) as relay, mailer_to(relay.port, timeouts={"step": 1}) as mailer:
        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED


def test_a_relay_that_is_not_there_has_not_got_the_message() -> None:
    with refuse_connections() as port, mailer_to(port) as mailer:
        outcome = mailer.deliver(SENDER, ANNA, MESSAGE)

    assert outcome.fate is Fate.UNSENT
    assert f"The connection to 127.0.0.1:{port} failed: Connection refused." in outcome.reply


@pytest.mark.parametrize("first", ["refuses", "swallows everything"])
def test_of_a_relays_addresses_the_first_that_takes_a_connection_is_used(
    monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """As with a way out by IPv6 that leads nowhere. Here both are IPv4, as not every machine has another."""
    monkeypatch.setitem(sys.modules, "uvloop", None)  # it asks for addresses by itself
    with ScriptedRelay({}) as relay, ExitStack() as stack:
        there, elsewhere = ("127.0.0.1", relay.port), ("127.0.0.2", relay.port)
        listener = stack.enter_context(socket.socket())
        listener.bind(elsewhere)
        if first != "refuses":
            listener.listen(0)
            for _ in range(2):  # its queue is full
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                waiting.connect_ex(elsewhere)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in (elsewhere, there)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
        with mailer_to(relay.port, "mail.example.org", timeouts={"address": 0.2}) as mailer:
            assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED


def test_the_reply_is_kept_in_one_line_with_its_code() -> None:
    outcome = deliver({"RCPT": "550-5.1.1 No such\r\n550-5.1.1 \x1b[31mperson\xff\r\n550 5.1.1 here"})

    assert outcome == Outcome(fate=Fate.REFUSED, reply="550 5.1.1 No such 5.1.1 [31mperson\ufffd 5.1.1 here")


def test_a_long_reply_is_cut_at_500_characters() -> None:
    assert len(deliver({"RCPT": "550 " + "no " * 900}).reply) == 500
    assert len(deliver({"MAIL": "421 " + "no " * 900}).reply) == 500


# What is about us


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"BANNER": "554 5.7.1 your network is blocked"}, "refused us: “554 5.7.1 your network is blocked”"),
        ({"EHLO": "550 who are you"}, "refused us: “550 who are you”"),
        ({"MAIL": "550 5.7.1 sender not allowed"}, "doesn't accept mail from us: “550 5.7.1 sender not allowed”"),
        ({"RCPT": "530 5.7.0 log in first"}, "doesn't accept mail from us: “530 5.7.0 log in first”"),
        ({"DATA": "530 5.7.0 log in first"}, "doesn't accept mail from us: “530 5.7.0 log in first”"),
    ],
    ids=str,
)
def test_a_refusal_that_is_about_us_is_an_error_in_words(script: Script, words: str) -> None:
    with pytest.raises(RelayError) as refused:
        deliver(script)

    assert words in refused.value.message
    assert refused.value.remedy


def test_a_message_larger_than_the_relay_takes_is_not_begun() -> None:
    with ScriptedRelay({"EHLO": "250-relay\r\n250 SIZE 20"}) as relay, mailer_to(relay.port) as mailer:
        with pytest.raises(RelayError, match=r"The message is 23 bytes; 127\.0\.0\.1:\d+ accepts at most 20\."):
            mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.commands == ["EHLO sender.example.org"]


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE many"])
def test_a_relay_that_names_no_size_has_no_limit(size: str) -> None:
    assert deliver({"EHLO": f"250-relay\r\n250 {size}"}).fate is Fate.ACCEPTED


# What goes over the wire


def test_the_envelope_the_message_and_nothing_else_go_over_the_wire() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port) as mailer:
        assert mailer.deliver(SENDER, ANNA, MESSAGE) == Outcome(fate=Fate.ACCEPTED, reply="250 ok")

    assert relay.commands == [
        "EHLO sender.example.org",
        f"MAIL FROM:<{SENDER}> SIZE={len(MESSAGE)}",
        f"RCPT TO:<{ANNA}>",
        "DATA",
        "QUIT",
    ]
    assert relay.messages == [MESSAGE]


def test_without_another_name_it_calls_itself_by_the_machines_name_or_an_address_literal() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port, local_hostname="") as mailer:
        mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.commands[0] in (f"EHLO {socket.getfqdn()}", "EHLO [127.0.0.1]")
        assert "." in relay.commands[0]


def test_a_line_that_begins_with_a_dot_ends_no_message() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port) as mailer:
        mailer.deliver(SENDER, ANNA, b".\r\nbody\r\n.\r\nMAIL FROM:<eve@example.org>\r\n..")

        assert relay.messages == [b"..\r\nbody\r\n..\r\nMAIL FROM:<eve@example.org>\r\n...\r\n"]


@pytest.mark.parametrize(
    "address", ["anna@example.org> SIZE=1", "anna@example.org\r\nDATA", "an na@example.org", "\ud800@x"]
)
def test_an_address_adds_no_command(address: str) -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port) as mailer:
        outcome = mailer.deliver(SENDER, address, MESSAGE)

        assert outcome.fate is Fate.REFUSED
        assert relay.commands == ["EHLO sender.example.org"]


def test_an_address_with_letters_beyond_ascii_is_announced() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port) as mailer:
        assert mailer.deliver(SENDER, "jöhn@example.org", MESSAGE).fate is Fate.ACCEPTED

        assert relay.commands[1:3] == [f"MAIL FROM:<{SENDER}> SIZE=23 SMTPUTF8", "RCPT TO:<jöhn@example.org>"]


def test_an_address_that_the_relay_cannot_take_is_refused_in_words_and_others_are_not() -> None:
    with ScriptedRelay({"EHLO": "250 relay"}) as relay, mailer_to(relay.port) as mailer:
        outcome = mailer.deliver(SENDER, "jöhn@example.org", MESSAGE)

        assert outcome.fate is Fate.REFUSED
        assert "doesn't offer SMTPUTF8" in outcome.reply
        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED


def test_a_sender_refused_because_of_smtputf8_is_about_the_person_who_needs_it() -> None:
    assert deliver({"MAIL": "550 5.6.7 no SMTPUTF8 here"}, to="jöhn@example.org").fate is Fate.REFUSED


# One connection, used again


def test_messages_share_a_connection() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port) as mailer:
        assert {mailer.deliver(SENDER, ANNA, MESSAGE).fate for _ in range(5)} == {Fate.ACCEPTED}

    assert relay.connections == 1
    assert len(relay.messages) == 5
    assert relay.commands.count("QUIT") == 1


@pytest.mark.parametrize(
    ("step", "reply"),
    [("MAIL", "450 not now")]
    + [(step, reply) for step in ("RCPT", "DATA", ".") for reply in ("450 not now", "550 no")],
)
def test_after_an_error_the_connection_is_reset_and_used_again(step: str, reply: str) -> None:
    good = ScriptedRelay.USUAL.get(step, "250 ok")
    with ScriptedRelay({step: [reply, good]}) as relay, mailer_to(relay.port) as mailer:
        first, second = (mailer.deliver(SENDER, ANNA, MESSAGE).fate for _ in range(2))

        assert first in (Fate.DEFERRED, Fate.REFUSED)
        assert second is Fate.ACCEPTED
        assert relay.commands.count("RSET") == 1
        assert relay.connections == 1


@pytest.mark.parametrize("reply", [HANG_UP, "421 closing", "500 what?"])
def test_a_failed_reset_changes_no_fate_and_a_new_connection_follows(reply: str) -> None:
    with ScriptedRelay({"RCPT": ["550 never", "250 ok"], "RSET": reply}) as relay, mailer_to(relay.port) as mailer:
        assert mailer.deliver(SENDER, ANNA, MESSAGE) == Outcome(fate=Fate.REFUSED, reply="550 never")
        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED
        assert relay.connections == 2


@pytest.mark.parametrize("gone", [HANG_UP, "421 4.7.0 that were enough messages"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_used_connection_that_is_lost_before_the_message_is_renewed_at_once(step: str, gone: str) -> None:
    good = ScriptedRelay.USUAL.get(step, "250 ok")
    with ScriptedRelay({step: [good, gone, good]}) as relay, mailer_to(relay.port) as mailer:
        fates = [mailer.deliver(SENDER, ANNA, MESSAGE).fate for _ in range(2)]

        assert fates == [Fate.ACCEPTED, Fate.ACCEPTED]
        assert (relay.connections, len(relay.messages)) == (2, 2)


def test_a_relay_that_always_asks_to_come_back_later_is_asked_twice_and_no_more() -> None:
    with ScriptedRelay({"RCPT": ["250 ok", "421 not you again"]}) as relay, mailer_to(relay.port) as mailer:
        mailer.deliver(SENDER, ANNA, MESSAGE)

        assert mailer.deliver(SENDER, "ben@example.org", MESSAGE).fate is Fate.UNSENT
        assert relay.connections == 2


@pytest.mark.parametrize("step", [".", "BODY"])
def test_a_message_whose_fate_is_uncertain_is_not_sent_again(step: str) -> None:
    with ScriptedRelay({step: ["250 ok", HANG_UP, "250 ok"]}) as relay, mailer_to(relay.port) as mailer:
        fates = [mailer.deliver(SENDER, ANNA, MESSAGE).fate for _ in range(3)]

        assert fates == [Fate.ACCEPTED, Fate.UNCERTAIN, Fate.ACCEPTED]
        assert relay.commands.count("DATA") == 3
        assert relay.connections == 2


def test_after_an_error_about_us_the_next_delivery_begins_anew() -> None:
    with ScriptedRelay({"MAIL": ["550 not you", "250 ok"]}) as relay, mailer_to(relay.port) as mailer:
        with pytest.raises(RelayError):
            mailer.deliver(SENDER, ANNA, MESSAGE)

        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED
        assert relay.connections == 2


@pytest.mark.parametrize("reply", ["221 bye", HANG_UP, "500 what?", "421 closing"])
def test_closing_never_fails_and_may_happen_twice(reply: str) -> None:
    with ScriptedRelay({"QUIT": reply}) as relay, mailer_to(relay.port) as mailer:
        mailer.deliver(SENDER, ANNA, MESSAGE)
        mailer.close()
        mailer.close()

        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED


def test_a_mailer_that_was_never_used_opens_nothing() -> None:
    with ScriptedRelay({}) as relay:
        with mailer_to(relay.port):
            pass

        assert relay.connections == 0


# Encryption and login, with aiosmtpd


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def server_context(authority: trustme.CA) -> Callable[[str], ssl.SSLContext]:
    def issue(host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        return context

    return issue


ServerContext = Callable[[str], ssl.SSLContext]
TLS = {Security.STARTTLS: "tls_context", Security.TLS: "ssl_context"}


@contextmanager
def real_relay(security: Security, context: ssl.SSLContext, **options: Any) -> Iterator[RealRelay]:
    options[TLS[security]] = context
    if security is Security.TLS:  # aiosmtpd does not see that a connection is encrypted from the start
        options["auth_require_tls"] = False
    with ExitStack() as stack:
        if security is Security.TLS and options.get("logins"):
            stack.enter_context(pytest.warns(UserWarning, match="Requiring AUTH while not requiring TLS"))
        yield stack.enter_context(RealRelay(**options))


@pytest.mark.parametrize("security", TLS)
def test_a_message_goes_over_an_encrypted_connection(
    security: Security, server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    with (
        real_relay(security, server_context("localhost")) as relay,
        mailer_to(relay.port, "localhost", security, context=trusting) as mailer,
    ):
        assert mailer.deliver(SENDER, ANNA, MESSAGE) == Outcome(fate=Fate.ACCEPTED, reply="250 2.0.0 taken")

        (envelope,) = relay.inbox.envelopes
        assert (envelope.mail_from, envelope.rcpt_tos, envelope.content) == (SENDER, [ANNA], MESSAGE)


def test_starttls_encrypts_before_anything_is_said_about_a_message(
    server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    with (
        real_relay(Security.STARTTLS, server_context("localhost"), require_starttls=True) as relay,
        mailer_to(relay.port, "localhost", Security.STARTTLS, context=trusting) as mailer,
    ):
        mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.inbox.encrypted == [True]


@pytest.mark.parametrize("security", TLS)
@pytest.mark.parametrize("without", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_a_login_works_with_any_password(
    security: Security, without: list[str], server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    login = {"username": "anna@example.org", "password": "pässword £5 \\ %"}
    with (
        real_relay(
            security,
            server_context("localhost"),
            logins={login["username"]: login["password"]},
            auth_exclude_mechanism=without,
        ) as relay,
        mailer_to(relay.port, "localhost", security, context=trusting, **login) as mailer,
    ):
        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED
        assert relay.inbox.users == [b"anna@example.org"]


@pytest.mark.parametrize("without", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_a_login_refused_is_about_us(
    without: list[str], server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    options = {"logins": {"anna": "right"}, "auth_exclude_mechanism": without}
    with (
        real_relay(Security.STARTTLS, server_context("localhost"), **options) as relay,
        mailer_to(
            relay.port, "localhost", Security.STARTTLS, context=trusting, username="anna", password="wr0ng"
        ) as mailer,
        pytest.raises(RelayError, match="refused us: “535 5") as refused,
    ):
        mailer.deliver(SENDER, ANNA, MESSAGE)

    assert refused.value.remedy == "Check the username and the password in BULLETIN_SMTP_URL."
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize("security", TLS)
def test_a_certificate_for_another_name_is_refused(
    security: Security, server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    with (
        real_relay(security, server_context("other.example.org")) as relay,
        mailer_to(relay.port, "localhost", security, context=trusting) as mailer,
    ):
        with pytest.raises(RelayError, match="can't prove its identity: Hostname mismatch"):
            mailer.deliver(SENDER, ANNA, MESSAGE)

        assert not relay.inbox.envelopes


@pytest.mark.parametrize("security", TLS)
def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, server_context: ServerContext) -> None:
    with (
        real_relay(security, server_context("localhost")) as relay,
        mailer_to(relay.port, "localhost", security) as mailer,
        pytest.raises(RelayError, match="can't prove its identity: unable to get local issuer certificate") as refused,
    ):
        mailer.deliver(SENDER, ANNA, MESSAGE)

    assert "SSL_CERT_FILE" in refused.value.remedy


def test_a_certificate_of_ones_own_can_be_trusted_by_ssl_cert_file(
    server_context: ServerContext, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        authority.cert_pem.tempfile() as file,
        real_relay(Security.TLS, server_context("127.0.0.1")) as relay,
        mailer_to(relay.port, "127.0.0.1", Security.TLS) as mailer,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", file)

        assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.ACCEPTED


def test_tls_older_than_1_2_is_refused(
    server_context: ServerContext, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = server_context("localhost")
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        authority.cert_pem.tempfile() as file,
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as pool,
        mailer_to(listener.getsockname()[1], "localhost", Security.TLS) as mailer,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", file)
        server = pool.submit(lambda: old.wrap_socket(listener.accept()[0], server_side=True))

        with pytest.raises(RelayError, match=r"can't agree on encryption \(TLS\): TLSV1_ALERT_PROTOCOL_VERSION"):
            mailer.deliver(SENDER, ANNA, MESSAGE)
        with pytest.raises(ssl.SSLError):
            server.result()


def test_a_relay_that_cannot_encrypt_gets_neither_message_nor_password() -> None:
    with (
        ScriptedRelay({"EHLO": "250-relay\r\n250 AUTH PLAIN"}) as relay,
        mailer_to(relay.port, security=Security.STARTTLS, username="anna", password="s3cret") as mailer,
    ):
        with pytest.raises(RelayError, match="doesn't offer STARTTLS"):
            mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.commands == ["EHLO sender.example.org"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [("501 not now", RelayError), ("454 try later", None), (HANG_UP, None), ("220 and then?", RelayError)],
)
def test_a_starttls_that_fails_ends_the_connection(reply: str, error: type[RelayError] | None) -> None:
    script = {"EHLO": "250-relay\r\n250 STARTTLS", "STARTTLS": reply + "\r\n250 not TLS" * (reply[0] == "2")}
    with ScriptedRelay(script) as relay, mailer_to(relay.port, security=Security.STARTTLS) as mailer:
        if error:
            with pytest.raises(error):
                mailer.deliver(SENDER, ANNA, MESSAGE)
        else:
            assert mailer.deliver(SENDER, ANNA, MESSAGE).fate is Fate.UNSENT

        assert relay.commands[:2] == ["EHLO sender.example.org", "STARTTLS"]
        assert not any(line.startswith("MAIL") for line in relay.commands)


def test_a_relay_that_hangs_up_while_encrypting_has_not_got_the_message() -> None:
    def answer(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.recv(10_000)

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as pool,
        mailer_to(listener.getsockname()[1], security=Security.TLS) as mailer,
    ):
        pool.submit(answer, listener)

        outcome = mailer.deliver(SENDER, ANNA, MESSAGE)

    assert outcome.fate is Fate.UNSENT
    assert "closed the connection while it was being encrypted" in outcome.reply


def test_smtps_to_a_port_that_speaks_plain_smtp_is_an_error_in_words() -> None:
    with pytest.raises(RelayError, match=r"can't agree on encryption \(TLS\)") as refused:
        deliver({}, security=Security.TLS)

    assert "port and scheme" in refused.value.remedy


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        ("235 welcome", Fate.ACCEPTED),
        ("454 try later", Fate.UNSENT),
        ("421 closing", Fate.UNSENT),
        (HANG_UP, Fate.UNSENT),
    ],
)
def test_a_login_may_fail_for_now(reply: str, fate: Fate) -> None:
    script = {"EHLO": "250-relay\r\n250 AUTH plain", "AUTH": reply}

    assert deliver(script, username="anna", password="s3cret").fate is fate


def test_a_login_that_the_relay_does_not_know_of_is_an_error_in_words() -> None:
    with pytest.raises(RelayError, match="doesn't offer a login with a password"):
        deliver({"EHLO": "250-relay\r\n250 AUTH XOAUTH2"}, username="anna", password="s3cret")


def test_a_username_without_its_password_is_an_error_before_anything_is_sent() -> None:
    with ScriptedRelay({}) as relay, mailer_to(relay.port, username="anna") as mailer:
        with pytest.raises(RelayError, match=r"There is no password for anna at 127\.0\.0\.1:\d+\."):
            mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.connections == 0


def test_the_password_crosses_the_wire_once_and_in_the_login_alone() -> None:
    script = {"EHLO": "250-relay\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}
    with ScriptedRelay(script) as relay, mailer_to(relay.port, username="anna", password="s3cret") as mailer:
        mailer.deliver(SENDER, ANNA, MESSAGE)

        assert relay.commands[1] == "AUTH PLAIN " + b64encode(b"\0anna\0s3cret").decode()
        assert not any("s3cret" in line for line in relay.commands)


def test_a_message_to_someone_with_letters_beyond_ascii_arrives(
    server_context: ServerContext, trusting: ssl.SSLContext
) -> None:
    with (
        real_relay(Security.STARTTLS, server_context("localhost")) as relay,
        mailer_to(relay.port, "localhost", Security.STARTTLS, context=trusting) as mailer,
    ):
        assert mailer.deliver(SENDER, "jöhn@example.org", MESSAGE).fate is Fate.ACCEPTED

        (envelope,) = relay.inbox.envelopes
        assert envelope.rcpt_tos == ["jöhn@example.org"]
        assert envelope.smtp_utf8
