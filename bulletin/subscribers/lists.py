"""A list file: the people that the officer puts on a list, one row each, read with every fault named.

A row that cannot be used is a fault, and the others are used all the same. Nothing but the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from bulletin.declaration.characters import remove_hidden
from bulletin.declaration.files import find_remedy, open_file
from bulletin.errors import Fault, FaultyFiles, InvalidAddress, NotFound
from bulletin.issue.language import find_language, list_languages
from bulletin.scratch import Kept, Record, Several
from bulletin.subscribers.address import Address, is_role, parse_address, suggest_domain
from bulletin.subscribers.columns import ListColumns, read_columns
from bulletin.subscribers.leftovers import find_likely_address, has_leftovers
from bulletin.subscribers.names import find_name_fault
from bulletin.subscribers.rows import Row, find_encoding, read_rows
from bulletin.subscribers.statuses import Standing, StatusKind, read_standing
from bulletin.subscribers.tally import Group, Tally

MOST_NAMED = 20  # of the addresses of one kind
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


def keep_entries() -> Kept[ListEntry]:
    """Room for any number of entries."""
    return Kept(_make_entry, _split_entry)


def _split_entry(entry: ListEntry) -> Record:
    return entry.line, tuple(entry.address), entry.name, entry.details


def _make_entry(record: Record) -> ListEntry:
    line, parts, name, details = record
    return ListEntry(line=line, address=Address(*parts), name=name, details=details)


def read_entries(entries: Several[ListEntry]) -> Iterator[tuple[str, int, str, str, dict[str, str]]]:
    """Key, line, address, name and details of each entry: for what goes through a million of them."""
    records = entries.records if isinstance(entries, Kept) else map(_split_entry, entries)
    return ((parts[1], line, parts[0], name, details) for line, parts, name, details in records)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFile:
    """What a list file says: its entries, each address once; the rows that cannot be used; what is worth a look.

    `stopped` are the keys of those who get no email, because a column of the file says so: no entry is theirs.
    `unused` are the headings of columns with something in them that is only kept, `language` that of the column with
    the language that each person chose, or "".
    """

    entries: Several[ListEntry]
    stopped: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    unused: tuple[str, ...] = ()
    language: str = ""


def read_list(path: Path, *, shown_as: str, evidence: Collection[str] = ()) -> ListFile:
    """The list file at `path`, which faults call `shown_as`. Columns of `evidence` say nothing about who has left.

    Raises NotFound if it is not there or may not be read, and FaultyFiles if it cannot be read as a list at all:
    then the list must not be taken for empty.
    """
    try:
        encoding = find_encoding(path, shown_as=shown_as)
        with TextIOWrapper(open_file(path), encoding=encoding, newline="") as file:
            rows = iter(read_rows(file, shown_as=shown_as))
            first = next(rows, None)
            columns = read_columns(first, _read_headings(first), shown_as=shown_as)
            listing = _Listing(columns, guessed=encoding == "cp1252", evidence=evidence)
            for row in rows:
                listing.take(row)
    except FileNotFoundError:
        remedy = "Make the file, with email,name in its first line, or correct its name in bulletin.yaml."
        raise NotFound(f"There is no list file {shown_as}.", remedy) from None
    except OSError as error:
        raise NotFound(f"{shown_as} cannot be read: {error.strerror}.", find_remedy(error)) from error
    return listing.finish()


def _read_headings(row: Row | Fault | None) -> list[str]:
    cells = row.cells if isinstance(row, Row) else ()
    return [clean_line(cell) or f"column {number}" for number, cell in enumerate(cells, start=1)]


_MAILTO = re.compile(r"\Amailto:", re.IGNORECASE)


class _Listing:
    """Rows on their way to becoming a ListFile."""

    def __init__(self, columns: ListColumns, *, guessed: bool, evidence: Collection[str] = ()) -> None:
        self.entries: Kept[ListEntry] = keep_entries()
        self.stopped: list[str] = []
        self.faults: list[Fault] = []
        self._columns = columns
        known = {heading.casefold() for heading in evidence}
        self._remarks = [one for one in columns.others if one[1].casefold() not in known and one[0] != columns.language]
        self._guessed = guessed  # whether the encoding is one, and no letter outside ASCII has been met yet
        self._lines: dict[int, int] = {}  # by 64 bits of the key's hash: a million take 100 MB, with keys 200 MB
        self._notes: list[Fault] = []
        self._filled: set[int] = set()
        self._mistyped = 0
        self._role_names: list[str] = []
        self._roles = Tally(self._explain_roles)
        self._doubts, self._blanks = Tally(_explain_doubt), Tally(_explain_blank)
        self._stops, self._names = Tally(_explain_stop), Tally(_explain_name)
        self._languages = Tally(_explain_language)
        self._refused: set[str] = set()  # columns that say no to somebody, so that an empty cell may say something

    def finish(self) -> ListFile:
        """The list, once all rows are taken."""
        blanks = self._blanks.explain() if self._refused else ()
        own = (*self._doubts.explain(), *blanks, *self._stops.explain(), *self._names.explain())
        own = (*own, *self._languages.explain())
        notes = (*own, *self._notes, *self._explain_more(), *self._roles.explain())
        others = self._columns.others
        language = self._columns.language
        unused = [
            name
            for index, name, kind in others
            if index in self._filled and kind is StatusKind.REMARK and index != language
        ]
        return ListFile(
            entries=self.entries.settle(),
            stopped=tuple(self.stopped),
            faults=tuple(self.faults),
            notes=notes,
            unused=tuple(unused),
            language=next((name for index, name, _ in others if index == language), ""),
        )

    def _explain_more(self) -> Iterator[Fault]:
        if (more := self._mistyped - MOST_NAMED) > 0:
            last = self._notes[-1]
            yield Fault(file=last.file, message=f"{more:,} more addresses may be mistyped.", remedy="Fix these first.")

    def take(self, row: Row | Fault) -> None:
        entry = row if isinstance(row, Fault) else self._read_entry(row)
        if isinstance(entry, tuple):
            self.entries.records.add(entry)
        elif isinstance(entry, str):
            self.stopped.append(entry)
        else:
            self._take_fault(entry)

    def _take_fault(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) > MOST_FAULTS:
            message = f"More than {MOST_FAULTS:,} rows of this file cannot be used."
            last = Fault(file=fault.file, line=fault.line, message=message, remedy="Is it the right file?")
            raise FaultyFiles([*self.faults[:10], last])

    def _read_entry(self, row: Row) -> Record | Fault | str:
        """The person in a row, as a ListEntry's record; the key of the address, if they get no email; or a fault."""
        if self._guessed and (note := _ask_about_letter(row)):
            self._guessed = False
            self._notes.append(note)
        columns = self._columns
        if len(row.cells) > columns.count and any(map(str.strip, row.cells[columns.count :])):
            return _explain_surplus(row, columns.count)
        cell = row.cells[columns.email].strip() if columns.email < len(row.cells) else ""
        address = read_address(row, columns.email, cell)
        if isinstance(address, Fault):
            return address
        first = self._lines.setdefault(hash(address.key), row.line)
        if first != row.line:
            message = f"“{address.written}” is already in line {first}."
            return row.fault_in_cell(columns.email, cell, message, "Delete one of the two rows.")
        details = self._read_details(row)
        if self._is_stopped(row, details):
            return address.key
        self._note_address(row, address, cell)
        return row.line, tuple(address), self._read_name(row), details

    def _note_address(self, row: Row, address: Address, cell: str) -> None:
        """Note what may be mistyped (the first few, and how many), and what is a role's."""
        if domain := suggest_domain(address):
            self._mistyped += 1
            if self._mistyped <= MOST_NAMED:
                message = f"“{address.written}” may be mistyped."
                self._notes.append(row.fault_in_cell(self._columns.email, cell, message, f"Did you mean {domain}?"))
        if is_role(address):
            self._roles.add(("role",), row, self._columns.email)
            if len(self._role_names) < MOST_NAMED:
                self._role_names.append(f"{address.written} (line {row.line})")

    def _explain_roles(self, _key: tuple[str, ...], group: Group) -> Fault:
        named, more = ", ".join(self._role_names), group.number - len(self._role_names)
        also = f" and {more:,} more" if more else ""
        message = f"No one person’s address, it seems: {named}{also}."
        return group.fault(message, "Several people may read what is sent there. Ask for their own addresses.")

    def _read_name(self, row: Row) -> str:
        """The name in one column, or else the first name and the last."""
        if self._columns.name is not None and (name := self._read_name_at(row, self._columns.name)):
            return name
        return " ".join(filter(None, (self._read_name_at(row, index) for index in self._columns.parts)))

    def _read_name_at(self, row: Row, index: int) -> str:
        cell = row.cells[index].strip(" \t\r\n") if index < len(row.cells) else ""
        name = clean_line(cell)
        # A letter that was read wrongly may be invisible, so that cleaning loses it.
        if fault := (None if cell.isascii() else find_name_fault(cell)) or find_name_fault(name):
            self._names.add((name, fault.message, fault.remedy), row, index)
            return ""
        return name

    def _read_details(self, row: Row) -> dict[str, str]:
        details = {}
        for index, heading, _ in self._columns.others:
            if index < len(row.cells) and (text := clean_lines(row.cells[index])):
                details[heading] = text
                self._filled.add(index)
                if index == self._columns.language and not find_language(text):
                    self._languages.add((text,), row, index)
        return details

    def _is_stopped(self, row: Row, details: Mapping[str, str]) -> bool:
        """Whether a column says that this person gets no email. What can't be told is noted."""
        doubts, stopped = [], False
        for index, heading, kind in self._remarks:
            text = details.get(heading, "")
            if not text and kind is StatusKind.REMARK:
                continue
            if (standing := read_standing(kind, text)) is Standing.STOPPED and not stopped:
                self._stops.add((heading, text if _is_word(text) else ""), row, index)
                stopped = True
                self._refused |= {heading} if kind is StatusKind.WANTED else set()
            elif standing is Standing.UNKNOWN:
                doubts.append((heading, text, index, kind))
        for heading, text, index, kind in () if stopped else doubts:
            tally = self._doubts if text else self._blanks
            tally.add((heading, text if kind is StatusKind.REMARK else "", kind.name), row, index)
        return stopped


