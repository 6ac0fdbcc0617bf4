"""Tables, one item a row, as the data of a contribution with its places. Pure.

A table's name (of its sheet or file) gives its kind; otherwise a column `kind` does, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import cast

from bulletin.collecting.columns import TableColumn, columns_of, has_groups, has_items
from bulletin.collecting.contribution import Record, complete
from bulletin.declaration.source import Data, Place, Source, Span
from bulletin.errors import Fault
from bulletin.issue.sections import section_kinds

EXAMPLE = "For example: "
"""The beginning of the first cell of a form's example row. That row is ignored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell's text and its place."""

    text: str
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table's name, and its rows, headings first: the cells that are not empty, by their column."""

    name: str
    rows: Sequence[Mapping[int, Cell]]


def find_kind(name: str) -> str:
    """The kind that a sheet or file is named after: “Group updates”, `group-update`; "" if there is none."""
    word = re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")
    return next((kind for kind in section_kinds() if kind.rstrip("s") == word.rstrip("s")), "")


def read_tables(tables: Iterable[Table], *, sender: str, file: str, lines: Sequence[str]) -> Source:
    """A contribution of `sender` as data with places. The cells' spans refer to `lines`."""
    reader = _Reader(Source(file=file, lines=tuple(lines)))
    for table in tables:
        reader.read(table)
    whole = Span(line=1, column=1, end_line=1, end_column=1)
    if not reader.sections and not reader.faults:
        message = "This file has only headings and examples."
        reader.faults.append(Fault(file=file, message=message, remedy="Fill in a row for each item."))
    return Source(
        file=file,
        lines=tuple(lines),
        data={"from": sender, "sections": cast("list[Data]", reader.sections)},
        values={(): whole, ("from",): whole, ("sections",): whole} | reader.values,
        faults=tuple(reader.faults),
        whole=bool(reader.sections),
    )


