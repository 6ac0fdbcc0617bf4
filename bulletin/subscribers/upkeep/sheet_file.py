"""The rows of a workbook (XLSX) as a stream, with bounds on what is unpacked. Values only: no formula is worked out.

The parts of the file are read as ECMA-376 (part 1, 18.2 to 18.4) has them: the sheet's rows, and the texts that all
sheets share. A part that declares entities isn't read.
"""

from __future__ import annotations

import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from bulletin.declaration.files import find_remedy, open_file
from bulletin.errors import Fault, FaultyFiles

MOST_ROWS: Final = 1_048_576
"""Of a sheet, by the limits of Excel."""
_MOST_COLUMNS: Final = 1_000
_LARGEST: Final = 1_000_000_000  # bytes, unpacked: a million rows of twenty cells have half of that
_HIGHEST_RATIO: Final = 500  # unpacked to packed; texts of a sheet have 10 to 50
_MOST_PARTS: Final = 5_000
_LONGEST_CELL: Final = 100_000  # characters; Excel's own limit is 32,767
_CHUNK: Final = 1 << 16

# What zipfile and expat raise for bytes that are no workbook.
_DAMAGE: Final = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, expat.ExpatError),
    *(NotImplementedError, RuntimeError, EOFError, LookupError, ValueError, OverflowError),
)
_SAVE_AGAIN: Final = "Open it in Excel, save it again as “Excel Workbook (.xlsx)”, and try again."


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """One row's cells, at its number in the sheet (from 1)."""

    number: int
    cells: list[str]
    is_hidden: bool


def find_sheets(path: Path, *, shown_as: str) -> tuple[str, ...]:
    """The names of the sheets, in order. Raises FaultyFiles for what is no workbook that can be read."""
    with _open_book(path, shown_as) as book:
        return tuple(book.sheets)


def read_sheet(path: Path, sheet: str | None, *, shown_as: str) -> Iterator[SheetRow]:
    """The rows that have anything in them: of the sheet with this name or number, or else the first one.

    Raises FaultyFiles, also on the way.
    """
    with _open_book(path, shown_as) as book:
        part = book.choose(sheet)
        yield from book.read_rows(part)


@contextmanager
def _open_book(path: Path, shown_as: str) -> Iterator[_Book]:
    """An open workbook. What is wrong with it, then or later, is told as a fault of the file."""
    try:
        with open_file(path) as file, ZipFile(file) as archive:
            yield _Book(archive, shown_as)
    except OSError as error:
        raise _fault(shown_as, f"This can’t be read: {error.strerror or error}.", find_remedy(error)) from error
    except _DAMAGE as error:
        message = f"This workbook is damaged, or has a password ({type(error).__name__})."
        raise _fault(shown_as, message, _SAVE_AGAIN) from error


def _fault(file: str, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=file, message=message, remedy=remedy)])


class _Book:
    """An open workbook: its sheets by name, each with its part of the archive."""

    def __init__(self, archive: ZipFile, shown_as: str) -> None:
        self._archive, self._shown_as = archive, shown_as
        self._check_size()
        self.sheets = self._find_sheets()
        if not self.sheets:
            raise _fault(shown_as, "This workbook has no sheet with cells.", _SAVE_AGAIN)

    def _check_size(self) -> None:
        parts = self._archive.infolist()
        large = [part for part in parts if part.file_size > _CHUNK]
        packed_much = any(part.file_size > _HIGHEST_RATIO * max(1, part.compress_size) for part in large)
        if len(parts) > _MOST_PARTS or packed_much or sum(part.file_size for part in parts) > _LARGEST:
            message = f"This workbook would have more than {_LARGEST:,} bytes when unpacked, or isn’t a real one."
            raise _fault(self._shown_as, message, "Save the sheet with the addresses alone, as CSV UTF-8.")

    def _find_sheets(self) -> dict[str, ZipInfo]:
        targets: dict[str, str] = {}
        sheets: list[tuple[str, str]] = []

        def begin(name: str, values: dict[str, str]) -> None:
            if name == "Relationship":
                targets[values.get("Id", "")] = values.get("Target", "")
            elif name == "sheet":
                key = next((value for key, value in values.items() if key.rpartition(":")[2] == "id"), "")
                sheets.append((values.get("name", ""), key))

        for part in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml"):
            parser = _make_parser(begin)
            for chunk in self._unpack(self._archive.getinfo(part)):
                parser.Parse(chunk)
        known = {info.filename: info for info in self._archive.infolist()}
        paths = {name: _find_path(targets.get(key, "")) for name, key in sheets}
        return {name: known[path] for name, path in paths.items() if path in known}

    def choose(self, wanted: str | None) -> ZipInfo:
        """The part of a sheet, by its name or number (from 1). Raises FaultyFiles."""
        parts = list(self.sheets.values())
        if wanted is None:
            return parts[0]
        if wanted in self.sheets:
            return self.sheets[wanted]
        if wanted.isascii() and wanted.isdecimal() and 0 < int(wanted) <= len(parts):
            return parts[int(wanted) - 1]
        names = ", ".join(f"{number} ({name})" for number, name in enumerate(self.sheets, 1))
        raise _fault(self._shown_as, f"There is no sheet “{wanted}”.", f"The sheets are: {names}.")

    def read_rows(self, part: ZipInfo) -> Iterator[SheetRow]:
        """The rows of a sheet's part."""
        reading = _Rows(self._read_shared())
        parser = _make_parser(reading.begin, reading.end, reading.take)
        for chunk in self._unpack(part):
            parser.Parse(chunk)
            if reading.count > MOST_ROWS:
                raise _fault(self._shown_as, f"This sheet has more than {MOST_ROWS:,} rows.", "Split it.")
            yield from reading.give()
        parser.Parse(b"", True)  # noqa: FBT003 -- expat takes no keywords
        yield from reading.give()

    def _read_shared(self) -> list[str]:
        reading = _Shared()
        if "xl/sharedStrings.xml" in self._archive.namelist():
            parser = _make_parser(reading.begin, reading.end, reading.take)
            for chunk in self._unpack(self._archive.getinfo("xl/sharedStrings.xml")):
                parser.Parse(chunk)
        return reading.texts

    def _unpack(self, part: ZipInfo) -> Iterator[bytes]:
        with self._archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _find_path(target: str) -> str:
    path = target.removeprefix("/")
    return path if path.startswith("xl/") else f"xl/{path}"


