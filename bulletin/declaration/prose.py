"""A text as its readers see it, each character with its place in what was written. Pure.

Markdown's marks are taken away, links keep their address beside them. The proof and the preview read
texts in this way, and can still point at the very characters that the author typed.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bulletin.declaration.bare_links import BARE
from bulletin.declaration.language_marks import LANGUAGE_BLOCK, LANGUAGE_CLOSE, LANGUAGE_END, LANGUAGE_OPEN
from bulletin.declaration.markup import read_blocks, read_inline

if TYPE_CHECKING:
    from markdown_it.token import Token


class BlockKind(StrEnum):
    """What a stretch of a text is."""

    PARAGRAPH = "paragraph"
    ENTRY = "entry"  # of a list
    HEADING = "heading"
    QUOTATION = "quotation"
    CAPTION = "caption"  # of a table
    CELL = "cell"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProseBlock:
    """A paragraph, a heading or the entry of a list: `start` and `end` in the prose's text. `level` is a heading's."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProseLink:
    """A link: where its words are in the prose's text, and where its address is in what was written.

    `address_at` is -1 where the address is not written there as such (a reference, an escape). `bare` if it is just
    typed, without Markdown.
    """

    start: int
    end: int
    text: str
    address: str
    address_at: int
    bare: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ProseRow:
    """A row of a table: where its line begins and ends in what was written, and the words of its cells."""

    begin: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProseTable:
    """A table: its caption, "" if it has none, and its rows, the headings of its columns first."""

    caption: str
    rows: tuple[ProseRow, ...]

    @property
    def line_starts(self) -> tuple[int, ...]:
        """Where each of its lines begins in what was written, with the line of hyphens."""
        return (*(row.begin for row in self.rows), self.rows[0].end + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProseForeign:
    """A stretch that is marked as another language: `[cy: …]`. `language` is its tag."""

    start: int
    end: int
    language: str


_IN_PLACE = "words"
"""What a rule on English reads in place of a stretch in another language: right in most sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """The words of a text. `offsets` has, for each character and for the end, its index in what was written.

    Blocks are parted by an empty line; a cell of a table is one, unless it has no words. `codes` are stretches that are
    shown as they are typed, `foreign` those that are marked as another language.
    """

    text: str
    offsets: tuple[int, ...]
    blocks: tuple[ProseBlock, ...]
    links: tuple[ProseLink, ...] = ()
    codes: tuple[tuple[int, int], ...] = ()
    tables: tuple[ProseTable, ...] = ()
    foreign: tuple[ProseForeign, ...] = ()

    def without_other_languages(self) -> Prose:
        """The same with a plain word in place of each stretch in another language, for rules on English."""
        prose = self
        for stretch in reversed(self.foreign):
            prose = prose._replace_stretch(stretch.start, stretch.end)
        return prose

    def _replace_stretch(self, start: int, end: int) -> Prose:
        """The word is where the stretch begins; everything behind it moves."""
        gone = end - start - len(_IN_PLACE)

        def move(at: int) -> int:
            return (
                at if at <= start else max(start + len(_IN_PLACE), at - gone) if at >= end else start + len(_IN_PLACE)
            )

        return replace(
            self,
            text=self.text[:start] + _IN_PLACE + self.text[end:],
            offsets=(*self.offsets[:start], *[self.offsets[start]] * len(_IN_PLACE), *self.offsets[end:]),
            blocks=tuple(replace(block, start=move(block.start), end=move(block.end)) for block in self.blocks),
            links=tuple(
                replace(link, start=move(link.start), end=move(link.end))
                for link in self.links
                if not start <= link.start < end
            ),
            codes=tuple((move(begin), move(stop)) for begin, stop in self.codes if not start <= begin < end),
            foreign=(),
        )

    def is_code(self, at: int) -> bool:
        """Whether the character at `at` is shown as it is typed."""
        index = bisect(self.codes, (at, len(self.text) + 1)) - 1
        return index >= 0 and self.codes[index][0] <= at < self.codes[index][1]


def read_plain(value: str) -> Prose:
    """A text that has no markup."""
    block = ProseBlock(kind=BlockKind.PARAGRAPH, start=0, end=len(value))
    return Prose(text=value, offsets=tuple(range(len(value) + 1)), blocks=(block,))


def read_line(value: str) -> Prose:
    """One line that may hold emphasis."""
    reader = _Reader(value)
    reader.take_block(BlockKind.PARAGRAPH, 0, read_inline(value), _Written(value, tuple(range(len(value) + 1))))
    return reader.finish()


def read_text(value: str) -> Prose:
    """A text in Markdown."""
    reader = _Reader(value)
    starts = _find_line_starts(value)
    kinds: list[tuple[BlockKind, int]] = []
    begun: list[tuple[str, int]] = []
    tokens = iter(read_blocks(value))
    for token in tokens:
        if token.type == "table_open":
            _read_table(reader, tokens, starts)
        elif token.type == LANGUAGE_BLOCK:
            begun.append((token.info, len(reader.offsets)))
        elif token.type == LANGUAGE_END:
            reader.mark_foreign(*begun.pop())
        elif token.type in _HOLDERS:
            kinds.append((_HOLDERS[token.type], int(token.tag[1:]) if token.type == "heading_open" else 0))
        elif token.type.removesuffix("_close") + "_open" in _HOLDERS:
            kinds.pop()
        elif token.type == "inline" and token.map:
            kind, level = kinds[-1] if kinds else (BlockKind.PARAGRAPH, 0)
            written = _find_written(value, starts, token.map[0], token.content)
            reader.take_block(kind, level, token.children or [], written)
    return reader.finish()


_HOLDERS = {
    "heading_open": BlockKind.HEADING,
    "list_item_open": BlockKind.ENTRY,
    "blockquote_open": BlockKind.QUOTATION,
}


def _read_table(reader: _Reader, tokens: Iterator[Token], starts: list[int]) -> None:
    """Read a table up to its last token."""
    caption, rows = "", list[ProseRow]()
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            number = min(token.map[0], len(starts) - 2) if token.map else 0
            rows.append(_read_row(reader, tokens, starts[number], starts[number + 1] - 1))
        elif token.type == "inline" and token.map:
            written = _find_written(reader.value, starts, token.map[0], token.content)
            caption = reader.take_words(BlockKind.CAPTION, token, written)
    reader.tables.append(ProseTable(caption=caption, rows=tuple(rows)))


def _read_row(reader: _Reader, tokens: Iterator[Token], begin: int, end: int) -> ProseRow:
    """Read a row up to its last token: each cell is found in its line behind the one before it."""
    at, cells = begin, list[str]()
    for token in tokens:
        if token.type == "tr_close":
            break
        if token.type == "inline":
            written = _find_cell(reader.value, at, end, token.content)
            at = written.offsets[-1]
            cells.append(reader.take_words(BlockKind.CELL, token, written) if token.content else "")
    return ProseRow(begin=begin, end=end, cells=tuple(cells))


def _find_cell(value: str, at: int, end: int, content: str) -> _Written:
    """The words of a cell, from `at` on in its row. The backslash before a | in them is no part of them."""
    typed = content.replace("|", "\\|")
    found = value.find(typed, at, end)
    start = found if found >= 0 else at
    offsets = []
    for char in content:
        start += char == "|"
        offsets.append(start)
        start += 1
    return _Written(content, (*offsets, start))


@dataclass(frozen=True, slots=True)
class _Written:
    """The source of a block's inline text, and where each of its characters is in the whole value."""

    content: str
    offsets: tuple[int, ...]


def _find_line_starts(value: str) -> list[int]:
    starts = [0]
    for line in value.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _find_written(value: str, starts: list[int], first: int, content: str) -> _Written:
    """Each line of a block is at the end of its line in the value, behind bullets, quotation marks and spaces."""
    offsets: list[int] = []
    for number, line in enumerate(content.split("\n"), start=first):
        start = starts[min(number, len(starts) - 2)]
        end = starts[min(number + 1, len(starts) - 1)] - 1
        whole = value[start:end]
        at = len(whole.rstrip()) - len(line.rstrip())
        if at < 0 or not whole.startswith(line.rstrip(), at):  # a heading that ends in # marks
            at = max(0, whole.find(line.strip()))
        offsets += range(start + at, start + at + len(line) + 1)
    return _Written(content, tuple(offsets) or (0,))


@dataclass(slots=True)
class _Reader:
    """Gathers the prose block by block."""

    value: str
    text: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    blocks: list[ProseBlock] = field(default_factory=list)
    links: list[ProseLink] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)
    tables: list[ProseTable] = field(default_factory=list)
    foreign: list[ProseForeign] = field(default_factory=list)

    def take_words(self, kind: BlockKind, inline: Token, written: _Written) -> str:
        """Take the block of an inline token; its words."""
        self.take_block(kind, 0, inline.children or [], written)
        return self.read_back(self.blocks[-1].start)

    def read_back(self, start: int) -> str:
        """The text from `start` on, which is in the last pieces."""
        missing = len(self.offsets) - start
        pieces: list[str] = []
        for piece in reversed(self.text):
            if missing <= 0:
                break
            pieces.append(piece[-missing:])
            missing -= len(piece)
        return "".join(reversed(pieces))

    def take_block(self, kind: BlockKind, level: int, children: Iterable[Token], written: _Written) -> None:
        if self.blocks:
            self._add("\n\n", [self.offsets[-1] + 1 if self.offsets else 0] * 2)
        start = len(self.offsets)
        _Inline(self, written).read(children)
        self.blocks.append(ProseBlock(kind=kind, start=start, end=len(self.offsets), level=level))

    def mark_foreign(self, language: str, start: int) -> None:
        """All that was taken since `start` is in another language: a stretch for each of its blocks."""
        for block in self.blocks:
            if block.start >= start and block.end > block.start:
                self.foreign.append(ProseForeign(start=block.start, end=block.end, language=language))

    def _add(self, text: str, offsets: Iterable[int]) -> None:
        self.text.append(text)
        self.offsets.extend(offsets)

    def finish(self) -> Prose:
        end = self.offsets[-1] + 1 if self.offsets else len(self.value)
        return Prose(
            text="".join(self.text),
            offsets=(*(min(offset, len(self.value)) for offset in self.offsets), min(end, len(self.value))),
            blocks=tuple(self.blocks),
            links=tuple(self.links),
            codes=tuple(self.codes),
            tables=tuple(self.tables),
            foreign=tuple(stretch for stretch in self.foreign if stretch.end > stretch.start),
        )


