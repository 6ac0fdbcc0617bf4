"""One person's lines in list files: found in any spelling of their address, and cut out with nothing else changed.

A line is theirs if its column of addresses has their address. That includes lines that no list uses, such as a second
one of the same address. Where another column has it, the line is about somebody else: it is named, and left alone.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from bulletin.declaration.files import find_files, is_file, is_folder, open_file, read_file
from bulletin.errors import BulletinError, Fault, FaultyFiles, InvalidAddress, NotFound
from bulletin.subscribers.address import Address, parse_address
from bulletin.subscribers.columns import ListColumns, read_columns
from bulletin.subscribers.rows import Row, find_encoding, read_rows
from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLine:
    """A row of a list file about one person: the lines from `line` to `last` (from 1), and its cells by heading."""

    file: str
    line: int
    last: int
    cells: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSearch:
    """What a list file has on one person: their own lines, and the numbers of other lines that mention them."""

    path: Path
    file: str
    own: tuple[ListLine, ...]
    mentions: tuple[int, ...]

    def cut(self) -> bytes:
        """The file's content without their own lines, and all else as it is, to the byte. Raises OSError."""
        gone = {number for one in self.own for number in range(one.line, one.last + 1)}
        return _cut_lines(read_file(self.path), find_encoding(self.path, shown_as=self.file), gone)


def search_lists(workspace: Workspace, address: Address) -> tuple[tuple[ListLine, ...], Mapping[str, str]]:
    """The person's own lines in all list files of the workspace; and the files that can't be read, each with why."""
    searches, unread = search_files(workspace, address)
    return tuple(line for one in searches for line in one.own), unread


def search_files(workspace: Workspace, address: Address) -> tuple[tuple[ListSearch, ...], Mapping[str, str]]:
    """What every list file has on the person, also those that bulletin.yaml doesn't name; and those not read, with why.

    Also former versions that were kept in the state folder, to go back to.
    """
    found, unread = [], {}
    for file in _find_list_files(workspace):
        if not is_file(workspace.root / file):
            continue
        try:
            search = search_file(workspace.root / file, address, shown_as=file)
        except BulletinError as error:
            unread[file] = _explain(error)
        else:
            found += [search] if search.own or search.mentions else []
    return tuple(found), unread


def _find_list_files(workspace: Workspace) -> Iterator[str]:
    """By their path in the workspace: those that are declared, then others beside them, then former versions."""
    declared = [workspace.list_file(name) for name in workspace.settings.lists]
    yield from declared
    folders = dict.fromkeys((workspace.root / file).parent for file in declared)
    beside = [path for folder in folders if is_folder(folder) for path in find_files(folder)]
    former = sorted(workspace.state_folder.rglob("*.csv")) if is_folder(workspace.state_folder) else []
    for path in (*beside, *former):
        with suppress(ValueError):  # a list may be outside the workspace
            shown = path.relative_to(workspace.root).as_posix()
            if path.suffix.lower() == ".csv" and shown not in declared:
                yield shown


def _explain(error: BulletinError) -> str:
    return str(error.faults[0].message) if isinstance(error, FaultyFiles) else error.message


def search_file(path: Path, address: Address, *, shown_as: str) -> ListSearch:
    """What one list file has on the person. Raises NotFound or FaultyFiles if it can't be read as a list."""
    try:
        encoding = find_encoding(path, shown_as=shown_as)
        with TextIOWrapper(open_file(path), encoding=encoding, newline="") as file:
            rows = iter(read_rows(file, shown_as=shown_as))
            first = next(rows, None)
            headings = first.cells if isinstance(first, Row) else []
            columns = read_columns(first, [" ".join(cell.split()) for cell in headings], shown_as=shown_as)
            search = _Search(address, columns, headings)
            for row in rows:
                search.take(row)
    except OSError as error:
        raise NotFound(f"{shown_as} cannot be read: {error.strerror}.", "Check its name and permissions.") from error
    return ListSearch(path=path, file=shown_as, own=tuple(search.own), mentions=tuple(search.mentions))


class _Search:
    """The rows of a file that are about one person."""

    def __init__(self, address: Address, columns: ListColumns, headings: list[str]) -> None:
        self.own: list[ListLine] = []
        self.mentions: list[int] = []
        self._key = address.key
        self._columns = columns
        self._headings = headings
        self._local = _fold(address.key.rpartition("@")[0])  # the same in every spelling but for case

    def take(self, row: Row | Fault) -> None:
        if isinstance(row, Fault):
            if self._key in find_keys(row.excerpt or ""):
                self.mentions.append(row.line or 0)
        elif self._local in _fold(row.text) and self._key in find_keys(row.text):
            self._take_row(row)

    def _take_row(self, row: Row) -> None:
        email = self._columns.email
        if email >= len(row.cells) or self._key not in find_keys(row.cells[email]):
            self.mentions.append(row.line)
            return
        cells = {heading.strip(): cell for heading, cell in zip(self._headings, row.cells, strict=False) if cell}
        last = row.line + count_lines(row.text) - 1
        self.own.append(ListLine(file=row.file, line=row.line, last=last, cells=cells))


def _fold(text: str) -> str:
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


_WORD: Final = re.compile(r"[^\s<>()\[\]\"',;:|“”]+@[^\s<>()\[\]\"',;:|“”@]+")
_BREAK: Final = re.compile(r"\r\n|\r|\n")


def find_keys(text: str) -> set[str]:
    """The keys (`Address.key`) of all email addresses in a text. Pure."""
    found = set()
    for word in _WORD.findall(text):
        for likely in (word, word.rstrip(".")):
            with suppress(InvalidAddress):
                found.add(parse_address(likely).key)
    return found


def count_lines(text: str) -> int:
    """How many lines a row's text has: cells may have line breaks. Pure."""
    breaks = len(_BREAK.findall(text))
    return breaks if text.endswith(("\r", "\n")) else breaks + 1


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _cut_lines(content: bytes, encoding: str, gone: set[int]) -> bytes:
    """`content` without the lines with these numbers, in the encoding that it has, with its byte-order mark."""
    mark, codec = next(
        (pair for pair in _MARKS if content.startswith(pair[0])), (b"", "cp1252" if encoding == "cp1252" else "utf-8")
    )
    lines = io.StringIO(content.decode(encoding), newline="")
    return mark + "".join(line for number, line in enumerate(lines, 1) if number not in gone).encode(codec)
