"""The HTML of an email as blocks of words, with the place of each character, link and picture in it. Pure.

The HTML is read and never rebuilt: text that is put in at these places leaves all other characters as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>style|script|title)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CHARACTER = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|.", re.DOTALL)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"})


@dataclass(kw_only=True, slots=True)
class Element:
    """An element: where an attribute can be put into its tag, and where it ends. Offsets count characters."""

    name: str
    begin: int
    insert: int
    end: int
    attributes: dict[str, str]
    parent: Element | None


@dataclass(kw_only=True, slots=True)
class TextBlock:
    """Words that are together in `element`. Character i of them is html[begins[i]:ends[i]], in text node nodes[i].

    `edges` are the numbers of the characters that have a tag before them: where a value is likely to begin or end.
    """

    element: Element
    words: str = ""
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    edges: set[int] = field(default_factory=lambda: {0})


@dataclass(kw_only=True, slots=True)
class TextLink:
    """A link, and the characters of a block that it has (none for a link around a picture)."""

    element: Element
    block: TextBlock
    begin: int
    end: int


@dataclass(kw_only=True, slots=True)
class Outline:
    """What is in an email's HTML."""

    blocks: list[TextBlock] = field(default_factory=list)
    links: list[TextLink] = field(default_factory=list)
    pictures: list[Element] = field(default_factory=list)
    anchors: dict[str, Element] = field(default_factory=dict)  # by id


def read_outline(html: str) -> Outline:
    """The outline of a document, however broken."""
    return _Reader(html).read()


_MARKER = re.compile(r"\s*(?:[•>-]|\d+\.)\s+(?=\S)")


def read_paragraphs(text: str) -> list[TextBlock]:
    """Plain text as blocks, which empty lines and the markers of entries separate. Line ends are edges."""
    element = Element(name="", begin=0, insert=0, end=len(text), attributes={}, parent=None)
    blocks: list[TextBlock] = []
    at, apart = 0, True
    for line in text.splitlines(keepends=True):
        words = line.split()
        marker = _MARKER.match(line)
        if words and (apart or marker):
            blocks.append(TextBlock(element=element, begins=[at]))
        if words:
            block = blocks[-1]
            shown = line[marker.end() :].split() if marker else words
            start = len(block.words) + bool(block.words)
            block.words = " ".join(filter(None, [block.words, *shown]))
            block.edges |= {start, len(block.words)}
        apart = not words
        at += len(line)
    return blocks


class _Reader:
    def __init__(self, html: str) -> None:
        self._html = html
        self._outline = Outline()
        self._open = [Element(name="", begin=0, insert=0, end=len(html), attributes={}, parent=None)]
        self._links: list[TextLink] = []
        self._characters: list[str] = []
        self._block = TextBlock(element=self._open[0])
        self._space: tuple[int, int] | None = None

    def read(self) -> Outline:
        for token in _TOKEN.finditer(self._html, self._find_body()):
            if token["text"] is not None:
                self._take_text(token.start(), token["text"])
            elif token["name"] and token["end"]:
                self._close(token["name"].lower(), token.start())
            elif token["name"]:
                self._take_tag(token)
        self._finish_block()
        return self._outline

    def _find_body(self) -> int:
        body = re.search(r"<body\b", self._html, re.IGNORECASE)
        return body.start() if body else 0

    def _take_tag(self, token: re.Match[str]) -> None:
        name = token["name"].lower()
        if name not in _INLINE and name not in ("br", "img"):
            self._finish_block()
        self._mark_edge()
        element = Element(
            name=name,
            begin=token.start(),
            insert=token.end("name"),
            end=len(self._html),
            attributes=dict(_read_attributes(token["rest"])),
            parent=self._open[-1],
        )
        if name == "br":
            self._space = (token.start(), token.end())
        elif name == "img":
            self._outline.pictures.append(element)
        if anchor := element.attributes.get("id"):
            self._outline.anchors.setdefault(anchor, element)
        if name not in _VOID:
            self._enter(element)

    def _enter(self, element: Element) -> None:
        self._open.append(element)
        if element.name not in _INLINE:
            self._block = TextBlock(element=element)
        elif element.name == "a" and "href" in element.attributes:
            begin = len(self._characters)
            self._links.append(TextLink(element=element, block=self._block, begin=begin, end=begin))

    def _close(self, name: str, at: int) -> None:
        if all(element.name != name for element in self._open[1:]):
            return
        if name not in _INLINE:
            self._finish_block()
        self._mark_edge()
        while (element := self._open.pop()).name != name:
            element.end = at
        element.end = at
        if name == "a" and self._links and self._links[-1].element is element:
            link = self._links.pop()
            link.end = len(self._characters)
            self._outline.links.append(link)
        if name not in _INLINE:
            self._block = TextBlock(element=self._innermost())

    def _innermost(self) -> Element:
        return next(element for element in reversed(self._open) if element.name not in _INLINE)

    def _take_text(self, start: int, text: str) -> None:
        for match in _CHARACTER.finditer(text):
            begin, end = start + match.start(), start + match.end()
            for character in unescape(match[0]):
                self._take_character(character, begin, end, node=start)

    def _take_character(self, character: str, begin: int, end: int, *, node: int) -> None:
        if character.isspace():
            self._space = self._space or (begin, end)
            return
        if self._space and self._characters:
            if len(self._characters) in self._block.edges:
                self._block.edges.add(len(self._characters) + 1)
            self._put(" ", *self._space, node)
        self._space = None
        self._put(character, begin, end, node)

    def _put(self, character: str, begin: int, end: int, node: int) -> None:
        self._characters.append(character)
        self._block.begins.append(begin)
        self._block.ends.append(end)
        self._block.nodes.append(node)

    def _mark_edge(self) -> None:
        self._block.edges.add(len(self._characters))

    def _finish_block(self) -> None:
        if self._characters:
            self._mark_edge()
            self._block.words = "".join(self._characters)
            self._outline.blocks.append(self._block)
            self._block = TextBlock(element=self._block.element)
            self._characters = []
        self._space = None


def _read_attributes(text: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(text):
        yield match[1].lower(), unescape(match[2] if match[2] is not None else match[3])
