"""Cells that a spreadsheet can't take for a formula, whatever was in them. Pure.

Excel, LibreOffice and Google Sheets run a cell that begins with one of a few characters, also from a CSV file: it may
fetch an address, or start a program. An apostrophe in front makes it text (owasp.org, “CSV Injection”).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_RUNS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also as full-width characters
_LEADS: Final = " \t\r\n\v\f\xa0\u200b\ufeff"  # what spreadsheets skip, or drop, before a formula


def defuse(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: with an apostrophe in front if it might."""
    begins_oddly = text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if begins_oddly or text.lstrip(_LEADS).startswith(_RUNS) else text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file (RFC 4180) in UTF-8 with a byte-order mark, which Excel needs; every cell defused."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (headings, *rows):
        writer.writerow(["" if cell is None else defuse(str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def format_rows(rows: Iterable[Iterable[str]], *, separator: str = ",") -> Iterator[str]:
    """Each row as a line of CSV, with its end. Cells are written as they are."""
    line = _Line()
    writer = csv.writer(line, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        yield line.text


class _Line:
    """What `csv` writes to: it keeps the last line."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)
