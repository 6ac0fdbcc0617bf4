"""A tagged PDF as its readers of screens get it: elements in their order, each with its words (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pdfplumber
from pypdf import PdfReader


@dataclass
class Element:
    """An element of the structure. `parts` are its words and its elements, in order."""

    tag: str
    alt: str = ""
    lang: str = ""
    parts: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]


@dataclass
class Structure:
    """The whole of a document's structure, and what its catalogue says."""

    root: Element
    lang: str
    title: str
    shows_title: bool
    outline: list[str]
    addresses: list[str]  # of links, in the order of pages

    @property
    def text(self) -> str:
        return " ".join(self.root.text.split())


def read_structure(content: bytes) -> Structure:
    """The structure of a PDF's bytes."""
    reader = PdfReader(BytesIO(content))
    words = _read_words(content)
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    catalogue: Any = reader.trailer["/Root"]
    root = Element(tag="Root")
    _read(catalogue["/StructTreeRoot"].get("/K"), root, words, pages, page=None)
    return Structure(
        root=root,
        lang=str(catalogue["/Lang"]),
        title=str((reader.metadata or {}).get("/Title", "")),
        shows_title=bool(catalogue["/ViewerPreferences"].get("/DisplayDocTitle")),
        outline=list(_list_outline(reader.outline)),
        addresses=[address for page in reader.pages for address in _list_addresses(page)],
    )


def _read_words(content: bytes) -> dict[tuple[int, int], str]:
    """The words of each marked content, by page and number. A line's end is a space.

    pdfplumber forgets which content it is in after a no-break space, which Typst puts into a content of its own.
    """
    words: dict[tuple[int, int], str] = {}
    with pdfplumber.open(BytesIO(content)) as document:
        for number, page in enumerate(document.pages):
            key: tuple[int, int] | None = None
            below = 0.0
            for letter in page.chars:
                if letter["mcid"] is not None:
                    key = (number, letter["mcid"])
                elif letter["tag"] == "Artifact":
                    key = None
                if key:
                    moved = key in words and abs(letter["top"] - below) > letter["size"] / 2
                    words[key] = words.get(key, "") + (" " if moved else "") + letter["text"]
                    below = letter["top"]
    return words


def _read(
    kids: Any, into: Element, words: dict[tuple[int, int], str], pages: dict[int, int], *, page: int | None
) -> None:
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        each = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(each, int):
            into.parts.append(words.get((page or 0, int(each)), ""))
        elif isinstance(each, dict):
            own = pages.get(each.raw_get("/Pg").idnum) if "/Pg" in each else page  # type: ignore[attr-defined]
            if each.get("/Type") == "/MCR":
                into.parts.append(words.get((own or 0, int(each["/MCID"])), ""))
            elif "/S" in each:
                element = Element(tag=each["/S"][1:], alt=str(each.get("/Alt", "")), lang=str(each.get("/Lang", "")))
                into.parts += [element, " "]
                if "/K" in each:
                    _read(each.raw_get("/K"), element, words, pages, page=own)  # type: ignore[attr-defined]


def _list_outline(entries: Any) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _list_outline(entry)
        else:
            yield str(entry.title)


def _list_addresses(page: Any) -> Iterator[str]:
    for annotation in page.get("/Annots", ()):
        action = annotation.get_object().get("/A")
        if action and "/URI" in action:
            yield str(action["/URI"])
