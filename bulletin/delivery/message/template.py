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
from bulletin.delivery.message.message_id import write_message_id
from bulletin.delivery.message.personal_links import (
    preferences_link,
    unsubscribe_link,
    unsubscribe_uris,
    unsubscribe_words,
)
from bulletin.delivery.message.quoted_printable import LONGEST_LINE, SOFT_BREAK, encode_segment, encode_text
from bulletin.edition.edition import Edition, Letterhead, Picture, Slots

_BY_MAIL = "bymail"  # behind the mark of a token: that of the email
_NOTHING_AGAIN = (b"", b"")
_HAS_MARKUP = re.compile(r"[&<>\"']")  # for HTML


class Recipient(NamedTuple):
    """One subscriber, as a message needs them.

    `address` is in the envelope's form: the domain in A-labels, the local part unchanged (RFC 6531 if it is not ASCII).
    Tokens name the subscriber and the delivery, and can't be guessed: `token` in unsubscribe links, `mail_token` in the
    subject of an email that unsubscribes, `preferences_token` where they choose what they get, `return_token` in what
    comes back. `tag` signs the Message-ID; "" in mailings that began before there was one. Tokens for pages are not
    looked at where there is no website.
    """

    subscriber_id: int
    address: str
    name: str
    token: str
    mail_token: str
    preferences_token: str
    return_token: str
    tag: str


class _Slot(IntEnum):
    """What differs between subscribers, in the order of `MessageTemplate._values`."""

    NUMBER = 0  # the subscriber's id and its tag, within the Message-ID
    TO = 1  # the whole field
    TOKEN = 2  # within a header
    MAIL_TOKEN = 3  # within a header
    RETURN_TOKEN = 4  # within a header
    TOKEN_LINE = 5  # within a body, on a line of its own: that of the link, or of the email if there is no website
    PREFERENCES_LINE = 6  # the same for the page where readers choose
    TEXT_GREETING = 7
    HTML_GREETING = 8
    DATE = 9  # the whole field
    SECOND_TEXT_GREETING = 10  # those of a bilingual issue
    SECOND_HTML_GREETING = 11


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

    @property
    def size(self) -> int:
        """How many bytes it has, without what differs between subscribers."""
        return sum(map(len, self.segments))

    @property
    def common_chunks(self) -> tuple[bytes, ...]:
        """The chunks of every message (`chunks_for`), each one empty that differs between subscribers."""
        return self.arrange((*(b"",) * len(_Slot), *self.segments))

    def address_to(self, recipient: Recipient) -> bytes:
        """Return the whole message, ready to send: CRLF, lines within RFC 5322, none of which begins with a dot."""
        return b"".join(self.chunks_for(recipient))

    def chunks_for(self, recipient: Recipient, *, date: bytes = b"") -> tuple[bytes, ...]:
        """Return the same message in pieces, for a caller that joins it with more.

        `date` is its Date field, from `write_date`; the template's own, if there is none.
        """
        again = self._greet_again(recipient.name) if self.letterhead.second_greeting else _NOTHING_AGAIN
        return self.arrange((*self._values(recipient), date or self.date, *again, *self.segments))

    def _greet_again(self, name: str) -> tuple[bytes, bytes]:
        """Encode the second greeting of a bilingual issue, for the text and for HTML."""
        greeting = self.letterhead.greet_again(headers.one_line(name))
        return encode_segment(greeting), encode_segment(escape(greeting))

    def _values(self, recipient: Recipient) -> tuple[bytes, ...]:
        """Encode the value of each slot for its place."""
        subscriber_id, address, name, token, mail_token, preferences_token, return_token, tag = recipient
        word, mail_word = _write_token(token), _write_token(mail_token)
        in_body = word if self.letterhead.website else mail_word
        name = headers.one_line(name)
        greeting = self.letterhead.greet(name)
        text_greeting = encode_segment(greeting)
        return (
            b"%d.%s" % (subscriber_id, _write_token(tag)) if tag else b"%d" % subscriber_id,
            headers.write_named("To", name, address).encode(),
            word,
            mail_word,
            _write_token(return_token),
            _write_line(in_body),
            _write_line(_write_token(preferences_token)),
            text_greeting,
            encode_segment(escape(greeting)) if _HAS_MARKUP.search(greeting) else text_greeting,
        )


