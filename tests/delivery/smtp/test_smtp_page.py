"""docs/smtp.md says what each reply does: its table is held to the protocol, reply by reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bulletin.delivery.smtp.classification import asks_to_slow_down
from bulletin.delivery.smtp.outcome import Fate
from bulletin.delivery.smtp.protocol import Closed, Completed, Dialogue, Encrypt, Event, GoAhead, OutgoingMessage
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import Unreachable
from checkout import ROOT

PAGE = ROOT / "docs/smtp.md"
LETTER = OutgoingMessage(1, "news@example.org", "anna@example.org", [b"Subject: May\r\n\r\nNews.\r\n"])

OPENING = ("greeting", "EHLO", "STARTTLS", "AUTH")
ENVELOPE = ("MAIL FROM", "RCPT TO", "DATA")
STEPS = (*OPENING, *ENVELOPE, "after the message", "while nothing is asked", "RSET", "QUIT")

SAMPLES = {
    "2xx": ["250 2.0.0 Ok"],
    "334": ["334 VXNlcm5hbWU6"],
    "354, or another 3xx": ["354 Go ahead", "399 Go ahead"],
    "421": ["421 4.3.2 Busy", "421 Closing"],
    "4xx, not 421": ["450 4.2.0 Later", "451 4.3.0 Later"],
    "530, 534, 535, 538": ["530 5.7.0 No", "534 5.7.9 No", "535 5.7.8 No", "538 5.7.11 No"],
    "5xx": ["554 5.0.0 No"],
    "any other, or none that can be read": ["399 What?", "hello?"],
    "any but 2xx": ["354 Go ahead", "421 Closing", "450 Later", "550 No", "hello?"],
    "any, or none in 5 seconds": ["221 Bye", "421 Closing", "hello?", ""],
    "none in 60 seconds, or the connection breaks": [""],
    "none in 600 seconds, or the connection breaks": [""],
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table, for one of its steps."""

    reply: str
    step: str
    delivery: str
    connection: str
    pace: str
    mailing: str


def read_rows() -> Iterator[Row]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 6 or cells[0] in ("Reply", "---") or cells[0].startswith("*"):
            continue
        reply, steps, delivery, connection, pace, mailing = cells
        known = [step for step in steps.split(", ") if step in STEPS]
        assert known or steps == "connect", steps
        for step in known:
            yield Row(reply=reply, step=step, delivery=delivery, connection=connection, pace=pace, mailing=mailing)


def begin(*, pipelining: bool) -> tuple[Dialogue, dict[str, bytes]]:
    """A dialogue that waits for the greeting, and what a server says at each step that is in order."""
    login = {"username": "anytown", "password": "a password of this test"}
    relay = Relay(host="relay", port=587, security=Security.STARTTLS, **login)
    offers = b"250-relay\r\n250-STARTTLS\r\n250-AUTH LOGIN\r\n"
    said = {
        "greeting": b"220 relay\r\n",
        "EHLO": offers + (b"250 PIPELINING\r\n" if pipelining else b"250 HELP\r\n"),
        "STARTTLS": b"220 Go ahead\r\n",
        "MAIL FROM": b"250 Ok\r\n",
        "RCPT TO": b"250 Ok\r\n",
        "DATA": b"354 Go ahead\r\n",
    }
    return Dialogue(relay, name="us"), said


def reach(step: str, *, pipelining: bool) -> Dialogue:
    """A dialogue that waits for the answer at `step`."""
    dialogue, said = begin(pipelining=pipelining)
    for earlier in ("greeting", "EHLO", "STARTTLS"):
        if step == earlier:
            return dialogue
        if Encrypt() in dialogue.receive(said[earlier]):
            dialogue.encrypted()
            dialogue.receive(said["EHLO"])
    if step == "AUTH":
        return dialogue
    for _ in range(2):
        dialogue.receive(b"334 next\r\n")
    dialogue.receive(b"235 Welcome\r\n")
    if step == "QUIT":
        dialogue.quit()
    if step in ("while nothing is asked", "QUIT"):
        return dialogue
    dialogue.announce(LETTER)
    for earlier in ENVELOPE:
        if step == earlier:
            return dialogue
        dialogue.receive(said[earlier])
    dialogue.transmit()
    if step == "RSET":
        dialogue.receive(b"550 5.1.1 No such user\r\n")
    return dialogue


def say(row: Row) -> list[str]:
    """Replies of the row's kind; "" where there is none."""
    if (row.reply, row.step) == ("2xx", "EHLO"):
        return ["250-relay\r\n250 STARTTLS"]
    if (row.reply, row.step) == ("any other, or none that can be read", "DATA"):
        return ["250 Ok", "hello?"]
    return SAMPLES[row.reply]


def hear(dialogue: Dialogue, row: Row, reply: str, *, pipelining: bool) -> list[Event]:
    if not reply:
        return dialogue.lose("it didn't answer in time")
    events = dialogue.receive(f"{reply}\r\n".encode())
    if pipelining and row.step in ENVELOPE and not events and row.reply[0] in "45":  # the commands behind it fail too
        for _ in ENVELOPE[ENVELOPE.index(row.step) + 1 :]:
            events += dialogue.receive(b"503 5.5.1 Bad sequence\r\n")
    return events


@pytest.mark.parametrize("pipelining", [False, True], ids=["lock-step", "pipelining"])
@pytest.mark.parametrize("row", list(read_rows()), ids=lambda row: f"{row.reply} at {row.step}")
def test_each_reply_does_what_the_page_says(row: Row, *, pipelining: bool) -> None:
    for reply in say(row):
        dialogue = reach(row.step, pipelining=pipelining)
        events = hear(dialogue, row, reply, pipelining=pipelining)

        outcomes = [event.outcome for event in events if isinstance(event, Completed)]
        fates = [outcome.fate for outcome in outcomes]
        match row.delivery.partition(" ")[0].strip(","):
            case "queued":
                assert fates in ([], [Fate.UNSENT])
            case "sending":
                assert events == [GoAhead(LETTER)]
            case "what":
                assert fates == []
            case fate:
                assert fates == [Fate(fate)]

        ends = [event.error for event in events if isinstance(event, Closed)]
        assert bool(ends) is row.connection.startswith("closed")
        errors = [error for error in ends if error]
        assert any(not isinstance(error, Unreachable) for error in errors) is ("halts" in row.mailing)

        if (
            row.step not in OPENING and ", if" not in row.pace
        ):  # a connection that never opened is no reason to slow down
            assert any(asks_to_slow_down(outcome.reply) for outcome in outcomes) is row.pace.startswith("halved")


@pytest.mark.parametrize("step", [*OPENING, *ENVELOPE, "after the message"])
@pytest.mark.parametrize("reply", ["2xx", "421", "4xx, not 421", "5xx", "any other, or none that can be read"])
def test_the_page_says_what_each_kind_of_reply_means_at_each_step(reply: str, step: str) -> None:
    found = [row for row in read_rows() if row.step == step and row.reply == reply]
    if (reply, step) == ("2xx", "DATA"):
        assert not found  # it is one of the others there
    else:
        assert len(found) == 1
