"""An email cut into its parts, whatever is wrong with it (RFC 5322, 2045 to 2047, 2231's plain form). Pure.

Python's own parser is made for well-formed messages: it raises a dozen kinds of error, and nested parts make it slow.
This one reads what is there, within bounds, and never raises.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from unicodedata import category

LONGEST: Final = 1 << 20  # octets: of a longer message only the first KEPT are read
KEPT: Final = 256 << 10
DEEPEST: Final = 10
MOST_PARTS: Final = 100
_MOST_FIELDS: Final = 500
_LONGEST_FIELD: Final = 16_000  # characters
_LONGEST_TEXT: Final = 64 << 10  # characters of a part's text that are read


@dataclass(frozen=True, kw_only=True, slots=True)
class MimePart:
    """A part of an email, or all of it. Names of fields and media types are in small letters.

    `content` is what the part holds, with its transfer encoding removed. `parts` are those of a multipart, or the one
    email in a message/rfc822.
    """

    fields: tuple[tuple[str, str], ...]
    media_type: str
    parameters: Mapping[str, str]
    content: bytes
    parts: tuple[MimePart, ...] = ()

    def get(self, name: str) -> str:
        """The value of the first field of this name, in one line and with encoded-words decoded; empty if none."""
        return next(self.find_all(name), "")

    def find_all(self, name: str) -> Iterator[str]:
        """The values of all fields of this name, like `get`."""
        return (decode_words(value) for known, value in self.fields if known == name)

    def read_text(self) -> str:
        """The part's text, HTML without its tags; at most 64 Ki characters."""
        text = decode_charset(self.content[: 4 * _LONGEST_TEXT], self.parameters.get("charset", ""))[:_LONGEST_TEXT]
        return read_html(text) if self.media_type == "text/html" else text

    def walk(self, *, into_emails: bool = True) -> Iterator[MimePart]:
        """This part and all below it; with `into_emails` also those of emails inside."""
        yield self
        if into_emails or not self.media_type.startswith("message/"):
            for part in self.parts:
                yield from part.walk(into_emails=into_emails)


@dataclass(slots=True)
class _Room:
    """How many parts may still be made."""

    left: int = field(default=MOST_PARTS)


def parse_mime(message: bytes) -> MimePart:
    """Cut a message into parts: ten levels and a hundred parts at most. What lies beyond stays in one piece."""
    kept = message if len(message) <= LONGEST else message[:KEPT]
    return _parse(kept.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), depth=0, room=_Room())


def _parse(message: bytes, *, depth: int, room: _Room, default: str = "text/plain") -> MimePart:
    head, body = _split_head(message)
    fields = parse_fields(head)
    media_type, parameters = _parse_content_type(_find(fields, "content-type") or default)
    room.left -= 1
    parts: tuple[MimePart, ...] = ()
    if depth < DEEPEST and room.left > 0:
        if media_type.startswith("multipart/") and parameters.get("boundary"):
            parts = _parse_parts(body, media_type, parameters["boundary"], depth=depth, room=room)
        elif media_type in ("message/rfc822", "message/global"):
            content = _decode_transfer(body, _find(fields, "content-transfer-encoding"))
            parts = (_parse(content.lstrip(b"\n"), depth=depth + 1, room=room),)
    content = b"" if parts else _decode_transfer(body, _find(fields, "content-transfer-encoding"))
    return MimePart(fields=fields, media_type=media_type, parameters=parameters, content=content, parts=parts)


def _split_head(message: bytes) -> tuple[bytes, bytes]:
    """The header and the body. A first line that mbox files and some servers add (“From …”) is left out."""
    if message.startswith((b"From ", b">From ")):
        message = message.partition(b"\n")[2]
    if message.startswith(b"\n"):
        return b"", message[1:]
    head, _, body = message.partition(b"\n\n")
    return head, body


def _parse_parts(body: bytes, media_type: str, boundary: str, *, depth: int, room: _Room) -> tuple[MimePart, ...]:
    delimiter = re.compile(rb"^--" + re.escape(boundary.encode("latin-1", "replace")) + rb"(--)?[ \t]*$", re.MULTILINE)
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    parts, begin = [], -1
    for match in delimiter.finditer(body):
        if begin >= 0 and room.left > 0:
            parts.append(_parse(body[begin : match.start() - 1], depth=depth + 1, room=room, default=default))
        begin = match.end() + 1
        if match[1] or room.left <= 0:
            return tuple(parts)
    if begin >= 0 and room.left > 0:  # cut short: what there is of the last part
        parts.append(_parse(body[begin:], depth=depth + 1, room=room, default=default))
    return tuple(parts)


