"""Markdown as HTML for a web page or a feed: elements that mean what they are, without a class. Pure.

It is the email's HTML, so the two say the same; only the classes go, and tables are written as tables. In a table each
cell has the heading of its column in `data-label`: on phones the style sheet makes a block of each row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from bulletin.declaration.data_tables import DataTable, TableCell
from bulletin.edition.mail.spoken import make_spoken_filters
from bulletin.edition.markdown.markdown_html import (
    cut_at_table,
    render_blocks_html,
    render_entry_html,
    render_inline_html,
    render_led_html,
)
from bulletin.edition.markdown.markdown_text import show_address
from bulletin.edition.markdown.table_html import EMPTY
from bulletin.edition.typography.kept_together import show_plain
from bulletin.edition.typography.typesetting import TypeStyle, set_type

if TYPE_CHECKING:
    from markdown_it.token import Token

Inline = Callable[[Iterable["Token"]], Iterable[str]]

# Within a tag only: what authors write is escaped, so that no text has a "<".
_CLASS = re.compile(r'(<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")*?) class="(?!nb")[^"]*"')
_ALIGNED = {"right", "center"}


def remove_classes(html: str) -> str:
    """HTML without the classes by which the email's style sheet knows it; `nb`, what does not wrap, stays."""
    return _CLASS.sub(r"\1", html)


def render_web_blocks(text: str, *, below: int = 2, style: TypeStyle | None = None) -> str:
    """A text of Markdown as blocks. `below` is the level of the heading over it."""
    return remove_classes(render_blocks_html(text, below=below, style=style, table=write_web_table))


def _render_entry(text: str, *, below: int = 2, style: TypeStyle | None = None) -> str:
    return remove_classes(render_entry_html(text, below=below, style=style, table=write_web_table))


def _render_led(text: str, lead: str, *, below: int = 2, style: TypeStyle | None = None) -> str:
    return remove_classes(render_led_html(text, lead, below=below, style=style, table=write_web_table))


def render_web_inline(line: str, *, style: TypeStyle | None = None) -> str:
    """A line of Markdown without a block around it."""
    return remove_classes(render_inline_html(line, style=style))


def write_web_table(table: DataTable, inline: Inline) -> str:
    """A table with its caption. Roles say what a row or cell is where the style sheet makes blocks of them."""
    caption = f"<caption>{''.join(inline(table.caption))}</caption>\n" if table.title else ""
    head = "".join(_write_heading(cell, inline) for cell in table.head)
    rows = "".join(_write_row(row, table.labels, inline) for row in table.rows)
    body = f'<tbody role="rowgroup">\n{rows}</tbody>\n' if rows else ""
    return f'<table role="table">\n{caption}<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n{body}</table>\n'


def _write_heading(cell: TableCell, inline: Inline) -> str:
    """The heading of a column; one without words is an empty cell: as a heading it would be announced."""
    if not cell.words:
        return '<td role="cell"></td>'
    return f'<th role="columnheader" scope="col"{_align(cell)}>{"".join(inline(cell.tokens))}</th>'


def _write_row(row: tuple[TableCell, ...], labels: tuple[str, ...], inline: Inline) -> str:
    words = ["".join(inline(cell.tokens)) if cell.words else EMPTY for cell in row]
    heading = f'<th role="rowheader" scope="row"{_align(row[0])}>{words[0]}</th>'
    cells = (
        f'<td role="cell" data-label="{escape(labels[number])}"{_align(row[number])}>{words[number]}</td>'
        for number in range(1, len(row))
    )
    return f'<tr role="row">{heading}{"".join(cells)}</tr>\n'


def _align(cell: TableCell) -> str:
    return f' data-align="{cell.align}"' if cell.align in _ALIGNED else ""


def _as_markup(render: Callable[..., str]) -> Callable[..., Markup]:
    """A filter whose result is HTML already: the renderers escape what authors write."""
    return lambda text, *more, **options: Markup(render(text, *more, **options))  # noqa: S704 -- see above


def _show_plain(text: object, style: TypeStyle | None) -> Markup:
    return text if isinstance(text, Markup) else Markup(show_plain(str(text), style))  # noqa: S704 -- it escapes them


@cache
def make_web_filters(style: TypeStyle | None) -> Mapping[str, Callable[..., object]]:
    """The filters of the templates in `templates/web/archive`; their names are those of the email's templates.

    The same for the same style, so that templates are compiled once.
    """
    return {
        **make_spoken_filters(style),
        "markdown": _as_markup(partial(render_web_blocks, style=style)),
        "entry": _as_markup(partial(_render_entry, style=style)),
        "inline": _as_markup(partial(render_web_inline, style=style)),
        "led": _as_markup(partial(_render_led, style=style)),
        "cut_at_table": cut_at_table,
        "plain": partial(_show_plain, style=style),
        "label": lambda text: set_type(str(text), style, no_break=False),
        "address": show_address,
    }