def read_address(row: Row, index: int, cell: str) -> Address | Fault:
    """The address in a cell. What other programs leave at one is a fault that names the likely address."""
    try:
        address = parse_address(_MAILTO.sub("", cell))
    except InvalidAddress as error:
        likely = find_likely_address(cell)
        remedy = error.remedy
        if likely and likely.written not in remedy:
            remedy = f"Did you mean “{likely.written}”? Write only that."
        elif find_name_fault(cell) and "@" not in cell and cell:
            remedy = "Write the address, or delete the row."
        return row.fault_in_cell(index, cell, error.message, remedy)
    if has_leftovers(address.written) and (likely := find_likely_address(cell)):
        message = f"“{address.written}” has something beside the address that another program left."
        return row.fault_in_cell(index, cell, message, f"Did you mean “{likely.written}”? Write only that.")
    return address


def _explain_stop(key: tuple[str, ...], group: Group) -> Fault:
    message = f"“{key[0]}” says {_quote(key[1], group)} for {group.readers}: they get no email."
    return group.fault(message, "If that’s wrong, correct the cell, or give the column another heading.")


def _explain_doubt(key: tuple[str, ...], group: Group) -> Fault:
    heading, text, kind = key
    message = f"“{heading}” says {_quote(text, group)} for {group.readers}, who still get email."
    if kind == StatusKind.REMARK.name:
        return group.fault(message, "If they have left, delete the rows. If not, no change is needed.")
    return group.fault(message, "We can’t tell whether they have left. If so, write “unsubscribed” there.")


