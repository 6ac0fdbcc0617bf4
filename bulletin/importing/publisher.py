"""Blocks from a Publisher file (.pub), by way of Debian's libmspub-tools.

The converter `pub2xhtml` draws each page as SVG: a text for each box, a span for each style. It says nothing of
paragraphs or of the order of boxes. So boxes are read column by column, and a change of size ends a paragraph.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.page.line_breaks import BREAK, split_lines
from bulletin.importing.restoring.heading_levels import raise_large
from bulletin.importing.restoring.typed_lists import make_entries

CONVERTER = "pub2xhtml"
_MOST_SECONDS = 30.0
_SVG = "{http://www.w3.org/2000/svg}"
_PLACE = re.compile(r"(?:translate|matrix)\(([^)]*)\)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_GAP = 0.12  # of a page's width: the white space between the left edges of two columns
_USUAL_WIDTH = 595.0  # points
_USUAL_SIZE = 12.0  # points


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """Words of one size in a box."""

    runs: tuple[Run, ...]
    size: float


def read_publisher(data: bytes) -> list[Block]:
    """The blocks of a Publisher file. Raises BulletinError if the converter is missing or can't read it."""
    command = shutil.which(CONVERTER)
    if command is None:
        raise BulletinError(
            "It is a Publisher file, and no converter for those is installed.",
            "In Publisher, export it as a PDF, and draft from that. Or install libmspub-tools (Debian, Ubuntu).",
        )
    return read_drawn(_convert(command, data))


def _convert(command: str, data: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "old.pub")
        path.write_bytes(data)
        try:
            done = subprocess.run([command, str(path)], capture_output=True, timeout=_MOST_SECONDS, check=False)  # noqa: S603 -- a program of the system
        except subprocess.TimeoutExpired:
            done = None
    if done is None or done.returncode or b"<" not in done.stdout:
        raise BulletinError(
            "The Publisher file can’t be converted.", "Export it as a PDF in Publisher, and draft from that."
        )
    return done.stdout


def read_drawn(page: bytes) -> list[Block]:
    """The blocks of a converted file: its boxes in reading order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    root = etree.fromstring(page, parser)
    made: list[Block] = []
    sizes: list[float] = []
    for drawing in () if root is None else root.iter(f"{_SVG}svg"):
        for box in _sort_boxes(drawing):
            for block, size in _read_box(box):
                made.append(block)
                sizes.append(size)
    return make_entries(raise_large(made, sizes))


def _sort_boxes(drawing: etree._Element) -> list[etree._Element]:
    """The texts of a page, column by column, and from top to bottom in each."""
    boxes = [(*_find_place(text), text) for text in drawing.iter(f"{_SVG}text")]
    lefts = sorted({left for left, _, _ in boxes})
    width = _find_number(drawing.get("width")) or _USUAL_WIDTH
    columns = dict.fromkeys(lefts, 0)
    for before, left in pairwise(lefts):
        columns[left] = columns[before] + int(left - before > _GAP * width)
    return [text for _, _, text in sorted(boxes, key=lambda box: (columns[box[0]], box[1]))]


def _find_place(text: etree._Element) -> tuple[float, float]:
    """The left and the top of a text, in points."""
    moved = [
        float(number) for match in _PLACE.finditer(text.get("transform") or "") for number in _NUMBER.findall(match[1])
    ]
    first = next(iter(text.iter(f"{_SVG}tspan")), text)
    left, top = (_find_number(text.get(name) or first.get(name)) for name in ("x", "y"))
    return left + (moved[-2] if len(moved) > 1 else 0.0), top + (moved[-1] if len(moved) > 1 else 0.0)


def _find_number(written: str | None) -> float:
    match = _NUMBER.search(written or "")
    return float(match[0]) if match else 0.0


def _read_box(text: etree._Element) -> Iterator[tuple[Block, float]]:
    """The paragraphs of a box, each with its size."""
    stretch: list[_Line] = []
    for line in (*_read_lines(text), None):
        if stretch and (line is None or line.size != stretch[-1].size):
            yield from _make_blocks(stretch)
            stretch = []
        if line is not None:
            stretch.append(line)


def _make_blocks(lines: Sequence[_Line]) -> Iterator[tuple[Block, float]]:
    runs = [run for line in lines for run in (Run(text=BREAK), *line.runs)][1:]
    for words, tight in split_lines(runs, whole=False):
        yield Block(role=Role.PARAGRAPH, runs=words, tight=tight), lines[0].size


def _read_lines(text: etree._Element) -> Iterator[_Line]:
    """The lines of a box: a span with a place of its own, or of another size, begins one."""
    runs: list[Run] = []
    size = _USUAL_SIZE
    for span in (text, *text.iter(f"{_SVG}tspan")):
        words = span.text or ""
        own = span is not text and any(span.get(name) for name in ("x", "y", "dy"))
        sized = _find_number(span.get("font-size")) or size
        if runs and (own or sized != size):
            yield _Line(runs=join_runs(runs), size=size)
            runs = []
        if words.strip():
            runs.append(
                Run(text=words, strong=span.get("font-weight") == "bold", slanted=span.get("font-style") == "italic")
            )
            size = sized
    if runs:
        yield _Line(runs=join_runs(runs), size=size)