_FOLD = re.compile(r"\n[ \t]+")
_FIELD = re.compile(r"^([!-9;-~]{1,80})[ \t]*:(.*)$", re.MULTILINE)


def parse_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a header, or of a group in a delivery report, unfolded. Lines that are no fields are left out."""
    text = _FOLD.sub(" ", _decode_loosely(head))
    found = []
    for match in _FIELD.finditer(text):
        found.append((match[1].lower(), match[2].strip()[:_LONGEST_FIELD]))
        if len(found) == _MOST_FIELDS:
            break
    return tuple(found)


def _find(fields: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for known, value in fields if known == name), "")


_PARAMETER = re.compile(r";\s*([\w-]{1,40})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")
_ESCAPE = re.compile(r"\\(.)")


def _parse_content_type(value: str) -> tuple[str, dict[str, str]]:
    media_type = value.partition(";")[0].strip().lower()
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        quoted = match[2].startswith('"') and match[2].endswith('"') and len(match[2]) > 1
        text = _ESCAPE.sub(r"\1", match[2][1:-1]) if quoted else match[2]
        parameters.setdefault(match[1].lower(), text)
    return media_type if "/" in media_type else "text/plain", parameters


def _decode_transfer(body: bytes, encoding: str) -> bytes:
    name = encoding.strip().lower()
    if name == "base64":
        return _decode_base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    return body


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def _decode_base64(body: bytes) -> bytes:
    """What can be decoded: a message that was cut short ends anywhere."""
    figures = _NOT_BASE64.sub(b"", body)
    whole = figures[: len(figures) - 1] if len(figures) % 4 == 1 else figures
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


# Python knows more, but some of them are slow or not for text.
_CHARSETS: Final = re.compile(
    r"(?:utf-?8|us-ascii|ascii|utf-?16(?:le|be)?|iso-?8859-?\d{1,2}|latin-?\d|(?:windows|cp)-?125\d|cp(?:437|850|852)"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_?jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|macroman)",
    re.IGNORECASE,
)


def decode_charset(octets: bytes, charset: str) -> str:
    """Text in `charset`; in UTF-8 or else Latin-1 if that is unknown, missing or says ASCII."""
    name = charset.strip().lower()
    if name in ("", "us-ascii", "ascii") or not _CHARSETS.fullmatch(name):
        return _decode_loosely(octets)
    try:
        return octets.decode(name, "replace")
    except (LookupError, UnicodeError):
        return _decode_loosely(octets)


def _decode_loosely(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


_WORD = re.compile(r"=\?([\w.:*+-]{1,40})\?([bq])\?([^?\s]{0,2000})\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[\w.:*+-]{1,40}\?[bq]\?)", re.IGNORECASE)


def decode_words(value: str) -> str:
    """A field's value with its encoded-words decoded (RFC 2047), in one line and without invisible characters."""
    if "=?" in value:
        value = _WORD.sub(_decode_word, _BETWEEN_WORDS.sub(r"\1", value))
    if not value.isprintable():
        value = "".join(
            " " if category(char) in ("Cc", "Zl", "Zp") else char for char in value if category(char) != "Cf"
        )
    return " ".join(value.split())


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match[1].partition("*")[0], match[2].lower(), match[3].encode("utf-8", "replace")
    octets = _decode_base64(text) if encoding == "b" else binascii.a2b_qp(text, header=True)
    return decode_charset(octets, charset)


_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/td|/li|/h\d|p|div|tr|li)\b[^<>]*>", re.IGNORECASE)


def read_html(html: str) -> str:
    """The words of a page, with a line for each paragraph."""
    for name in ("head", "style", "script"):
        html = _remove_element(html, name)
    return unescape(_TAG.sub(" ", _BREAK.sub("\n", html)))


def _remove_element(html: str, name: str) -> str:
    """Leave out all elements of this name; one that doesn't end is left out to the end."""
    lower, kept, at = html.lower(), [], 0
    while (begin := _find_tag(lower, f"<{name}", at)) >= 0:
        kept.append(html[at:begin])
        end = lower.find(f"</{name}", begin)
        closed = lower.find(">", end) if end >= 0 else -1
        at = len(html) if closed < 0 else closed + 1
    return "".join((*kept, html[at:]))


def _find_tag(lower: str, tag: str, at: int) -> int:
    """Where `<head>` begins, and not `<header>`; -1 if nowhere."""
    while (found := lower.find(tag, at)) >= 0:
        if not lower[found + len(tag) : found + len(tag) + 1].isalnum():
            return found
        at = found + 1
    return -1