class _Inline:
    """Follows the tokens of one block through its source."""

    def __init__(self, reader: _Reader, written: _Written) -> None:
        self._reader = reader
        self._content = written.content
        self._offsets = written.offsets
        self._at = 0

    def read(self, children: Iterable[Token]) -> None:
        opened: list[tuple[Token, int]] = []
        passages: list[tuple[str, int]] = []
        for token in children:
            if token.type == "text":
                self._take(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                self._break(" " if token.type == "softbreak" else "\n")
            elif token.type == "code_inline":
                self._take_code(token)
            elif token.type == "link_open":
                if token.info != BARE:
                    self._pass("<" if token.info == "auto" else "[")
                opened.append((token, len(self._reader.offsets)))
            elif token.type == "link_close" and opened:
                self._close_link(*opened.pop())
            elif token.type == LANGUAGE_OPEN:
                self._pass(token.markup)
                passages.append((token.info, len(self._reader.offsets)))
            elif token.type == LANGUAGE_CLOSE and passages:
                self._pass("]")
                language, start = passages.pop()
                self._reader.foreign.append(ProseForeign(start=start, end=len(self._reader.offsets), language=language))
            elif token.markup:
                self._pass(token.markup)

    def _add(self, text: str, index: int) -> None:
        self._reader.text.append(text)
        self._reader.offsets.append(self._offsets[min(index, len(self._offsets) - 1)])

    def _pass(self, markup: str) -> None:
        found = self._content.find(markup, self._at)
        if found >= 0:
            self._at = found + len(markup)

    def _take(self, text: str) -> None:
        if self._content.startswith(text, self._at):
            self._reader.text.append(text)
            self._reader.offsets.extend(self._offsets[self._at : self._at + len(text)])
            self._at += len(text)
        else:
            for char in text:
                self._take_escaped(char)

    def _take_escaped(self, char: str) -> None:
        r"""One character that may be written as `\*` or `&amp;`."""
        content, at = self._content, self._at
        if content.startswith("\\", at) and content.startswith(char, at + 1):
            self._at = at + 2
        elif content.startswith("&", at) and (end := content.find(";", at, at + 40)) > 0:
            self._at = end + 1
        else:
            self._at = min(at + 1, len(content))
        self._add(char, at)

    def _break(self, char: str) -> None:
        end = self._content.find("\n", self._at)
        index = end if end >= 0 else self._at
        self._add(char, index)
        self._at = index + 1

    def _take_code(self, token: Token) -> None:
        self._pass(token.markup)
        while self._content.startswith(" ", self._at) and not token.content.startswith(" "):
            self._at += 1
        start = len(self._reader.offsets)
        self._take(token.content)
        self._reader.codes.append((start, len(self._reader.offsets)))
        self._pass(token.markup)

    def _close_link(self, opening: Token, start: int) -> None:
        address = str(opening.attrs["href"])
        end = len(self._reader.offsets)
        text = self._reader.read_back(start)
        at = -1
        bare = opening.info == BARE
        if bare:
            at = self._reader.offsets[start] if text == address else -1
        elif opening.info == "auto":
            found = self._offsets[min(self._at, len(self._offsets) - 1)] - len(text)
            at = max(0, found)
            self._pass(">")
        elif self._content.startswith("](", self._at):
            found_at = self._content.find(address, self._at, self._at + len(address) + 3)
            at = self._offsets[found_at] if found_at >= 0 else -1
            self._at = self._find_close(found_at + len(address) if found_at >= 0 else self._at + 2)
        else:
            self._pass("]")
            if self._content.startswith("[", self._at):
                self._pass("]")
        link = ProseLink(start=start, end=end, text=text, address=address, address_at=at, bare=bare)
        self._reader.links.append(link)

    def _find_close(self, at: int) -> int:
        """Past the bracket that ends a link, and a title in it."""
        depth = 0
        for index in range(at, len(self._content)):
            char = self._content[index]
            if char == "\\":
                continue
            depth += (char == "(") - (char == ")")
            if depth < 0:
                return index + 1
        return len(self._content)
