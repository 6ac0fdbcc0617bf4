"""Blank forms for a contributor to fill in: YAML with comments, and a workbook with a sheet for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bulletin.collecting.columns import TableColumn, columns_of
from bulletin.collecting.contribution import Record
from bulletin.collecting.table import EXAMPLE
from bulletin.collecting.workbook import HELP_SHEET
from bulletin.collecting.writing import write_data
from bulletin.declaration.source import Data
from bulletin.drafting.placeholders import TO_WRITE
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.sections import OwnKinds, section_kinds
from bulletin.settings.organisation import Contributor


def write_yaml_form(
    name: str,
    contributor: Contributor,
    *,
    month: Month,
    deadline: date,
    send_to: str,
    file: str,
    own: OwnKinds = (),
) -> str:
    """The form as YAML: an example of each section, commented out, with the meaning of each field."""
    lines = [
        f"# {contributor.organisation}: your part of the issue of {month}.",
        f"# Send this file to {send_to} by {_write_day(deadline)}, as {file}.",
        "# Lines after a # are examples and explanations. Delete the # before each line that you use, and replace the",
        f"# example with your own words. Replace each {TO_WRITE} too.",
        "# A name with a dot is a field inside another one: for book.link, write link: on its own line below book:.",
        "",
        f"from: {name}",
        "sections:",
    ]
    for kind in _choose_kinds(contributor, own):
        lines += ["", *_write_section(kind, own)]
    return "\n".join(lines) + "\n"


def _choose_kinds(contributor: Contributor, own: OwnKinds) -> Sequence[str]:
    """The kinds that a contributor is asked for; if `bulletin.yaml` names none, those in every blank form."""
    offered = [kind for kind, model in section_kinds(own).items() if model.traits.in_blank_forms]
    return contributor.sections or offered


def _write_day(day: date) -> str:
    return str(PartialDate(day.year, day.month, day.day))


def _write_section(kind: str, own: OwnKinds) -> Iterator[str]:
    model = section_kinds(own)[kind]
    yield f"  # {model.__doc__}" if model.__doc__ else f"  # {kind}"
    first, *others = write_data(_example_of(kind, own))
    yield f"  # - {first}"
    yield from (f"  #   {line}" for line in others)
    yield "  # Its fields:"
    for column in columns_of(kind, own).values():
        needed = " (needed)" if column.required else ""
        choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
        yield f"  #   {column.name}{needed}: {column.description}{choices} For example: {column.example}"


def _example_of(kind: str, own: OwnKinds) -> Record:
    """A section with its required fields, filled with their examples."""
    fields = section_kinds(own)[kind].model_fields
    needed = {name: field for name, field in fields.items() if field.is_required()}
    section: Record = {"kind": kind, "title": kind.replace("_", " ").capitalize()}
    return section | {
        name: _as_written((field.examples or [""])[0]) for name, field in needed.items() if name not in section
    }


def _as_written(example: Any) -> Data:
    if isinstance(example, dict):
        return {name: _as_written(value) for name, value in example.items()}
    return [_as_written(value) for value in example] if isinstance(example, list) else str(example)


def write_workbook_form(
    contributor: Contributor, *, month: Month, deadline: date, send_to: str, file: str, own: OwnKinds = ()
) -> bytes:
    """The form as the bytes of an XLSX workbook: a sheet for each kind, with headings, an example and choices."""
    from openpyxl import Workbook  # type: ignore[import-untyped]  # it has no types

    book = Workbook()
    book.active.title = HELP_SHEET
    for line in _write_help(contributor, month, deadline, send_to, file):
        book.active.append([line])
    book.active.column_dimensions["A"].width = 100
    for kind in _choose_kinds(contributor, own):
        _fill_sheet(book.create_sheet(kind), list(columns_of(kind, own).values()))
    return _save(book)


def _save(book: Any) -> bytes:
    """The bytes of a workbook. openpyxl alone writes each sheet to a temporary file, which fails on a full disk."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing  # type: ignore[import-untyped]
    from openpyxl.worksheet._writer import WorksheetWriter  # type: ignore[import-untyped]
    from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

    class MemoryWriter(ExcelWriter):  # type: ignore[misc]  # it has no types
        def write_worksheet(self, sheet: Any) -> None:
            sheet._drawing = SpreadsheetDrawing()  # noqa: SLF001 -- as the method that this takes the place of
            content = BytesIO()
            writer = WorksheetWriter(sheet, content)
            writer.write()
            sheet._rels = writer._rels  # noqa: SLF001 -- likewise
            self._archive.writestr(sheet.path[1:], content.getvalue())
            self.manifest.append(sheet)

    written = BytesIO()
    MemoryWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
    return written.getvalue()


def _write_help(contributor: Contributor, month: Month, deadline: date, send_to: str, file: str) -> Sequence[str]:
    return (
        f"{contributor.organisation}: your part of the issue of {month}.",
        f"Send this workbook to {send_to} by {_write_day(deadline)}, as {file}.",
        "There is a sheet for each kind of item. Write each item in a row of its own.",
        "Fill in every column with a *. The note at each heading explains the column.",
        f"Rows that begin with “{EXAMPLE.strip()}” are ignored. You can leave them or delete them.",
        "Separate several names in one cell with semicolons.",
    )


def _fill_sheet(sheet: Any, columns: Sequence[TableColumn]) -> None:
    from openpyxl.comments import Comment  # type: ignore[import-untyped]  # it has no types
    from openpyxl.styles import Font  # type: ignore[import-untyped]  # it has no types
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]  # it has no types
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]  # it has no types

    sheet.append([f"{column.name} *" if column.required else column.name for column in columns])
    sheet.append([EXAMPLE * (number == 0) + column.example for number, column in enumerate(columns)])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 26
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet[f"{letter}1"].comment = Comment(column.description, "bulletin")
        sheet[f"{letter}2"].font = Font(italic=True)
        for row in range(3, 51):
            sheet[f"{letter}{row}"].number_format = "@"  # text, so that Excel keeps dates and times as typed
        if column.choices:
            choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choices.error = f"Choose one of: {', '.join(column.choices)}."
            sheet.add_data_validation(choices)
            choices.add(f"{letter}3:{letter}500")
