"""The file of a list with people added at its end. Every row that was there stays as it is, to the letter.

Columns that the file lacks are added behind its own. It is saved as UTF-8, whatever it was before.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Final

from bulletin.declaration.files import is_file, open_file
from bulletin.declaration.spreadsheet_cells import defuse, format_rows
from bulletin.errors import FaultyFiles
from bulletin.settings.organisation import ConsentEvidence
from bulletin.subscribers.columns import ListColumns, read_columns
from bulletin.subscribers.lists import clean_line
from bulletin.subscribers.rows import Row, find_encoding, read_rows
from bulletin.subscribers.upkeep.import_rows import ImportedPerson
from bulletin.subscribers.upkeep.programs import squeeze

_CHUNK: Final = 1 << 20  # characters
_ADDRESS_OR_NAME: Final = {"email": "other email", "emailaddress": "other email", "name": "other name"} | {
    "fullname": "other name"
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentSource:
    """How and to what words the people of an import agreed: what goes into the list's columns of evidence."""

    columns: ConsentEvidence
    how: str
    wording: str = ""


def extend_list(
    path: Path,
    people: Iterable[ImportedPerson],
    *,
    headings: Iterable[str] = (),
    source: ConsentSource | None = None,
    shown_as: str,
) -> Iterator[bytes]:
    """The bytes of the list's file at `path` with `people` added, in pieces; of a new one, if there is none.

    `headings` are those of the people's details. Raises FaultyFiles if the file can't be read as a list.
    """
    if not is_file(path):
        added = _Added(("email", "first_name", "last_name"), None, headings, source)
        return _encode(chain(format_rows([added.headings]), format_rows(map(added.write_row, people))))
    return _extend_file(path, people, headings=headings, source=source, shown_as=shown_as)


def _extend_file(
    path: Path,
    people: Iterable[ImportedPerson],
    *,
    headings: Iterable[str],
    source: ConsentSource | None,
    shown_as: str,
) -> Iterator[bytes]:
    encoding = find_encoding(path, shown_as=shown_as)
    first = _read_first(path, encoding, shown_as)
    cells = [clean_line(cell) or f"column {number}" for number, cell in enumerate(first.cells, 1)]
    added = _Added(tuple(cells), read_columns(first, cells, shown_as=shown_as), headings, source)
    with open_file(path) as raw:
        has_mark = raw.read(3) == codecs.BOM_UTF8 or encoding != "utf-8-sig"
        raw.seek(0)
        text = TextIOWrapper(raw, encoding=encoding, newline="")
        before = _copy_with_headings(text, first, added.headings[len(cells) :])
        rows = format_rows(map(added.write_row, people), separator=first.separator)
        yield from _encode(chain(before, rows), has_mark=has_mark)


def _read_first(path: Path, encoding: str, shown_as: str) -> Row:
    with TextIOWrapper(open_file(path), encoding=encoding, newline="") as file:
        first = next(iter(read_rows(file, shown_as=shown_as)), None)
    if isinstance(first, Row):
        return first
    read_columns(first, [], shown_as=shown_as)  # says what is wrong
    raise FaultyFiles([])


def _copy_with_headings(text: TextIOWrapper, first: Row, new: Sequence[str]) -> Iterator[str]:
    """The file's text, with `new` headings behind its own, and with an end of its last line."""
    lines = iter(text.readline, "")
    for _ in range(first.line - 1):
        yield next(lines)
    own = ""
    while len(own) < len(first.text):
        own += next(lines)
    bare = own.rstrip("\r\n")
    end = own[len(bare) :] or "\r\n"
    more = "".join(format_rows([new], separator=first.separator)).rstrip("\r\n") if new else ""
    yield f"{bare}{first.separator}{more}{end}" if new else f"{bare}{end}"
    last = ""
    while chunk := text.read(_CHUNK):
        yield chunk
        last = chunk[-1]
    if last and last not in "\r\n":
        yield end


def _encode(texts: Iterable[str], *, has_mark: bool = True) -> Iterator[bytes]:
    """UTF-8 in pieces of a fair size, with the mark by which Excel knows it."""
    pieces, size = (["\ufeff"] if has_mark else []), 0
    for text in texts:
        pieces.append(text)
        size += len(text)
        if size >= _CHUNK:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield "".join(pieces).encode()


class _Added:
    """Where in a row of the list's file each thing about a person goes."""

    def __init__(
        self,
        cells: tuple[str, ...],
        columns: ListColumns | None,
        details: Iterable[str],
        source: ConsentSource | None,
    ) -> None:
        self.headings = list(cells)
        self._source = source
        self._email = columns.email if columns else 0
        self._first = self._find(("firstname", "forename", "givenname", "fname"))
        self._last = self._find(("lastname", "surname", "familyname", "lname"))
        self._name = columns.name if columns else None
        if self._name is None and self._first is None:
            self._name = self._place("name")
        self._details = {heading: self._place(_rename(heading)) for heading in details}
        self._evidence = self._place_evidence(source)

    def _find(self, words: tuple[str, ...]) -> int | None:
        return next((index for index, cell in enumerate(self.headings) if squeeze(cell) in words), None)

    def _place(self, heading: str) -> int:
        """The column with this heading, added if there is none."""
        found = self._find((squeeze(heading),))
        if found is None:
            self.headings.append(heading)
        return len(self.headings) - 1 if found is None else found

    def _place_evidence(self, source: ConsentSource | None) -> tuple[int, int, int] | None:
        if source is None:
            return None
        return self._place(source.columns.when), self._place(source.columns.how), self._place(source.columns.wording)

    def write_row(self, person: ImportedPerson) -> list[str]:
        """A person's row. Cells that a spreadsheet would run are defused."""
        row = [""] * len(self.headings)
        for heading, text in person.details.items():
            row[self._details[heading]] = text
        self._write_name(row, person)
        if self._source and self._evidence:
            when = datetime.fromtimestamp((person.since or 0) / 1000, UTC).date().isoformat()
            facts = (when if person.since is not None else "", self._source.how, self._source.wording)
            for index, text in zip(self._evidence, facts, strict=True):
                row[index] = text
        row = [defuse(cell) for cell in row]
        row[self._email] = person.address.written
        return row

    def _write_name(self, row: list[str], person: ImportedPerson) -> None:
        first, last = person.first_name, person.last_name
        if self._name is not None:
            row[self._name] = person.name
        if self._first is not None and (self._name is None or first):
            row[self._first] = first if first or last else person.name
            if self._last is not None:
                row[self._last] = last
            elif last and self._name is None:
                row[self._first] = person.name


def _rename(heading: str) -> str:
    """A heading of a detail that doesn't mean the address or the name."""
    return _ADDRESS_OR_NAME.get(squeeze(heading), heading)
