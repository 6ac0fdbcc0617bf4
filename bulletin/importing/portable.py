"""Blocks from a PDF: its lines, of which the larger and the bolder ones are headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.plain import mend_bullets

MOST_PAGES = 200
MOST_SECONDS = 20.0
_ENTRY = re.compile(r"(?:[•·▪◦‣●○■□⁃\uf0b7\uf0a7–-]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_LARGER = 1.08  # times the size that most letters have


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """One line of a page. Sizes and places are in points; `gap` is the white above it, infinite atop a page."""

    runs: tuple[Run, ...]
    size: float
    bold: bool
    gap: float

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def read_pdf(data: bytes, *, clock: Callable[[], float]) -> list[Block]:
    """The blocks of a PDF. `clock` counts seconds.

    Raises BulletinError for one that has a password, has more than MOST_PAGES, or takes longer than MOST_SECONDS.
    """
    import pdfplumber  # 200 ms, and only those who bring a PDF need it
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(BytesIO(data)) as document:
            return _make_blocks(_read_pages(document, clock))
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise BulletinError("The PDF is locked with a password.", "Save it without one, and try again.") from error
        raise


def _read_pages(document: Any, clock: Callable[[], float]) -> list[_Line]:
    if len(document.pages) > MOST_PAGES:
        raise BulletinError(
            f"The PDF has {len(document.pages)} pages; a bulletin has {MOST_PAGES} at most.",
            "Save the pages that you need as a PDF of their own.",
        )
    started = clock()
    lines: list[_Line] = []
    for page in document.pages:
        lines += _read_lines(page)
        page.close()
        if clock() - started > MOST_SECONDS:
            raise BulletinError(
                f"The PDF takes longer than {MOST_SECONDS:.0f} seconds to read.",
                "Save the pages that you need as a PDF of their own, or copy its text into a .txt file.",
            )
    return lines


def _read_lines(page: Any) -> Iterator[_Line]:
    bottom = float("-inf")
    for line in page.extract_text_lines(return_chars=True):
        chars = line["chars"]
        words = page.crop(_widen(line, page)).extract_words(extra_attrs=["fontname"])
        runs = join_runs(
            run for word in words for run in (Run(text=word["text"], link=_link_at(page, word)), Run(text=" "))
        )
        sizes = Counter(round(char["size"], 1) for char in chars)
        bold = all("bold" in char["fontname"].lower() for char in chars if not char["text"].isspace())
        if runs and any(_is_bullet(shape, line) for shape in (*page.curves, *page.rects)):
            runs = (Run(text="• "), *runs)
        if runs:
            yield _Line(runs=_close_links(runs), size=sizes.most_common(1)[0][0], bold=bold, gap=line["top"] - bottom)
        bottom = line["bottom"]


def _is_bullet(shape: dict[str, Any], line: dict[str, Any]) -> bool:
    """Whether a small drawing just left of a line is its bullet: browsers draw theirs instead of writing them."""
    height = line["bottom"] - line["top"]
    small = shape["width"] < height * 0.6 and shape["height"] < height * 0.6
    beside = 0 <= line["x0"] - shape["x1"] < height * 2
    return bool(small and beside and line["top"] <= shape["top"] and shape["bottom"] <= line["bottom"])


def _widen(line: dict[str, Any], page: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = page.bbox
    return left, max(top, line["top"]), right, min(bottom, line["bottom"])


def _link_at(page: Any, word: dict[str, Any]) -> str:
    """The address of the link that lies over the middle of a word; empty without one."""
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    for link in page.hyperlinks:
        if link["x0"] <= x <= link["x1"] and link["top"] <= y <= link["bottom"]:
            return str(link.get("uri") or "")
    return ""


def _close_links(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """A blank between two words of one link belongs to it."""
    closed: list[Run] = []
    for index, run in enumerate(runs):
        inside = 0 < index < len(runs) - 1 and run.text == " " and runs[index - 1].link == runs[index + 1].link
        closed.append(Run(text=" ", link=runs[index - 1].link) if inside else run)
    return join_runs(closed)


def _make_blocks(lines: list[_Line]) -> list[Block]:
    """Lines put together: to headings by size and weight, to entries by bullets, to paragraphs by the white between."""
    lines = list(_mend(lines))
    body = Counter[float]()
    for line in lines:
        body[line.size] += len(line.text)
    usual = body.most_common(1)[0][0] if body else 0.0
    larger = sorted({line.size for line in lines if line.size > usual * _LARGER}, reverse=True)[:4]
    blocks: list[Block] = []
    last: _Line | None = None
    for line in lines:
        level = larger.index(line.size) + 1 if line.size in larger else 5 if _is_bold_heading(line) else 0
        block = _read_line(line, level)
        if last and blocks and _continues(blocks[-1], block, last, line):
            joined = join_runs([*blocks[-1].runs, Run(text=" "), *block.runs])
            blocks[-1] = Block(role=blocks[-1].role, runs=joined, level=blocks[-1].level, number=blocks[-1].number)
        else:
            blocks.append(block)
        last = line
    return blocks


def _mend(lines: list[_Line]) -> Iterator[_Line]:
    """The lines with bullets that stand alone before their text."""
    left = list(lines)
    for text in mend_bullets([line.text for line in lines]):
        while left and left[0].text != text and left[0].text != text.removeprefix("• "):
            left.pop(0)
        if not left:
            return
        line = left.pop(0)
        runs = line.runs if line.text == text else (Run(text="• "), *line.runs)
        yield _Line(runs=runs, size=line.size, bold=line.bold, gap=line.gap)


def _is_bold_heading(line: _Line) -> bool:
    return line.bold and len(line.text) < 80 and line.text[-1] not in ".,;:" and not _ENTRY.match(line.text)


def _read_line(line: _Line, level: int) -> Block:
    match = _ENTRY.match(line.text)
    if level or not match:
        return Block(role=Role.HEADING if level else Role.PARAGRAPH, runs=line.runs, level=level)
    number = int(match["number"]) if match["number"] else None
    return Block(role=Role.ENTRY, runs=join_runs(_without(line.runs, match.end())), number=number)


def _without(runs: Iterable[Run], count: int) -> Iterator[Run]:
    """The runs without their first characters."""
    for run in runs:
        yield Run(text=run.text[count:], link=run.link, strong=run.strong)
        count = max(0, count - len(run.text))


def _continues(last: Block, block: Block, before: _Line, line: _Line) -> bool:
    """Whether a line goes on with the block above it."""
    near = line.gap < before.size * 0.75
    return (
        near
        and (last.level == block.level if block.role is Role.HEADING else block.role is Role.PARAGRAPH)
        and (last.role is Role.HEADING) == (block.role is Role.HEADING)
    )