@dataclass(slots=True)
class _Reader:
    """Gathers rows into sections."""

    source: Source
    sections: list[Record] = field(default_factory=list)
    values: dict[Place, Span] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, table: Table) -> None:
        rows = [row for row in table.rows if row]
        if not rows:
            return
        headings = {index: _as_name(cell.text) for index, cell in rows[0].items()}
        if not self._are_headings(table, rows[0], headings, alone=len(rows) == 1):
            return
        rows = [row for row in rows if not self._is_example(table, row, headings)]
        kind_at = None if find_kind(table.name) else next((at for at, name in headings.items() if name == "kind"), None)
        for row in rows[1:]:
            kind = self._find_kind(table, row, kind_at)
            if kind:
                cells = {at: cell for at, cell in row.items() if at != kind_at}
                unknown = self._find_unknown(rows[0], {at: headings.get(at, "") for at in cells}, kind)
                self._take_row(kind, {at: cell for at, cell in cells.items() if at not in unknown}, headings)

    def _are_headings(self, table: Table, row: Mapping[int, Cell], headings: Mapping[int, str], *, alone: bool) -> bool:
        """Whether the first row has headings. Two equal headings, or an item instead, are a fault."""
        for at, name in headings.items():
            if twin := next((row[other] for other in headings if other < at and headings[other] == name), None):
                message = f"Two columns are called “{twin.text}”, and only one of them can be read."
                self._fault(row[at], message, "Rename one, or put both into one column.")
                return False
        kinds = [kind] if (kind := find_kind(table.name)) else list(section_kinds())
        known = {"kind", *(name for each in kinds for name in columns_of(each))}
        if alone and not known.issuperset(headings.values()):
            message = "This is the only row, and it has no headings above it. So we can’t tell what its cells are."
            self._fault(row[min(row)], message, "Write the headings above it. If it is not an item, delete it.")
            return False
        return True

    def _is_example(self, table: Table, row: Mapping[int, Cell], headings: Mapping[int, str]) -> bool:
        """Whether a row is the form's own example. A changed example is a fault, because it may be an item."""
        first = row[min(row)]
        if not first.text.startswith(EXAMPLE.rstrip()):
            return False
        columns = columns_of(kind) if (kind := find_kind(table.name)) else {}
        own = {at: columns[name].example for at, name in headings.items() if name in columns}
        said = {at: cell.text.removeprefix(EXAMPLE) if cell is first else cell.text for at, cell in row.items()}
        if any(own.get(at, "").strip() != text for at, text in said.items()):
            message = "This row begins with “For example:”, but differs from the form’s example."
            self._fault(first, message, "If it is an item, delete the words “For example:”. If not, delete the row.")
        return True

    def _find_kind(self, table: Table, row: Mapping[int, Cell], kind_at: int | None) -> str:
        if kind := find_kind(table.name):
            return kind
        cell = row.get(-1 if kind_at is None else kind_at)
        if cell and (kind := find_kind(cell.text)):
            return kind
        message = (
            f"“{cell.text}” is not a kind of section." if cell else "This row doesn’t say which kind of item it is."
        )
        remedy = f"Write one in a column “kind”: {', '.join(section_kinds())}."
        self._fault(cell or row[min(row)], message, remedy)
        return ""

    def _find_unknown(self, row: Mapping[int, Cell], headings: Mapping[int, str], kind: str) -> set[int]:
        """The columns among `headings`, those of the filled cells, that items of this kind don't have."""
        known = columns_of(kind)
        unknown = {at for at, name in headings.items() if name and name not in known}
        for at in unknown:
            near = get_close_matches(headings[at], known, n=1)
            hint = f"Did you mean “{near[0]}”? " if near else ""
            message = f"“{row[at].text}” is not a column for {kind}."
            self._fault(row[at], message, f"{hint}The columns are: {', '.join(known)}.")
        return unknown

    def _take_row(self, kind: str, cells: Mapping[int, Cell], headings: Mapping[int, str]) -> None:
        if lost := [cell for at, cell in cells.items() if at not in headings]:
            self._fault(lost[0], "This cell has no heading above it.", "Write one, or empty the cell.")
            return
        if not cells:
            return
        group = next((cell.text for at, cell in cells.items() if has_groups(kind) and headings[at] == "group"), "")
        place, item = self._begin_item(kind, group, next(iter(cells.values())).span)
        for at, cell in cells.items():
            if not (has_groups(kind) and headings[at] == "group"):
                self._put(item, place, columns_of(kind)[headings[at]], cell)

    def _begin_item(self, kind: str, group: str, span: Span) -> tuple[Place, Record]:
        """A new item, in the section of its kind, and its place."""
        if not has_items(kind):
            item: Record = {"kind": kind}
            return self._append(self.sections, ("sections",), item, span), item
        at = next((n for n, section in enumerate(self.sections) if section["kind"] == kind), None)
        if at is None:
            at = len(self.sections)
            name = "groups" if has_groups(kind) else "items"
            self._append(self.sections, ("sections",), complete({"kind": kind, name: []}), span)
            self.values["sections", at, name] = span
        place: Place = ("sections", at)
        holder = self.sections[at]
        if has_groups(kind):
            holder, place = self._find_group(holder, (*place, "groups"), group or "From our partners", span)
        item = {}
        return self._append(cast("list[Record]", holder["items"]), (*place, "items"), item, span), item

    def _find_group(self, section: Record, place: Place, title: str, span: Span) -> tuple[Record, Place]:
        groups = cast("list[Record]", section["groups"])
        for number, group in enumerate(groups):
            if group["title"] == title:
                return group, (*place, number)
        group = {"title": title, "items": []}
        at = self._append(groups, place, group, span)
        self.values[(*at, "items")] = span
        return group, at

    def _append(self, records: list[Record], place: Place, record: Record, span: Span) -> Place:
        records.append(record)
        at = (*place, len(records) - 1)
        self.values[at] = span
        return at

    def _put(self, item: Record, place: Place, column: TableColumn, cell: Cell) -> None:
        """Write a cell into its item, and create the records and lists on its column's path."""
        container: Record = item
        for depth, step in enumerate(column.place[:-1], start=1):
            if step == 0:
                continue
            is_list = column.place[depth] == 0
            below = container.setdefault(str(step), [{}] if is_list else {})
            for at in (column.place[:depth], column.place[: depth + 1]) if is_list else (column.place[:depth],):
                self.values.setdefault((*place, *at), cell.span)
            container = cast("Record", below[0] if isinstance(below, list) else below)
        texts: list[Data] = [text.strip() for text in cell.text.split(";") if text.strip()]
        container[str(column.place[-1])] = texts if column.several else cell.text
        self.values[(*place, *column.place)] = cell.span
        if column.several:
            self.values |= {(*place, *column.place, number): cell.span for number in range(len(texts))}

    def _fault(self, cell: Cell, message: str, remedy: str) -> None:
        fault = self.source.fault_at(cell.span, message, remedy)
        if fault not in self.faults:
            self.faults.append(fault)


def _as_name(heading: str) -> str:
    """A column's name from its heading: “On demand *” is `on_demand`."""
    return re.sub(r"\s+", "_", heading.strip().rstrip("*").strip().lower())
