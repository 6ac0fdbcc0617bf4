"""Tables, one item a row, as the data of a contribution with its places. Pure.

A table's name (of its sheet or file) gives its kind; otherwise a column `kind` does, row by row. A row with a cell that
can't be used is held back, and all others are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import chain
from typing import cast

from bulletin.collecting.columns import Shape, TableColumn, columns_of, has_groups, has_items
from bulletin.collecting.contribution import Record, complete
from bulletin.collecting.holding import HeldBack, name_entry
from bulletin.collecting.moments import (
    has_day_first,
    is_ambiguous,
    read_day,
    read_time,
    separate,
    write_day,
    write_time,
)
from bulletin.declaration.source import Data, Place, Source, Span
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.sections import OwnKinds, section_kinds

EXAMPLE = "For example: "
"""The beginning of the first cell of a form's example row. That row is ignored."""

_SHORT = 16  # characters; a shorter text of the example may be right by chance, as a day or a time may


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell's text and its place."""

    text: str
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table's name, and its rows, headings first: the cells that are not empty, by their column.

    `faults` are those found in a row before its meaning is known, by its number from 0.
    """

    name: str
    rows: Sequence[Mapping[int, Cell]]
    faults: Mapping[int, tuple[Fault, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTables:
    """What tables say as `source`, the rows that can't be read, and `remarks` on how cells were read.

    `faulty` are the places of rows in `source` that can't be used, because some of their cells can't be read.
    """

    source: Source
    held: tuple[HeldBack, ...]
    faulty: Mapping[Place, tuple[Fault, ...]]
    remarks: tuple[str, ...]


def find_kind(name: str, own: OwnKinds = ()) -> str:
    """The kind that a sheet or file is named after: “Group updates”, `group-update`, “Jobs”; "" if there is none."""
    word = re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")
    named = (kind for kind in section_kinds(own) if kind.rstrip("s") == word.rstrip("s"))
    called = (kind for kind, model in section_kinds(own).items() if word in model.also_called)
    return next(chain(named, called), "")


def read_tables(
    tables: Iterable[Table],
    *,
    sender: str,
    file: str,
    lines: Sequence[str],
    faults: Iterable[Fault] = (),
    own: OwnKinds = (),
) -> ReadTables:
    """A contribution of `sender` as data with places. The cells' spans refer to `lines`.

    `faults` are those found beside the rows, `own` the kinds that the workspace declares.
    Raises FaultyFiles if no row can be used.
    """
    reader = _Reader(Source(file=file, lines=tuple(lines)), own)
    reader.tell(*faults)
    for table in tables:
        reader.read(table)
    if not reader.sections and not reader.held:
        message = "This file has only headings and examples."
        reader.tell(Fault(file=file, message=message, remedy="Fill in a row for each item."))
    if not reader.sections:
        raise FaultyFiles(sort_faults(reader.held))
    whole = Span(line=1, column=1, end_line=1, end_column=1)
    source = Source(
        file=file,
        lines=tuple(lines),
        data={"from": sender, "sections": cast("list[Data]", reader.sections)},
        values={(): whole, ("from",): whole, ("sections",): whole} | reader.values,
    )
    return ReadTables(source=source, held=tuple(reader.held), faulty=reader.faulty, remarks=tuple(reader.remarks))


def sort_faults(held: Iterable[HeldBack]) -> list[Fault]:
    """Every fault of these entries once, in the order of the file."""
    return sorted(dict.fromkeys(fault for one in held for fault in one.faults), key=lambda one: (one.line, one.column))


class _Unusable(Exception):
    """A row can't be used; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(slots=True)
