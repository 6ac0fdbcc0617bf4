"""The message: an edition addressed to one subscriber. Pure.

Parts that are the same for everyone are encoded once, into the segments of a template. For each subscriber we encode
only their header lines, greeting and unsubscribe link, each on lines of its own, and join the bytes. This takes some
microseconds; `email.message` takes ten milliseconds.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import IntEnum
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote

from bulletin.delivery.message import headers
from bulletin.delivery.message.quoted_printable import LONGEST_LINE, SOFT_BREAK, encode_segment, encode_text
from bulletin.edition.edition import Edition, Letterhead, Picture

_BY_MAIL = "bymail"  # behind the mark of a token: that of the email
_HAS_MARKUP = re.compile(r"[&<>\"']")  # for HTML


class Recipient(NamedTuple):
    """One subscriber, as a message needs them.

    `address` is in the envelope's form: the domain in A-labels, the local part unchanged (RFC 6531 if it is not ASCII).
    `token` names the subscriber and the delivery in unsubscribe links, and can't be guessed. `mail_token` does so in
    the subject of an email that unsubscribes.
    """

    subscriber_id: int
    address: str
    name: str
    token: str
    mail_token: str


class _Slot(IntEnum):
    """What differs between subscribers, in the order of `MessageTemplate._values`."""

    NUMBER = 0  # the subscriber's id, within the Message-ID
    TO = 1  # the whole field
    TOKEN = 2  # within a header
    MAIL_TOKEN = 3  # within a header
    TOKEN_LINE = 4  # within a body, on a line of its own: that of the link, or of the email if there is no website
    TEXT_GREETING = 5
    HTML_GREETING = 6
    DATE = 7  # the whole field


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageTemplate:
    """An edition as a message, cut where subscribers differ. `build_template` makes it.

    `segments` are the same for everyone; `arrange` puts a subscriber's values and the segments in order. `date` is the
    Date field of a message that is given no other.
    """

    mailing_key: str
    date: bytes
    letterhead: Letterhead
    segments: tuple[bytes, ...]
    arrange: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]

    def address_to(self, recipient: Recipient) -> bytes:
        """Return the whole message, ready to send: CRLF, lines within RFC 5322, none of which begins with a dot."""
        return b"".join(self.chunks_for(recipient))

    def chunks_for(self, recipient: Recipient, *, date: bytes = b"") -> tuple[bytes, ...]:
        """Return the same message in pieces, for a caller that joins it with more.

        `date` is its Date field, from `write_date`; the template's own, if there is none.
        """
        return self.arrange((*self._values(recipient), date or self.date, *self.segments))

    def message_id(self, subscriber_id: int) -> str:
        """Return the Message-ID: the same at each attempt of a mailing for this subscriber."""
        return write_message_id(self.mailing_key, subscriber_id, self.letterhead)

    def _values(self, recipient: Recipient) -> tuple[bytes, ...]:
        """Encode the value of each slot for its place."""
        subscriber_id, address, name, token, mail_token = recipient
        word, mail_word = _write_token(token), _write_token(mail_token)
        in_body = word if self.letterhead.website else mail_word
        name = headers.one_line(name)
        greeting = self.letterhead.greet(name)
        text_greeting = encode_segment(greeting)
        return (
            b"%d" % subscriber_id,
            headers.write_named("To", name, address).encode(),
            word,
            mail_word,
            in_body + SOFT_BREAK if len(in_body) < LONGEST_LINE else encode_segment(in_body.decode()),
            text_greeting,
            encode_segment(escape(greeting)) if _HAS_MARKUP.search(greeting) else text_greeting,
        )


def _write_token(token: str) -> bytes:
    return (token if token.isalnum() and token.isascii() else quote(token, safe="")).encode()


def unsubscribe_uris(letterhead: Letterhead, token: str, mail_token: str) -> tuple[str, ...]:
    """The addresses for unsubscribing, the preferred one first: the website if there is one, and by email."""
    by_mail = headers.mailto(letterhead.reply_to, subject="Unsubscribe ") + quote(mail_token, safe="")
    if not letterhead.website:
        return (by_mail,)
    return (headers.ascii_uri(f"{letterhead.website.rstrip('/')}/unsubscribe/") + quote(token, safe=""), by_mail)


def unsubscribe_link(letterhead: Letterhead, token: str, mail_token: str) -> str:
    """What a reader selects in the email to unsubscribe: a page of the website, or an email that is ready to send."""
    first, *_ = unsubscribe_uris(letterhead, token, mail_token)
    if letterhead.website:
        return first
    words = f"Send this email to unsubscribe from {letterhead.list_title}. You don't need to write anything."
    return f"{first}&body={quote(words, safe='')}"


def unsubscribe_words(letterhead: Letterhead, token: str, mail_token: str) -> str:
    """The same for the plain text: the link; or, where there is no website, what to write and where to."""
    if letterhead.website:
        return unsubscribe_link(letterhead, token, mail_token)
    return f"email {letterhead.reply_to} with this subject:\nUnsubscribe {quote(mail_token, safe='')}"


def build_template(edition: Edition, *, mailing_key: str, date: datetime, subject_prefix: str = "") -> MessageTemplate:
    """Encode all parts of an edition that are the same for everyone.

    `mailing_key` makes the Message-IDs unique to the mailing. `date` (with a time zone) is the Date of a message that
    is given no other.
    """
    letterhead = edition.letterhead
    parts = [
        *_write_personal_headers(mailing_key, letterhead, mark=edition.slots.unsubscribe),
        _Slot.DATE,
        _write_common_headers(letterhead, subject=subject_prefix + edition.subject).encode(),
        *_write_alternatives(edition),
    ]
    segments, order = _take_apart(parts)
    return MessageTemplate(
        mailing_key=mailing_key,
        letterhead=letterhead,
        date=write_date(date),
        segments=segments,
        arrange=itemgetter(*order),
    )


def write_date(moment: datetime) -> bytes:
    """The Date field for a message that is handed over at this moment, which has a time zone."""
    return headers.write_value("Date", format_datetime(moment)).encode()


def _take_apart(parts: Iterable[bytes | _Slot]) -> tuple[tuple[bytes, ...], list[int]]:
    """Join what lies between slots into segments; return these, and the order of slot values and segments."""
    segments: list[bytes] = []
    order: list[int] = []
    for is_slot, group in groupby(parts, key=lambda part: isinstance(part, _Slot)):
        if is_slot:
            order += (slot for slot in group if isinstance(slot, _Slot))
        else:
            order.append(len(_Slot) + len(segments))
            segments.append(b"".join(part for part in group if isinstance(part, bytes)))
    return tuple(segments), order


def write_message_id(mailing_key: str, subscriber_id: int | str, letterhead: Letterhead | None) -> str:
    """The Message-ID of one subscriber's message, with “…” for its domain if the letterhead is unknown."""
    domain = headers.one_line(letterhead.sender_address).rpartition("@")[2] if letterhead else "…"
    return f"<{mailing_key}.{subscriber_id}@{domain}>"


