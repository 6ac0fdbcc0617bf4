"""Tables in a text, as GitHub's Markdown has them: a row of headings, a row of hyphens below it, then the rows. Pure.

A line “Table: What children said” right before a table is its caption. A line without “|” ends a table; in GitHub's
Markdown (GFM 4.10) it would be one more row, and authors never mean that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

MOST_COLUMNS = 4
MOST_ROWS = 12
"""What a table in an email can hold, without its row of headings."""

_CAPTION = re.compile(r"(?:Table:[ \t]*|(?=Table \d{1,2}[:.] ))(\S.*)", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_HYPHENS = re.compile(r"^[ \t>]*[-|:][-|: \t]*$", re.MULTILINE)
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_ENDS_ALONE = ("?", "!", "…")


@dataclass(frozen=True, kw_only=True, slots=True)
class TableCell:
    """The inline tokens of a cell, and how its column is aligned: left, center, right, or "" where nothing says so."""

    tokens: tuple[Token, ...]
    align: str = ""

    @property
    def words(self) -> str:
        """The cell's words without marks."""
        return "".join(token.content for token in self.tokens).strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class DataTable:
    """A table: its caption (no tokens if it has none), the headings of its columns, and its rows of as many cells."""

    caption: tuple[Token, ...]
    head: tuple[TableCell, ...]
    rows: tuple[tuple[TableCell, ...], ...]

    @property
    def title(self) -> str:
        """The words of the caption."""
        return TableCell(tokens=self.caption).words

    @property
    def labels(self) -> tuple[str, ...]:
        """What introduces a cell where it is not below its heading: “What they said:”; "" for an empty heading."""
        return tuple(_write_label(cell.words) for cell in self.head)


def _write_label(words: str) -> str:
    bare = words.rstrip(" :")
    return bare if not bare or bare.endswith(_ENDS_ALONE) else f"{bare}:"


def may_have_table(text: str) -> bool:
    """Whether a text has a line of hyphens that could be a table's. Most have none, and are not searched further."""
    return "|" in text and bool(_HYPHENS.search(text))


def split_at_table(text: str, tokens: Iterable[Token]) -> tuple[str, str]:
    """The text before its first table, and the rest with that table and its caption; `tokens` are the text's."""
    begins = next(
        (token.map[0] for token in tokens if token.type == "table_open" and not token.level and token.map), None
    )
    if begins is None:
        return text, ""
    lines = text.split("\n")
    above = next((number for number in range(begins - 1, -1, -1) if lines[number].strip()), -1)
    if above >= 0 and _CAPTION.match(lines[above].strip()):
        begins = above
    return "\n".join(lines[:begins]), "\n".join(lines[begins:])


def add_tables(parser: MarkdownIt) -> None:
    """Make a parser read tables and their captions."""
    parser.enable("table")
    parser.block.ruler.push("table_end", _ends_table, {"alt": ["blockquote"]})  # the rules that a table's rows ask
    parser.core.ruler.after("block", "captions", _find_captions)


def _ends_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001 -- theirs
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return silent and state.parentType == "table" and "|" not in line


def _find_captions(state: StateCore) -> None:
    """Move each caption into its table. Its words are read as inline text after this, as those of cells are."""
    tokens: list[Token] = []
    for token in state.tokens:
        caption = _cut_caption(tokens) if token.type == "table_open" else []
        tokens += [token, *caption]
    state.tokens = tokens


def _cut_caption(before: list[Token]) -> list[Token]:
    """Take the caption from the end of the paragraph before a table, and the paragraph if it is nothing else."""
    from markdown_it.token import Token

    if len(before) < 3 or before[-1].type != "paragraph_close":
        return []
    opening, inline = before[-3:-1]
    above, _, line = inline.content.rpartition("\n")
    match = _CAPTION.match(line.strip())
    if not match or not inline.map or not opening.map:
        return []
    last = inline.map[1]
    if above:
        inline.content = above
        inline.map, opening.map = [inline.map[0], last - 1], [opening.map[0], last - 1]
    else:
        del before[-3:]
    words = Token("inline", "", 0, content=match[1], map=[last - 1, last], children=[], level=inline.level)
    return [Token("caption_open", "caption", 1), words, Token("caption_close", "caption", -1)]


def take_table(tokens: Iterator[Token]) -> DataTable:
    """The table whose `table_open` was the token before; takes its tokens up to the last."""
    caption: tuple[Token, ...] = ()
    rows: list[list[TableCell]] = []
    holder: Token | None = None
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open", "caption_open"):
            holder = token
        elif token.type == "inline" and holder:
            children = tuple(token.children or ())
            if holder.type == "caption_open":
                caption = children
            else:
                rows[-1].append(TableCell(tokens=children, align=_read_align(holder)))
    head, *others = rows or [[]]
    return DataTable(caption=caption, head=tuple(head), rows=tuple(tuple(row) for row in others))


def _read_align(cell: Token) -> str:
    match = _ALIGNED.match(str(cell.attrs.get("style", "")))
    return match[1] if match else ""


def split_cells(line: str) -> list[str]:
    """The cells of a row as they are written, without what encloses the table (a quotation's > signs)."""
    cells = _BAR.split(line.lstrip("> \t").rstrip())
    if cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return [cell.strip() for cell in cells]


def find_long_rows(lines: Sequence[str], tokens: Iterable[Token]) -> Iterator[tuple[str, int, int]]:
    """Each row with more words than the table has columns for: its line, its cells, the table's columns."""
    columns = 0
    for token in tokens:
        if token.type == "table_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and token.map and token.map[0] < len(lines):
            line = lines[token.map[0]]
            cells = split_cells(line)
            if any(cells[columns:]):
                yield line.strip(), len(cells), columns
