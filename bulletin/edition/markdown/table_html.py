"""A table of a text as HTML for email. Pure.

Each part has its role beside its element: on phones the style sheet makes a block of each row, which takes an element's
own meaning away. The heading of a cell's column is in the cell as well, hidden (`tlabel`) where the row is no block.

Classes: `tcap` the caption, `dt` the table, `thead`, `tbody`, `trow` a row of cells, `th` a column's heading, `rh` a
row's, `td` a cell, `tlabel` the label in it, `tright` and `tmid` how its column is aligned, `twhole` a row's heading
whose words are short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from bulletin.declaration.data_tables import DataTable, TableCell

if TYPE_CHECKING:
    from markdown_it.token import Token

EMPTY = "–"
"""What readers see, and hear, in a cell without words."""

_LONGEST_WHOLE = 16
"""Characters of a word that a row's heading is never broken in, on however narrow a screen."""

_ALIGNED = {"right": " tright", "center": " tmid"}
_PLAIN = 'cellpadding="0" cellspacing="0" border="0"'
_SPACE_BELOW = f'<table role="presentation" {_PLAIN}><tr><td class="gap">&nbsp;</td></tr></table>\n'


def write_table_html(table: DataTable, inline: Callable[[Iterable[Token]], Iterable[str]]) -> str:
    """The caption, the table and the space below it; `inline` writes the words of a cell.

    The caption is read out as the table's name, and not a second time as a paragraph, unless a link in it must be
    reached (what is hidden from screen readers can't be).
    """
    title = escape(table.title)
    linked = any(token.type == "link_open" for token in table.caption)
    hidden = "" if linked else ' aria-hidden="true"'
    caption = f'<p class="tcap"{hidden}>{"".join(inline(table.caption))}</p>\n' if title else ""
    name = f' aria-label="{title}"' if title else ""
    head = "".join(_write_heading(cell, inline) for cell in table.head)
    rows = "".join(_write_row(row, table.labels, inline) for row in table.rows)
    body = f'<tbody class="tbody" role="rowgroup">\n{rows}</tbody>\n' if rows else ""
    return (
        f'{caption}<table role="table"{name} class="dt" width="100%" {_PLAIN}>\n'
        f'<thead class="thead" role="rowgroup"><tr role="row">{head}</tr></thead>\n{body}</table>\n{_SPACE_BELOW}'
    )


def _write_heading(cell: TableCell, inline: Callable[[Iterable[Token]], Iterable[str]]) -> str:
    """The heading of a column. One without words is an empty cell: as a heading it would be announced."""
    aligned = _ALIGNED.get(cell.align, "")
    if not cell.words:
        return '<td role="cell" class="th">&nbsp;</td>'
    return f'<th role="columnheader" scope="col" class="th{aligned}">{"".join(inline(cell.tokens))}</th>'


def _write_row(
    row: tuple[TableCell, ...], labels: tuple[str, ...], inline: Callable[[Iterable[Token]], Iterable[str]]
) -> str:
    first, *others = ("".join(inline(cell.tokens)) if cell.words else EMPTY for cell in row)
    aligned = [_ALIGNED.get(cell.align, "") for cell in row]
    whole = " twhole" if max(map(len, row[0].words.split()), default=0) <= _LONGEST_WHOLE else ""
    heading = f'<th role="rowheader" scope="row" class="rh{aligned[0]}{whole}">{first}</th>'
    cells = (
        f'<td role="cell" class="td{aligned[number]}">{_write_label(labels[number])}{words}</td>'
        for number, words in enumerate(others, start=1)
    )
    return f'<tr class="trow" role="row">{heading}{"".join(cells)}</tr>\n'


def _write_label(label: str) -> str:
    return f'<span class="tlabel">{escape(label)} </span>' if label else ""
