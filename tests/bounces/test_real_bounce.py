"""A bounce that a real Postfix writes, read from a real Dovecot and judged."""

from __future__ import annotations

import json
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bulletin.bounces.judgement import judge_email
from bulletin.bounces.mailbox.folders import read_maildir
from bulletin.bounces.mailbox.imap import ImapState, read_imap
from bulletin.bounces.mailbox.imap_address import parse_imap_address
from bulletin.bounces.match import DeliveryIds, Evidence
from bulletin.bounces.verdict import ReturnClass, ReturnKind
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, metadata
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS
from dovecot import run_dovecot
from mailed import run
from postfix import PASSWORD, USER, Postfix, run_postfix
from returned import write_mbox
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


SETTINGS_HERE = SETTINGS.replace("email: news@anytown.example.org", "email: bounces@example.org") + (
    "returns: {address: bounces@example.org}\n"
)


def test_a_real_bounce_suppresses_its_reader_and_the_next_mailing_leaves_them_out(
    make_workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    june = ISSUE.replace("2021-05", "2021-06").replace("May", "June")
    workspace = make_workspace(
        settings=SETTINGS_HERE,
        issues={"2021-05": ISSUE, "2021-06": june},
        lists={"partners": "email\nmissing@example.com\nben@example.com\n", "schools": "email\n"},
    )
    with run_dovecot() as dovecot, run_postfix("bounces@example.org", "ben@example.com", options=OPTIONS) as postfix:
        trusted = tmp_path / "authorities.pem"
        trusted.write_bytes(dovecot.authority.read_bytes() + postfix.authority.read_bytes())
        for name, value in (
            postfix.environ | {"SSL_CERT_FILE": str(trusted), "BULLETIN_IMAP_URL": dovecot.url()}
        ).items():
            monkeypatch.setenv(name, value)

        run(workspace, "send", "2021-05", "--yes", "--new-database")
        postfix.read_mailboxes()  # once all is delivered
        dovecot.put(*(one.content for one in read_maildir(postfix.folder / "mail" / "example.org" / "bounces")))
        mailbox = dovecot.describe()
        engine = open_database(workspace.database_url)
        foretold = run(workspace, "bounces", "--dry-run", "--json")
        before = dump(engine)
        counts = run(workspace, "bounces", "--json")

        assert foretold == counts
        assert json.loads(counts) == dict.fromkeys(json.loads(counts), 0) | {"read": 1, "bounced": 1}
        assert states(engine) == {"missing@example.com": "bounced", "ben@example.com": "accepted"}
        after = dump(engine)
        assert before["suppression_events"] == []
        assert [row[5] for row in after["suppression_events"]] == ["bounced"]

        assert json.loads(run(workspace, "bounces", "--json"))["read"] == 0
        again = write_mbox(tmp_path / "again", (one.content for one in read_maildir(dovecot.inbox)))
        assert json.loads(run(workspace, "bounces", "--from", again, "--json"))["bounced"] == 0
        changed = {name for name, rows in dump(engine).items() if rows != after[name]}
        assert changed <= {"mailboxes", "identity"}
        assert dovecot.describe() == mailbox

        run(workspace, "send", "2021-06", "--yes")
        assert postfix.count_messages() == {"bounces@example.org": 1, "ben@example.com": 2}
        engine.dispose()


def states(engine: Engine) -> dict[str, str]:
    with engine.begin() as connection:
        return dict(connection.execute(select(deliveries.c.address, deliveries.c.state)).all())


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.begin() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }
