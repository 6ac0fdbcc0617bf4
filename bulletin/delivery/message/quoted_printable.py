"""Quoted-printable (RFC 2045, 6.7): any text as lines of at most 76 printable ASCII octets. Pure.

No line begins with a dot, so that a message of such lines goes over SMTP as it is (RFC 5321, 4.5.2).
"""

from __future__ import annotations

import re

SOFT_BREAK = b"=\r\n"
LONGEST_LINE = 76  # octets, with the "=" of a soft break

_LINE_BREAK = re.compile(rb"\r?\n")
_ENCODED = re.compile(rb"[^ -<>-~]|[ ]\Z")  # all but printable ASCII; "="; a space that would end a line

# At most 75 octets, so that a soft break fits behind; a dot in front will grow to "=2E"; no "=XX" is cut in two.
_CHUNK = re.compile(rb"(?:(?!\.).{1,75}|\..{0,72})(?<!=)(?<!=.)")
_AS_IT_IS = re.compile(r"(?!\.)[ -<>-~]{1,75}")


def encode_text(text: str) -> bytes:
    r"""The lines of `text`, joined by CRLF, without a line break after the last.

    `\n` and `\r\n` are line breaks; a `\r` alone is a character like others.
    """
    return b"\r\n".join(_encode_line(line) for line in _LINE_BREAK.split(text.encode("utf-8", "replace")))


def encode_segment(text: str) -> bytes:
    """The same with a soft line break behind it, where needed: what is put next begins a line of its own."""
    if _AS_IT_IS.fullmatch(text):  # most greetings and links: 20 times faster
        return text.encode("ascii") + SOFT_BREAK
    encoded = encode_text(text)
    return encoded if not encoded or encoded.endswith(b"\n") else encoded + b"=\r\n"


def _encode_line(line: bytes) -> bytes:
    encoded = _ENCODED.sub(lambda match: b"=%02X" % match[0][0], line)
    return b"=\r\n".join(_hide_dot(chunk) for chunk in _CHUNK.findall(encoded))


def _hide_dot(chunk: bytes) -> bytes:
    return b"=2E" + chunk[1:] if chunk.startswith(b".") else chunk
