"""A file that another program exported, as rows of text: CSV, XLSX, or a ZIP of CSV files as Mailchimp makes it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from bulletin.declaration.files import find_remedy, open_file
from bulletin.errors import Fault, FaultyFiles, NotFound
from bulletin.subscribers.rows import LARGEST_FILE, Row, find_encoding_of, read_rows
from bulletin.subscribers.upkeep.sheet_file import read_sheet

_MOST_FILES: Final = 100  # in a ZIP
_HIGHEST_RATIO: Final = 500  # unpacked to packed
_DAMAGE: Final = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, LookupError, ValueError)


@dataclass(kw_only=True, slots=True)
class ExportPart:
    """One table of an export. `name` is its file's own, by which some programs tell who has left.

    `hidden` counts the rows that a workbook hides, once they were read.
    """

    name: str
    shown_as: str
    rows: Iterator[Row | Fault]
    hidden: list[int] = field(default_factory=list)


@contextmanager
def open_export(path: Path, *, sheet: str | None = None) -> Iterator[Iterator[ExportPart]]:
    """The tables of the file at `path`, one after the other: read each to its end before the next one.

    `sheet` is a workbook's sheet by its name or number. Raises NotFound if the file can't be opened, and FaultyFiles,
    also on the way, if it can't be read.
    """
    try:
        with open_file(path) as file:
            yield _list_parts(path, file, sheet)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Check its name and its folder.") from None
    except OSError as error:
        raise NotFound(f"{path} can’t be read: {error.strerror or error}.", find_remedy(error)) from error


def measure_digest(path: Path) -> str:
    """The SHA-256 of a file, in hex; "" if there is none. Raises OSError."""
    try:
        with open_file(path) as file:
            digest = sha256()
            while chunk := file.read(1 << 20):
                digest.update(chunk)
            return digest.hexdigest()
    except FileNotFoundError:
        return ""


def _list_parts(path: Path, file: BinaryIO, sheet: str | None) -> Iterator[ExportPart]:
    shown_as = path.name
    if not file.read(4).startswith(b"PK\x03\x04"):
        _refuse_sheet(sheet, shown_as)
        _refuse_large(path.stat().st_size, shown_as)
        yield ExportPart(name=path.name, shown_as=shown_as, rows=_read_csv(file, shown_as))
    elif tables := _find_tables(file, shown_as):
        _refuse_sheet(sheet, shown_as)
        yield from (_unpack(file, table, f"{shown_as}, {table.filename}") for table in tables)
    else:
        part = ExportPart(name=path.name, shown_as=shown_as, rows=iter(()))
        part.rows = _read_workbook(path, sheet, part)
        yield part


def _fault(file: str, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=file, message=message, remedy=remedy)])


def _refuse_sheet(sheet: str | None, shown_as: str) -> None:
    if sheet is not None:
        raise _fault(shown_as, "This isn’t a workbook, so it has no sheets.", "Leave --sheet out.")


def _refuse_large(size: int, shown_as: str) -> None:
    if size > LARGEST_FILE:
        message = f"This file has {size:,} bytes; the most is {LARGEST_FILE:,}."
        raise _fault(shown_as, message, "Split it, and import the parts one after the other.")


def _read_csv(file: BinaryIO, shown_as: str) -> Iterator[Row | Fault]:
    file.seek(0)
    encoding = find_encoding_of(file, shown_as=shown_as)
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from read_rows(text, shown_as=shown_as)
    finally:
        text.detach()


def _read_workbook(path: Path, sheet: str | None, part: ExportPart) -> Iterator[Row]:
    for row in read_sheet(path, sheet, shown_as=part.shown_as):
        if row.is_hidden:
            part.hidden.append(row.number)
        text = "\t".join(" ".join(cell.split()) for cell in row.cells)
        yield Row(file=part.shown_as, line=row.number, cells=row.cells, text=text, separator="\t")


def _find_tables(file: BinaryIO, shown_as: str) -> list[ZipInfo]:
    """The CSV files of a ZIP; none if it is a workbook. Raises FaultyFiles."""
    try:
        with ZipFile(file) as archive:
            found = archive.infolist()
    except _DAMAGE as error:
        raise _fault(shown_as, f"This ZIP file is damaged ({type(error).__name__}).", "Download it again.") from error
    if any(info.filename == "xl/workbook.xml" for info in found):
        return []
    tables = [info for info in found if PurePosixPath(info.filename).suffix.lower() in (".csv", ".tsv", ".txt")]
    tables = [info for info in tables if not PurePosixPath(info.filename).name.startswith(".")]
    if not tables:
        raise _fault(
            shown_as, "This ZIP file has no CSV file in it.", "Unpack it, and import the file with the people."
        )
    for info in tables:
        _refuse_large(info.file_size, f"{shown_as}, {info.filename}")
    if len(tables) > _MOST_FILES or any(
        info.file_size > _HIGHEST_RATIO * max(1, info.compress_size) for info in tables
    ):
        raise _fault(shown_as, "This ZIP file isn’t an export.", "Unpack it, and import the file with the people.")
    return tables


def _unpack(file: BinaryIO, table: ZipInfo, shown_as: str) -> ExportPart:
    def read() -> Iterator[Row | Fault]:
        with TemporaryFile() as unpacked:
            try:
                with ZipFile(file) as archive, archive.open(table) as packed:
                    while chunk := packed.read(1 << 20):
                        unpacked.write(chunk)
            except _DAMAGE as error:
                message = f"This file is damaged, or has a password ({type(error).__name__})."
                raise _fault(shown_as, message, "Download it again.") from error
            yield from _read_csv(unpacked, shown_as)

    return ExportPart(name=PurePosixPath(table.filename).name, shown_as=shown_as, rows=read())
