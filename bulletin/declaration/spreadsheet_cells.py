"""Cells of a table that a spreadsheet would run as a formula, made harmless. Pure.

A cell that begins with one of `= + - @`, a tab or a carriage return gets an apostrophe before it, by which spreadsheets
know a text (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

_RUN: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse_cell(text: str) -> str:
    """The text, such that no spreadsheet runs it. Space before a sign doesn't hide it."""
    bare = text.lstrip(" \u00a0\ufeff")
    return f"'{text}" if bare.startswith(_RUN) else text


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
