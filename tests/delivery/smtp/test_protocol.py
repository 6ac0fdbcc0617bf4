"""The client's side of SMTP, byte by byte: no network, every way of cutting what comes in."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering import Answering, Line
from bulletin.delivery.smtp.outcome import Fate
from bulletin.delivery.smtp.protocol import (
    Closed,
    Completed,
    Dialogue,
    Encrypt,
    Event,
    GoAhead,
    OutgoingMessage,
    Ready,
    frame,
)
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import RelayError, Unreachable
from misbehaving import ALWAYS, Conduct, Fault, Step

PIPELINING = b"250-relay\r\n250-PIPELINING\r\n250 SIZE 100000\r\n"
TAKEN = b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on\r\n"


def letter(number: int = 1, *, recipient: str = "", size: int = 0) -> OutgoingMessage:
    body = b"Subject: May\r\n\r\nNews.\r\n"
    return OutgoingMessage(
        number, "news@example.org", recipient or f"reader-{number}@example.org", [body.ljust(size, b".")]
    )


def envelope(number: int) -> bytes:
    return f"MAIL FROM:<news@example.org> SIZE=23\r\nRCPT TO:<reader-{number}@example.org>\r\nDATA\r\n".encode()


def greet(answer: bytes = PIPELINING, relay: Relay | None = None) -> Dialogue:
    dialogue = Dialogue(relay or Relay(host="relay", port=25, security=Security.PLAIN), name="us")
    dialogue.receive(b"220 relay\r\n")
    assert dialogue.take_output() == b"EHLO us\r\n"
    dialogue.receive(answer)
    return dialogue


def fates(events: list[Event]) -> list[tuple[int, Fate]]:
    return [(event.message.id, event.outcome.fate) for event in events if isinstance(event, Completed)]


DSN = b"250-relay\r\n250-PIPELINING\r\n250-DSN\r\n250 SIZE 100000\r\n"


@pytest.mark.parametrize(
    ("answer", "parameters"),
    [
        (DSN, " SIZE=23 ENVID=v3g1g0011223344556677"),
        (b"250-relay\r\n250 dsn\r\n", " ENVID=v3g1g0011223344556677"),
        (PIPELINING, " SIZE=23"),
        (b"250 relay\r\n", ""),
    ],
)
def test_a_server_that_reports_is_told_how_to_name_the_message(answer: bytes, parameters: str) -> None:
    """RFC 3461, 4.4."""
    dialogue = greet(answer)
    dialogue.announce(letter(1)._replace(envelope_id="v3g1g0011223344556677"))

    assert dialogue.take_output().startswith(f"MAIL FROM:<news@example.org>{parameters}\r\n".encode())


def test_a_message_without_a_name_has_no_envelope_id() -> None:
    dialogue = greet(DSN)
    dialogue.announce(letter(1))

    assert dialogue.take_output() == envelope(1)


def test_an_envelope_is_one_write_and_the_next_goes_out_behind_the_message() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    assert dialogue.take_output() == envelope(1)
    assert dialogue.receive(TAKEN) == [GoAhead(letter(1))]
    assert dialogue.take_output() == b""  # the message waits until it is told to leave
    dialogue.transmit(letter(2))
    assert dialogue.take_output() == b"Subject: May\r\n\r\nNews.\r\n.\r\n" + envelope(2)
    events = dialogue.receive(b"250 queued\r\n" + TAKEN)
    assert fates(events) == [(1, Fate.ACCEPTED)]
    assert events[1:] == [GoAhead(letter(2))]


@pytest.mark.parametrize("behind", [TAKEN, b""], ids=["by the short road", "by the long road"])
def test_characters_that_only_turn_or_hide_others_are_not_kept_of_a_servers_words(behind: bytes) -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.receive(TAKEN)
    dialogue.transmit(letter(2))
    ended, *_ = dialogue.receive("250 qu\u202eeu\u200bed \u2066f\u00fcr \ufeff Anna\r\n".encode() + behind)
    assert isinstance(ended, Completed)
    assert ended.outcome.reply == "250 queued f\u00fcr Anna"


def test_where_pipelining_is_not_offered_each_command_waits_for_the_answer() -> None:
    dialogue = greet(b"250 relay\r\n")
    dialogue.announce(letter(1))
    said = []
    for reply in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
        said.append(dialogue.take_output())
        events = dialogue.receive(reply)
    assert said == [b"MAIL FROM:<news@example.org>\r\n", b"RCPT TO:<reader-1@example.org>\r\n", b"DATA\r\n"]
    assert events == [GoAhead(letter(1))]
    assert not dialogue.pipelining


def test_a_greeting_that_ends_with_a_code_and_nothing_is_understood() -> None:
    dialogue = greet(b"250-smtp-sink\r\n250-PIPELINING\r\n250 \r\n")
    assert dialogue.pipelining
    assert dialogue.awaited is None


@pytest.mark.parametrize(
    ("reply", "fate"), [(b"550 5.1.1 no such person", Fate.REFUSED), (b"450 4.2.1 later", Fate.DEFERRED)]
)
def test_a_refused_recipient_for_whom_the_message_is_asked_gets_an_empty_end_and_never_the_message(
    reply: bytes, fate: Fate
) -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.take_output()
    assert fates(dialogue.receive(b"250 ok\r\n" + reply + b"\r\n354 go on\r\n")) == [(1, fate)]
    assert dialogue.take_output() == b".\r\n"
    assert dialogue.receive(b"554 no valid recipients\r\n") == [Ready()]


def test_a_taken_recipient_is_never_sent_an_empty_message_where_the_sender_was_put_off() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.take_output()
    events = dialogue.receive(b"451 later\r\n250 ok\r\n354 go on\r\n")
    assert fates(events) == [(1, Fate.DEFERRED)]
    assert isinstance(events[-1], Closed)
    assert dialogue.take_output() == b""


def test_a_refused_envelope_whose_data_is_refused_too_is_reset() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.take_output()
    assert fates(dialogue.receive(b"250 ok\r\n550 no\r\n503 no recipient\r\n")) == [(1, Fate.REFUSED)]
    assert dialogue.take_output() == b"RSET\r\n"
    assert dialogue.receive(b"250 ok\r\n") == [Ready()]


def test_a_connection_lost_leaves_the_message_uncertain_and_the_one_announced_behind_it_unsent() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.receive(TAKEN)
    dialogue.transmit(letter(2))
    assert fates(dialogue.lose("the server hung up")) == [(1, Fate.UNCERTAIN), (2, Fate.UNSENT)]


def test_a_message_that_has_its_go_ahead_has_not_left() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.receive(TAKEN)
    assert fates(dialogue.drop("held back")) == [(1, Fate.UNSENT)]


def test_a_message_that_turns_out_too_large_behind_another_does_not_touch_that_one() -> None:
    dialogue = greet()
    dialogue.announce(letter(1))
    dialogue.receive(TAKEN)
    assert fates(dialogue.transmit(letter(2, size=200_000))) == [(2, Fate.UNSENT)]
    assert fates(dialogue.receive(b"250 queued\r\n")) == [(1, Fate.ACCEPTED)]


def test_what_a_server_says_without_being_asked_ends_the_conversation() -> None:
    dialogue = greet()
    (over,) = dialogue.receive(b"250 surprise\r\n")
    assert isinstance(over, Closed)
    assert isinstance(over.error, Unreachable)
    assert dialogue.receive(b"250 more\r\n") == []


def test_what_comes_in_clear_behind_the_answer_to_starttls_is_not_taken_for_encrypted() -> None:
    dialogue = greet(b"250-relay\r\n250 STARTTLS\r\n", Relay(host="relay", port=25, security=Security.STARTTLS))
    assert dialogue.take_output() == b"STARTTLS\r\n"
    (over,) = dialogue.receive(b"220 go on\r\n250-relay\r\n250 AUTH PLAIN\r\n")
    assert isinstance(over, Closed)
    assert over.error is not None
    assert "sent more unencrypted text" in over.error.message


def test_what_was_offered_in_clear_counts_for_nothing() -> None:
    relay = Relay(host="relay", port=25, security=Security.STARTTLS)
    dialogue = greet(b"250-relay\r\n250-PIPELINING\r\n250 STARTTLS\r\n", relay)
    assert dialogue.receive(b"220 go on\r\n") == [Encrypt()]
    dialogue.encrypted()
    assert dialogue.receive(b"250 relay\r\n") == [Ready()]
    assert not dialogue.pipelining


# A login by token

TOKEN_RELAY = Relay(host="relay", port=25, security=Security.TLS, username="anna@example.org")


def log_in_by_token(methods: bytes = b"PLAIN XOAUTH2") -> tuple[Dialogue, list[Event]]:
    dialogue = Dialogue(TOKEN_RELAY, name="us")
    dialogue.token = "t0ken"
    dialogue.receive(b"220 relay\r\n")
    dialogue.take_output()
    return dialogue, dialogue.receive(b"250-relay\r\n250 AUTH " + methods + b"\r\n")


def test_a_token_is_the_initial_response_of_xoauth2() -> None:
    dialogue, _ = log_in_by_token()
    verb, method, response = dialogue.take_output().split()
    assert (verb, method) == (b"AUTH", b"XOAUTH2")
    assert b64decode(response) == b"user=anna@example.org\x01auth=Bearer t0ken\x01\x01"
    assert dialogue.receive(b"235 welcome\r\n") == [Ready()]


def test_a_refused_token_is_answered_by_an_empty_line_and_reported_with_what_the_server_said() -> None:
    dialogue, _ = log_in_by_token()
    dialogue.take_output()
    challenge = b64encode(json.dumps({"status": "401", "error": "invalid_token", "scope": "x"}).encode())
    assert dialogue.receive(b"334 " + challenge + b"\r\n") == []
    assert dialogue.take_output() == b"\r\n"
    (over,) = dialogue.receive(b"535 5.7.3 Authentication unsuccessful\r\n")
    assert isinstance(over, Closed)
    assert over.error is not None
    assert "“535 5.7.3 Authentication unsuccessful (401, invalid_token)”" in over.error.message
    assert "t0ken" not in str(over.error)


@pytest.mark.parametrize("challenge", [b"", b"%%%", b"WzFd", b64encode(b"\xff\xfe")])
def test_a_challenge_that_cannot_be_read_is_answered_all_the_same(challenge: bytes) -> None:
    dialogue, _ = log_in_by_token()
    dialogue.take_output()
    dialogue.receive(b"334 " + challenge + b"\r\n")
    assert dialogue.take_output() == b"\r\n"
    (over,) = dialogue.receive(b"535 no\r\n")
    assert isinstance(over, Closed)
    assert type(over.error) is RelayError


def test_a_server_that_asks_for_more_and_more_is_left() -> None:
    dialogue, _ = log_in_by_token()
    events: list[Event] = []
    for _ in range(5):
        events += dialogue.receive(b"334 \r\n")
    assert [type(event) for event in events] == [Closed]


SECRET = "ya29.a0Af_a-token-of-this-test"


def log_in_and_be_refused(refuse: Callable[[bytes], bytes], *, methods: bytes) -> str:
    """What is told where the last line of our login is answered with what `refuse` makes of it."""
    by_token = methods == b"XOAUTH2"
    relay = Relay(
        host="relay",
        port=25,
        security=Security.TLS,
        username="anna@example.org",
        password="" if by_token else SECRET,
    )
    dialogue = Dialogue(relay, name="us")
    dialogue.token = SECRET if by_token else ""
    dialogue.receive(b"220 relay\r\n")
    dialogue.receive(b"250-relay\r\n250 AUTH " + methods + b"\r\n")
    if methods == b"LOGIN":
        dialogue.receive(b"334 VXNlcm5hbWU6\r\n")
        dialogue.take_output()
        dialogue.receive(b"334 UGFzc3dvcmQ6\r\n")
    *_, line = dialogue.take_output().splitlines()
    (over,) = dialogue.receive(refuse(line))
    assert isinstance(over, Closed)
    return str(over.error)


@pytest.mark.parametrize("methods", [b"XOAUTH2", b"PLAIN", b"LOGIN"])
@pytest.mark.parametrize(
    "refuse",
    [
        lambda line: b"535 5.7.8 not " + line + b"\r\n",
        lambda line: b"500-unknown: " + line[:30] + b"\r\n500 " + line[30:] + b"\r\n",
        lambda line: b"454 4.7.0 later: '" + line[:-3] + b"...'\r\n",
        lambda line: line + b"?\r\n",
        lambda _line: b"535 5.7.8 not " + SECRET.encode() + b"\r\n",
    ],
    ids=["whole", "on two lines", "cut", "as no reply at all", "in clear"],
)
def test_what_a_server_repeats_of_our_login_is_not_shown(refuse: Callable[[bytes], bytes], methods: bytes) -> None:
    told = log_in_and_be_refused(refuse, methods=methods)

    assert "…" in told
    for secret in (SECRET, f"user=anna@example.org\x01auth=Bearer {SECRET}\x01\x01", f"\0anna@example.org\0{SECRET}"):
        encoded = b64encode(secret.encode()).decode()
        for begin in range(len(encoded) - 8):
            assert encoded[begin : begin + 8] not in told
    assert SECRET not in told


def test_a_token_is_not_shown_to_a_server_that_takes_none() -> None:
    dialogue, (over,) = log_in_by_token(b"PLAIN LOGIN")
    assert isinstance(over, Closed)
    assert over.error is not None
    assert "XOAUTH2" in over.error.message
    assert dialogue.take_output() == b""


# Whatever the server does at whichever step. test_faults has the same table, with sockets and a ledger.

STEPS_OF_A_MESSAGE = (Step.MAIL, Step.RCPT, Step.DATA, Step.BODY, Step.DOT)
IN_CLEAR = [step for step in Step if step not in (Step.CLEAR, Step.HANDSHAKE)]
TOLD_APART = (Conduct.STALL, Conduct.CUT, Conduct.SILENCE)  # by the network, but not here
CONDUCTS = [conduct for conduct in Conduct if conduct not in TOLD_APART]
PEOPLE = [f"reader-{number}@example.org" for number in range(8)]
GONE = (PEOPLE[2], PEOPLE[5])


class Sender:
    """Sends a letter to each of PEOPLE over one connection after the other, as the dispatcher does."""

    def __init__(self, server: Answering, *, torn: bool) -> None:
        self.server, self.torn = server, torn
        self.waiting = [letter(number, recipient=recipient) for number, recipient in enumerate(PEOPLE)]
        self.later: list[OutgoingMessage] = []
        self.told: dict[str, list[Fate]] = {recipient: [] for recipient in PEOPLE}

    def converse(self) -> None:
        """One connection, from its greeting to its end."""
        security = Security.STARTTLS if self.server.starttls else Security.TLS
        relay = Relay(host="relay", port=25, security=security, username="anytown", password="a password of this test")
        self.dialogue, self.line, self.over = Dialogue(relay, name="us"), Line(self.server), False
        while not self.over:
            self.line.feed(self.dialogue.take_output())
            if said := self.line.take():
                for piece in [said[place : place + 1] for place in range(len(said))] if self.torn else [said]:
                    self.take(self.dialogue.receive(piece))
            elif self.line.lost:
                self.take(self.dialogue.lose("the server hung up"))

    def take(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Ready() if self.waiting:
                    self.take(self.dialogue.announce(self.waiting.pop(0)))
                case Ready():
                    self.dialogue.quit()
                case Encrypt():
                    self.line.encrypted = True
                    self.dialogue.encrypted()
                case GoAhead():
                    following = self.waiting.pop(0) if self.waiting and self.dialogue.pipelining else None
                    self.take(self.dialogue.transmit(following))
                case Completed():
                    fate = event.outcome.fate
                    self.told[event.message.recipient].append(fate)
                    if fate in (Fate.UNSENT, Fate.DEFERRED):
                        self.later.append(event.message)
                case Closed():
                    self.over = True

    def send(self) -> None:
        """Three times with the fault, if it takes so many, and then without it until nobody waits."""
        for turn in range(12):
            self.converse()
            self.waiting, self.later = self.waiting + self.later, []
            if not self.waiting:
                return
            if turn == 2:
                self.server.fault = None
        pytest.fail("It never ends.")


@pytest.mark.parametrize("starttls", [False, True], ids=["from the start", "STARTTLS"])
@pytest.mark.parametrize("conduct", CONDUCTS, ids=lambda conduct: conduct.value)
@pytest.mark.parametrize("step", IN_CLEAR, ids=lambda step: step.value)
def test_whatever_the_server_does_at_any_step_each_fate_is_the_servers_own(
    step: Step, conduct: Conduct, *, starttls: bool
) -> None:
    for pipelining, always, asks_for_nothing in product((True, False), repeat=3):
        first = 3 if step in STEPS_OF_A_MESSAGE and not always else 0
        server = Answering(
            fault=Fault(step=step, conduct=conduct, first=first, times=ALWAYS if always else 1),
            pipelining=pipelining,
            starttls=starttls or step is Step.STARTTLS,
            gone=GONE,
            asks_for_nothing=asks_for_nothing and step is not Step.RSET,  # there, nothing has to be reset
        )
        sender = Sender(server, torn=always)
        sender.send()

        assert server.strikes > 0, "the fault was never reached"
        assert max(server.kept.values(), default=1) == 1
        assert set(server.kept) <= set(PEOPLE)  # nobody got an end alone for a message
        uncertain = 0
        for recipient, fates in sender.told.items():
            last = fates[-1]
            assert set(fates[:-1]) <= {Fate.UNSENT, Fate.DEFERRED}
            uncertain += last is Fate.UNCERTAIN
            if server.kept[recipient]:
                assert last is (Fate.ACCEPTED if server.answered[recipient] else last)
                assert last in (Fate.ACCEPTED, Fate.UNCERTAIN)
            else:
                assert last in (Fate.REFUSED, Fate.UNCERTAIN)
            assert last is not Fate.ACCEPTED or server.answered[recipient]
            assert last is not Fate.REFUSED or recipient in GONE or conduct is Conduct.REFUSE
        assert uncertain <= (server.strikes if step in STEPS_OF_A_MESSAGE and conduct is not Conduct.ACCEPT else 0)


# Whatever comes in, however it is cut


def cut(data: bytes, places: list[int]) -> list[bytes]:
    borders = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]


@given(places=st.lists(st.integers(0, 10_000), max_size=12))
def test_it_makes_no_difference_how_the_answers_are_cut(places: list[int]) -> None:
    dialogue = Dialogue(Relay(host="relay", port=25, security=Security.PLAIN), name="us")
    waiting = [letter(number) for number in range(1, 5)]
    server = [b"220-relay\r\n220 ready\r\n", PIPELINING, TAKEN]
    server += [
        b"250 queued\r\n250 ok\r\n550 no\r\n354 go on\r\n",
        b"554 nobody\r\n",
        TAKEN,
        b"250-it is\r\n250 queued\r\n",
    ]
    events: list[Event] = []
    for answer in server:
        for piece in cut(answer, places):
            for event in dialogue.receive(piece):
                events.append(event)
                if isinstance(event, Ready) and waiting:
                    dialogue.announce(waiting.pop(0))
                if isinstance(event, GoAhead):
                    dialogue.transmit(waiting.pop(0) if len(waiting) > 2 else None)
        dialogue.take_output()
    assert fates(events) == [(1, Fate.ACCEPTED), (2, Fate.REFUSED), (3, Fate.ACCEPTED)]


answers = st.one_of(
    st.sampled_from(
        [
            b"220 hi\r\n",
            b"250 ok\r\n",
            PIPELINING,
            TAKEN,
            b"354 go on\r\n",
            b"421 bye\r\n",
            b"450 no\r\n",
            b"550 no\r\n",
            b"535 no\r\n",
            b"334 \r\n",
            b"250-x\r\n",
            b"251\r\n",
            b"\r\n",
            b"\n",
            b"999 x\r\n",
            b"250x\r\n",
            b"\xff" * 5000,
        ]
    ),
    st.binary(max_size=40),
)


@given(answers=st.lists(answers, max_size=25))
def test_no_answer_whatever_sends_a_message_twice_or_without_its_go_ahead_or_loses_one(answers: list[bytes]) -> None:
    dialogue = Dialogue(Relay(host="relay", port=25, security=Security.PLAIN), name="us")
    announced: list[int] = []
    transmitted: list[int] = []
    told: dict[int, Fate] = {}

    def announce_next() -> OutgoingMessage:
        announced.append(len(announced))
        return letter(announced[-1])

    def take(events: list[Event]) -> None:
        for event in events:
            match event:
                case Ready() if len(announced) == len(told):
                    take(dialogue.announce(announce_next()))
                case GoAhead():
                    transmitted.append(event.message.id)
                    take(dialogue.transmit(announce_next() if dialogue.pipelining else None))
                case Completed():
                    assert event.message.id not in told
                    told[event.message.id] = event.outcome.fate
                    may_have_left = event.outcome.fate in (Fate.ACCEPTED, Fate.UNCERTAIN)
                    assert not may_have_left or event.message.id in transmitted

    sent = b""
    for answer in answers:
        take(dialogue.receive(answer))
        sent += dialogue.take_output()
    take(dialogue.lose("the server hung up"))
    assert set(told) == set(announced)
    assert len(transmitted) == len(set(transmitted))
    assert sent.count(b"News.") <= len(transmitted)


@given(message=st.binary(max_size=200))
def test_a_framed_message_has_its_only_end_behind_it(message: bytes) -> None:
    sent = frame(message) + b".\r\n"
    lines = sent.split(b"\r\n")
    assert lines.index(b".") == len(lines) - 2
    received = b"\r\n".join(line.removeprefix(b".") for line in lines[:-2]) + b"\r\n"
    assert received == (message if message.endswith(b"\r\n") else message + b"\r\n")
