"""An XLSX workbook that a contributor sends, as tables with places.

A workbook is an archive from a stranger. The sizes that it declares are checked before anything is unpacked (zipfile
never unpacks more than that). Macros, and XML that declares entities, are refused.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from bulletin.collecting.overlooked import examine_sheet, find_beside, find_missing_sheets, list_names
from bulletin.collecting.table import Cell, Table
from bulletin.declaration.files import find_remedy, read_file
from bulletin.declaration.source import Span
from bulletin.declaration.xml_parts import declares_entities
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.dates import PartialDate

LARGEST_UNPACKED = 5_000_000  # bytes; a filled-in form is about 60 KB
MOST_PARTS = 500
MOST_ROWS = 2_000  # of a sheet
MOST_COLUMNS = 60
HELP_SHEET = "How to fill in"
HELP_LINES = 6  # of a form, in the first column
_HELP_CELLS = frozenset(f"A{row}" for row in range(1, HELP_LINES + 1))

_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    AssertionError,
    BadZipFile,
    zlib.error,
)
_SAVE_VALUES = "Open the workbook in Excel and save it there, so that it has the values. Then send it again."
_TOO_FAR = f"Move it into the first {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, or delete it."
_UNMERGE = "Unmerge them (Home, Merge & Center), and write in each row what belongs to it."
_SAVE_AGAIN = "Open it in Excel and save it as “Excel Workbook (.xlsx)”."


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The tables of a workbook. Their places refer to `lines`: each cell is one line, and `cells` has its name.

    `faults` are those in no row of a table. `remarks` tell of content that no table shows.
    """

    tables: tuple[Table, ...]
    lines: tuple[str, ...]
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()

    def locate(self, fault: Fault) -> Fault:
        """The fault, at its sheet and cell instead of a line."""
        if not fault.line:
            return fault
        file = f"{fault.file}, {self.cells[fault.line - 1]}"
        return replace(fault, file=file, line=0, column=0, where="", excerpt="")


def read_workbook(path: Path, *, shown_as: str) -> Workbook:
    """The tables of an XLSX file. Formulas count by their saved values. Raises FaultyFiles.

    Content that openpyxl skips is a fault of its row if it may be part of an item, else a remark.
    """
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no types

    content = _read_content(path, shown_as)
    gathering = _Gathering(shown_as)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that openpyxl doesn't know: charts, extensions
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                gathering.read(sheet)
            with ZipFile(BytesIO(content)) as archive:
                for sheet in book.worksheets:
                    gathering.examine(archive, sheet)
                gathering.miss(find_missing_sheets(archive, book.sheetnames))
                gathering.remarks += find_beside(archive)
            book.close()
    except FaultyFiles:
        raise
    except _DAMAGE as error:  # openpyxl raises many types of error for an invalid workbook
        raise _fault(shown_as, f"This workbook is damaged ({type(error).__name__}).", _SAVE_AGAIN) from error
    return gathering.finish()


def _fault(file: str, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=file, message=message, remedy=remedy)])


def _read_content(path: Path, shown_as: str) -> bytes:
    """The file's bytes, after a check that unpacking and parsing them is harmless. Raises FaultyFiles."""
    try:
        content = read_file(path, most=LARGEST_UNPACKED + 1)
        if len(content) > LARGEST_UNPACKED:
            raise _too_large(shown_as)
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _too_large(shown_as)
            _refuse_active_parts(archive, shown_as)
    except OSError as error:
        raise _fault(shown_as, f"This cannot be read: {error.strerror}.", find_remedy(error)) from error
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        remedy = "It may have a password, or be of the older type .xls. " + _SAVE_AGAIN
        raise _fault(shown_as, "This workbook can’t be opened.", remedy) from error
    return content


def _too_large(shown_as: str) -> FaultyFiles:
    message = f"This workbook is larger than {LARGEST_UNPACKED:,} bytes when unpacked."
    return _fault(shown_as, message, "Remove pictures and sheets that you don’t need.")


def _refuse_active_parts(archive: ZipFile, shown_as: str) -> None:
    for part in archive.infolist():
        if part.filename.lower().endswith("vbaproject.bin"):
            raise _fault(shown_as, "This workbook has macros.", _SAVE_AGAIN)
        if part.filename.lower().endswith((".xml", ".rels")) and declares_entities(archive.read(part)):
            raise _fault(shown_as, "This workbook has parts that Excel does not write (a DOCTYPE).", _SAVE_AGAIN)


