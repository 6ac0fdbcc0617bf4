"""A CSV file that a contributor sends, as a table with places."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from bulletin.collecting.table import Cell, Table
from bulletin.declaration.files import find_remedy, read_file
from bulletin.declaration.source import LARGEST_FILE, Span
from bulletin.errors import Fault, FaultyFiles

_HOW_TO_SAVE = "In Excel, choose “Save As” and the type “CSV UTF-8 (Comma delimited)”."
MOST_ROWS = 2_000


def read_csv(path: Path, *, name: str, shown_as: str) -> tuple[Table, tuple[str, ...]]:
    """The table, called `name`, and the lines that its places refer to.

    The file is UTF-8 or Windows-1252 (Excel's plain “CSV”), separated by commas, semicolons or tabs.
    Raises FaultyFiles.
    """
    text = _read_text(path, shown_as)
    lines = tuple(re.split("\r\n|\r|\n", text))
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=re.sub('"[^"]*"', "", first).count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append(dict(_place_cells(cells, lines, begins)))
            begins = reader.line_num + 1
    except csv.Error:
        message = "This row has an odd number of quotation marks, so its cells can’t be told apart."
        remedy = 'Delete the mark, or write marks inside a cell twice: "The ""Big"" Ask".'
        fault = Fault(file=shown_as, line=begins, column=1, message=message, remedy=remedy, excerpt=lines[begins - 1])
        raise FaultyFiles([fault]) from None
    if len(rows) > MOST_ROWS:
        raise _fault(
            shown_as, f"This file has {len(rows):,} rows; the most is {MOST_ROWS:,}.", "Send only what is new."
        )
    return Table(name=name, rows=[row for row in rows if row]), lines


def _read_text(path: Path, shown_as: str) -> str:
    try:
        content = read_file(path, most=LARGEST_FILE + 1)
    except OSError as error:
        raise _fault(shown_as, f"This cannot be read: {error.strerror}.", find_remedy(error)) from error
    if len(content) > LARGEST_FILE:
        raise _fault(shown_as, f"This file has more than {LARGEST_FILE:,} bytes.", "Send only what is new.")
    if b"\0" in content:
        raise _fault(shown_as, "This is not a CSV file, though its name says so.", _HOW_TO_SAVE)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _fault(shown_as, "This file can’t be read as text.", _HOW_TO_SAVE)


def _fault(file: str, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=file, message=message, remedy=remedy)])


def _place_cells(cells: list[str], lines: tuple[str, ...], begins: int) -> Iterator[tuple[int, Cell]]:
    """The filled cells, each at the next place of its text in the row's lines."""
    line, column = begins, 1
    for index, cell in enumerate(cells):
        text = re.sub(r"\r\n?", "\n", cell.strip())
        if not text:
            continue
        shown = re.split("\r\n|\r|\n", text)[0].partition('"')[0]
        while lines[line - 1].find(shown, column - 1) < 0 and line < len(lines) and "\n" in "".join(cells[:index]):
            line, column = line + 1, 1
        column = max(lines[line - 1].find(shown, column - 1) + 1, 1)
        span = Span(line=line, column=column, end_line=line, end_column=column + max(1, len(shown)))
        yield index, Cell(text=text, span=span)
        column += len(shown)
