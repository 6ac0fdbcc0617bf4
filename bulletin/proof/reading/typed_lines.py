"""The lines of a text as they were typed, where Markdown and YAML may have joined them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bulletin.declaration.source import Span
from bulletin.issue.passages import Passage

SIGNS = "•·∙▪▫◦‣●○■□◆◇►▶➢➤❖❑❒⁃\ue000-\uf8ff"
"""Characters that are typed or pasted as bullets. Word's own, in the fonts Symbol and Wingdings, are private to it."""

_BULLET = re.compile(
    rf"[ \t\xa0]*(?:([{SIGNS}])[ \t\xa0]*\S|([-*+–—])[ \t\xa0]+\S|(\(?(?:\d{{1,2}}|[a-z])[.)])[ \t\xa0]+\S)"
)


class FoldedList(NamedTuple):
    """A list whose lines YAML joins into one paragraph: where it begins and ends in the file, and how many lines."""

    span: Span
    entries: int
    style: str


def find_line_starts(passage: Passage) -> Iterator[int]:
    """Where each line of a text begins in its prose: the begin of each block, and what follows each line end."""
    prose, written = passage.prose, passage.written
    for block in prose.blocks:
        if block.start == block.end:
            continue
        yield block.start
        if "\n" in written:
            for index in range(block.start + 1, block.end):
                if written[prose.offsets[index - 1]] == "\n":
                    yield index


def find_folded_list(passage: Passage) -> FoldedList | None:
    """The list in a text of several lines that YAML makes one line of; None if there is none.

    Without a |, the end of a line means a space. Two lines that begin like entries, or one after a colon, are a list.
    """
    source, span = passage.source, passage.source.values[passage.place]
    style = source.lines[span.line - 1][span.column - 1 : span.column]
    if span.end_line == span.line or style == "|":
        return None
    found = [
        (number, match)
        for number in range(span.line + 1, min(span.end_line, len(source.lines)) + 1)
        if (match := _BULLET.match(source.lines[number - 1]))
    ]
    if not found:
        return None
    kept = [(number, match) for number, match in found if number < span.end_line or _is_inside(span, match)]
    folded = [number for number, match in kept if _is_joined(passage, number, match)]
    if not folded or (len(kept) < _FEWEST and not source.lines[folded[0] - 2].rstrip().endswith(":")):
        return None
    first = next(match for number, match in kept if number == folded[0])
    last = source.lines[folded[-1] - 1].rstrip()
    begin = first.start(first.lastindex or 0)
    place = Span(line=folded[0], column=begin + 1, end_line=folded[-1], end_column=len(last) + 1)
    return FoldedList(place, len(kept), style if style in ">'\"" else "")


_FEWEST = 2  # lines that begin with the same kind of mark


def _is_inside(span: Span, match: re.Match[str]) -> bool:
    """Whether a mark on the last line of a value is before the value's end."""
    return match.start(match.lastindex or 0) + 1 < span.end_column


def _is_joined(passage: Passage, number: int, match: re.Match[str]) -> bool:
    """Whether YAML joins a line with the one before: in the value, a space is before its mark."""
    column = match.start(match.lastindex or 0) + 1
    at = passage.find_written(number, column)
    before = passage.written[:at].rstrip(" ")
    return at > 0 and bool(before) and not before.endswith("\n")
