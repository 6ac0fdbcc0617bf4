"""A walk through a page in reading order, which gathers its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from bulletin.importing.blocks import Block, Role, Run, clean, find_words, join_runs, make_table
from bulletin.importing.page.chrome import find_chrome
from bulletin.importing.page.line_breaks import BREAK, TAB, mark_tabs, split_lines
from bulletin.importing.page.looks import UNSEEN, Look, Sheet, find_seen, is_hidden, style_of
from bulletin.importing.page.word_lists import is_word_mark, read_word_entry
from bulletin.importing.restoring.footnotes import PlacedNote, name_note
from bulletin.importing.restoring.heading_levels import BOLD, raise_large
from bulletin.importing.restoring.raised import loses_place, raise_words
from bulletin.importing.restoring.typed_lists import drop_sign

_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong"}
_INLINE |= {"sub", "sup", "time", "u", "label", "kbd", "del", "ins", "big", "tt", "var", "samp", "strike"}
_SMALLEST_PICTURE = 8  # pixels a side; smaller ones count readers or separate lines
_LONGEST_BOLD_HEADING = 80
_PREHEADER = range(20, 301)  # letters
_MOST_ROWS = 200  # that a cell spans
_LONGEST_CELL = 350  # letters; a table with longer cells is the page's layout


class PageWalker:
    """Walks a page in reading order and collects its blocks, with the size of each one's letters."""

    def __init__(self, sheet: Sheet, *, letters: int = 0) -> None:
        self.blocks: list[Block] = []
        self.notes: list[PlacedNote] = []
        self._sizes: list[float] = []
        self._sheet = sheet
        self._letters = letters
        self._runs: list[Run] = []
        self._checks: list[str] = []
        self._size: dict[float, int] = {}
        self._place = _Place()

    def walk(self, element: etree._Element, outer: Look) -> None:
        tag = str(element.tag)
        style = style_of(element, self._sheet)
        if tag in UNSEEN or is_word_mark(element):
            return
        if is_hidden(element, style):
            self._add_preheader(element)
        elif what := self._find_chrome(element):
            self._leave_out(element, what)
        elif name_note(element.get("id") or ""):
            self._take_note(element, outer)
        else:
            self._walk_seen(element, tag, outer.inside(element, self._sheet))

    def _walk_seen(self, element: etree._Element, tag: str, look: Look) -> None:
        if tag == "img":
            self._add_picture(element)
        elif tag == "br":
            self._add(BREAK, look)
        elif tag == "input":
            self._add_input(element, look)
        elif tag in _INLINE and element.get("role") != "heading":
            self._walk_inside(element, look)
        elif tag == "table" and is_data(element):
            self._add_table(element, look)
        else:
            self._walk_block(element, tag, look)

    def _walk_block(self, element: etree._Element, tag: str, look: Look) -> None:
        self.flush()
        before = self._place
        self._place = before.inside(element, tag)
        self._walk_inside(element, replace(look, strong=False) if self._place.level > before.level else look)
        self.flush()
        self._place = before

    def _walk_inside(self, element: etree._Element, look: Look) -> None:
        tabbed = "mso-tab-count" in (element.get("style") or "")
        self._add(TAB if tabbed else element.text or "", look)
        for child in element:
            self.walk(child, look)
            self._add(child.tail or "", look)

    def _add(self, text: str, look: Look) -> None:
        if look.struck and text.strip():
            self._checks.append(f"struck-out words are left out here: “{clean(text).strip()}”.")
            return
        if look.raised and not look.link.startswith("#"):
            if loses_place(text):
                where = "above" if look.raised == "super" else "below"
                self._checks.append(f"“{clean(text).strip()}” was {where} the line.")
            text = raise_words(text, look.raised)
        self._runs.append(look.run(mark_tabs(text)))
        self._size[look.size] = self._size.get(look.size, 0) + len(text.strip())

    def _add_input(self, field: etree._Element, look: Look) -> None:
        """The words that were typed into a field of a form."""
        if (field.get("type") or "text").lower() in ("text", "date", "email", "number", "tel", "url"):
            self._add(f" {field.get('value') or ''} ", look)

    def _add_picture(self, image: etree._Element) -> None:
        """A picture with a meaning: an empty alternative means that it is only decoration."""
        small = any(_is_below(image.get(side), _SMALLEST_PICTURE) for side in ("width", "height"))
        alt, source = image.get("alt"), (image.get("src") or "").strip()
        if small or alt == "" or not (source or alt):
            return
        runs, self._runs = self._runs, []  # a picture inside a sentence doesn't split it
        self._append(Block(role=Role.PICTURE, runs=join_runs([Run(text=alt or "")]), source=source), 0)
        self._runs = runs

    def _add_preheader(self, element: etree._Element) -> None:
        """The hidden words at the start of an email, which inboxes show beside its subject."""
        words = join_runs([Run(text=" ".join(map(str, element.itertext())))])
        shown = (block for block in self.blocks if block.role not in (Role.LEFT_OUT, Role.PREHEADER))
        seen = any(block.text for block in shown) or any(run.text.strip() for run in self._runs)
        text = "".join(run.text for run in words)
        if not seen and len(text) in _PREHEADER and len(find_words(text)) > 2:
            self._append(Block(role=Role.PREHEADER, runs=(Run(text=text),)), 0)

    def _find_chrome(self, element: etree._Element) -> str:
        """What an element is, if it belongs to the page and not to the bulletin. Most of a page is never that."""
        what = find_chrome(element)
        return what if what and 2 * sum(len(str(text)) for text in element.itertext()) < self._letters else ""

    def _leave_out(self, element: etree._Element, what: str) -> None:
        if str(element.tag) not in _INLINE:
            self.flush()
        words = " ".join(find_seen(element, self._sheet))
        if find_words(words):
            self._append(Block(role=Role.LEFT_OUT, runs=join_runs([Run(text=words)]), check=what), 0)

    def _take_note(self, element: etree._Element, outer: Look) -> None:
        """A footnote: its blocks go to the section that refers to it."""
        within = PageWalker(self._sheet)
        within._walk_block(element, "div", outer.inside(element, self._sheet))
        self.notes.append(PlacedNote(name=name_note(element.get("id") or ""), blocks=tuple(within.blocks)))

    def _add_table(self, table: etree._Element, look: Look) -> None:
        self.flush()
        for caption in table.iterchildren("caption"):
            self._walk_block(caption, "caption", look)
        if block := make_table(self._read_rows(table, look)):
            self._append(block, 0)

    def _read_rows(self, table: etree._Element, look: Look) -> Iterator[list[list[Run]]]:
        """The rows. A cell that spans several rows is in each of them."""
        spanning: dict[int, tuple[int, list[Run]]] = {}
        for row in table.iter("tr"):
            cells: list[list[Run]] = []
            for cell in row.iterchildren("td", "th"):
                _repeat(cells, spanning)
                runs, rows = self._read_cell(cell, look), cell.get("rowspan") or ""
                if rows.isdecimal() and 1 < int(rows) < _MOST_ROWS:
                    spanning[len(cells)] = (int(rows), runs)
                cells.append(runs)
            _repeat(cells, spanning)
            spanning = {at: (left - 1, runs) for at, (left, runs) in spanning.items() if left > 1}
            yield cells

    def _read_cell(self, cell: etree._Element, look: Look) -> list[Run]:
        """The words of a cell, with a dot or a space between its paragraphs."""
        within = PageWalker(self._sheet)
        within._walk_inside(cell, look.inside(cell, self._sheet))
        within.flush()
        pictures = [block for block in within.blocks if block.role is Role.PICTURE]
        self.blocks += pictures
        self._sizes += [0.0 for _ in pictures]
        self._checks += [*within._checks, *(block.check for block in within.blocks if block.check)]
        parts = [block.runs for block in within.blocks if block.role is not Role.PICTURE and block.runs]
        return list(_join_parts(parts))

    def flush(self) -> None:
        """End the block that is being gathered."""
        given, self._runs = self._runs, []
        size, self._size = max(self._size, key=self._size.__getitem__, default=0.0), {}
        place = self._place
        for runs, tight in split_lines(given, whole=place.entry or bool(place.level)):
            level = place.level or (BOLD if not place.entry and _is_bold_heading(runs) else 0)
            role = Role.HEADING if level else Role.ENTRY if place.entry else Role.PARAGRAPH
            words = join_runs(replace(run, strong=False) for run in runs) if level else runs
            number, depth = (place.number, max(place.depth, 0)) if role is Role.ENTRY else (None, 0)
            words = join_runs(drop_sign(words)) if place.typed else words
            made = Block(role=role, runs=words, level=level, number=number, depth=depth)
            self._append(replace(made, tight=tight and role is Role.PARAGRAPH), size)

    def _append(self, block: Block, size: float) -> None:
        if self._checks and block.role not in (Role.PICTURE, Role.PREHEADER, Role.LEFT_OUT):
            block, self._checks = replace(block, check=" ".join([block.check, *self._checks]).strip()), []
        self.blocks.append(block)
        self._sizes.append(size)

    def finish(self) -> list[Block]:
        """All blocks, with the levels of headings that are only larger than the text around them."""
        words = [at for at, block in enumerate(self.blocks) if block.role in (Role.PARAGRAPH, Role.ENTRY, Role.HEADING)]
        if self._checks and words:
            last = self.blocks[words[-1]]
            self.blocks[words[-1]] = replace(last, check=" ".join([last.check, *self._checks]).strip())
        return raise_large(self.blocks, self._sizes)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where in the structure of a page the words are: in a heading, in which list, in a typed list."""

    level: int = 0
    entry: bool = False
    depth: int = -1
    number: int | None = None
    typed: bool = False

    def inside(self, element: etree._Element, tag: str) -> _Place:
        role, level = element.get("role") or "", element.get("aria-level") or "2"
        if re.fullmatch("h[1-6]", tag):
            return replace(self, level=int(tag[1]))
        if role == "heading" and level in "123456":
            return replace(self, level=int(level))
        if tag in ("ul", "ol"):
            return replace(self, depth=self.depth + 1)
        if tag == "li" or role == "listitem":
            return replace(self, level=0, entry=True, number=_number_of(element))
        if word := read_word_entry(element):
            return replace(self, level=0, entry=True, number=word.number, depth=word.depth, typed=True)
        return self


def _repeat(cells: list[list[Run]], spanning: dict[int, tuple[int, list[Run]]]) -> None:
    """Add the cells of rows above that span into this row."""
    while len(cells) in spanning:
        cells.append(spanning[len(cells)][1])


def _join_parts(parts: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """The paragraphs of a cell, with a dot between two unless a sentence ends there."""
    end = ""
    for part in parts:
        yield Run(text=" · " if end and end not in ".!?:;," else " ")
        yield from part
        end = part[-1].text[-1:]


def _is_below(length: str | None, limit: int) -> bool:
    return (
        bool(length)
        and (length or "").removesuffix("px").isdecimal()
        and int((length or "").removesuffix("px")) < limit
    )


def _is_bold_heading(runs: Iterable[Run]) -> bool:
    text = "".join(run.text for run in runs)
    bold = all(run.strong and not run.link for run in runs)
    return bold and len(text) <= _LONGEST_BOLD_HEADING and text[-1] not in ".,;:"


def _number_of(entry: etree._Element) -> int | None:
    """The number before an entry of an `ol`; None in any other list."""
    parent = entry.getparent()
    if parent is None or parent.tag != "ol" or entry.tag != "li":
        return None
    written = entry.get("value") or ""
    start = parent.get("start") or "1"
    position = [*parent.iterchildren("li")].index(entry)
    return int(written) if written.isdecimal() else position + (int(start) if start.isdecimal() else 1)


def is_data(table: etree._Element) -> bool:
    """Whether a table has data: rows of cells with a few words each. Emails use tables for their layout too."""
    if table.get("role") == "presentation" or any(True for _ in table.iterdescendants("table", "h1", "h2", "h3", "li")):
        return False
    rows = [[*row.iterchildren("td", "th")] for row in table.iter("tr")]
    longest = max((sum(map(len, cell.itertext())) for row in rows for cell in row), default=0)
    return len(rows) >= 2 and min(map(len, rows)) >= 2 and longest <= _LONGEST_CELL
