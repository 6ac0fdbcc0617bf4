"""What mail servers send back for tests: reports about deliveries that are in a ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import Engine, select

from bulletin.database.tables import deliveries, mailings
from bulletin.subscribers.tokens import Purpose, sign_message, sign_token

KEY = b"the key of this office"

_BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{name}@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

This is the mail system at host mx.example.net.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--=_b
Content-Type: text/rfc822-headers

From: news@anytown.example.org
To: {recipient}
Subject: Anytown news
{fields}

--=_b--
"""

_COMPLAINT = """\
From: <feedback@provider.example.net>
To: {to}
Subject: complaint
Date: {date}
Message-ID: <{name}@provider.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"

--=_b
Content-Type: text/plain

This is a report of an email that a reader marked as spam.

--=_b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1

--=_b
Content-Type: text/rfc822-headers

From: news@anytown.example.org
To: {recipient}
Subject: Anytown news
{fields}

--=_b--
"""


class Returned:
    """Reports about one mailing's deliveries, by the readers' names."""

    def __init__(self, engine: Engine, issue: str = "2021-05", *, key: bytes = KEY) -> None:
        self._key = key
        self._engine = engine
        self._issue = issue
        self._number = 0

    def ids(self, name: str) -> tuple[int, int, str]:
        """The subscriber, the delivery, and the mailing's key."""
        query = (
            select(deliveries.c.subscriber_id, deliveries.c.id, mailings.c.key)
            .join(mailings)
            .where(mailings.c.issue == self._issue, deliveries.c.name == name)
        )
        with self._engine.begin() as connection:
            row = connection.execute(query).one()
            return row[0], row[1], row[2]

    def token(self, name: str, purpose: Purpose = Purpose.RETURN, *, key: bytes | None = None) -> str:
        person, delivery, _ = self.ids(name)
        return sign_token(purpose, person, delivery, key=key or self._key)

    def message_id(self, name: str) -> str:
        person, _, mailing = self.ids(name)
        return f"<{mailing}.{person}.{sign_message(mailing, person, key=self._key)}@anytown.example.org>"

    def bounce(
        self,
        name: str,
        words: str = "550 5.1.1 <{recipient}>: User unknown",
        *,
        action: str = "failed",
        fields: str | None = None,
        to: str = "bounces@anytown.example.org",
    ) -> bytes:
        """A report by RFC 3464. `fields` are what proves which email is meant, else X-Bulletin-Return."""
        recipient = f"{name}@example.org"
        said = words.replace("{recipient}", recipient)
        proof = f"X-Bulletin-Return: {self.token(name)}" if fields is None else fields
        status = next((word for word in said.split() if word.count(".") == 2 and word[0] in "245"), "5.0.0")
        return self._write(_BOUNCE, recipient, to=to, action=action, status=status, words=said, fields=proof)

    def complaint(self, name: str, *, fields: str | None = None) -> bytes:
        proof = f"X-Bulletin-Return: {self.token(name)}" if fields is None else fields
        return self._write(_COMPLAINT, f"{name}@example.org", to="bounces@anytown.example.org", fields=proof)

    def _write(self, form: str, recipient: str, **values: str) -> bytes:
        self._number += 1
        date = format_datetime(datetime.now(tz=UTC))
        name = f"{self._issue.replace('/', '-')}-{self._number}"
        return form.format(recipient=recipient, date=date, name=name, **values).encode()

    def wish(self, name: str, *, subject: str = "Unsubscribe {token}", sender: str = "") -> bytes:
        """The email that the button in an email program writes."""
        return self.reply(
            name,
            "You don't need to write anything.",
            subject=subject.format(token=self.token(name, Purpose.MAIL)),
            sender=sender,
        )

    def reply(self, name: str, text: str, *, subject: str = "Re: Anytown news", sender: str = "") -> bytes:
        self._number += 1
        email = EmailMessage()
        email["From"] = sender or f"{name}@example.org"
        email["To"] = "returns@anytown.example.org"
        email["Subject"] = subject
        email["Message-ID"] = f"<reply-{self._issue.replace('/', '-')}-{self._number}@example.org>"
        email.set_content(text)
        return bytes(email)


def write_mbox(file: Path, messages: Iterable[bytes]) -> str:
    """An mbox file with these messages; how `--from` names it."""
    lines = (
        b"From someone@example.net Mon May  3 10:00:00 2021\n" + one.replace(b"\nFrom ", b"\n>From ") + b"\n"
        for one in messages
    )
    file.write_bytes(b"".join(lines))
    return f"mbox:{file}"


def write_maildir(folder: Path, messages: Iterable[bytes]) -> str:
    """A Maildir with these messages; how `--from` names it."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    start = len(list((folder / "new").iterdir()))
    for number, message in enumerate(messages, start):
        (folder / "new" / f"{1_700_000_000 + number}.M{number}.host").write_bytes(message)
    return f"maildir:{folder}"
