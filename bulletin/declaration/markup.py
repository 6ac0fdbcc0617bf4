"""Markdown as this product reads it: CommonMark without raw HTML and images, and with links that email can carry.

Two things are read more as people mean them: a short line stays a line (`line_ends`), and an address that is just typed
is a link (`bare_links`). Tables are read as GitHub's Markdown has them (`data_tables`). Pure.

`read_blocks` and `read_inline` give markdown-it tokens to the two renderers (HTML and text); `find_problems`
says what an author must change, so that nothing in a text is dropped or altered silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletin.declaration.bare_links import link_bare
from bulletin.declaration.characters import find_hidden, is_odd, name_character
from bulletin.declaration.data_tables import add_tables, find_long_rows, may_have_table
from bulletin.declaration.language_marks import add_languages, may_have_languages
from bulletin.declaration.line_ends import keeps_line_end

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_WEB = re.compile(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+([/?#][^\s\\]*)?\Z", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@?<>]+@[^\s@?<>]+\.[^\s@?<>]+(\?[^\s<>]*)?\Z", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TELEPHONE = re.compile(r"tel:\+?[0-9][0-9()\-. ]*\Z", re.IGNORECASE)
_SPACE_IN_PATH = re.compile(r"(?:https?://)?[^\s/?#]+\.[^\s/?#]+[/?#]", re.IGNORECASE)
_MERGE_TAG = re.compile(r"\*\||%%|\{\{|\[\[|<<|\{%|\$\{")
# Names between < and > that HTML has: any other is more likely a field of a mail merge.
# fmt: off
_ELEMENTS = frozenset([
    "a", "abbr", "address", "article", "aside", "b", "big", "blockquote", "body", "br", "button", "caption",
    "center", "cite", "code", "col", "dd", "del", "details", "div", "dl", "dt", "em", "figure", "figcaption",
    "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe",
    "img", "input", "ins", "kbd", "label", "li", "link", "main", "map", "mark", "meta", "nav", "object", "ol",
    "option", "p", "param", "pre", "q", "s", "samp", "script", "section", "select", "small", "source", "span",
    "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "textarea", "tfoot",
    "th", "thead", "time", "title", "tr", "tt", "u", "ul", "video",
])
# fmt: on


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong with a value, and what to do; `found` are the very words meant, where it is not all of it.

    `below` leads from the value to the field that is meant, where it is a record or a list: `(2, "top_story")`.
    """

    message: str
    remedy: str
    found: str = ""
    below: tuple[str | int, ...] = ()


_SPECIAL = re.compile(r"[\\`*\[\]<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")