def _write_token(token: str) -> bytes:
    word = token.encode()
    return word if word.isalnum() or not word else quote(token, safe="").encode()


def _write_line(word: bytes) -> bytes:
    """A token as a line of a body, which the next line continues."""
    return word + SOFT_BREAK if len(word) < LONGEST_LINE else encode_segment(word.decode())


def build_template(
    edition: Edition, *, mailing_key: str, date: datetime, subject_prefix: str = "", text_only: bool = False
) -> MessageTemplate:
    """Encode all parts of an edition that are the same for everyone.

    `mailing_key` makes the Message-IDs unique to the mailing. `date` (with a time zone) is the Date of a message that
    is given no other. `text_only`: for readers who want plain text alone, without HTML and pictures.
    """
    letterhead = edition.letterhead
    parts = [
        *_write_personal_headers(mailing_key, letterhead, mark=edition.slots.unsubscribe),
        _Slot.DATE,
        _write_common_headers(letterhead, subject=subject_prefix + edition.subject).encode(),
        *(_write_text_only(edition) if text_only else _write_alternatives(edition)),
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


def _write_personal_headers(mailing_key: str, letterhead: Letterhead, *, mark: str) -> Iterator[bytes | _Slot]:
    """Write Message-ID, To, what names the delivery if it comes back, and List-Unsubscribe.

    `mark` is a word that occurs nowhere else.
    """
    start, end = write_message_id(mailing_key, mark, letterhead).split(mark)
    yield f"Message-ID: {start}".encode()
    yield _Slot.NUMBER
    yield f"{end}\r\n".encode()
    yield _Slot.TO
    yield b"X-Bulletin-Return: "
    yield _Slot.RETURN_TOKEN
    yield b"\r\n"
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
    yield f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
    yield from _write_plain(edition)
    yield f"\r\n--{boundary}\r\n".encode()
    html_part = _write_html(edition)
    yield from _write_related(edition, html_part) if edition.pictures else html_part
    yield f"\r\n--{boundary}--\r\n".encode()


def _write_text_only(edition: Edition) -> Iterator[bytes | _Slot]:
    """Write the text as the whole body."""
    yield from _write_plain(edition)
    if not edition.text.endswith("\n"):
        yield b"\r\n"


def _write_plain(edition: Edition) -> Iterator[bytes | _Slot]:
    """Write the part in plain text."""
    letterhead, slots = edition.letterhead, edition.slots
    text = edition.text.replace(slots.unsubscribe, unsubscribe_words(letterhead, slots.unsubscribe, slots.unsubscribe))
    if slots.preferences:
        text = text.replace(slots.preferences, preferences_link(letterhead, slots.preferences))
    places = _find_places(slots, _Slot.TEXT_GREETING, _Slot.SECOND_TEXT_GREETING)
    yield from _write_text("plain", text, places)


def _write_html(edition: Edition) -> Iterator[bytes | _Slot]:
    """Write the part in HTML."""
    letterhead, slots = edition.letterhead, edition.slots
    link = unsubscribe_link(letterhead, slots.unsubscribe, slots.unsubscribe)
    html = edition.html.replace(slots.unsubscribe, escape(link))
    if slots.preferences:
        html = html.replace(slots.preferences, escape(preferences_link(letterhead, slots.preferences)))
    places = _find_places(slots, _Slot.HTML_GREETING, _Slot.SECOND_HTML_GREETING)
    yield from _write_text("html", html, places)


def _find_places(slots: Slots, greeting: _Slot, again: _Slot) -> dict[str, _Slot]:
    """What takes the place of each slot word in a body."""
    places = {
        slots.greeting: greeting,
        slots.unsubscribe: _Slot.TOKEN_LINE,
        slots.preferences: _Slot.PREFERENCES_LINE,
        slots.second_greeting: again,
    }
    return {word: place for word, place in places.items() if word}


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
