"""Markdown as this product reads it: CommonMark without raw HTML and images, and with links that email can carry.

Pure. `read_blocks` and `read_inline` give markdown-it tokens to the two renderers (HTML and text); `find_problems`
says what an author must change, so that nothing in a text is dropped or altered silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletin.declaration.characters import find_hidden, name_character

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_WEB = re.compile(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+([/?#][^\s\\]*)?\Z", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@?<>]+@[^\s@?<>]+\.[^\s@?<>]+(\?[^\s<>]*)?\Z", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TELEPHONE = re.compile(r"tel:\+?[0-9][0-9()\-. ]*\Z", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong with a value, and what to do; `found` are the very words meant, where it is not all of it."""

    message: str
    remedy: str
    found: str = ""


def refuse_address(address: str, *, schemes: str = "any") -> str:
    """Why a link cannot have this address; "" if it can. `schemes` is "any", or "web" for http(s) only.

    Allowed are absolute http(s), mailto: and tel: addresses. What a browser would run or guess at (`javascript:`,
    `data:`, `//host`, a relative path) is not: an email has no page that a path could start from.
    """
    if _WEB.match(address) and _has_host(address):
        return ""
    if schemes == "any" and (_MAIL.match(address) or _TELEPHONE.match(address)):
        return ""
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


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


@cache
def _parser(*, html: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # 40 ms, and only those who read an issue need it

    parser = MarkdownIt("commonmark", {"html": html})
    # Every address is kept as written, and judged by `refuse_address`: markdown-it would leave a refused link
    # standing as text, which readers would see.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 -- the signature is theirs
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def read_blocks(text: str) -> list[Token]:
    """The block tokens of a text."""
    return _parser(html=False).parse(text)


def read_inline(text: str) -> list[Token]:
    """The inline tokens of one line (a title): no lists, quotes or headings are seen in it."""
    return _parser(html=False).parseInline(text)[0].children or []


_MOST_MARKS = {"[": 30_000, "*": 100_000, "_": 100_000, "`": 100_000}  # each may begin something, and is tried


def find_problems(text: str, *, inline: bool = False, links: bool = True) -> Iterator[Problem]:
    """What the author must change: raw HTML, pictures, addresses that email cannot carry, links in the wrong place.

    So are invisible characters that are written as entities (`&#x202e;`).
    """
    for mark, most in _MOST_MARKS.items():
        if text.count(mark) > most:
            yield Problem(
                found=mark,
                message=f"This text has more than {most:,} of the mark “{mark}”.",
                remedy="Take out those that are not needed, or put the text into several sections.",
            )
            return
    parser = _parser(html=True)
    tokens = list(_walk(parser.parseInline(text) if inline else parser.parse(text)))
    if "&" in text:
        yield from _find_entities(text, tokens)
    for token in tokens:
        if token.type in ("html_inline", "html_block") and not token.content.startswith("</"):
            found = token.content.strip().partition("\n")[0]
            yield Problem(
                found=found,
                message=f"“{_shorten(found)}” is HTML, which would not be shown as such.",
                remedy="Use Markdown (**bold**, *italic*, [text](address)); to show it as text, put it between `…`.",
            )
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
                    found=address,
                    message=f"The link “{_shorten(address)}” cannot be opened from an email.",
                    remedy=remedy,
                )


def _find_entities(text: str, tokens: Iterable[Token]) -> Iterator[Problem]:
    """A problem for each entity that is an invisible character once it is decoded; as code it stays what it is."""
    decoded = [str(value) for token in tokens for value in (token.content, *token.attrs.values())]
    hidden = {char for value in decoded for _, char in find_hidden(value)}
    for entity in dict.fromkeys(_ENTITY.findall(text)):
        if (char := unescape(entity)) in hidden:
            message = f"{entity} is an invisible character: {name_character(char)}."
            yield Problem(found=entity, message=message, remedy="Delete it.")


def _walk(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or ())


def _shorten(text: str, *, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