def _make_parser(begin: Any, end: Any = None, take: Any = None) -> Any:
    """A parser that calls these with names without a prefix, and refuses a document type: it may declare entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, values: begin(name.rpartition(":")[2], values)
    if end:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = take
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_: object) -> None:
    raise BadZipFile("a part has a document type")


class _Shared:
    """The texts that all sheets share, without how East Asian ones are read aloud."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_text = False
        self._aloud = False

    def begin(self, name: str, _values: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._aloud = True
        self._is_text = name == "t" and not self._aloud

    def take(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append(_join(self._pieces))
        elif name == "rPh":
            self._aloud = False
        self._is_text = False


class _Rows:
    """The rows of a sheet, as its elements come."""

    def __init__(self, shared: list[str]) -> None:
        self.count = 0
        self._shared = shared
        self._ready: list[SheetRow] = []
        self._cells: dict[int, str] = {}
        self._hidden = False
        self._number = 0
        self._column = -1
        self._kind = ""
        self._pieces: list[str] = []
        self._is_value = self._aloud = False

    def give(self) -> list[SheetRow]:
        """The rows that are complete."""
        ready, self._ready = self._ready, []
        return ready

    def begin(self, name: str, values: dict[str, str]) -> None:
        if name == "row":
            given = values.get("r", "")
            self._number = int(given) if re.fullmatch(r"[0-9]{1,7}", given) else self._number + 1
            self._hidden = values.get("hidden") in ("1", "true")
            self._cells, self._column = {}, -1
        elif name == "c":
            self._column = _read_column(values.get("r", ""), self._column + 1)
            self._kind, self._pieces = values.get("t", "n"), []
        elif name == "rPh":
            self._aloud = True
        self._is_value = name in ("v", "t") and not self._aloud

    def take(self, text: str) -> None:
        if self._is_value:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "c" and self._column < _MOST_COLUMNS:
            self._cells[self._column] = self._read_cell()
        elif name == "rPh":
            self._aloud = False
        elif name == "row":
            self._end_row()
        self._is_value = False

    def _end_row(self) -> None:
        self.count += 1
        if any(map(str.strip, self._cells.values())):
            cells = [self._cells.get(index, "") for index in range(max(self._cells) + 1)]
            self._ready.append(SheetRow(number=self._number, cells=cells, is_hidden=self._hidden))

    def _read_cell(self) -> str:
        text = _join(self._pieces)
        if self._kind == "s":
            found = re.fullmatch(r"\s*([0-9]{1,9})\s*", text)
            return self._shared[int(found[1])] if found and int(found[1]) < len(self._shared) else ""
        if self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
        return text


def _join(pieces: list[str]) -> str:
    return "".join(pieces)[:_LONGEST_CELL]


def _read_column(reference: str, otherwise: int) -> int:
    """The column (from 0) of a cell such as `AB12`; cells without a reference follow one another."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    if not letters:
        return otherwise
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1
