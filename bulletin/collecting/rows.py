"""A CSV file that a contributor sends, as a table with places."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bulletin.collecting.table import Cell, Table
from bulletin.declaration.encodings import WORKBOOKS, list_encodings
from bulletin.declaration.files import find_remedy, read_file
from bulletin.declaration.source import LARGEST_FILE, Span
from bulletin.errors import Fault, FaultyFiles

_HOW_TO_SAVE = "In Excel, choose “Save As” and the type “CSV UTF-8 (Comma delimited)”."
MOST_ROWS = 2_000
_MOST_UNPAIRED = 100  # rows whose quotation marks don't pair up; a file with more is hardly a table


def read_csv(path: Path, *, name: str, shown_as: str) -> tuple[Table, tuple[str, ...], tuple[Fault, ...]]:
    """The table, called `name`; the lines that its places refer to; and a fault for each row that can't be split.

    The file is in any encoding that list files may be in, separated by commas, semicolons or tabs, or by what a first
    line `sep=;` says. Raises FaultyFiles.
    """
    text = _read_text(path, shown_as)
    lines = tuple(re.split("\r\n|\r|\n", text))
    begins, separator = _find_separator(lines)
    rows: list[dict[int, Cell]] = []
    faults: list[Fault] = []
    for line, cells in _split_rows(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text), begins, separator):
        if cells is None:
            faults.append(_explain_marks(shown_as, line, lines[line - 1]))
            if not any(rows) or len(faults) > _MOST_UNPAIRED:
                raise FaultyFiles(faults)  # the headings can't be split, or hardly anything can
        else:
            rows.append(dict(_place_cells(cells, lines, line)))
    if len(rows) > MOST_ROWS:
        raise _fault(
            shown_as, f"This file has {len(rows):,} rows; the most is {MOST_ROWS:,}.", "Send only what is new."
        )
    return Table(name=name, rows=[row for row in rows if row]), lines, tuple(faults)


def _find_separator(lines: Sequence[str]) -> tuple[int, str]:
    """The line from which to read, and the separator: what a first line `sep=;` says, or the likely one."""
    at, first = next(((at, line) for at, line in enumerate(lines, start=1) if line.strip()), (1, ""))
    if declared := re.fullmatch(r'"?sep=([^"\r\n ])"?\s*', first, re.IGNORECASE):
        return at + 1, declared[1]
    return 1, max(",;\t", key=re.sub('"[^"]*"', "", first).count)


def _split_rows(lines: Sequence[str], begins: int, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the line that it begins in. None for a row whose quotation marks don't pair up."""
    while begins <= len(lines):
        reader = csv.reader(islice(lines, begins - 1, None), delimiter=separator, strict=True)
        line = begins
        try:
            for cells in reader:
                yield line, cells
                line = begins + reader.line_num
        except csv.Error:
            yield line, None
        else:
            return
        begins = line + 1  # the rows below are whole


def _explain_marks(file: str, line: int, text: str) -> Fault:
    message = "This row has an odd number of quotation marks, so its cells can’t be told apart."
    remedy = 'Delete the mark, or write marks inside a cell twice: "The ""Big"" Ask".'
    return Fault(file=file, line=line, column=1, message=message, remedy=remedy, excerpt=text)


def _read_text(path: Path, shown_as: str) -> str:
    try:
        content = read_file(path, most=LARGEST_FILE + 1)
    except OSError as error:
        raise _fault(shown_as, f"This cannot be read: {error.strerror}.", find_remedy(error)) from error
    if len(content) > LARGEST_FILE:
        raise _fault(shown_as, f"This file has more than {LARGEST_FILE:,} bytes.", "Send only what is new.")
    if content.startswith(WORKBOOKS) or not list_encodings(content):
        raise _fault(shown_as, "This is not a CSV file, though its name says so.", _HOW_TO_SAVE)
    for encoding in list_encodings(content):
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
