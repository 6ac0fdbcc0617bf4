"""Markdown as plain text: wrapped, with lists and quotations marked, and each link's address on its own line. Pure.

Words are set by the typographic rules, if a `style` is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bulletin.declaration.bare_links import BARE
from bulletin.declaration.data_tables import take_table
from bulletin.declaration.language_marks import LANGUAGE_BLOCK
from bulletin.declaration.markup import read_blocks, read_inline
from bulletin.edition.markdown.table_text import write_table_text
from bulletin.edition.typography.paragraphs import set_words
from bulletin.edition.typography.typesetting import TypeStyle
from bulletin.edition.wrapping import WIDTH, prefix_lines, wrap_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_BULLET, _QUOTE, _CODE = "• ", "> ", "    "


def render_inline_text(line: str, *, style: TypeStyle | None = None) -> str:
    """A line of Markdown (a title, a name) without its marks."""
    return "".join(_words(read_inline(line), style))


def render_blocks_text(text: str, *, width: int = WIDTH, style: TypeStyle | None = None) -> str:
    """A text of Markdown in lines of at most `width`."""
    return _blocks(iter(read_blocks(text)), width, style)


def show_address(address: str) -> str:
    """An address as people read or dial it: without `mailto:` or `tel:`, unless a subject or the like follows."""
    scheme, _, rest = address.partition(":")
    return rest if scheme.lower() in ("mailto", "tel") and "?" not in rest else address


def _blocks(tokens: Iterator[Token], width: int, style: TypeStyle | None) -> str:
    """The blocks up to the end of the one that they are in. (Nested blocks continue with the same tokens.)"""
    blocks: list[str] = []
    between = "\n\n"
    for token in tokens:
        if token.type in ("paragraph_open", "heading_open"):
            blocks.append(_paragraph(next(tokens).children or [], width, style))
            between = "\n" if token.hidden else between  # as are the paragraphs of a tight list
            next(tokens)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            blocks.append(_list(token, tokens, width, style))
        elif token.type == "blockquote_open":
            blocks.append(prefix_lines(_blocks(tokens, width - len(_QUOTE), style), _QUOTE, _QUOTE))
        elif token.type in ("fence", "code_block"):
            blocks.append(prefix_lines(token.content.rstrip("\n"), _CODE))
        elif token.type == "table_open":
            blocks.append(write_table_text(take_table(tokens), width, partial(_paragraph, style=style)))
        elif token.type == LANGUAGE_BLOCK:
            blocks.append(_blocks(tokens, width, style))
        elif token.type == "hr":
            blocks.append("-" * 20)
        else:  # the end of what encloses these blocks
            break
    return between.join(blocks)


def _list(opening: Token, tokens: Iterator[Token], width: int, style: TypeStyle | None) -> str:
    number = int(opening.attrs.get("start", 1)) if opening.tag == "ol" else None
    entries: list[str] = []
    for token in tokens:
        if token.type != "list_item_open":
            break
        marker = _BULLET if number is None else f"{number + len(entries)}. "
        entries.append(prefix_lines(_blocks(tokens, width - len(marker), style), marker))
    return "\n".join(entries)


def _paragraph(tokens: list[Token], width: int, style: TypeStyle | None) -> str:
    """The words, then the address of each link: alone if there is one link, after its own words if there are more."""
    words = _words(tokens, style)
    links = list(_links(tokens, words))
    addresses = [
        [wrap_text(f"{shown}:", width=width), address] if len(links) > 1 else [address] for shown, address in links
    ]
    return "\n".join([wrap_text("".join(words), width=width), *(line for lines in addresses for line in lines)])


def _links(tokens: Sequence[Token], words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words and the address of each link whose words are not the address itself."""
    first, address = 0, ""
    for number, token in enumerate(tokens):
        if token.info == BARE:
            continue
        if token.type == "link_open":
            first, address = number, show_address(str(token.attrs["href"]))
        elif token.type == "link_close" and "".join(_words(tokens[first:number], None)) != address:
            yield "".join(words[first:number]), address


def _words(tokens: Sequence[Token], style: TypeStyle | None) -> list[str]:
    """What each token says."""
    return [
        token.content if words is None else " " if token.type == "softbreak" else words
        for token, words in zip(tokens, set_words(tokens, style), strict=True)
    ]
