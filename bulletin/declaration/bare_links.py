"""Addresses that are typed without Markdown around them: www.…, https://…, name@…. They become links. Pure.

`info` of such a link's token is BARE, where CommonMark's own <https://…> has "auto".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

BARE: Final = "bare"
"""What `info` says in the token of a link that has no mark-up."""

_LABELS = r"[\w-]{1,63}(?:\.[\w-]{1,63})+"
_BARE = re.compile(
    rf"""
      (?<![\w@/.=-]) (?P<web>https?://[^\s<>"“”|\\^`{{}}]+)
    | (?<![\w@/.:=-]) (?P<www>www\.{_LABELS}(?:[/?\#][^\s<>"“”|\\^`{{}}]*)?)
    | (?<![\w.+%@/-]) (?P<mail>(?:mailto:)?[A-Za-z0-9][A-Za-z0-9._%+'-]{{0,63}}@{_LABELS})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SIGNS = ("@", "www.", "WWW.", "Www.", "://")
_AFTER = ".,;:!?'’”»…*_~"


def link_bare(tokens: Iterable[Token], *, refuse: Callable[[str], str]) -> Iterator[Token]:
    """The tokens of a block's text, with a link around each bare address. None in what is linked, or is code.

    `refuse` says why an address can't be a link, or "".
    """
    depth = 0
    for token in tokens:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if depth or token.type != "text" or not any(sign in token.content for sign in _SIGNS):
            yield token
        else:
            yield from _link_text(token, refuse)


def _link_text(token: Token, refuse: Callable[[str], str]) -> Iterator[Token]:
    done = 0
    for start, end, address in _find_bare(token.content):
        if refuse(address):
            continue
        if start > done:
            yield _copy(token, token.content[done:start])
        yield from _make_link(token, address, token.content[start:end])
        done = end
    if done == 0:
        yield token
    elif done < len(token.content):
        yield _copy(token, token.content[done:])


def _find_bare(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each bare address begins and ends, and the address to open."""
    for match in _BARE.finditer(text):
        shown = _strip_end(match[0])
        if match["www"]:
            address = f"https://{shown}"
        elif match["mail"]:
            address = shown if shown.lower().startswith("mailto:") else f"mailto:{shown}"
        else:
            address = shown
        yield match.start(), match.start() + len(shown), address


def _strip_end(address: str) -> str:
    """The address without the punctuation of the sentence around it, and without a bracket that it did not open."""
    while address:
        stripped = address.rstrip(_AFTER)
        if stripped.endswith((")", "]")):
            closing = stripped[-1]
            if stripped.count(closing) > stripped.count("(" if closing == ")" else "["):
                stripped = stripped[:-1]
        if stripped == address:
            break
        address = stripped
    return address


def _copy(token: Token, content: str) -> Token:
    return token.copy(content=content)


def _make_link(token: Token, address: str, shown: str) -> Iterator[Token]:
    opening = token.copy(type="link_open", tag="a", nesting=1, content="", attrs={"href": address}, info=BARE)
    yield opening
    yield _copy(token, shown)
    yield token.copy(type="link_close", tag="a", nesting=-1, content="", attrs={}, info=BARE)
