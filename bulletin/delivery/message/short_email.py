"""An email to one person that is no issue: a few words as plain text and HTML, without pictures (RFC 5322, 2045). Pure.

It is no mailing, so it has no List-* fields and no Precedence. It asks for no automatic reply (RFC 3834, section 5; the
same for Exchange). Its envelope has no sender, so that nothing ever answers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bulletin.delivery.message import headers
from bulletin.delivery.message.quoted_printable import encode_text
from bulletin.delivery.message.template import write_date


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortEmail:
    """All of it. `recipient` is an address in the envelope's form, `date` has a time zone.

    `key` is in the Message-ID: the same at each attempt.
    """

    sender_name: str
    sender_address: str
    reply_to: str
    recipient: str
    subject: str
    text: str
    html: str
    key: str
    date: datetime


def write_short_email(email: ShortEmail) -> bytes:
    """The whole message, ready to send: CRLF, and lines within RFC 5322."""
    boundary = f"=_alternative_{sha256(f'{email.key}{email.text}{email.html}'.encode()).hexdigest()[:32]}"
    parts = [
        _write_headers(email, boundary).encode(),
        *(
            f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
            + encode_text(words)
            + b"\r\n"
            for subtype, words in (("plain", email.text), ("html", email.html))
        ),
        f"--{boundary}--\r\n".encode(),
    ]
    return b"".join(parts)


def _write_headers(email: ShortEmail, boundary: str) -> str:
    domain = email.sender_address.rpartition("@")[2]
    fields = [
        headers.write_value("Message-ID", f"<{email.key}@{domain}>"),
        headers.write_named("To", "", email.recipient),
        write_date(email.date).decode(),
        headers.write_named("From", email.sender_name, email.sender_address),
        headers.write_value("Reply-To", email.reply_to),
        headers.write_text("Subject", email.subject),
        headers.write_value("Auto-Submitted", "auto-generated"),
        headers.write_value("X-Auto-Response-Suppress", "All"),
        headers.write_value("MIME-Version", "1.0"),
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n',
    ]
    return "".join(fields) + "\r\n"
