"""A bounce that a real Postfix writes, read from a real Dovecot and judged."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.bounces.judgement import judge_email
from bulletin.bounces.mailbox.folders import read_maildir
from bulletin.bounces.mailbox.imap import ImapState, read_imap
from bulletin.bounces.mailbox.imap_address import parse_imap_address
from bulletin.bounces.match import DeliveryIds, Evidence
from bulletin.bounces.verdict import ReturnClass, ReturnKind
from dovecot import run_dovecot
from postfix import PASSWORD, USER, Postfix, run_postfix
from sent_deliveries import SentDeliveries, sign

pytestmark = pytest.mark.slow

# It takes any recipient from those who have logged in, and finds out later who has a mailbox: then it bounces.
OPTIONS = {
    "smtpd_recipient_restrictions": "permit_sasl_authenticated, reject",
    "smtpd_reject_unlisted_recipient": "no",
    "recipient_delimiter": "+",
}
GONE = DeliveryIds(12, 34)


def send(postfix: Postfix, recipient: str, sender: str, *fields: str) -> None:
    with smtplib.SMTP("localhost", postfix.port, timeout=60) as server:
        server.starttls(context=ssl.create_default_context(cafile=str(postfix.authority)))
        server.ehlo()
        login = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()  # smtplib's own login takes ASCII alone
        assert server.docmd("AUTH", f"PLAIN {login}")[0] == 235
        head = "\r\n".join((f"From: <news@example.org>\r\nTo: <{recipient}>\r\nSubject: News", *fields))
        server.sendmail(sender, [recipient], f"{head}\r\n\r\nText\r\n".encode())


def find_box(postfix: Postfix) -> Path:
    assert len(postfix.read_mailboxes()["bounces@example.org"]) == 3  # and all is delivered
    return postfix.folder / "mail" / "example.org" / "bounces"


def test_a_missing_user_is_recognised_by_each_proof_and_never_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = SentDeliveries()
    sent.add(*GONE, "missing@example.com", recent=False)
    token = sign("v", *GONE)
    with run_postfix("bounces@example.org", options=OPTIONS) as postfix:
        send(postfix, "missing@example.com", f"bounces+{token}@example.org")
        send(postfix, "missing@example.com", "bounces@example.org", f"X-Bulletin-Return: {token}")
        send(postfix, "missing@example.com", "bounces@example.org")
        letters = [letter.content for letter in read_maildir(find_box(postfix))]

    with run_dovecot() as dovecot:
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
        dovecot.put(*letters)
        today = datetime.now(tz=UTC).date()
        fetched = [one.letter.content for one in read_imap(parse_imap_address(dovecot.url()), ImapState(), today=today)]

    verdicts = [verdict for content in letters for verdict in judge_email(content, sent)]
    assert verdicts == [verdict for content in fetched for verdict in judge_email(content, sent)]  # keys and all
    assert {(one.result, one.match and one.match.evidence) for one in verdicts} == {
        (ReturnClass.GONE, Evidence.ENVELOPE),
        (ReturnClass.GONE, Evidence.RETURN_FIELD),
        (ReturnClass.IGNORED, None),
    }
    assert {one.kind for one in verdicts} == {ReturnKind.NO_MAILBOX, ReturnKind.NOT_OURS}
    assert all("missing@" not in one.diagnostic for one in verdicts)
