"""What one row of an export says: who it is about, and whether they may be written to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network

from bulletin.errors import Fault
from bulletin.subscribers.address import Address
from bulletin.subscribers.leftovers import find_likely_address
from bulletin.subscribers.lists import clean_line, clean_lines, read_address
from bulletin.subscribers.names import find_name_fault
from bulletin.subscribers.rows import Row
from bulletin.subscribers.statuses import StatusKind
from bulletin.subscribers.upkeep.column_guess import ExportColumns
from bulletin.subscribers.upkeep.export_dates import ExportDate, read_export_date
from bulletin.subscribers.upkeep.meaning import Meaning, judge_cell
from bulletin.subscribers.upkeep.programs import squeeze


class NoAddress(StrEnum):
    """Why a row without an address is passed over. It is no fault of anyone."""

    EMPTY = "without an address"
    NUMBER = "with a mobile number in place of an address"
    ANONYMOUS = "that are anonymous"
    INTERNAL = "with an address of Exchange alone"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedPerson:
    """Someone in an export, as their row has them. `since` is when they joined, in ms since 1970; `network` from where.

    `first_name` and `last_name` are "" if the export has the whole name in one column.
    """

    address: Address
    line: int
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    since: int | None = None
    network: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowVerdict:
    """What a row says. `is_told`: a status says so, and not only that the person is in this file.

    `unknown` is a status that can't be understood: a heading and a word. `date` is one that could be another, as it was
    written. `several` is a cell with more than one address.
    """

    person: ImportedPerson
    meaning: Meaning
    is_told: bool = False
    unknown: tuple[str, str] | None = None
    date: tuple[str, ExportDate] | None = None
    several: bool = False


def judge_row(row: Row, columns: ExportColumns, *, by_file: Meaning | None) -> RowVerdict | NoAddress | Fault:
    """Who a row is about and what it says; or why it has no address; or the fault that keeps it from being used.

    Of a row with a fault that says “don't write”, the likely address counts: no one else's row brings it back.
    """
    cell = _get(row, columns.email)
    if nothing := _find_no_address(cell):
        return nothing
    meaning, is_told, unknown = _judge_status(row, columns, by_file)
    first, *others = (part.strip() for part in re.split(r"\s*:::\s*", cell))
    address = read_address(row, columns.email, first)
    if isinstance(address, Fault):
        likely = find_likely_address(first) if meaning is not Meaning.KEPT else None
        if likely is None:
            return address
        address = likely
    since = next(((text, at) for text, at in _read_dates(row, columns)), None)
    return RowVerdict(
        person=_read_person(row, columns, address, since[1].at if since else None),
        meaning=meaning,
        is_told=is_told,
        unknown=unknown,
        date=since if since and since[1].is_guess else None,
        several=bool(others),
    )


def _get(row: Row, index: int | None) -> str:
    return row.cells[index].strip() if index is not None and index < len(row.cells) else ""


_MOBILE = re.compile(r"\+?[\d\s().-]{7,20}")


def _find_no_address(cell: str) -> NoAddress | None:
    if not cell:
        return NoAddress.EMPTY
    if "@" in cell:
        return None
    if _MOBILE.fullmatch(cell):
        return NoAddress.NUMBER
    if cell.casefold() == "anonymous":
        return NoAddress.ANONYMOUS
    return NoAddress.INTERNAL if cell.casefold().startswith("/o=") else None


def _judge_status(
    row: Row, columns: ExportColumns, by_file: Meaning | None
) -> tuple[Meaning, bool, tuple[str, str] | None]:
    """What all columns together say, whether any says so, and the first word that can't be understood."""
    meanings: list[Meaning] = [] if by_file is None else [by_file]
    unknown: tuple[str, str] | None = None
    for heading, text, meaning in _judge_columns(row, columns):
        if meaning is None:
            unknown = unknown or (heading, text)
            meanings.append(Meaning.LEFT_OUT)
        else:
            meanings.append(meaning)
    return max(meanings, default=Meaning.KEPT), bool(meanings), unknown


def _judge_columns(row: Row, columns: ExportColumns) -> Iterator[tuple[str, str, Meaning | None]]:
    """What each column says that says anything: heading, text and meaning (None if it can't be told)."""
    for index, column in columns.statuses:
        text = _get(row, index)
        yield columns.headings[index], text, column.judge(text)
    for index, heading, kind in columns.further:
        text = clean_lines(_get(row, index))
        meaning = judge_cell(kind, text, heading=heading) if text or kind is StatusKind.WANTED else Meaning.KEPT
        if kind is not StatusKind.REMARK or meaning is not Meaning.KEPT:
            yield heading, text, meaning
    if columns.consent is not None:
        text = _get(row, columns.consent)
        yield columns.headings[columns.consent], text, _judge_answer(text)


_YES = re.compile(r"y|1|x|true|ie|ydw|(?:yes|i?agree|i(?:do)?consent).*")


def _judge_answer(text: str) -> Meaning:
    return Meaning.KEPT if _YES.fullmatch(squeeze(text)) else Meaning.LEFT_OUT


def _read_dates(row: Row, columns: ExportColumns) -> Iterator[tuple[str, ExportDate]]:
    for index in columns.since:
        text = _get(row, index)
        if found := read_export_date(text):
            yield text, found


def _read_person(row: Row, columns: ExportColumns, address: Address, since: int | None) -> ImportedPerson:
    first, last = _read_name(row, columns.first_name), _read_name(row, columns.last_name)
    whole = _read_name(row, columns.whole_name) or " ".join(filter(None, (first, last)))
    texts = ((heading, clean_lines(_get(row, index))) for index, heading in columns.kept)
    return ImportedPerson(
        address=address,
        line=row.line,
        name="" if "@" in whole else whole,
        first_name=first,
        last_name=last,
        since=since,
        network=next(filter(None, (_read_network(_get(row, index)) for index in columns.network)), ""),
        details={heading: text for heading, text in texts if text},
    )


def _read_name(row: Row, index: int | None) -> str:
    cell = _get(row, index)
    name = clean_line(cell)
    return "" if find_name_fault(name) or (not cell.isascii() and find_name_fault(cell)) else name


def _read_network(text: str) -> str:
    """The network that an IP address is in, which names no one: /24 for IPv4, /48 for IPv6. "" for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