def _write_personal_headers(mailing_key: str, letterhead: Letterhead, *, mark: str) -> Iterator[bytes | _Slot]:
    """Write Message-ID, To and List-Unsubscribe. `mark` is a word that occurs nowhere else."""
    start, end = write_message_id(mailing_key, mark, letterhead).split(mark)
    yield f"Message-ID: {start}".encode()
    yield _Slot.NUMBER
    yield f"{end}\r\n".encode()
    yield _Slot.TO
    slots = {mark: _Slot.TOKEN, f"{mark}{_BY_MAIL}": _Slot.MAIL_TOKEN}
    field = headers.write_uris("List-Unsubscribe", *unsubscribe_uris(letterhead, *slots))
    for piece in re.split(f"({mark}(?:{_BY_MAIL})?)", field):
        yield slots[piece] if piece in slots else piece.encode()


def _write_common_headers(letterhead: Letterhead, *, subject: str) -> str:
    """Write all header fields but the personal ones, Date and Content-Type."""
    fields = [
        headers.write_named("From", letterhead.sender_name, letterhead.sender_address),
        headers.write_value("Reply-To", letterhead.reply_to),
        headers.write_text("Subject", subject),
        headers.write_named("List-Id", letterhead.list_title, letterhead.list_id),  # RFC 2919
        headers.write_uris("List-Help", headers.mailto(letterhead.owner, subject="Help")),
        headers.write_uris("List-Owner", headers.mailto(letterhead.owner)),
        headers.write_value("List-Post", "NO"),  # RFC 2369, 3.4: the list accepts no posts
    ]
    if letterhead.archive:
        fields.append(headers.write_uris("List-Archive", letterhead.archive))
    if letterhead.website.lower().startswith("https://"):  # RFC 8058 asks for HTTPS
        fields.append(headers.write_value("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    fields += [
        headers.write_value("Precedence", "bulk"),
        headers.write_value("Auto-Submitted", "auto-generated"),  # RFC 3834: asks for no automatic replies
        headers.write_value("X-Auto-Response-Suppress", "OOF, AutoReply"),  # the same for Exchange
        headers.write_value("MIME-Version", "1.0"),
    ]
    return "".join(fields)


def _write_alternatives(edition: Edition) -> Iterator[bytes | _Slot]:
    """Write multipart/alternative: the text first, then the HTML that most readers see (RFC 2046, 5.1.4)."""
    boundary = _boundary("alternative", edition)
    greeting, mark = edition.slots.greeting, edition.slots.unsubscribe
    link, words = (write(edition.letterhead, mark, mark) for write in (unsubscribe_link, unsubscribe_words))
    text, html = edition.text.replace(mark, words), edition.html.replace(mark, escape(link))
    yield f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
    yield from _write_text("plain", text, {greeting: _Slot.TEXT_GREETING, mark: _Slot.TOKEN_LINE})
    yield f"\r\n--{boundary}\r\n".encode()
    html_part = _write_text("html", html, {greeting: _Slot.HTML_GREETING, mark: _Slot.TOKEN_LINE})
    yield from _write_related(edition, html_part) if edition.pictures else html_part
    yield f"\r\n--{boundary}--\r\n".encode()


def _write_related(edition: Edition, html: Iterator[bytes | _Slot]) -> Iterator[bytes | _Slot]:
    """Write multipart/related: the HTML, then the pictures that it shows (RFC 2387)."""
    boundary = _boundary("related", edition)
    yield f'Content-Type: multipart/related; type="text/html";\r\n boundary="{boundary}"\r\n\r\n'.encode()
    yield f"--{boundary}\r\n".encode()
    yield from html
    for picture in edition.pictures:
        yield f"\r\n--{boundary}\r\n".encode()
        yield _write_picture(picture)
    yield f"\r\n--{boundary}--\r\n".encode()


def _write_text(subtype: str, text: str, places: Mapping[str, _Slot]) -> Iterator[bytes | _Slot]:
    """Write a text part, cut at the slot words in `places`."""
    yield f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    *chunks, last = re.split(f"({'|'.join(map(re.escape, places))})", text)
    for piece in chunks:
        yield places[piece] if piece in places else encode_segment(piece)
    yield encode_text(last)


def _write_picture(picture: Picture) -> bytes:
    fields = (
        headers.write_value("Content-Type", picture.media_type)
        + headers.write_value("Content-ID", f"<{picture.cid}>")
        + headers.write_disposition("inline", picture.file_name)
        + headers.write_value("Content-Transfer-Encoding", "base64")
    )
    return fields.encode() + b"\r\n" + encodebytes(picture.content).rstrip(b"\n").replace(b"\n", b"\r\n")


def _boundary(kind: str, edition: Edition) -> str:
    """The same boundary for the same edition. "=_" occurs in neither quoted-printable nor base64 (RFC 2045, 6.7)."""
    return f"=_{kind}_{edition.digest[:32]}"
