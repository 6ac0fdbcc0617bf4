"""A list file: the people that the officer puts on a list, one row each, read with every fault named.

A row that cannot be used is a fault, and the others are used all the same. Nothing but the file is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path

from bulletin.declaration.characters import remove_hidden
from bulletin.declaration.files import find_remedy, open_file
from bulletin.errors import Fault, FaultyFiles, InvalidAddress, NotFound
from bulletin.subscribers.address import Address, parse_address, suggest_domain
from bulletin.subscribers.rows import Row, find_encoding, read_rows

MOST_FAULTS = 20_000  # in one file; one with more is no list of addresses


@dataclass(frozen=True, kw_only=True, slots=True)
class ListEntry:
    """One person on a list, at a line of its file. `details` are the further columns that have something in them.

    In the name each run of white space (a line break too) is one space, and control, zero-width and bidirectional
    characters are left out, because a name goes into the headers of a message. Nothing else is lost: commas, quotation
    marks, emoji, any length. The details lose what the name loses, but keep their line breaks.
    """

    line: int
    address: Address
    name: str
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFile:
    """What a list file says: its entries, each address once; the rows that cannot be used; what is worth a look."""

    entries: tuple[ListEntry, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def read_list(path: Path, *, shown_as: str) -> ListFile:
    """The list file at `path`, which faults call `shown_as`.

    Raises NotFound if it is not there or may not be read, and FaultyFiles if it cannot be read as a list at all:
    then the list must not be taken for empty.
    """
    try:
        encoding = find_encoding(path, shown_as=shown_as)
        with TextIOWrapper(open_file(path), encoding=encoding, newline="") as file:
            rows = iter(read_rows(file, shown_as=shown_as))
            listing = _Listing(_read_headings(next(rows, None), shown_as), guessed=encoding == "cp1252")
            for row in rows:
                listing.take(row)
    except FileNotFoundError:
        remedy = "Make the file, with email,name in its first line, or correct its name in bulletin.yaml."
        raise NotFound(f"There is no list file {shown_as}.", remedy) from None
    except OSError as error:
        raise NotFound(f"{shown_as} cannot be read: {error.strerror}.", find_remedy(error)) from error
    return ListFile(entries=tuple(listing.entries), faults=tuple(listing.faults), notes=tuple(listing.notes))


_MEANINGS = {"emailaddress": "email", "fullname": "name"}
_MAILTO = re.compile(r"\Amailto:", re.IGNORECASE)
_HEADINGS = "Write email in the first line, as the heading of the column with the addresses: email,name"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Columns:
    """Where in a row the address and the name are, and which heading each other column has."""

    email: int
    name: int | None
    others: tuple[tuple[int, str], ...]
    count: int


def _read_headings(row: Row | Fault | None, shown_as: str) -> _Columns:
    if row is None:
        raise FaultyFiles([Fault(file=shown_as, message="This file is empty.", remedy=_HEADINGS)])
    if isinstance(row, Fault):
        raise FaultyFiles([row])
    headings = [_clean(cell) or f"column {number}" for number, cell in enumerate(row.cells, start=1)]
    words = [re.sub(r"[\W_]", "", heading).casefold() for heading in headings]
    places: dict[str, int] = {}
    for index, word in enumerate(words):
        first = places.setdefault(_MEANINGS.get(word, word), index)
        if first != index:
            message = f"Two columns mean the same: “{headings[first]}” and “{headings[index]}”."
            raise _fault_in_heading(row, index, message, "Delete one of them, or give it a heading of its own.")
    if "email" not in places:
        raise _explain_headings(row, headings, words)
    email, name = places["email"], places.get("name")
    others = tuple((index, heading) for index, heading in enumerate(headings) if index not in (email, name))
    return _Columns(email=email, name=name, others=others, count=len(headings))


def _explain_headings(row: Row, headings: list[str], words: list[str]) -> FaultyFiles:
    for index, heading in enumerate(headings):
        if "@" in heading:
            message = f"The first line has an address, “{heading}”, and no headings."
            return _fault_in_heading(row, index, message, "Put a line above it: email,name")
    near = get_close_matches("email", words, n=1, cutoff=0.5) or get_close_matches("emailaddress", words, n=1)
    index = words.index(near[0]) if near else 0
    hint = f" Perhaps “{headings[index]}” is meant for it." if near else ""
    return _fault_in_heading(row, index, f"No column is headed “email”.{hint}", _HEADINGS)


def _fault_in_heading(row: Row, index: int, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([row.fault_in_cell(index, row.cells[index].strip(), message, remedy)])


class _Listing:
    """Rows on their way to becoming a ListFile."""

    def __init__(self, columns: _Columns, *, guessed: bool) -> None:
        self.entries: list[ListEntry] = []
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self._columns = columns
        self._guessed = guessed  # whether the encoding is one, and no letter outside ASCII has been met yet
        self._lines: dict[str, int] = {}  # by the key of the address
        self._texts: dict[str, str] = {}  # an organisation's name is kept once, however many people are from there

    def take(self, row: Row | Fault) -> None:
        entry = row if isinstance(row, Fault) else self._read_entry(row)
        if isinstance(entry, ListEntry):
            self.entries.append(entry)
            return
        self.faults.append(entry)
        if len(self.faults) > MOST_FAULTS:
            message = f"More than {MOST_FAULTS:,} rows of this file cannot be used."
            last = Fault(file=entry.file, line=entry.line, message=message, remedy="Is it the right file?")
            raise FaultyFiles([*self.faults[:10], last])

    def _read_entry(self, row: Row) -> ListEntry | Fault:
        if self._guessed and (note := _ask_about_letter(row)):
            self._guessed = False
            self.notes.append(note)
        columns = self._columns
        if any(map(str.strip, row.cells[columns.count :])):
            return _explain_surplus(row, columns.count)
        cell = row.cells[columns.email].strip() if columns.email < len(row.cells) else ""
        try:
            address = parse_address(_MAILTO.sub("", cell))
        except InvalidAddress as error:
            return row.fault_in_cell(columns.email, cell, error.message, error.remedy)
        first = self._lines.setdefault(address.key, row.line)
        if first != row.line:
            message = f"“{address.written}” is already in line {first}."
            return row.fault_in_cell(columns.email, cell, message, "Delete one of the two rows.")
        if domain := suggest_domain(address):
            message = f"“{address.written}” may be mistyped."
            self.notes.append(row.fault_in_cell(columns.email, cell, message, f"Did you mean {domain}?"))
        return ListEntry(line=row.line, address=address, name=self._read_name(row), details=self._read_details(row))

    def _read_name(self, row: Row) -> str:
        index = self._columns.name
        return "" if index is None or index >= len(row.cells) else _clean(row.cells[index])

    def _read_details(self, row: Row) -> dict[str, str]:
        details = {}
        for index, heading in self._columns.others:
            if index < len(row.cells) and (text := _clean_lines(row.cells[index])):
                details[heading] = self._texts.setdefault(text, text)
        return details


def _ask_about_letter(row: Row) -> Fault | None:
    for index, cell in enumerate(row.cells):
        for word in cell.split():
            if not word.isascii():
                message = (
                    f"This file does not say how its letters are stored; “{word}” is the first word that depends on it."
                )
                remedy = "If the word looks right, all is well. If not, save the file as “CSV UTF-8”."
                return row.fault_in_cell(index, word, message, remedy)
    return None


def _explain_surplus(row: Row, count: int) -> Fault:
    message = f"This row has more cells than there are headings: {len(row.cells)} for {count}."
    separator = "a tab" if row.separator == "\t" else f"“{row.separator}”"
    remedy = f"Put a cell that has {separator} in it between quotation marks."
    index, cell = next(pair for pair in enumerate(row.cells) if pair[0] >= count and pair[1].strip())
    return row.fault_in_cell(index, cell.strip(), message, remedy)


# What a name loses beside what no text may have: soft hyphens and direction marks. White space is made one space first.
_UNSEEN_IN_NAMES = str.maketrans("", "", "\xad\u061c\u200e\u200f")


def _clean(text: str) -> str:
    """`text` in one line, without what cannot be seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    seen = remove_hidden(" ".join(text.translate(_UNSEEN_IN_NAMES).split()))
    return " ".join(seen.split())


def _clean_lines(text: str) -> str:
    """`text` without what cannot be seen, in its own lines."""
    return _clean(text) if text.isprintable() else "\n".join(map(_clean, text.splitlines())).strip()
