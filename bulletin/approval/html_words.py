"""The words of an email as readers of its HTML, and of its plain text, meet them: block by block, in order. Pure.

They include what only some programs show (Outlook's own parts, the preview text, the words for a picture, words that a
style writes), and each address that a link or anything else leads to. An approval covers all of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Final
from unicodedata import category

from bulletin.approval.contents import Contents

_RUNNING: Final = re.compile(r"a|abbr|bd[io]|cite|code|em|font|img|mark|small|span|strong|su[bp]|[biqsu]|wbr")
"""Elements that do not end a block: a sentence continues in them."""

# Attributes that are read aloud, or shown: in place of a picture, on a button, in a field.
_SAID_BY: Final = ("alt", "aria-label", "title", "value")
_OWN_LINK: Final = "each reader’s own link"
_OUTLOOKS: Final = re.compile(r"\[if[^\]]*\]>(.*?)(?:<!\[endif\])?", re.DOTALL)
_WRITTEN_BY_STYLE: Final = re.compile(r"""content\s*:\s*("[^"]*"|'[^']*')""")
_TEXT_BLOCK: Final = re.compile(r"\n\s*\n|\n[-=]{3,}(?=\n|$)|\n(?=\s*[^\w\s] )")  # a paragraph, a heading, an entry


def list_html_words(contents: Contents) -> list[str]:
    """The subject, and then the blocks of the HTML; a link with the address behind it."""
    reader = _Reader()
    reader.feed("".join(_fill_slots(contents.html, contents.letterhead)))
    reader.close()
    reader.end_block()
    title = [] if reader.title == contents.subject else [reader.title]
    return [f"Subject: {contents.subject}", *filter(None, title), *reader.blocks]


def list_text_words(contents: Contents) -> list[str]:
    """The blocks of the plain text, however its lines are broken."""
    text = "".join(_fill_slots(contents.text, contents.letterhead))
    return [words for block in _TEXT_BLOCK.split(text) if (words := _tidy(block))]


def _fill_slots(pieces: Iterable[str], letterhead: Mapping[str, str]) -> Iterable[str]:
    greeting, again = (
        " / ".join(dict.fromkeys((letterhead.get(name, ""), letterhead.get(f"{name}_unnamed", ""))))
        for name in ("greeting", "second_greeting")
    )
    slots = {"greeting": greeting, "second_greeting": again, "unsubscribe": _OWN_LINK, "preferences": _OWN_LINK}
    return (slots.get(piece, piece) if at % 2 else piece for at, piece in enumerate(pieces))


def _tidy(text: str) -> str:
    """`text` on one line, without what has no width: it fills up the preview, and tells nothing."""
    return " ".join("".join(char for char in text if char.isspace() or not _is_invisible(char)).split())


def _is_invisible(char: str) -> bool:
    return category(char) in ("Cf", "Cc") or char == "\N{COMBINING GRAPHEME JOINER}"


def _describe_target(address: str) -> str:
    """An address as readers know it; "" if it leads to a place in the email itself."""
    return "" if address.startswith("#") else re.sub(r"^(?:mailto|tel):", "", address)


class _Reader(HTMLParser):
    """Collects `blocks`, and the page's `title`."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.title = ""
        self._block = ""
        self._within: list[str] = []  # of the elements whose content is no block: title, style, script
        self._link, self._link_words = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not _RUNNING.fullmatch(tag):
            self.end_block()
        if tag in ("title", "style", "script"):
            self._within.append(tag)
        if tag == "a":
            self._link, self._link_words = _describe_target(given.get("href", "")), ""
        for value in dict.fromkeys(given.get(name, "") for name in _SAID_BY):
            self._add(f" [{value}] " if value else "")
        if re.match(r"(?:https?:)?//", given.get("src", "")):
            self._add(f" <{given['src']}> ")
        if tag != "a" and (address := _describe_target(given.get("href", ""))):  # such as Outlook's buttons
            self._add(f" <{address}> ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in self._within[-1:]:
            self._within.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within[-1:]:
            self._within.pop()
        if tag == "a":
            self._add_address()
        if not _RUNNING.fullmatch(tag):
            self.end_block()

    def handle_data(self, data: str) -> None:
        within = self._within[-1] if self._within else ""
        if within == "title":
            self.title = _tidy(self.title + data)
        elif within == "style":
            self.blocks += [f"written by a style: {found[1]}" for found in _WRITTEN_BY_STYLE.finditer(data)]
        elif not within:
            self._add(data)

    def handle_comment(self, data: str) -> None:
        if found := _OUTLOOKS.fullmatch(data):
            reader = _Reader()
            reader.feed(found[1])
            reader.close()
            reader.end_block()
            if reader.blocks:
                self.end_block()
                self.blocks += reader.blocks

    def end_block(self) -> None:
        """Begin a new block."""
        if words := _tidy(self._block):
            self.blocks.append(words)
        self._block = ""

    def _add(self, text: str) -> None:
        self._block += text
        self._link_words += text

    def _add_address(self) -> None:
        """Where a link leads, if its own words do not say so."""
        if self._link and self._link != _tidy(self._link_words):
            self._block = f"{self._block.rstrip()} <{self._link}>"
        self._link = ""
