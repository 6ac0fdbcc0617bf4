"""A table of a text as plain text: a block for each row, as on a phone, with what each column says below it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bulletin.declaration.data_tables import DataTable, TableCell
from bulletin.edition.markdown.table_html import EMPTY
from bulletin.edition.wrapping import prefix_lines, wrap_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_INDENT = "  "
_LONGEST_ALIGNED = 24  # characters of a label; behind longer ones, the words of a row begin where they can
_FEWEST = 20  # characters that a line must have left for the words behind a label

Paragraph = Callable[[list["Token"], int], str]


def write_table_text(table: DataTable, width: int, paragraph: Paragraph) -> str:
    """The caption and the rows with a blank line between; `paragraph` writes a cell's words in lines of a width."""
    blocks = [paragraph(list(table.caption), width)] if table.caption else []
    if not table.rows:
        blocks.append("\n".join(wrap_text(cell.words, width=width) for cell in table.head if cell.words))
    blocks += ("\n".join(_write_row(table, row, width, paragraph)) for row in table.rows)
    return "\n\n".join(filter(None, blocks))


def _write_row(table: DataTable, row: tuple[TableCell, ...], width: int, paragraph: Paragraph) -> Iterator[str]:
    """The heading of a row, then a line for each of its other cells."""
    yield _write_cell("", table.labels[0], row[0], width, paragraph)
    labels = table.labels[1:]
    widest = max(map(len, labels), default=0)
    column = widest if widest <= _LONGEST_ALIGNED else 0
    for label, cell in zip(labels, row[1:], strict=True):
        yield _write_cell(_INDENT, label.ljust(column), cell, width, paragraph)


def _write_cell(indent: str, label: str, cell: TableCell, width: int, paragraph: Paragraph) -> str:
    """A label and the words behind it, or below it where too little of the line is left."""
    lead = f"{indent}{label} " if label else indent
    if width - len(lead) >= _FEWEST:
        return prefix_lines(_write_words(cell, width - len(lead), paragraph), lead)
    below = indent + _INDENT
    words = prefix_lines(_write_words(cell, width - len(below), paragraph), below)
    return f"{prefix_lines(wrap_text(label.rstrip(), width=width - len(indent)), indent)}\n{words}"


def _write_words(cell: TableCell, width: int, paragraph: Paragraph) -> str:
    return paragraph(list(cell.tokens), width) if cell.words else EMPTY
