"""The words of a PDF's page in reading order, found from their places alone: its columns and its lines. Pure.

All places are in points, from the top left of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Word = dict[str, Any]

_GUTTER = 10.0
_FEWEST_WORDS = 15  # of a column
_LARGER = 1.08  # times the size of the words below: a heading
_SHORTEST_LABEL = 4  # words in a line; a shorter line is a label beside its value


def split_columns(words: Sequence[Word]) -> list[list[Word]]:
    """The words in groups, in reading order: lines over the whole width, and column by column."""
    gutter = _find_gutter(words)
    if gutter is None:
        return [list(words)] if words else []
    crossing = [word for word in words if _crosses(word, gutter)]
    wide = [word for word in words if any(_is_beside(word, other) for other in crossing)]
    narrow = [word for word in words if not any(word is one for one in wide)]
    groups: list[list[Word]] = []
    heading: list[Word] = []
    bands = list(_split_bands(narrow, wide))
    for band, below in zip(bands, [*bands[1:], []], strict=True):
        if band and _crosses_any(band, gutter):
            groups.append([*heading, *band])
            heading = []
            continue
        sides = ([word for word in band if word["x1"] <= gutter], [word for word in band if word["x0"] >= gutter])
        heading = _find_heading(sides, below) if below and _crosses_any(below, gutter) else []
        kept = ([word for word in side if not any(word is one for one in heading)] for side in sides)
        groups += [group for side in kept for group in split_columns(side)]
    return groups


def _find_heading(sides: Sequence[Sequence[Word]], below: Sequence[Word]) -> list[Word]:
    """The last line of a column, if it is the heading of the wide lines below: larger, and under both columns."""
    usual = sorted(word["size"] for word in below)[len(below) // 2]
    for side, other in (sides, sides[::-1]):
        lines = list(cluster_lines(side))
        end = max((word["bottom"] for word in other), default=0.0)
        if len(lines) > 1 and all(word["size"] > usual * _LARGER and word["top"] > end for word in lines[-1]):
            return lines[-1]
    return []


def _crosses_any(words: Iterable[Word], x: float) -> bool:
    return any(_crosses(word, x) for word in words)


def _crosses(word: Word, x: float) -> bool:
    return bool(word["x0"] < x + _GUTTER / 2 and word["x1"] > x - _GUTTER / 2)


def _is_beside(word: Word, other: Word) -> bool:
    """Whether two words are in one line."""
    middle = (word["top"] + word["bottom"]) / 2
    return bool(other["top"] <= middle <= other["bottom"])


def _split_bands(narrow: Sequence[Word], wide: Sequence[Word]) -> Iterator[list[Word]]:
    """The page from top to bottom, in bands of wide and of narrow words."""
    marked = sorted(
        [(word["bottom"], False, word) for word in narrow] + [(word["bottom"], True, word) for word in wide],
        key=lambda entry: entry[0],
    )
    band: list[Word] = []
    was_wide = False
    for _, is_wide, word in marked:
        if band and is_wide is not was_wide:
            yield band
            band = []
        band.append(word)
        was_wide = is_wide
    if band:
        yield band


def _find_gutter(words: Sequence[Word]) -> float | None:
    """The middle of the white band between two columns; None on a page with one column."""
    if len(words) < 2 * _FEWEST_WORDS:
        return None
    left, right = min(word["x0"] for word in words), max(word["x1"] for word in words)
    places = [left + (right - left) * step / 60 for step in range(15, 46)]
    best = max(places, key=lambda x: _score(words, x))
    return best if _score(words, best) else None


def _score(words: Sequence[Word], x: float) -> int:
    """The number of words beside a gutter at `x`, between the lines that cross it."""
    crossing = sorted(word["top"] for word in words if _crosses(word, x))
    found = 0
    for above, below in zip([-1.0, *crossing], [*crossing, float("inf")], strict=True):
        between = [word for word in words if above < word["top"] < below and not _crosses(word, x)]
        left = [word for word in between if word["x1"] <= x]
        right = [word for word in between if word["x0"] >= x]
        if min(len(left), len(right)) >= _FEWEST_WORDS and not _are_labels(left):
            found += min(len(left), len(right))
    return found


def _are_labels(words: Sequence[Word]) -> bool:
    """Whether the lines of these words are short enough to be labels of the values beside them."""
    lines = list(cluster_lines(words))
    return len(words) / len(lines) < _SHORTEST_LABEL and sum(len(line) >= _SHORTEST_LABEL for line in lines) < 3


def cluster_lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words line by line, each from left to right."""
    line: list[Word] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if line and word["bottom"] - line[-1]["bottom"] > 0.4 * (word["bottom"] - word["top"]):
            yield sorted(line, key=lambda each: each["x0"])
            line = []
        line.append(word)
    if line:
        yield sorted(line, key=lambda each: each["x0"])