class _Reader:
    """Gathers rows into sections."""

    source: Source
    own: OwnKinds = ()
    sections: list[Record] = field(default_factory=list)
    values: dict[Place, Span] = field(default_factory=dict)
    held: list[HeldBack] = field(default_factory=list)
    faulty: dict[Place, tuple[Fault, ...]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    _day_first: bool = False  # in this table's days in figures
    _has_remarked: bool = False  # on them

    def tell(self, *faults: Fault) -> None:
        """Note faults that are in no row, each once."""
        known = {fault for one in self.held for fault in one.faults}
        self.held += [HeldBack(title="", faults=(fault,)) for fault in faults if fault not in known]

    def read(self, table: Table) -> None:
        """Take every row that can be used, and hold back the others."""
        rows = [(number, row) for number, row in enumerate(table.rows) if row]
        if not rows:
            return
        if faults := table.faults.get(rows[0][0]):
            self.tell(*faults)
            return
        self._day_first = has_day_first(cell.text for _, row in rows for cell in row.values())
        head = rows[0][1]
        headings = {index: _as_name(cell.text) for index, cell in head.items()}
        try:
            self._check_headings(table, head, headings, alone=len(rows) == 1)
        except _Unusable as error:
            self.tell(error.fault)
            return
        for number, row in rows[1:]:
            try:
                if faults := table.faults.get(number):
                    self._hold(row, headings, faults)
                elif not self._is_example(table, row, headings, may_be_left=number == rows[1][0]):
                    self._read_row(table, row, head, headings)
            except _Unusable as error:
                self._hold(row, headings, (error.fault,))

    def _hold(self, row: Mapping[int, Cell], headings: Mapping[int, str], faults: tuple[Fault, ...]) -> None:
        titled = (cell.text for at, cell in row.items() if headings.get(at) == "title")
        words = next(titled, row[min(row)].text).removeprefix(EXAMPLE)
        self.held.append(HeldBack(title=name_entry(words), faults=faults))

    def _read_row(
        self, table: Table, row: Mapping[int, Cell], head: Mapping[int, Cell], headings: Mapping[int, str]
    ) -> None:
        told = find_kind(table.name, self.own)
        kind_at = None if told else next((at for at, name in headings.items() if name == "kind"), None)
        kind = self._find_kind(table, row, kind_at)
        cells = {at: cell for at, cell in row.items() if at != kind_at}
        faults = dict(self._find_unreadable(head, cells, headings, kind))
        usable = {headings[at]: cell for at, cell in cells.items() if at not in faults}
        if usable:
            place = self._take_row(kind, usable, head[min(head)].span)
            self.faulty |= {place: tuple(dict.fromkeys(faults.values()))} if faults else {}
        elif faults:
            self._hold(row, headings, tuple(faults.values()))

    def _check_headings(
        self, table: Table, row: Mapping[int, Cell], headings: Mapping[int, str], *, alone: bool
    ) -> None:
        """Refuse two equal headings, and an item where the headings belong."""
        for at, name in headings.items():
            if twin := next((row[other] for other in headings if other < at and headings[other] == name), None):
                message = f"Two columns are called “{twin.text}”, and only one of them can be read."
                raise self._fault(row[at], message, "Rename one, or put both into one column.")
        kinds = [kind] if (kind := find_kind(table.name, self.own)) else list(section_kinds(self.own))
        known = {"kind", *(name for each in kinds for name in columns_of(each, self.own))}
        if alone and not known.issuperset(headings.values()):
            message = "This is the only row, and it has no headings above it. So we can’t tell what its cells are."
            raise self._fault(row[min(row)], message, "Write the headings above it. If it is not an item, delete it.")

    def _is_example(
        self, table: Table, row: Mapping[int, Cell], headings: Mapping[int, str], *, may_be_left: bool
    ) -> bool:
        """Whether a row is the form's own example. One that was typed over, wholly or in part, is refused.

        `may_be_left`: it is in the example's place, so the example may be left in some of its cells.
        """
        first = row[min(row)]
        begins = first.text.casefold().startswith(EXAMPLE.rstrip().casefold())
        if not begins and not may_be_left:
            return False
        columns = columns_of(kind, self.own) if (kind := find_kind(table.name, self.own)) else {}
        own = {at: columns[name] for at, name in headings.items() if name in columns}
        said = {at: cell.text for at, cell in row.items()}
        if begins:
            said[min(row)] = first.text[len(EXAMPLE.rstrip()) :]
        left = [at for at, text in said.items() if at in own and _is_same(own[at].example, text)]
        if begins and len(left) < len(said):
            message = "This row begins with “For example:”, but differs from the form’s example."
            raise self._fault(
                first, message, "If it is an item, delete the words “For example:”. If not, delete the row."
            )
        telling = [at for at in left if not own[at].choices]
        if not begins and len(telling) > 1 and any(_is_telling(own[at]) for at in telling):
            names = ", ".join(f"{own[at].name} “{row[at].text}”" for at in telling)
            message = f"This was the form’s example, and part of it is still there: {names}."
            raise self._fault(row[telling[0]], message, "Write what is right for your item, or empty these cells.")
        return begins

    def _find_kind(self, table: Table, row: Mapping[int, Cell], kind_at: int | None) -> str:
        if kind := find_kind(table.name, self.own):
            return kind
        cell = row.get(-1 if kind_at is None else kind_at)
        if cell and (kind := find_kind(cell.text, self.own)):
            return kind
        message = (
            f"“{cell.text}” is not a kind of section." if cell else "This row doesn’t say which kind of item it is."
        )
        remedy = f"Write one in a column “kind”: {', '.join(section_kinds(self.own))}."
        raise self._fault(cell or row[min(row)], message, remedy)

    def _find_unreadable(
        self, head: Mapping[int, Cell], cells: Mapping[int, Cell], headings: Mapping[int, str], kind: str
    ) -> Iterator[tuple[int, Fault]]:
        """The cells in columns that have no heading, or that items of this kind don't have."""
        known = columns_of(kind, self.own)
        for at, cell in cells.items():
            name = headings.get(at, "")
            if not name:
                message, remedy = "This cell has no heading above it.", "Write one, or empty the cell."
                yield at, self.source.fault_at(cell.span, message, remedy)
            elif name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean “{near[0]}”? " if near else ""
                message = f"“{head[at].text}” is not a column for {kind}."
                yield at, self.source.fault_at(head[at].span, message, f"{hint}The columns are: {', '.join(known)}.")

    def _take_row(self, kind: str, cells: Mapping[str, Cell], head: Span) -> Place:
        """Add a row as an item, or as a section. Its place. Raises _Unusable.

        `head` is where the headings begin: what is wrong with all rows together is told there.
        """
        named = dict(cells)
        group = named.pop("group", None) if has_groups(kind, self.own) else None
        columns = columns_of(kind, self.own)
        typed = self._read_moments(named, columns)
        span = next(iter(cells.values())).span
        place, item = self._begin_item(kind, group.text if group else "", span, head)
        for name, cell in typed.items():
            self._put(item, place, columns[name], cell)
        return place

    def _read_moments(self, cells: Mapping[str, Cell], columns: Mapping[str, TableColumn]) -> dict[str, Cell]:
        """The cells with days and times as an issue has them. A time in a day's cell goes to the time's own column."""
        typed = dict(cells)
        for name, cell in cells.items():
            day, time = separate(cell.text)
            match columns[name].shape:
                case Shape.DAY:
                    typed[name] = replace(cell, text=self._write_day(day))
                    self._split(name, cell, typed, columns, beside=time)
                case Shape.TIME:
                    typed[name] = replace(cell, text=time or write_time(cell.text))
                    self._split(name, cell, typed, columns, beside=self._write_day(day) if time else "")
        return typed

    def _split(
        self, name: str, cell: Cell, typed: dict[str, Cell], columns: Mapping[str, TableColumn], *, beside: str
    ) -> None:
        """Put what a cell says besides its own value into the column that it belongs to. Raises _Unusable."""
        if not beside:
            return
        other = _find_other(name, columns)
        if not other:
            raise self._fault(cell, f"“{name}” has “{beside}” beside it.", "Write each in a cell of its own.")
        there = typed.get(other)
        if there is None:
            typed[other] = replace(cell, text=beside)
        elif not any(_is_same(beside, part) for part in separate(there.text)):
            message = f"This cell says “{beside}”, and “{other}” says “{there.text}”."
            raise self._fault(cell, message, "Correct one of them.")

    def _write_day(self, text: str) -> str:
        day = write_day(text, day_first=self._day_first)
        if is_ambiguous(text) and day != text and not self._has_remarked:
            self._has_remarked = True
            remark = f"“{text}” was read as {day}, and others like it too, since this table has the day first."
            self.remarks.append(remark)
        return day

    def _begin_item(self, kind: str, group: str, span: Span, head: Span) -> tuple[Place, Record]:
        """A new item, in the section of its kind, and its place."""
        if not has_items(kind, self.own):
            item: Record = {"kind": kind}
            return self._append(self.sections, ("sections",), item, span), item
        at = next((n for n, section in enumerate(self.sections) if section["kind"] == kind), None)
        if at is None:
            at = len(self.sections)
            name = "groups" if has_groups(kind, self.own) else "items"
            self._append(self.sections, ("sections",), complete({"kind": kind, name: []}, self.own), head)
            self.values["sections", at, name] = head
        place: Place = ("sections", at)
        holder = self.sections[at]
        if has_groups(kind, self.own):
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

    def _fault(self, cell: Cell, message: str, remedy: str) -> _Unusable:
        return _Unusable(self.source.fault_at(cell.span, message, remedy))


def _is_telling(column: TableColumn) -> bool:
    """Whether a cell with the example's text was surely left over, if another one has it too."""
    return column.shape is Shape.TEXT and not column.several and len(column.example) >= _SHORT


def _is_same(one: str, other: str) -> bool:
    """Whether two texts are the same, or say the same day or time."""
    if one.strip() == other.strip():
        return True
    days, times = (read_day(one), read_day(other)), (read_time(one), read_time(other))
    return (days[0] is not None and days[0] == days[1]) or (times[0] is not None and times[0] == times[1])


def _find_other(name: str, columns: Mapping[str, TableColumn]) -> str:
    """The column of the time that belongs to a day, and the other way round; "" if there is none."""
    before, dot, last = name.rpartition(".")
    other = before + dot + _PARTNERS.get(last, "")
    return other if other in columns and other != name else ""


_PARTNERS = {"date": "starts", "until": "ends", "starts": "date", "ends": "until"}


def _as_name(heading: str) -> str:
    """A column's name from its heading: “On demand *” is `on_demand`."""
    return re.sub(r"\s+", "_", heading.strip().rstrip("*").strip().lower())
