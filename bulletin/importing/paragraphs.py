"""Lines of a PDF joined into headings (by size and weight), entries (by bullets) and paragraphs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.letters import join_lines
from bulletin.importing.lines import Line
from bulletin.importing.plain import mend_bullets

_ENTRY = re.compile(r"(?:[•·▪◦‣●○■□⁃\uf0b7\uf0a7–-]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_LARGER = 1.08  # times the most frequent size of letters
_INDENT = 6.0  # points, the extra indent of a list in a list
_NEAR = 0.35  # times the size of the letters, added to the usual space between two lines of one paragraph
_WIDEST = 0.6  # times the size: a larger space than this is between paragraphs
_WIDTH_OF_LETTER = 0.6  # times the size
_FEWEST_ROOM = 4.0  # times the size of its letters: the room at the end of a line that was ended on purpose
_CONTACT = re.compile(r"\S+@\S+\.\S+|www\.\S+|https?://\S+")
_LABEL = re.compile(r"[A-Z][A-Za-z ]{1,20}:\s")
_LONGEST_BOLD_HEADING = 80


def make_blocks(lines: Sequence[Line]) -> list[Block]:
    """The blocks of a PDF's lines."""
    mended = list(_mend(lines))
    body = Counter[float]()
    for line in mended:
        body[line.size] += len(line.text)
    usual = body.most_common(1)[0][0] if body else 0.0
    larger = sorted({line.size for line in mended if line.size > usual * _LARGER}, reverse=True)[:4]
    words = set(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for line in mended)))
    gathering = _Gathering(words.__contains__, _find_white(mended))
    for line in mended:
        level = larger.index(line.size) + 1 if line.size in larger else 5 if _is_bold_heading(line) else 0
        gathering.add(line, level)
    return gathering.blocks


def _mend(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, with each lone bullet put before its text. Tables and pictures keep their places."""
    stretch: list[Line] = []
    for line in lines:
        if line.block is None:
            stretch.append(line)
            continue
        yield from _mend_stretch(stretch)
        stretch = []
        yield line
    yield from _mend_stretch(stretch)


def _mend_stretch(lines: Sequence[Line]) -> Iterator[Line]:
    left = list(lines)
    for text in mend_bullets([line.text for line in lines]):
        while left and left[0].text != text and left[0].text != text.removeprefix("• "):
            left.pop(0)
        if not left:
            return
        line = left.pop(0)
        yield line if line.text == text else replace(line, runs=(Run(text="• "), *line.runs))


def _is_bold_heading(line: Line) -> bool:
    text = line.text
    return (
        line.bold
        and not any(run.link for run in line.runs)
        and 0 < len(text) < _LONGEST_BOLD_HEADING
        and text[-1] not in ".,;:"
        and not _ENTRY.match(text)
    )


def _find_white(lines: Sequence[Line]) -> float:
    """The space between two lines of one paragraph, as a multiple of the size of their letters."""
    gaps = sorted(
        line.gap / line.size
        for before, line in pairwise(lines)
        if before.size == line.size > 0 and line.gap != float("inf")
    )
    return min(max(0.0, gaps[len(gaps) // 4]), _WIDEST) if gaps else _WIDEST


class _Gathering:
    """The blocks so far, and the state to compare the next line with."""

    def __init__(self, is_word: Callable[[str], bool], white: float) -> None:
        self.blocks: list[Block] = []
        self._near = white + _NEAR
        self._is_word = is_word
        self._last: Line | None = None
        self._indents: list[float] = []

    def add(self, line: Line, level: int) -> None:
        if line.block is not None:
            self.blocks.append(line.block)
            self._last, self._indents = None, []
            return
        block = _read_line(line, level)
        if self._last and self.blocks and _continues(self.blocks[-1], block, self._last, line, self._near):
            last = self.blocks[-1]
            if _is_new_line(last, block, self._last, line):
                self.blocks.append(replace(block, tight=True))
            else:
                self.blocks[-1] = replace(last, runs=join_lines(last.runs, block.runs, self._is_word))
        else:
            self.blocks.append(replace(block, depth=self._measure(line)) if block.role is Role.ENTRY else block)
            self._indents = self._indents if block.role is Role.ENTRY else []
        self._last = line

    def _measure(self, line: Line) -> int:
        """The depth of an entry in the list that it continues."""
        while len(self._indents) > 1 and line.left < self._indents[-1] - _INDENT / 2:
            self._indents.pop()
        if not self._indents or line.left > self._indents[-1] + _INDENT:
            self._indents.append(line.left)
        return len(self._indents) - 1


def _read_line(line: Line, level: int) -> Block:
    match = _ENTRY.match(line.text)
    if level:
        plain = join_runs(replace(run, strong=False) for run in line.runs)
        return Block(role=Role.HEADING, runs=plain, level=level)
    if not match:
        return Block(role=Role.PARAGRAPH, runs=line.runs)
    number = int(match["number"]) if match["number"] else None
    return Block(role=Role.ENTRY, runs=join_runs(_without(line.runs, match.end())), number=number)


def _without(runs: Iterable[Run], count: int) -> Iterator[Run]:
    """The runs without their first characters."""
    for run in runs:
        yield replace(run, text=run.text[count:])
        count = max(0, count - len(run.text))


def _is_new_line(last: Block, block: Block, before: Line, line: Line) -> bool:
    """Whether a line was meant as a new one, because the one above it ends far from the edge of its column.

    How the first word would have fitted there tells a short line from a full one.
    """
    small = line.text[:1].islower() and not _CONTACT.fullmatch(line.text.strip())
    if last.role is not Role.PARAGRAPH or small or last.text[-1:] in ",-‐–/":
        return False
    first = len(line.text.split()[0]) * line.size * _WIDTH_OF_LETTER if line.text.split() else 0.0
    return (
        before.page == line.page and before.room > first + _FEWEST_ROOM * before.size and not _breaks_link(last, block)
    )


def _breaks_link(last: Block, block: Block) -> bool:
    return bool(last.runs and block.runs and last.runs[-1].link and last.runs[-1].link == block.runs[0].link)


def _continues(last: Block, block: Block, before: Line, line: Line, near: float) -> bool:
    """Whether a line continues the block above it, on this page or in the next column."""
    if last.role is Role.HEADING or block.role is Role.HEADING:
        return last.role is block.role and last.level == block.level and line.gap < before.size * near
    if block.role is not Role.PARAGRAPH or last.role not in (Role.PARAGRAPH, Role.ENTRY):
        return False
    if line.gap == float("inf") or line.page != before.page:
        return last.text[-1:] not in ".!?:" and (line.text[:1].islower() or len(last.text) > _LONGEST_BOLD_HEADING)
    if _LABEL.match(last.text) and _LABEL.match(line.text):
        return False
    outdented = last.role is Role.ENTRY and line.left < before.left - _INDENT / 2
    return line.gap < before.size * near and not outdented
