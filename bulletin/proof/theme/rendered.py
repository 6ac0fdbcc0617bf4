"""Read the rendered email: its headings, its words, and what is hidden. Pure.

This module owns lxml, which loads on first use. Only a theme that the workspace has changed is read this way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNREAD = frozenset({"head", "style", "script", "title"})
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|font-size\s{0,9}:\s{0,9}0(?![.\d])"
    r"|opacity\s{0,9}:\s{0,9}0(?![.\d])",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![-\w])color\s{0,9}:\s{0,9}([^;]{1,60})", re.IGNORECASE)
_GROUND = re.compile(r"(?<![-\w])background(?:-color)?\s{0,9}:\s{0,9}([^;]{1,60})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Page:
    """An HTML document."""

    root: HtmlElement

    def list_headings(self) -> Iterator[tuple[int, str]]:
        """The level and the words of each heading."""
        for element in self.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
            yield int(element.tag[1]), " ".join(element.text_content().split())

    def read_words(self) -> str:
        """What readers see or hear, with the alternative texts of pictures and a space between elements."""
        return " ".join(part for element in self.root for part in _read(element))

    def shows_link(self, address: str) -> bool:
        """Whether a link to `address` is visible."""
        return any(not is_hidden(link) for link in self.root.iter("a") if address in link.get("href", ""))


@lru_cache(maxsize=4)  # several rules read one page; a preview makes a new one at each save
def read_page(html: str) -> Page:
    """Parse an HTML document."""
    from lxml.html import document_fromstring

    return Page(root=document_fromstring(html))


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element, or one around it, is hidden, has no size, or has the colour of its background."""
    line = [element, *element.iterancestors()]
    styles = [str(one.get("style", "")) for one in line]
    if any(_HIDDEN.search(style) for style in styles) or any("hidden" in one.attrib for one in line):
        return True
    colour = next((match[1] for style in styles if (match := _COLOUR.search(style))), "")
    ground = next((found for one in line if (found := _find_ground(one))), "")
    return bool(colour) and _plain(colour) == _plain(ground)


def _find_ground(element: HtmlElement) -> str:
    match = _GROUND.search(element.get("style", ""))
    return match[1] if match else str(element.get("bgcolor", ""))


def _plain(colour: str) -> str:
    text = "".join(colour.replace("!important", "").lower().split())
    text = {"white": "#ffffff", "black": "#000000"}.get(text, text)
    return "#" + "".join(char * 2 for char in text[1:]) if re.fullmatch(r"#[0-9a-f]{3}", text) else text


def _read(root: HtmlElement) -> Iterator[str]:
    if root.tag in _UNREAD:
        return
    for element in root.iter():
        if isinstance(element.tag, str):  # comments are left out
            yield element.text or ""
            yield element.get("alt", "")
        yield element.tail or ""