def escape_marks(text: str) -> str:
    """The text so that Markdown shows each of its characters."""
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def refuse_address(address: str, *, schemes: str = "any") -> str:
    """Why a link cannot have this address; "" if it can. `schemes` is "any", or "web" for http(s) only.

    Allowed are absolute http(s), mailto: and tel: addresses. What a browser would run or guess at (`javascript:`,
    `data:`, `//host`, a relative path) is not: an email has no page that a path could start from.
    """
    unfit = not address.isascii() and any(_find_unfit(address))
    if not unfit and _WEB.match(address) and _has_host(address):
        return ""
    if not unfit and schemes == "any" and (_MAIL.match(address) or _TELEPHONE.match(address)):
        return ""
    if remedy := _explain_characters(address):
        return remedy
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme in ("http", "https"):
        return "Write the whole address, as in https://www.gov.uk/childcare."
    if scheme == "mailto" and schemes == "any":
        return "Write it as mailto:name@example.org."
    if scheme == "tel" and schemes == "any":
        return "Write it as tel:02071234567."
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+([/?#].*)?", address) or address.startswith("//"):
        return "Begin it with https://."
    if schemes == "any" and re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", address):
        return "Begin it with mailto:."
    allowed = "https://" if schemes == "web" else "https://, mailto: or tel:"
    return f"An address begins with {allowed}."


def _explain_characters(address: str) -> str:
    """What to do about characters that no address has: spaces of any kind, what can't be seen, merge tags."""
    if hidden := next(_find_unfit(address), ""):
        return f"Delete the character in it that can’t be seen ({name_character(hidden)})."
    if " " in address.strip():
        if address.lower().startswith("tel:"):
            return "Take out the spaces, as in tel:02071234567."
        if address.lower().startswith("mailto:"):
            return "Take out the space in it."
        return "Write %20 in place of the space in it." if _SPACE_IN_PATH.match(address) else ""
    if _MERGE_TAG.search(address):
        return "It has a field of another mailing program in it. Write the address itself."
    return ""


def _find_unfit(address: str) -> Iterator[str]:
    """The characters of an address that look like a space or like nothing."""
    yield from (char for _, char in find_hidden(address))
    yield from filter(is_odd, address)


def find_odd_part(address: str) -> str:
    """The address from its first blank or invisible character on, to point at; "" if it has none."""
    hidden = {index for index, _ in find_hidden(address)}
    at = next((n for n, char in enumerate(address) if char == " " or is_odd(char) or n in hidden), -1)
    return address[at:] if at >= 0 else ""


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _parser(text: str, *, html: bool) -> MarkdownIt:
    return _make_parser(html=html, tables=may_have_table(text), languages=may_have_languages(text))


def _inline_parser(line: str, *, html: bool) -> MarkdownIt:
    """For one line, in which no table is seen."""
    return _make_parser(html=html, tables=False, languages=may_have_languages(line))


@cache
def _make_parser(*, html: bool, tables: bool, languages: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # 40 ms, and only those who read an issue need it

    parser = MarkdownIt("commonmark", {"html": html})
    # Every address is kept as written, and judged by `refuse_address`: markdown-it would leave a refused link
    # standing as text, which readers would see.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 -- the signature is theirs
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.inline.ruler.at("newline", _end_line)
    if tables:
        add_tables(parser)
    if languages:
        add_languages(parser)
    return parser


def _end_line(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the signature is theirs
    """CommonMark's line end, which stays one where readers should see it."""
    from markdown_it.rules_inline import newline

    at = state.pos
    if not newline(state, silent):
        return False
    if not silent and state.tokens[-1].type == "softbreak" and keeps_line_end(state.src, at):
        state.tokens[-1].type = "hardbreak"
    return True


# HTML, plain text and the rows of what to do read the same texts, and a preview most of them again after each save.
@lru_cache(maxsize=512)
def read_blocks(text: str) -> Sequence[Token]:
    """The block tokens of a text, which no reader of them may change."""
    tokens = _parser(text, html=False).parse(text)
    for token in tokens:
        if token.children and ("@" in token.content or "www." in token.content.lower() or "://" in token.content):
            token.children = list(link_bare(token.children, refuse=refuse_address))
    return tuple(tokens)


@lru_cache(maxsize=512)
def read_inline(text: str) -> Sequence[Token]:
    """The inline tokens of one line (a title): no lists, quotes or headings are seen in it. None may be changed."""
    return tuple(_inline_parser(text, html=False).parseInline(text)[0].children or ())


_MOST_MARKS = {"[": 30_000, "*": 100_000, "_": 100_000, "`": 100_000, "|": 1_000}  # each is tried as a beginning
_MOST_BARS = 20  # on a line: every row of a table is filled up to as many cells as there are headings


_MARKS_OF_PROBLEMS = ("<", "[", "&")
"""HTML begins with the first, links and pictures with the second, an entity with the third."""


def find_problems(text: str, *, inline: bool = False, links: bool = True) -> Iterator[Problem]:
    """What the author must change: raw HTML, pictures, addresses that email cannot carry, links in the wrong place.

    So are invisible characters that are written as entities (`&#x202e;`), and cells that a table has no column for.
    """
    if excess := _find_excess(text):
        yield excess
        return
    if not any(mark in text for mark in _MARKS_OF_PROBLEMS) and (inline or not may_have_table(text)):
        return
    parser = _inline_parser(text, html=True) if inline else _parser(text, html=True)
    tokens = list(_walk(parser.parseInline(text) if inline else parser.parse(text)))
    if "&" in text:
        yield from _find_entities(text, tokens)
    if not inline and may_have_table(text):
        yield from _find_lost_cells(text, tokens)
    for token in tokens:
        if token.type in ("html_inline", "html_block") and not token.content.startswith("</"):
            yield _explain_html(token.content.strip().partition("\n")[0])
        elif token.type == "image":
            yield Problem(
                found="![",
                message="A picture can’t be inside a text.",
                remedy="Use the field `image`, which asks for a text alternative.",
            )
        elif token.type == "link_open":
            address = str(token.attrs["href"])
            if not links:
                yield Problem(found=address, message="A link can’t be here.", remedy="Put it in the text below.")
            elif remedy := refuse_address(address):
                yield Problem(
                    found=find_odd_part(address) or address,
                    message=f"The link “{_shorten(address)}” cannot be opened from an email.",
                    remedy=remedy,
                )


def _find_excess(text: str) -> Problem | None:
    """What would take too long to read: more marks than any text needs."""
    tables = may_have_table(text)
    for mark, most in _MOST_MARKS.items():
        if text.count(mark) > most and (mark != "|" or tables):
            return Problem(
                found=mark,
                message=f"This text has more than {most:,} of the mark “{mark}”.",
                remedy="Take out those that are not needed, or put the text into several sections.",
            )
    if tables and (line := next((one for one in text.split("\n") if one.count("|") > _MOST_BARS), "")):
        return Problem(
            found=line.strip(),
            message=f"This line has more than {_MOST_BARS} of the mark “|”.",
            remedy="Write a table of at most four columns, or link to a page that has the table.",
        )
    return None


_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>]|\Z)")


def _explain_html(found: str) -> Problem:
    """What is wrong with `<b>`, and with `<FirstName>`, which only looks like HTML."""
    tag = _TAG.match(found)
    if tag and tag[1].lower() not in _ELEMENTS and ":" not in found:
        return Problem(
            found=found,
            message=f"“{_shorten(found)}” looks like a field of another program. Nothing is filled in here.",
            remedy="Write what belongs here; to show it as text, put it between `…`.",
        )
    return Problem(
        found=found,
        message=f"“{_shorten(found)}” is HTML, which would not be shown as such.",
        remedy="Use Markdown (**bold**, *italic*, [text](address)); to show it as text, put it between `…`.",
    )


def _find_entities(text: str, tokens: Iterable[Token]) -> Iterator[Problem]:
    """A problem for each entity that is an invisible character once it is decoded; as code it stays what it is."""
    decoded = [str(value) for token in tokens for value in (token.content, *token.attrs.values())]
    hidden = {char for value in decoded for _, char in find_hidden(value)}
    for entity in dict.fromkeys(_ENTITY.findall(text)):
        if (char := unescape(entity)) in hidden:
            message = f"{entity} is an invisible character: {name_character(char)}."
            yield Problem(found=entity, message=message, remedy="Delete it.")


def _find_lost_cells(text: str, tokens: Iterable[Token]) -> Iterator[Problem]:
    """A problem for each row of a table that has more cells than there are headings: readers would not get the rest."""
    for row, cells, columns in find_long_rows(_LINE_END.split(text), tokens):
        yield Problem(
            found=row,
            message=f"This row has {cells} cells, and the table has {columns} column{'s' if columns > 1 else ''}.",
            remedy="Put what belongs together into one cell, or add a heading. A | inside a cell is written \\|.",
        )


_LINE_END = re.compile(r"\r\n?|\n")


def _walk(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or ())


def _shorten(text: str, *, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
