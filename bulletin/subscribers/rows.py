"""The rows of a CSV file as Excel and people write it, each with its place. Nothing here knows what a row means.

Read as a stream, so that a file of a million rows does not have to fit into memory. What the standard csv module
leaves open is settled here: which encoding, which separator, and what happens when a quotation mark is never closed
(csv would read the rest of the file as one cell: here only the row with the mark is lost, and named).
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from bulletin.declaration.encodings import WORKBOOKS, list_encodings
from bulletin.declaration.files import open_file
from bulletin.errors import Fault, FaultyFiles

LARGEST_FILE = 200_000_000  # bytes; about four million people

_BREAK = re.compile(r"\r\n|\r|\n")
_HOW_TO_SAVE = "In Excel, choose “Save As” and the type “CSV UTF-8 (Comma delimited)”."


def find_encoding(path: Path, *, shown_as: str) -> str:
    """The Python name of the encoding that the whole file can be read in.

    UTF-8, with or without a byte-order mark; UTF-16 with one, as Excel's “Unicode Text” has; or else Windows-1252,
    which is what Excel's plain “CSV” is in Britain. Raises FaultyFiles for a file that is no text, or too large.
    """
    with open_file(path) as file:
        if (size := os.fstat(file.fileno()).st_size) > LARGEST_FILE:
            message = f"This file has {size:,} bytes; the most is {LARGEST_FILE:,}."
            raise _fault(shown_as, message, "Split it into several lists.")
        return find_encoding_of(file, shown_as=shown_as)


def find_encoding_of(file: BinaryIO, *, shown_as: str) -> str:
    """As `find_encoding`, of an open file, which is at its end afterwards."""
    head = file.read(4096)
    if head.startswith(WORKBOOKS):
        raise _fault(shown_as, "This is a workbook, not a CSV file, whatever its name says.", _HOW_TO_SAVE)
    for encoding in list_encodings(head):
        if _can_decode(file, encoding):
            return encoding
    raise _fault(shown_as, "This file cannot be read as text.", _HOW_TO_SAVE)


def _fault(file: str, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=file, message=message, remedy=remedy)])


def _can_decode(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class Row(NamedTuple):  # made a million times for a long list: faster than a frozen dataclass
    """A row's cells, and the text that it was read from, which begins in `line` (from 1) and may have several."""

    file: str
    line: int
    cells: list[str]
    text: str
    separator: str

    def fault_in_cell(self, index: int, found: str, message: str, remedy: str = "") -> Fault:
        """A fault that covers `found` in the cell at `index` (from 0), or the cell's beginning if it is not there."""
        start = self._find_cell(index)
        return self.fault_at(max(start, self.text.find(found, start)), len(found), message, remedy)

    def fault_at(self, start: int, width: int, message: str, remedy: str) -> Fault:
        """A fault that covers `width` characters of the text from `start` (from 0), in whichever of its lines."""
        before = _BREAK.split(self.text[:start])
        excerpt = _BREAK.split(self.text)[len(before) - 1]
        column = len(before[-1]) + 1
        return Fault(
            file=self.file,
            line=self.line + len(before) - 1,
            column=column,
            message=message,
            remedy=remedy,
            excerpt=excerpt,
            width=max(1, min(width, len(excerpt) - column + 1)),
        )

    def _find_cell(self, index: int) -> int:
        """Where the cell at `index` begins in the text. What a row is too short for would be at its end."""
        if index >= len(self.cells):
            return len(self.text.rstrip("\r\n"))
        mark = re.escape(self.separator)
        cells = re.finditer(rf' *(?:"(?:[^"]|"")*")?[^{mark}]*{mark}', self.text)
        return max((cell.end() for cell in islice(cells, index)), default=0)


def read_rows(file: TextIO, *, shown_as: str) -> Iterator[Row | Fault]:
    """The rows that have anything in them, headings first; in the place of one that cannot be read, a Fault.

    `file` is open with `newline=""`. The separator is what a first line `sep=;` says, or the one of `,` `;` and the
    tab that the headings have most of. Raises UnicodeDecodeError.
    """
    lines = _Lines(file)
    separator = _find_separator(lines)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    columns = 0
    while True:
        line = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or any(_is_row(text, separator, columns) for text in lines.taken[1:]):
            lines.give_back(after=1)  # the rows below are whole
            yield _explain_marks(shown_as, line, lines.taken[0])
        elif any(map(str.strip, cells)):
            columns = columns or len(cells)
            yield Row(shown_as, line, cells, "".join(lines.taken), separator)


class _Lines:
    """The lines of a file, one by one. Those that a row has `taken` can be given back."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self._line = 1
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._file)
        self.taken.append(line)
        return line

    def begin_row(self) -> int:
        """Let go of the lines of the row before; the number of the line that comes next."""
        self._line += len(self.taken)
        self.taken = []
        return self._line

    def give_back(self, *, after: int) -> None:
        """Give back the lines of the present row, but for the first `after`."""
        self._returned.extendleft(reversed(self.taken[after:]))
        del self.taken[after:]


def _find_separator(lines: _Lines) -> str:
    for line in lines:
        if declared := re.fullmatch(r'"?sep=([^"\r\n ])"?\s*', line, re.IGNORECASE):
            return declared[1]
        if line.strip():
            lines.give_back(after=len(lines.taken) - 1)
            bare = re.sub('"[^"]*"', "", line)
            return max(",;\t", key=bare.count)
    return ","


def _is_row(text: str, separator: str, columns: int) -> bool:
    """Whether a line inside a quoted cell looks like a row of its own, so that the quotation mark must be a slip."""
    cells = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    return len(cells) == columns and any(re.fullmatch(r"\s*[^\s@]+@[^\s@]+\s*", cell) for cell in cells)


def _explain_marks(file: str, line: int, text: str) -> Fault:
    row = Row(file=file, line=line, cells=[], text=text, separator="")
    message = "The quotation marks in this row do not pair up, so it cannot be told where its cells end."
    remedy = 'Delete the mark, or write marks inside a cell twice: "Anna ""Annie"" Smith".'
    return row.fault_at(max(0, text.find('"')), 1, message, remedy)
