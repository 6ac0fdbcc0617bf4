"""Markdown as a tree of blocks and inlines, which a PDF's theme sets: text as data, never as markup. Pure.

Inlines: `text`, `em`, `strong`, `link`, `lang`, `code`, `br`. Blocks: `paragraph`, `heading`, `list`, `quotation`,
`code`, `rule`, `table`. Each is a dictionary with its `type`; `templates/pdf/issue.schema.json` lists what it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from bulletin.declaration.data_tables import TableCell, take_table
from bulletin.declaration.language_marks import LANGUAGE_BLOCK, LANGUAGE_OPEN
from bulletin.declaration.markup import read_blocks, read_inline, refuse_address
from bulletin.edition.markdown.markdown_text import show_address
from bulletin.edition.pdf.printed_address import describe_link
from bulletin.edition.typography.paragraphs import set_words
from bulletin.edition.typography.typesetting import TypeStyle
from bulletin.languages.known import LANGUAGES

if TYPE_CHECKING:
    from markdown_it.token import Token

Node: TypeAlias = dict[str, Any]
"""A block or an inline, ready for JSON."""

_MARKS = {"em_open": "em", "strong_open": "strong"}


def read_inlines(line: str, style: TypeStyle | None = None) -> list[Node]:
    """A line of Markdown (a title, a name) as inlines."""
    return _inlines(read_inline(line), style)


def read_tree(text: str, style: TypeStyle | None = None) -> list[Node]:
    """A text of Markdown as blocks."""
    return list(_blocks(iter(read_blocks(text)), style, []))


def describe_language(code: str) -> dict[str, str | None]:
    """A language as Typst asks for it: `{"language": "cy", "region": "GB"}`."""
    language, _, region = (LANGUAGES[code].locale if code in LANGUAGES else code.replace("-", "_")).partition("_")
    return {"language": language, "region": region or None}


def plain_inlines(words: str) -> list[Node]:
    """Words that have no marks as inlines."""
    return [{"type": "text", "text": words}] if words else []


def show_inlines(nodes: Iterable[Node]) -> str:
    """The words of inlines, without marks."""
    return "".join(" " if node["type"] == "br" else node.get("text") or show_inlines(node["inlines"]) for node in nodes)


def _blocks(tokens: Iterator[Token], style: TypeStyle | None, open_ranks: list[str]) -> Iterator[Node]:
    """The blocks up to the end of the one that they are in. (Nested blocks continue with the same tokens.)"""
    for token in tokens:
        if token.type == "paragraph_open":
            yield {"type": "paragraph", "inlines": _take_inlines(tokens, style), "tight": token.hidden}
        elif token.type == "heading_open":
            depth = _find_depth(token.tag, open_ranks)
            yield {"type": "heading", "depth": depth, "inlines": _take_inlines(tokens, style)}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield _list(token, tokens, style)
        elif token.type == "blockquote_open":
            yield {"type": "quotation", "blocks": list(_blocks(tokens, style, open_ranks))}
        elif token.type in ("fence", "code_block"):
            yield {"type": "code", "text": token.content.rstrip("\n")}
        elif token.type == "table_open":
            yield _table(tokens, style)
        elif token.type == LANGUAGE_BLOCK:
            yield {"type": "lang", **describe_language(token.info), "blocks": list(_blocks(tokens, style, open_ranks))}
        elif token.type == "hr":
            yield {"type": "rule"}
        else:  # the end of what encloses these blocks
            break


def _find_depth(rank: str, open_ranks: list[str]) -> int:
    """How deep a heading is below the one over its text, without a gap, however many # it was written with."""
    while open_ranks and open_ranks[-1] >= rank:
        open_ranks.pop()
    open_ranks.append(rank)
    return len(open_ranks)


def _take_inlines(tokens: Iterator[Token], style: TypeStyle | None) -> list[Node]:
    """The words of the block that was opened; takes its last token too."""
    words = next(tokens).children or []
    next(tokens)
    return _inlines(words, style)


def _list(opening: Token, tokens: Iterator[Token], style: TypeStyle | None) -> Node:
    entries: list[list[Node]] = []
    for token in tokens:
        if token.type != "list_item_open":
            break
        entries.append(list(_blocks(tokens, style, [])))
    start = int(opening.attrs.get("start", 1)) if opening.tag == "ol" else None
    return {"type": "list", "start": start, "entries": entries}


def _table(tokens: Iterator[Token], style: TypeStyle | None) -> Node:
    table = take_table(tokens)
    return {
        "type": "table",
        "caption": _inlines(table.caption, style),
        "head": [_cell(cell, style) for cell in table.head],
        "rows": [[_cell(cell, style) for cell in row] for row in table.rows],
    }


def _cell(cell: TableCell, style: TypeStyle | None) -> Node:
    return {"align": cell.align, "inlines": _inlines(cell.tokens, style)}


def _inlines(tokens: Sequence[Token], style: TypeStyle | None) -> list[Node]:
    """The inlines of a paragraph. What is opened and never closed ends with the paragraph."""
    whole: Node = {"inlines": []}
    around = [whole]
    for token, words in zip(tokens, set_words(tokens, style), strict=True):
        if token.nesting > 0:
            node = _open(token)
            around[-1]["inlines"].append(node)
            around.append(node)
        elif token.nesting < 0:
            _close(around.pop())
        else:
            around[-1]["inlines"] += _leaf(token, words)
    return list(whole["inlines"])


def _open(token: Token) -> Node:
    """What a mark opens. An address that can't be opened is no link: its words stay."""
    address = str(token.attrs.get("href", ""))
    if token.type == "link_open" and not refuse_address(address):
        return {"type": "link", **describe_link(address), "inlines": []}
    if token.type == LANGUAGE_OPEN:
        return {"type": "lang", **describe_language(token.info), "inlines": []}
    return {"type": _MARKS.get(token.type, "span"), "inlines": []}


def _close(node: Node) -> None:
    """A link whose words are its address has it printed once."""
    if node["type"] == "link" and _says_address(node):
        node["shown"] = ""


def _leaf(token: Token, words: str | None) -> list[Node]:
    if token.type == "hardbreak":
        return [{"type": "br"}]
    if token.type == "code_inline":
        return [{"type": "code", "text": token.content}]
    text = token.content if words is None else " " if token.type == "softbreak" else words
    return plain_inlines(text)


def _says_address(link: Node) -> bool:
    words = _squeeze(show_inlines(link["inlines"]))
    return words in (_squeeze(link["address"]), _squeeze(link["shown"]), _squeeze(show_address(link["address"])))


def _squeeze(address: str) -> str:
    """Without blanks, which people type into telephone numbers, without `https://` and without a slash at the end."""
    return re.sub(r"^https?://(www\.)?", "", "".join(address.split()).lower()).rstrip("/")
