"""Content of a workbook that openpyxl skips, found in the workbook's own parts.

openpyxl gives no value for a formula that was saved without one, for merged cells, and for cells out of its range. It
also drops the link behind a value. All of that looks like an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname
from zipfile import ZipFile

from lxml import etree

from bulletin.declaration.xml_parts import parse_xml

_NOTE_OF_OURS = "bulletin"  # the author of the notes at the headings of a form
_MOST_NAMED = 5
_LETTERS = 26


@dataclass(kw_only=True, slots=True)
class Overlooked:
    """The skipped content of one sheet. Cells have their names, such as B2.

    `unknown` are formulas without a value, `beyond` filled cells out of range, `merged` ranges of several rows with a
    value, `hidden` rows and columns (as `row 4`) with values, `links` addresses behind cells, `filled` the cells that
    have a value.
    """

    unknown: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)


def examine_sheet(archive: ZipFile, part: str, *, rows: int, columns: int) -> Overlooked:
    """The skipped content of the sheet in `part`, if only so many `rows` and `columns` are read.

    Raises the errors of zipfile and lxml on damage.
    """
    found = Overlooked()
    row = column = 0
    hidden_columns: list[range] = []
    targets = _read_targets(archive, part)
    with archive.open(part) as file:
        for event, element in etree.iterparse(file, events=("start", "end"), resolve_entities=False):
            match event, etree.QName(element).localname:
                case "start", "row":
                    row, column = int(element.get("r") or row + 1), 0
                case "end", "col" if element.get("hidden") in ("1", "true"):
                    hidden_columns.append(range(int(element.get("min")), int(element.get("max")) + 1))
                case "end", "c":
                    name = element.get("r") or f"{name_column(column + 1)}{row}"
                    column = find_column(name)
                    _examine_cell(found, element, name, reached=row <= rows and column <= columns)
                    if name in found.filled and any(column in span for span in hidden_columns):
                        _add(found.hidden, f"column {name_column(column)}")
                case "end", "row":
                    if element.get("hidden") in ("1", "true") and any(
                        cell.get("r") in found.filled for cell in element
                    ):
                        _add(found.hidden, f"row {row}")
                    element.clear()
                case "end", "mergeCell":
                    _examine_range(found, element.get("ref") or "")
                case "end", "hyperlink":
                    name = (element.get("ref") or "").partition(":")[0]
                    link = next((targets[value] for value in element.attrib.values() if value in targets), "")
                    if name in found.filled and link:
                        found.links[name] = link
    return found


def _examine_cell(found: Overlooked, cell: etree._Element, name: str, *, reached: bool) -> None:
    """Sort a cell into the fields above. A formula's saved value may be empty text; no other value may be empty."""
    formula = cell.find("{*}f") is not None
    value = cell.find("{*}v")
    there = bool(value is not None and value.text) or bool("".join(map(str, cell.itertext("{*}t"))))
    empty_text = formula and value is not None and cell.get("t") == "str"
    if (there or formula) and not reached:
        found.beyond.append(name)
    elif there:
        found.filled.add(name)
    elif formula and not empty_text:
        found.unknown.append(name)


def _examine_range(found: Overlooked, name: str) -> None:
    first, _, last = name.partition(":")
    if first in found.filled and _row_of(first) != _row_of(last or first):
        found.merged.append(f"{first} to {last}")


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def _read_targets(archive: ZipFile, part: str) -> Mapping[str, str]:
    """The web addresses that a part points to, by their ids."""
    name = f"{dirname(part)}/_rels/{basename(part)}.rels"
    if name not in archive.namelist():
        return {}
    relations = parse_xml(archive.read(name))
    return {one.get("Id") or "": one.get("Target") or "" for one in relations if one.get("TargetMode") == "External"}


def find_missing_sheets(archive: ZipFile, there: Iterable[str]) -> list[str]:
    """The sheets that a workbook names but doesn't have."""
    if "xl/workbook.xml" not in archive.namelist():
        return []
    known = set(there)
    book = parse_xml(archive.read("xl/workbook.xml"))
    return [name for sheet in book.iter("{*}sheet") if (name := sheet.get("name") or "") not in known]


def find_beside(archive: ZipFile) -> Iterator[str]:
    """The contents of a workbook besides its cells, in words: notes, pictures, and drawings with words."""
    for name in archive.namelist():
        if re.fullmatch(r"xl/(?:comments/)?comments?\d*\.xml", name):
            if cells := list(_find_notes(archive.read(name))):
                yield f"The note at {list_names(cells, 'cell')} was not read. Check whether it asks for anything."
        elif re.fullmatch(r"xl/drawings/drawing\d*\.xml", name):
            drawing = parse_xml(archive.read(name))
            if words := " ".join("".join(map(str, drawing.itertext("{*}t"))).split()):
                yield f"A text box was not read: “{words[:200]}”"
    if any(name.startswith("xl/media/") for name in archive.namelist()):
        yield "Its pictures were not imported. If you need them, ask for them as separate files."


def _find_notes(content: bytes) -> Iterator[str]:
    root = parse_xml(content)
    authors = ["".join(map(str, author.itertext())) for author in root.iter("{*}author")]
    for note in root.iter("{*}comment"):
        number = int(note.get("authorId") or 0)
        if number >= len(authors) or authors[number] != _NOTE_OF_OURS:
            yield note.get("ref") or ""


def list_names(names: list[str], noun: str) -> str:
    """`cell B2`, `cells B2, B3 and 12 more`."""
    shown = ", ".join(names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return f"{noun}{'s' if len(names) > 1 else ''} {shown}{more}"


def name_column(number: int) -> str:
    """The letters of a column, counted from 1: A, Z, AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_column(name: str) -> int:
    """The number of a cell's column, counted from 1."""
    number = 0
    for letter in re.match(r"[A-Z]*", name.upper())[0]:  # type: ignore[index]  # the pattern always matches
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _row_of(name: str) -> str:
    return name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
