"""Markdown as plain text: wrapped, with lists and quotations marked, and each link's address on its own line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bulletin.declaration.bare_links import BARE
from bulletin.declaration.data_tables import take_table
from bulletin.declaration.markup import read_blocks, read_inline
from bulletin.edition.table_text import write_table_text
from bulletin.edition.wrapping import WIDTH, prefix_lines, wrap_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_BULLET, _QUOTE, _CODE = "• ", "> ", "    "


def render_inline_text(line: str) -> str:
    """A line of Markdown (a title, a name) without its marks."""
    return _words(read_inline(line))


def render_blocks_text(text: str, *, width: int = WIDTH) -> str:
    """A text of Markdown in lines of at most `width`."""
    return _blocks(iter(read_blocks(text)), width)


def show_address(address: str) -> str:
    """An address as people read or dial it: without `mailto:` or `tel:`, unless a subject or the like follows."""
    scheme, _, rest = address.partition(":")
    return rest if scheme.lower() in ("mailto", "tel") and "?" not in rest else address


def _blocks(tokens: Iterator[Token], width: int) -> str:
    """The blocks up to the end of the one that they are in. (Nested blocks continue with the same tokens.)"""
    blocks: list[str] = []
    between = "\n\n"
    for token in tokens:
        if token.type in ("paragraph_open", "heading_open"):
            blocks.append(_paragraph(next(tokens).children or [], width))
            between = "\n" if token.hidden else between  # as are the paragraphs of a tight list
            next(tokens)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            blocks.append(_list(token, tokens, width))
        elif token.type == "blockquote_open":
            blocks.append(prefix_lines(_blocks(tokens, width - len(_QUOTE)), _QUOTE, _QUOTE))
        elif token.type in ("fence", "code_block"):
            blocks.append(prefix_lines(token.content.rstrip("\n"), _CODE))
        elif token.type == "table_open":
            blocks.append(write_table_text(take_table(tokens), width, _paragraph))
        elif token.type == "hr":
            blocks.append("-" * 20)
        else:  # the end of what encloses these blocks
            break
    return between.join(blocks)


def _list(opening: Token, tokens: Iterator[Token], width: int) -> str:
    number = int(opening.attrs.get("start", 1)) if opening.tag == "ol" else None
    entries: list[str] = []
    for token in tokens:
        if token.type != "list_item_open":
            break
        marker = _BULLET if number is None else f"{number + len(entries)}. "
        entries.append(prefix_lines(_blocks(tokens, width - len(marker)), marker))
    return "\n".join(entries)


def _paragraph(tokens: list[Token], width: int) -> str:
    """The words, then the address of each link: alone if there is one link, after its own words if there are more."""
    links = list(_links(tokens))
    addresses = [
        [wrap_text(f"{words}:", width=width), address] if len(links) > 1 else [address] for words, address in links
    ]
    return "\n".join([wrap_text(_words(tokens), width=width), *(line for lines in addresses for line in lines)])


def _links(tokens: Iterable[Token]) -> Iterator[tuple[str, str]]:
    """The words and the address of each link whose words are not the address itself."""
    inside: list[Token] = []
    address = ""
    for token in tokens:
        if token.info == BARE:
            continue
        if token.type == "link_open":
            inside, address = [], show_address(str(token.attrs["href"]))
        elif token.type == "link_close":
            if _words(inside) != address:
                yield _words(inside), address
        else:
            inside.append(token)


def _words(tokens: Iterable[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(token.type, token.content) for token in tokens)
