"""The lines, tables and pictures of a PDF's pages in reading order, without running headers and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bulletin.importing.blocks import Block, Role, Run, make_table
from bulletin.importing.columns import Word, cluster_lines, split_columns
from bulletin.importing.letters import close_gaps, free_stops, make_run
from bulletin.importing.losses import join_texts, report_missing
from bulletin.importing.trimming import trim

_MARGIN = 0.11  # of a page's height: the part with running lines and page numbers
_PAGE_NUMBER = re.compile(r"[-–|·\s]*(?:page\s*)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?[-–|·\s]*", re.IGNORECASE)
_SMALL = 0.8  # times the usual size: a line as small as this in a page's margin is a running line
_SMALLEST_PICTURE = 60.0
_TIGHT = 0.12  # times the size: a gap in a word that is partly bold, or before a full stop
_WIDE = 2.2  # times the size of its letters: a gap between the cells of a row without lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a page, or (as `block`) a table or picture on it. Sizes and places are in points.

    `gap` is the white space above it, infinite at the top of a page or a column. `room` is the white space from its
    end to the right edge of its column.
    """

    runs: tuple[Run, ...] = ()
    size: float = 0.0
    bold: bool = False
    left: float = 0.0
    top: float = 0.0
    gap: float = float("inf")
    height: float = 1.0  # of the page
    page: int = 0
    room: float = 0.0
    block: Block | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def read_lines(document: Any, *, look: Callable[[Any], None]) -> list[Line]:
    """The lines of all pages. `look` gets each page while it is open."""
    lines: list[Line] = []
    for page in document.pages:
        lines += _read_page(page)
        look(page)
        page.close()
    running = _find_running(lines)
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    small = _SMALL * letters.most_common(1)[0][0] if lines else 0.0
    kept = [line for line in lines if not _is_running(line, running, small)]
    said = [_as_block(line) for line in kept]
    once, _ = trim([_as_block(line) for line in lines if line not in kept and _shape(line) not in running])
    lost = report_missing("Words in small print at the head or foot of a page", join_texts(once), said)
    return [*kept, *(Line(block=block) for block in lost)]


def _as_block(line: Line) -> Block:
    return Block(role=Role.PARAGRAPH, runs=line.runs) if line.block is None else line.block


def _read_page(page: Any) -> Iterator[Line]:
    words = page.extract_words(extra_attrs=["fontname", "size"], x_tolerance_ratio=0.2)
    tables = list(_find_tables(page, words))
    for found, block in tables:
        within = " ".join(word["text"] for word in words if _is_inside(word, found.bbox))
        for lost in report_missing(
            f"Words of the table on page {page.page_number} that are in no cell", within, [block]
        ):
            yield Line(block=lost)
    words = [word for word in words if not any(_is_inside(word, found.bbox) for found, _ in tables)]
    placed = [(found.bbox[1], block) for found, block in tables] + list(_find_pictures(page))
    for group in split_columns(words):
        bottom = float("-inf")
        edge = max((word["x1"] for word in group), default=0.0)
        for line in cluster_lines(group):
            top = min(word["top"] for word in line)
            for place in [place for place in placed if place[0] < top]:
                yield Line(block=place[1], top=place[0], height=float(page.height), page=page.page_number)
                placed.remove(place)
                bottom = float("-inf")
            if found := _read_line(line, page, top - bottom):
                yield replace(found, room=edge - max(word["x1"] for word in line))
            bottom = max(word["bottom"] for word in line)
    for top, block in placed:
        yield Line(block=block, top=top, height=float(page.height), page=page.page_number)


def _read_line(words: Sequence[Word], page: Any, gap: float) -> Line | None:
    size = Counter(round(word["size"], 1) for word in words for _ in word["text"]).most_common(1)[0][0]
    runs: list[Run] = []
    for before, word in zip([None, *words[:-1]], words, strict=True):
        far = before is not None and word["x0"] - before["x1"] > _WIDE * size
        torn = before is not None and word["x0"] - before["x1"] < _TIGHT * size
        runs += [Run(text=" · " if far else "" if torn else " ")] if before is not None else []
        runs.append(make_run(word["text"], word, page.hyperlinks))
    closed, left = free_stops(close_gaps(runs)), words[0]["x0"]
    top, bottom = min(word["top"] for word in words), max(word["bottom"] for word in words)
    for shape in (*page.curves, *page.rects):
        if _is_bullet(shape, left, top, bottom):
            closed, left = (Run(text="• "), *closed), shape["x0"]
            break
    if not closed:
        return None
    bold = all(run.strong for run in runs if run.text.strip(" ·"))
    height = float(page.height)
    return Line(runs=closed, size=size, bold=bold, left=left, top=top, gap=gap, height=height, page=page.page_number)


def _is_bullet(shape: dict[str, Any], left: float, top: float, bottom: float) -> bool:
    """Whether a small drawing just left of a line is its bullet, because browsers draw bullets."""
    height = bottom - top
    small = shape["width"] < height * 0.6 and shape["height"] < height * 0.6
    beside = 0 <= left - shape["x1"] < height * 2
    return bool(small and beside and top <= shape["top"] and shape["bottom"] <= bottom)


def _is_inside(word: Word, box: Sequence[float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _find_tables(page: Any, words: Sequence[Word]) -> Iterator[tuple[Any, Block]]:
    """Tables that are drawn with lines: at least two rows and two columns, with words in most cells."""
    if len(page.rects) + len(page.lines) > 2_000:
        return  # a drawing
    for table in page.find_tables():
        rows = [[_read_cell(page, words, cell) for cell in row.cells] for row in table.rows]
        filled = sum(bool(cell) for row in rows for cell in row)
        wide = min(map(len, rows), default=0) >= 2 and len(rows) >= 2
        if wide and filled >= 0.6 * sum(map(len, rows)) and (block := make_table(rows)):
            yield table, block


def _read_cell(page: Any, words: Sequence[Word], cell: Sequence[float] | None) -> tuple[Run, ...]:
    if cell is None:
        return ()
    inside = [word for line in cluster_lines(word for word in words if _is_inside(word, cell)) for word in line]
    runs = [run for word in inside for run in (Run(text=" "), make_run(word["text"], word, page.hyperlinks))]
    return close_gaps(runs[1:])


def _find_pictures(page: Any) -> Iterator[tuple[float, Block]]:
    for image in page.images:
        if min(image["width"], image["height"]) >= _SMALLEST_PICTURE:
            yield image["top"], Block(role=Role.PICTURE, runs=(), source="pdf:picture")


def _is_in_margin(line: Line) -> bool:
    return not _MARGIN * line.height < line.top < (1 - _MARGIN) * line.height


def _find_running(lines: Iterable[Line]) -> set[tuple[str, float]]:
    """The lines at the head or foot of several pages; their numbers may differ."""
    pages = len({line.page for line in lines})
    found = Counter({(_shape(line)): 0 for line in lines})
    for _, shape in {(line.page, _shape(line)) for line in lines if _is_in_margin(line) and line.runs}:
        found[shape] += 1
    return {shape for shape, number in found.items() if number >= max(2, pages / 2)}


def _shape(line: Line) -> tuple[str, float]:
    return re.sub(r"\d+", "#", line.text), round(line.size)


def _is_running(line: Line, running: set[tuple[str, float]], small: float) -> bool:
    """Whether a line belongs to the page, not to the text: it is on other pages too, a number, or in small print."""
    if not line.runs or not _is_in_margin(line):
        return False
    return _shape(line) in running or line.size < small or _PAGE_NUMBER.fullmatch(line.text) is not None
