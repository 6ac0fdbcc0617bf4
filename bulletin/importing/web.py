"""Blocks from HTML: a web page, a mail, or what a Word document was turned into."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree, html

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.plain import decode

_UNSEEN = {"head", "script", "style", "template", "noscript", "title", "svg", "object", "iframe", "select"}
_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong"}
_INLINE |= {"sub", "sup", "time", "u", "label", "kbd", "del", "ins", "big", "tt", "var", "samp"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_LONGEST_BOLD_HEADING = 80


def read_html(data: bytes) -> list[Block]:
    """The blocks of a page, without what its readers do not see. Nothing outside the page is opened."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(decode(data).encode("utf-8", "replace"), parser=parser)
    walker = _Walker()
    walker.walk(root)
    walker.flush()
    return walker.blocks


class _Walker:
    """Goes through a page in reading order and gathers its blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._level = 0
        self._entry = False
        self._number: int | None = None

    def walk(self, element: etree._Element, *, link: str = "", strong: bool = False) -> None:
        tag = str(element.tag)
        if tag in _UNSEEN or _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None:
            return
        if tag == "img":
            self._add_picture(element.get("alt") or "")
        elif tag == "br":
            self._runs.append(Run(text=" "))
        elif tag in _INLINE:
            address = (element.get("href") or "").strip() if tag == "a" else ""
            self._walk_inside(element, link=address or link, strong=strong or tag in ("b", "strong"))
        elif tag == "table" and _is_data(element):
            self._add_table(element)
        else:
            self._walk_block(element, tag, link)

    def _walk_block(self, element: etree._Element, tag: str, link: str) -> None:
        self.flush()
        before = (self._level, self._entry, self._number)
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
        elif tag == "li":
            self._level, self._entry, self._number = 0, True, _number_of(element)
        self._walk_inside(element, link=link, strong=False)
        self.flush()
        self._level, self._entry, self._number = before

    def _walk_inside(self, element: etree._Element, *, link: str, strong: bool) -> None:
        self._runs.append(Run(text=element.text or "", link=link, strong=strong))
        for child in element:
            self.walk(child, link=link, strong=strong)
            self._runs.append(Run(text=child.tail or "", link=link, strong=strong))

    def _add_picture(self, alt: str) -> None:
        if runs := join_runs([Run(text=alt)]):
            self.flush()
            self.blocks.append(Block(role=Role.PICTURE, runs=runs))

    def _add_table(self, table: etree._Element) -> None:
        """Each row as an entry, its cells parted by a dot: mail's Markdown has no tables."""
        self.flush()
        for row in table.iter("tr"):
            for index, cell in enumerate(row.iterchildren("td", "th")):
                self._runs += [Run(text=" · ")] if index else []
                self._walk_inside(cell, link="", strong=False)
            self._entry = True
            self.flush()
            self._entry = False

    def flush(self) -> None:
        """End the block that is being gathered."""
        runs, self._runs = join_runs(self._runs), []
        if not runs:
            return
        level = self._level or (5 if not self._entry and _is_bold_heading(runs) else 0)
        role = Role.HEADING if level else Role.ENTRY if self._entry else Role.PARAGRAPH
        self.blocks.append(Block(role=role, runs=runs, level=level, number=self._number if self._entry else None))


def _is_bold_heading(runs: Iterable[Run]) -> bool:
    text = "".join(run.text for run in runs)
    bold = all(run.strong and not run.link for run in runs)
    return bold and len(text) <= _LONGEST_BOLD_HEADING and text[-1] not in ".,;"


def _number_of(entry: etree._Element) -> int | None:
    """The number before an entry of an `ol`; None in any other list."""
    parent = entry.getparent()
    if parent is None or parent.tag != "ol":
        return None
    written = entry.get("value") or ""
    start = parent.get("start") or "1"
    position = [*parent.iterchildren("li")].index(entry)
    return int(written) if written.isdecimal() else position + (int(start) if start.isdecimal() else 1)


def _is_data(table: etree._Element) -> bool:
    """Whether a table holds data: rows of cells with words in them. Mails use tables for their layout as well."""
    if table.get("role") == "presentation" or any(True for _ in table.iterdescendants("table", "h1", "h2", "h3", "li")):
        return False
    rows = [len([*row.iterchildren("td", "th")]) for row in table.iter("tr")]
    return len(rows) >= 2 and min(rows) >= 2
