"""A tagged PDF as HTML: its structure gives the headings, lists, tables and the reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from bulletin.importing.blocks import Run
from bulletin.importing.letters import OutgoingMessage, join_lines, make_run

PICTURE = "pdf:picture"
_LEAST_SHARE = 0.8  # of the letters must be in the structure, or it can't be trusted
_TAGS = {"Title": "h1", "H": "h2", "P": "p", "Caption": "p", "Note": "p", "BlockQuote": "div", "L": "ul", "LI": "li"}
_TAGS |= {f"H{level}": f"h{level}" for level in range(1, 7)}
_TAGS |= {"Table": "table", "TR": "tr", "TH": "th", "TD": "td", "THead": "tbody", "TBody": "tbody", "TFoot": "tbody"}
_TAGS |= dict.fromkeys(("Document", "Part", "Art", "Sect", "Div", "Aside", "TOC", "TOCI", "Index", "Form"), "div")
_PASSED_OVER = ("Artifact", "Formula", "Annot")
_DEEPEST = 200
_FEWEST_ROOM = 6.0  # times the size of its letters: the room at the end of a line that was ended on purpose

Element = dict[str, Any]


def write_page(document: Any, *, look: Callable[[Any], None]) -> tuple[bytes | None, str]:
    """The document as HTML, and its words outside its structure.

    None if it has no structure, or if most of its letters are outside it. `look` gets each page while it is open.
    """
    structure: list[Element] = document.structure_tree
    if not structure:
        return None, ""
    writer = _Writer(document, look)
    body = etree.Element("body")
    for element in structure:
        writer.write(element, body, depth=0)
    if writer.written < _LEAST_SHARE * writer.count or not writer.written:
        return None, ""
    return bytes(etree.tostring(body, method="html", encoding="utf-8")), writer.loose


class _Writer:
    """The letters of each marked content, written as the text of HTML elements."""

    def __init__(self, document: Any, look: Callable[[Any], None]) -> None:
        self.written = 0
        self.count = 0
        self._letters: dict[tuple[int, int], list[OutgoingMessage]] = {}
        self._links: dict[int, list[dict[str, Any]]] = {}
        self._edges: dict[int, float] = {}  # the right edge of each page's letters, in points
        self._last: tuple[etree._Element, OutgoingMessage] | None = (
            None  # the element that got the last words, and the last letter of them
        )
        self._unmarked: list[OutgoingMessage] = []
        for page in document.pages:
            self._links[page.page_number] = page.hyperlinks
            self._edges[page.page_number] = max((letter["x1"] for letter in page.chars), default=0.0)
            for letter in page.chars:
                self.count += letter["tag"] != "Artifact" and not letter["text"].isspace()
                if letter["mcid"] is not None:
                    self._letters.setdefault((page.page_number, letter["mcid"]), []).append(letter)
                elif letter["tag"] != "Artifact":
                    self._unmarked.append(letter)
            look(page)
            page.close()
        text = "".join(letter["text"] for letters in self._letters.values() for letter in letters)
        self._words = set(re.findall(r"\w+(?:-\w+)*", text))

    @property
    def loose(self) -> str:
        """The words that no element has so far, line by line, without running lines.

        Running lines are marked as the page's own, or are at the same height of several pages.
        """
        kept = (letters for letters in self._letters.values() if letters[0]["tag"] != "Artifact")
        lines: dict[tuple[int, int], str] = {}
        for letter in (*self._unmarked, *(letter for letters in kept for letter in letters)):
            at = (letter["page_number"], round(letter["bottom"]))
            lines[at] = lines.get(at, "") + letter["text"]
        shapes = {at: (at[1], re.sub(r"\d+", "#", line)) for at, line in lines.items()}
        pages = Counter(shapes.values())
        return "\n".join(line for at, line in lines.items() if pages[shapes[at]] == 1)

    def write(self, element: Element, parent: etree._Element, *, depth: int) -> None:
        kind = element["type"]
        if kind in _PASSED_OVER or depth > _DEEPEST:
            return
        if kind == "Figure":
            self._write_figure(element, parent)
            return
        if kind == "Lbl" and parent.tag == "li":
            self._number(element, parent)
            return
        tag = _TAGS.get(kind)
        holder = etree.SubElement(parent, tag) if tag else parent
        if letters := list(self._own(element)):
            self._append(holder, letters, element.get("page_number") or 0)
        for child in element.get("children", ()):
            self.write(child, holder, depth=depth + 1)

    def _own(self, element: Element) -> Iterator[OutgoingMessage]:
        """The letters of an element, without those of the elements inside it."""
        for mcid in element.get("mcids", ()):
            yield from self._letters.pop((element.get("page_number") or 0, mcid), ())

    def _write_figure(self, element: Element, parent: etree._Element) -> None:
        image = etree.SubElement(parent, "img", src=PICTURE)
        if alt := clean_xml(element.get("alt_text") or ""):
            image.set("alt", alt)
        for child in element.get("children", ()):
            self.write(child, parent, depth=0)

    def _number(self, element: Element, entry: etree._Element) -> None:
        """Give an entry the number of its label; a bullet needs no words."""
        letters = [*self._own(element), *(one for child in element.get("children", ()) for one in self._own(child))]
        self.written += sum(not letter["text"].isspace() for letter in letters)
        if match := re.match(r"\s*(\d{1,3})", "".join(letter["text"] for letter in letters)):
            entry.set("value", match[1])
            parent = entry.getparent()
            if parent is not None:
                parent.tag = "ol"

    def _append(self, holder: etree._Element, letters: list[OutgoingMessage], page: int) -> None:
        self.written += sum(not letter["text"].isspace() for letter in letters)
        runs: list[Run] = []
        for line in _split_lines(letters):
            found = list(self._read_line(line, page))
            text = runs[-1].text if runs else "".join(map(str, holder.itertext()))
            runs = _glue(runs, found, text, self._words)
        size = sorted(letter["size"] for letter in letters)[len(letters) // 2]
        if self._last and self._last[0] is holder:
            _separate(holder, self._last[1], letters[0], edge=self._edges.get(page, 0.0))
        self._last = (holder, letters[-1])
        for run in runs:
            _write_run(holder, run, size)

    def _read_line(self, letters: list[OutgoingMessage], page: int) -> Iterator[Run]:
        last: OutgoingMessage | None = None
        for letter in letters:
            wide = last is not None and letter["x0"] - last["x1"] > 0.2 * letter["size"]
            blank = wide and last is not None and not last["text"].isspace() and not letter["text"].isspace()
            yield make_run(f" {letter['text']}" if blank else letter["text"], letter, self._links[page])
            last = letter


def _separate(holder: etree._Element, before: OutgoingMessage, letter: OutgoingMessage, *, edge: float) -> None:
    """Add what is between two letters: nothing in a line, else a space, a break or (in front of a paragraph) two."""
    below = letter["bottom"] - before["bottom"]
    if abs(below) < 0.6 * letter["size"]:
        return
    ended = edge - before["x1"] > _FEWEST_ROOM * letter["size"]
    for _ in range(2 if below > 2 * letter["size"] else int(ended)):
        etree.SubElement(holder, "br")
    etree.SubElement(holder, "span").text = " "


def _split_lines(letters: list[OutgoingMessage]) -> Iterator[list[OutgoingMessage]]:
    line: list[OutgoingMessage] = []
    for letter in letters:
        if line and abs(letter["bottom"] - line[-1]["bottom"]) > 0.6 * letter["size"]:
            yield line
            line = []
        line.append(letter)
    if line:
        yield line


def _glue(runs: list[Run], found: list[Run], before: str, words: set[str]) -> list[Run]:
    merged: list[Run] = []
    for run in found:  # letters of one style become one run; spaces stay, for the next words of the same element
        last = merged[-1] if merged else None
        if last and (last.link, last.strong, last.slanted) == (run.link, run.strong, run.slanted):
            merged[-1] = Run(text=last.text + run.text, link=run.link, strong=run.strong, slanted=run.slanted)
        else:
            merged.append(run)
    if not runs:
        return merged
    blank = [] if before.endswith((" ", "\n")) else [Run(text=" ")]
    if before.endswith("-"):
        return list(join_lines(runs, merged, words.__contains__))
    return [*runs, *blank, *merged]


def _write_run(holder: etree._Element, run: Run, size: float) -> None:
    style = f"font-size:{size:.1f}pt"
    style += ";font-weight:bold" if run.strong else ""
    style += ";font-style:italic" if run.slanted else ""
    span = etree.SubElement(holder, "a" if run.link else "span", style=style)
    if run.link:
        span.set("href", clean_xml(run.link))
    span.text = clean_xml(run.text)


def clean_xml(text: str | bytes) -> str:
    """The text without characters that XML can't have."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", shown)
