"""What servers' words and codes mean: words first, an inner code before an outer one, and in doubt not “gone”."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.smtp.diagnostics import diagnose
from bulletin.delivery.smtp.server_phrases import PHRASES, DiagnosticKind

K = DiagnosticKind
GONE = (K.NO_MAILBOX, K.NO_DOMAIN, K.CLOSED, K.EXCHANGE_EDGE)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        # GoDaddy's code is that of an unknown user, its words are about us.
        ("550 5.1.1 anna@example.org has sent to too many recipients this hour. IB607a", K.TOO_FAST),
        ("550 5.1.1 <anna@example.org>: message refused as spam", K.CONTENT),
        ("550 5.1.1 <anna@example.org> Client host [192.0.2.1] blocked using zen.spamhaus.org", K.REPUTATION),
        ("550 5.2.1 The user you are trying to contact is receiving mail at a rate that is too high", K.TOO_FAST),
        # One phrase, four meanings: it is in no table.
        ("554 5.7.1 <anna@nhs.net>: Recipient address rejected: ERS-RBL", K.REPUTATION),
        ("554 5.7.1 <anna@example.org>: Recipient address rejected: Access denied", K.POLICY),
        ("550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown", K.NO_MAILBOX),
        ("552 5.2.2 <anna@example.org>: Recipient address rejected: Mailbox is full", K.FULL),
        ("550 <anna@example.org>: Recipient address rejected", K.FAULT),
        # Exchange Online's edge, with its name and without.
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", K.EXCHANGE_EDGE),
        ("550 5.4.1 Recipient address rejected: Access denied", K.GAVE_UP),
        ("550 5.4.1 no answer from host", K.GAVE_UP),
        # The inner code counts where the outer one says nothing.
        ("5.1.0 - Unknown address error 550-'5.1.1 <anna@example.org>... '", K.NO_MAILBOX),
        ("5.0.0 (undeliverable) 550 5.2.2 <anna@example.org>", K.FULL),
        ("550 5.3.0 <anna@example.org> 550 5.1.1", K.NO_MAILBOX),
        # Where two codes disagree, the one that suppresses no one.
        ("550 5.1.1 550 5.7.1", K.POLICY),
        ("550 5.1.1 552 5.2.2", K.FULL),
        # About us, though a domain or a user is missing: ours.
        ("553 5.1.8 Domain of sender address news@example.org does not exist", K.SENDER),
        ("550 5.1.7 sender address rejected: user unknown", K.SENDER),
        ("550 no such domain (in reply to MAIL FROM command)", K.SENDER),
        # Words with an address in the middle.
        ("550 User <anna@example.org> unknown", K.NO_MAILBOX),
        ("550 mailbox anna@example.org is full", K.FULL),
        ("550 account 'anna@example.org' does not exist", K.NO_MAILBOX),
        # A name is no word of the server.
        ("550 5.1.1 <antispam@example.org>: User unknown", K.NO_MAILBOX),
        ("550 5.1.1 User unknown, said spamfilter.mx.example.org", K.NO_MAILBOX),
        ("550 5.1.1 User unknown https://www.blocklist.example/why", K.NO_MAILBOX),
        ("550 User unknown <user@spam.example>", K.NO_MAILBOX),
        # Typographic apostrophes.
        ("550 5.1.10 The address couldn’t be found: address x couldn’t be found", K.NO_MAILBOX),
        ("", K.FAULT),
        ("550", K.FAULT),
        ("554 Transaction failed", K.FAULT),
        ("551", K.MOVED),
        ("556", K.NO_DOMAIN),
        ("451 later", K.GAVE_UP),
    ],
)
def test_words_come_before_codes(reply: str, kind: DiagnosticKind) -> None:
    assert diagnose(reply).kind is kind


@pytest.mark.parametrize(
    "words", ["User unknown", "No such user here", "mailbox disabled", "host not found", "no such domain"]
)
@pytest.mark.parametrize("codes", ["450 4.1.1", "450", "550 4.2.1", "4.4.7"])
def test_what_is_temporary_never_says_that_someone_is_gone(words: str, codes: str) -> None:
    found = diagnose(f"{codes} {words}")

    assert found.temporary
    assert found.kind not in GONE
    assert diagnose(f"550 {words}", status="4.0.0").kind not in GONE


@pytest.mark.parametrize(
    "words",
    ["backend down", "we are closed for maintenance", "directory lookup went wrong", "ask the school office", "sorry"],
)
@pytest.mark.parametrize("code", ["5.1.1", "5.1.10", "5.1.2", "5.2.1", "5.4.4"])
def test_a_code_alone_is_believed_only_if_the_server_adds_no_words_of_its_own(words: str, code: str) -> None:
    assert diagnose(f"550 {code} <anna@example.org>").kind in GONE
    assert diagnose(f"550 {code} <anna@example.org>: Recipient address rejected: example.org").kind in GONE
    assert diagnose(f"550 {code} <anna@example.org>: {words}").kind is K.FAULT


def test_the_status_of_a_report_counts_where_the_words_have_no_code() -> None:
    assert diagnose("rejected", status="5.1.1").kind is K.NO_MAILBOX
    assert diagnose("550 5.2.2 rejected", status="5.1.1").kind is K.FULL
    assert diagnose("rejected", status="5.1.1").status == "5.1.1"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("550 5.1.1 User unknown", "5.1.1"),
        ("550 User unknown", "550"),
        ("5.1.0 - Unknown address error 550-'5.1.1 <a@example.org>'", "5.1.1"),
        ("554 delivery error 5.7.1.2", "554"),
        ("from 192.5.1.1: no", ""),
        ("nothing", ""),
    ],
)
def test_the_most_telling_code_is_named(reply: str, status: str) -> None:
    assert diagnose(reply).status == status


def test_no_pattern_has_the_words_that_stand_before_every_reason() -> None:
    for _, rows in PHRASES:
        for pattern, source in rows:
            assert not re.search(pattern, "Recipient address rejected:", re.IGNORECASE), pattern
            assert source


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_words_have_a_kind(reply: str, status: str) -> None:
    found = diagnose(reply, status=status)

    assert found.kind in DiagnosticKind
    assert not (found.temporary and found.kind in GONE)


@pytest.mark.parametrize(
    "piece", ["5.1.1 ", "a.", "@", "<a@", "x-", "recipient ", "domain ", "address user mailbox ", "no s"]
)
def test_very_long_replies_are_read_quickly(piece: str) -> None:
    """Some patterns could look at each pair of places in a text."""
    from time import process_time

    begin = process_time()
    diagnose(piece * 200_000)
    assert process_time() - begin < 2
