"""The encodings in which spreadsheets and people save text, by its first bytes. Pure."""

from __future__ import annotations

import codecs
from typing import Final

WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The first bytes of .xlsx and .ods, which are zip archives, and of .xls, a compound file."""


def list_encodings(head: bytes) -> tuple[str, ...]:
    """The Python names of the encodings that a table may be in, the likeliest first; () if it is no text.

    `head` are its first bytes. UTF-8, with or without a byte-order mark; UTF-16 with one, as Excel's “Unicode Text”
    has; or else Windows-1252, which is what Excel's plain “CSV” is in Britain.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return () if b"\0" in head else ("utf-8-sig", "cp1252")