@dataclass(slots=True)
class _Gathering:
    """The cells of all sheets, one a line; and the faults of each row, by its sheet and its number in Excel."""

    file: str
    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: dict[str, dict[int, dict[int, Cell]]] = field(default_factory=dict)
    faults: dict[tuple[str, int], list[Fault]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def finish(self) -> Workbook:
        """The workbook, with the faults of each row at its table."""
        tables = [
            Table(name=name, rows=list(rows.values()), faults=self._take_faults(name, rows))
            for name, rows in self.rows.items()
        ]
        return Workbook(
            tables=tuple(tables),
            lines=tuple(self.lines),
            cells=tuple(self.cells),
            faults=tuple(fault for faults in self.faults.values() for fault in faults),
            remarks=tuple(self.remarks),
        )

    def _take_faults(self, sheet: str, rows: Mapping[int, object]) -> dict[int, tuple[Fault, ...]]:
        """The faults of the rows that a table has, by the row's place in the table."""
        return {
            place: tuple(faults)
            for place, number in enumerate(rows)
            if (faults := self.faults.pop((sheet, number), ()))
        }

    def examine(self, archive: ZipFile, sheet: Any) -> None:
        """Find the content of a sheet that `read` can't see, and note it as a fault or a remark."""
        part = sheet._worksheet_path  # noqa: SLF001 -- openpyxl has no other way to say it
        found = examine_sheet(archive, part, rows=MOST_ROWS, columns=MOST_COLUMNS)
        if sheet.title == HELP_SHEET:
            own = sorted(name for name in found.filled if name not in _HELP_CELLS)
            message = f"There is text in {list_names(own, 'cell')}, but this sheet is not read."
            self._fault(sheet, 0, own, message, "Move it to the sheet for its kind.")
            return
        for names, message, remedy in (
            (found.unknown, "A formula has no saved value in {}, so its result is unknown.", _SAVE_VALUES),
            (found.beyond, "There is text in {}, outside the area that is read.", _TOO_FAR),
            (found.merged, "One cell covers several rows ({}), so only the first row would have its text.", _UNMERGE),
        ):
            for row, own in _group_by_row(names).items():
                noun = f"cells {', '.join(own)}" if names is found.merged else list_names(own, "cell")
                self._fault(sheet, row, own, message.format(noun), remedy)
        if sheet.sheet_state != "visible" and found.filled:
            self.remarks.append(f"The sheet “{sheet.title}” is hidden in Excel, but was read too.")
        if found.hidden:
            hidden = ", ".join(found.hidden)
            self.remarks.append(f"Hidden in Excel, but read too: {hidden} of the sheet “{sheet.title}”.")
        self._report_links(sheet.title, found.links)

    def _fault(self, sheet: Any, row: int, names: list[str], message: str, remedy: str) -> None:
        if names:
            fault = Fault(file=f"{self.file}, sheet “{sheet.title}”", message=message, remedy=remedy)
            self.faults.setdefault((sheet.title, row), []).append(fault)

    def _report_links(self, sheet: str, links: Mapping[str, str]) -> None:
        """Add a remark for each address behind a cell with other text."""
        texts = dict(zip(self.cells, self.lines, strict=True))
        for name, link in links.items():
            if not _says(texts.get(f"sheet “{sheet}”, cell {name}", ""), link):
                self.remarks.append(f"The link behind cell {name} of the sheet “{sheet}” was not read: {link}")

    def miss(self, sheets: list[str]) -> None:
        """Add a fault for each sheet that is missing from the file."""
        for name in sheets:
            message = f"The sheet “{name}” is missing: the file is incomplete."
            self.faults.setdefault((name, 0), []).append(Fault(file=self.file, message=message, remedy=_SAVE_AGAIN))

    def read(self, sheet: Any) -> None:
        """Note the filled cells of a sheet, unless it is the one that explains the form."""
        if sheet.title == HELP_SHEET:
            return
        cells = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        rows = {number: dict(self._read_row(sheet.title, number, row)) for number, row in enumerate(cells, start=1)}
        self.rows[sheet.title] = {number: row for number, row in rows.items() if row}

    def _read_row(self, sheet: str, number: int, row: Sequence[Any]) -> Iterator[tuple[int, Cell]]:
        for index, cell in enumerate(row):
            text = "" if cell.value is None else write_value(cell.value)
            if not text:
                continue
            self.lines.append(text)
            self.cells.append(f"sheet “{sheet}”, cell {cell.coordinate}")
            line = len(self.lines)
            if cell.data_type == "e":
                message, remedy = f"The formula here gives {text}.", "Write the value itself."
                fault = Fault(file=f"{self.file}, {self.cells[-1]}", message=message, remedy=remedy)
                self.faults.setdefault((sheet, number), []).append(fault)
            yield index, Cell(text=text, span=Span(line=line, column=1, end_line=line, end_column=len(text) + 1))


def _group_by_row(names: Iterable[str]) -> dict[int, list[str]]:
    """The names of cells and ranges by the rows that they are in: `C2 to C4` is in three."""
    rows: dict[int, list[str]] = {}
    for name in names:
        found = [int(number) for number in re.findall(r"[0-9]+", name)]
        for row in range(found[0], found[-1] + 1) if found[-1] - found[0] <= MOST_ROWS else found:
            rows.setdefault(row, []).append(name)
    return rows


def _says(text: str, link: str) -> bool:
    """Whether a cell's own text is the address behind it, as when Excel makes a link of typed text."""
    bare = [re.sub(r"^(?:https?://|mailto:)|/$", "", each.strip().casefold()) for each in (text, link)]
    return bare[0] == bare[1]


def write_value(value: object) -> str:
    """A cell's value as people write it: “9 June 2021”, “09:30”, “yes”, “20”. A day with a time has both."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime() if value.time() != time():
            return f"{PartialDate(value.year, value.month, value.day)} {value:%H:%M}"
        case timedelta() if timedelta() <= value < timedelta(days=1):
            return f"{value.seconds // 3600:02}:{value.seconds // 60 % 60:02}"
        case datetime() | date():
            return str(PartialDate(value.year, value.month, value.day))
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer():
            return str(int(value))
    return re.sub(r"\r\n?", "\n", str(value).strip())
