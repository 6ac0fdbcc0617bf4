"""Markdown as HTML for email: each element with the class that the theme's style sheet knows it by. Pure.

Classes: `p`, `h`, `list`, `li`, `say`, `code`, `pre`, `rule`, `a`; `inner` beside them on what is in an entry of
a list. `table_html` has those of tables. What an author writes is escaped, always; an address that an email cannot
carry is not linked, even if no one has proofed the text. Words are set by the typographic rules, if a `style` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from bulletin.declaration.data_tables import DataTable, split_at_table, take_table
from bulletin.declaration.language_marks import LANGUAGE_BLOCK, LANGUAGE_CLOSE, LANGUAGE_END, LANGUAGE_OPEN
from bulletin.declaration.markup import read_blocks, read_inline, refuse_address
from bulletin.edition.markdown.table_html import write_table_html
from bulletin.edition.typography.kept_together import show_address_words, show_words
from bulletin.edition.typography.paragraphs import set_words
from bulletin.edition.typography.typesetting import TypeStyle
from bulletin.languages.known import tag_of

if TYPE_CHECKING:
    from markdown_it.token import Token

WriteTable = Callable[[DataTable, Callable[[Iterable["Token"]], Iterable[str]]], str]
"""Writes a table, with what writes the words of its cells."""

_LOWEST_HEADING = 6

_FIXED = {
    "softbreak": "\n",
    "hardbreak": "<br>\n",
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "paragraph_open": '<p class="p">',
    "paragraph_close": "</p>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_open": '<li class="li">',
    "list_item_close": "</li>\n",
    "blockquote_open": '<blockquote class="say">\n',
    "blockquote_close": "</blockquote>\n",
    "hr": '<hr class="rule">\n',
    LANGUAGE_CLOSE: "</span>",
    LANGUAGE_END: "</div>\n",
}


def render_inline_html(line: str, *, style: TypeStyle | None = None) -> str:
    """A line of Markdown (a title, a name) as HTML without a block around it."""
    return "".join(_inline(read_inline(line), style))


def render_blocks_html(
    text: str, *, below: int = 2, style: TypeStyle | None = None, table: WriteTable = write_table_html
) -> str:
    """A text of Markdown as HTML blocks.

    `below` is the level of the heading over it. Its own headings come after that one without a gap, however many #
    they were written with (WCAG 2.2, success criterion 1.3.1). `table` writes the tables of another medium.
    """
    return "".join(_blocks(read_blocks(text), below, style, table))


def render_entry_html(
    text: str, *, below: int = 2, style: TypeStyle | None = None, table: WriteTable = write_table_html
) -> str:
    """As `render_blocks_html`, for an entry of a list: a paragraph at the beginning comes without its `p`."""
    tokens = read_blocks(text)
    begin = 3 if tokens and tokens[0].type == "paragraph_open" else 0  # its opening, its words, its end
    first = _inline(tokens[1].children or [], style) if begin else ()
    return "".join([*first, *_blocks(tokens[begin:], below, style, table, entry=True)])


def cut_at_table(text: str) -> tuple[str, str]:
    """The text as two texts: what may be beside a picture, and what needs the whole width, from a table on."""
    return split_at_table(text, read_blocks(text))


def render_led_html(
    text: str, lead: str, *, below: int = 2, style: TypeStyle | None = None, table: WriteTable = write_table_html
) -> str:
    """As `render_blocks_html`, with `lead`, which is HTML already, at the beginning of its first paragraph."""
    tokens = read_blocks(text)
    begin = 3 if tokens and tokens[0].type == "paragraph_open" else 0  # its opening, its words, its end
    first = _inline(tokens[1].children or [], style) if begin else ()
    led = ['<p class="pt">', lead.strip(), " ", *first, "</p>\n"]
    return "".join([*led, *_blocks(tokens[begin:], below, style, table)])


def _blocks(
    tokens: Iterable[Token], below: int, style: TypeStyle | None, table: WriteTable, *, entry: bool = False
) -> Iterable[str]:
    open_ranks: list[str] = []  # the headings that the current one is under, itself last
    following = iter(tokens)
    for token in following:
        if token.type == "inline":
            yield from _inline(token.children or [], style)
        elif token.type == "heading_open":
            while open_ranks and open_ranks[-1] >= token.tag:
                open_ranks.pop()
            open_ranks.append(token.tag)
            yield f'<h{_level(open_ranks, below)} class="h">'
        elif token.type == "heading_close":
            yield f"</h{_level(open_ranks, below)}>\n"
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield _open_list(token, inner=entry or token.level > 0)
        elif token.type in ("fence", "code_block"):
            yield f'<pre class="pre">{escape(token.content)}</pre>\n'
        elif token.type == "paragraph_open" and entry and not token.level:
            yield '<p class="p inner">'
        elif token.type == LANGUAGE_BLOCK:
            yield f'<div lang="{tag_of(token.info)}">\n'
        elif token.type == "table_open":
            yield table(take_table(following), partial(_inline, style=style))
        elif not token.hidden:  # the paragraphs of a tight list are
            yield _FIXED[token.type]


def _level(open_ranks: list[str], below: int) -> int:
    return min(below + len(open_ranks), _LOWEST_HEADING)


def _open_list(token: Token, *, inner: bool) -> str:
    classes = "list inner" if inner else "list"
    start = token.attrs.get("start")
    return f'<{token.tag} class="{classes}"' + (f' start="{start}">\n' if start is not None else ">\n")


def _inline(tokens: Sequence[Token], style: TypeStyle | None) -> Iterable[str]:
    linked = False  # links do not nest in CommonMark
    for token, words in zip(tokens, set_words(tokens, style), strict=True):
        if token.type == "link_open":
            address = str(token.attrs["href"])
            linked = not refuse_address(address)
            if linked:
                yield f'<a class="a" href="{escape(address)}">'
        elif token.type == "link_close":
            if linked:
                yield "</a>"
        elif token.type == LANGUAGE_OPEN:
            yield f'<span lang="{tag_of(token.info)}">'
        elif token.type == "code_inline":
            yield f'<code class="code">{escape(token.content)}</code>'
        elif token.type in _FIXED:
            yield _FIXED[token.type]
        else:  # text; and a picture's text alternative, should one come this far
            yield show_words(words, style) if words is not None else show_address_words(token.content, style)