def _explain_blank(key: tuple[str, ...], group: Group) -> Fault:
    message = f"“{key[0]}” is empty for {group.readers}, who still get email."
    return group.fault(message, "If they have not agreed to get it, write no.")


def _explain_language(key: tuple[str, ...], group: Group) -> Fault:
    message = (
        f"“{_shorten(key[0])}” is not a language that bulletins are written in. It is left out for {group.readers}."
    )
    return group.fault(message, f"Write {list_languages()}, or nothing.")


def _explain_name(key: tuple[str, ...], group: Group) -> Fault:
    name, message, remedy = key
    return group.fault(f"“{_shorten(name)}” {message} It is left out for {group.readers}.", remedy)


def _is_word(text: str) -> bool:
    """Whether a status is a word or two that several rows may share, and no date or reason."""
    return len(text.split()) < 4 and not any(map(str.isdigit, text))


def _quote(text: str, group: Group) -> str:
    """What all of a group say; of those that say different things, what the first one says."""
    return f"“{_shorten(text or group.found)}”{'' if text or group.number == 1 else ' or the like'}"


def _shorten(text: str, *, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


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


def clean_line(text: str) -> str:
    """`text` in one line, without what cannot be seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    seen = remove_hidden(" ".join(text.translate(_UNSEEN_IN_NAMES).split()))
    return " ".join(seen.split())


def clean_lines(text: str) -> str:
    """`text` without what cannot be seen, in its own lines."""
    return clean_line(text) if text.isprintable() else "\n".join(map(clean_line, text.splitlines())).strip()
