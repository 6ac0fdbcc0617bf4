"""Line breaks and wide gaps inside a paragraph of a page: which of them separate lines, items or columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulletin.importing.blocks import Run, join_runs
from bulletin.importing.patterns import find_dates, find_hours

BREAK = "\v"  # a line break in a paragraph, until its block is made
TAB = "\u2003"
_TAB = re.compile(r"[ \u00a0]*\u2003[\u2003 \u00a0]*|(?: ?\u00a0){3,} ?")  # as wide as what separates columns
_BEFORE_TAB = re.compile(r"\s*(?:[^\w\s]|o|\(?\w{1,3}[.)]|[^:]{1,30}:)\s*")  # a bullet, number or label
_CONTACT = re.compile(r"\S+@\S+\.\S+|www\.\S+|https?://\S+")
_LABEL = re.compile(r"\s*[A-Z][A-Za-z ]{1,20}:\s")
_SIGN = re.compile(r"[-–—•·▪◦‣●○■□⁃*]\s|\d{1,2}[.)]\s")
_LONGEST_LINE = 60  # letters; a longer line without a full stop continues on the next one


def mark_tabs(text: str) -> str:
    """The text with a dot for each wide gap, which separated columns; none behind a typed bullet."""
    if TAB not in text and "\u00a0" not in text:
        return text
    match = _TAB.search(text)
    if match and _BEFORE_TAB.fullmatch(text[: match.start()]):
        return f"{text[: match.start()]} {_TAB.sub(' · ', text[match.end() :])}"
    return _TAB.sub(" · ", text)


def split_lines(runs: list[Run], *, whole: bool) -> Iterator[tuple[tuple[Run, ...], bool]]:
    """The paragraphs between two breaks, and their lines, each with whether it is a new line of the one above it.

    In a heading or an entry (`whole`) a break is a space, or a dot between what could be columns.
    """
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    made: list[tuple[tuple[Run, ...], bool]] = []
    after_blank = True
    for line in lines:
        words = _trim_dots(join_runs(line))
        if words and made and not after_blank and _runs_on(_text(made[-1][0]), _text(words), whole=whole):
            dot = " · " if whole and _is_column(_text(made[-1][0])) else " "
            made[-1] = (join_runs([*made[-1][0], Run(text=dot), *words]), made[-1][1])
        elif words:
            made.append((words, not after_blank))
        after_blank = not words
    yield from made


def _runs_on(before: str, line: str, *, whole: bool) -> bool:
    """Whether a line continues the one before it."""
    if whole:
        return True
    if _LABEL.match(line) or _SIGN.match(line) or _CONTACT.fullmatch(line):
        return False
    return line[0].islower() or (len(before) > _LONGEST_LINE and before[-1] not in ".!?:;”’)…")


def _is_column(text: str) -> bool:
    return text[-1] not in ".,;:!?–-" and bool(find_dates(text) or find_hours(text)[0])


def _text(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def _trim_dots(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without the dot that an indent left at their start, or a gap at their end."""
    text = _text(runs)
    if not text.strip(" ·"):
        return ()
    if text.endswith(" ·"):
        runs = join_runs([*runs[:-1], replace(runs[-1], text=runs[-1].text.rstrip(" ·"))])
    return runs
