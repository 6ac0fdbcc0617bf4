"""Relaxed canonicalisation: the form in which DKIM compares messages (RFC 6376, 3.4.2 and 3.4.4). Pure."""

from __future__ import annotations

import re

_BLANKS = re.compile(rb"[ \t]+")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")


def relax_lines(lines: bytes) -> bytes:
    """Whole lines of a body, each ended by CRLF: runs of blanks become one space, and none is left at a line's end.

    Nearly all lines that we write are so already, and are returned as they are. Empty lines stay: see `end_body`.
    """
    if b"\t" not in lines and b"  " not in lines and b" \r\n" not in lines:
        return lines
    return _BLANKS.sub(b" ", lines).replace(b" \r\n", b"\r\n")


def end_body(lines: bytes) -> bytes:
    """The relaxed last lines of a body, without empty lines at the end."""
    text = lines.rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def relax_fields(head: bytes) -> dict[bytes, bytes]:
    """The fields of a header, relaxed, by their names in small letters; of two with one name, the last.

    Folds are undone, runs of blanks become one space, and there is none around the colon or at the end.
    """
    fields = (field.partition(b":") for field in _FIELD_END.split(head) if field)
    return {
        (key := name.strip().lower()): key + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip()
        for name, _, value in fields
    }
