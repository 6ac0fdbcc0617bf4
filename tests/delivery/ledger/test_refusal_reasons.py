"""Why a server refused: the same words for the same code, however the server put it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.ledger.refusal_reasons import find_reason


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        ("550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown", "5.1.1", "No such address"),
        ("550-5.1.1 The email account that you tried to reach does not exist.", "5.1.1", "No such address"),
        ("550 5.4.1 Recipient address rejected: Access denied.", "5.4.1", "No such address"),
        ("550 No such user here", "550", "No such address"),
        ("556 5.1.10 Recipient address has a null MX", "5.1.10", "The domain does not exist, or takes no mail"),
        ("552 5.2.2 The recipient's inbox is out of storage space", "5.2.2", "The mailbox is full"),
        ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "The message is too large for them"),
        ("550 5.2.1 This mailbox has been disabled", "5.2.1", "The mailbox is closed"),
        ("550 5.1.6 Recipient no longer at this server", "5.1.6", "The mailbox has moved"),
        ("501 5.1.3 Bad recipient address syntax", "5.1.3", "The address is written wrongly"),
        ("554 5.7.1 Message rejected as spam", "5.7.1", "Taken for spam"),
        ("550 5.7.26 This mail is unauthenticated", "5.7.26", "Not proved to be from us"),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", "5.7.60", "We may not send as"),
        ("550 5.6.0 Lone CR or LF in body", "5.6.0", "Something in the message’s form"),
        ("451 4.7.1 Greylisted, try later", "4.7.1", "Deferred for now"),
        ("452 4.2.2 Mailbox full", "4.2.2", "The mailbox is full"),
        ("gave up after 8 attempts: 451 4.7.1 Greylisted, try later", "4.7.1", "Deferred at every attempt"),
        ("gave up after 8 attempts: 452 4.2.2 Mailbox full", "4.2.2", "The mailbox is full"),
        ("The server does not take the address: it is not ASCII.", "", "Another reason"),
    ],
)
def test_a_reply_is_explained_by_its_code(reply: str, code: str, words: str) -> None:
    reason = find_reason(reply)

    assert reason.code == code
    assert reason.words.startswith(words)
    assert reason.remedy.endswith(".")


@given(st.text() | st.from_regex(r"[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3} [^\n]*anna@example\.org.*"))
def test_whatever_the_server_writes_nothing_of_it_is_repeated(reply: str) -> None:
    reason = find_reason(reply)

    assert "@" not in reason.words + reason.remedy + reason.code
    assert re.fullmatch(r"|\d{3}|\d(\.\d{1,3}){2}", reason.code)
    assert reason.words
