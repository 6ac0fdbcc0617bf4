"""Fit what is said into the width of a terminal. Pure.

Only spaces between words become line breaks: a path, an address or a command to copy stays in one piece. Columns stay
columns: a long last one continues below itself.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_COMMAND: Final = (
    r"\S?bulletin (?:(?:subscribers|database) )?[a-z]+"
    r"(?: (?:--(?:list|who|by|at|to|out|format) \S+|--[a-z-]+|[A-Z]{2,}|'[^']*'|\d[\w/.-]*|\S*[/@]\S*))*\S*"
)
_PIECE: Final = re.compile(rf"( *)({_COMMAND}|[^ ]+)")
_BULLET: Final = re.compile(r" *(?:[-+#•] )?")
_COLUMN: Final = re.compile(r"(?<=\S)[ ]{2,}(?=\S)")
_SOURCE: Final = re.compile(r" *\d+ \| ")
_CARETS: Final = re.compile(r" *\| ([\t ]*)(\^+)")


def fit(text: str, width: int) -> str:
    """`text` in lines of at most `width` columns, but for a word that is longer than that.

    A source line with carets below it is cut to what is around them, with … where there is more.
    """
    lines = text.split("\n")
    marked = {number for number, pair in enumerate(pairwise(lines)) if _SOURCE.match(pair[0]) and _is_below(*pair)}
    fitted: list[str] = []
    for number, line in enumerate(lines):
        if number in marked:
            fitted += _show_window(line, lines[number + 1], width)
        elif number - 1 not in marked:
            fitted += _wrap(line, width)
    return "\n".join(fitted)


def _is_below(source: str, below: str) -> bool:
    """Whether `below` has the carets of `source`: its bar is under the other."""
    return bool(_CARETS.fullmatch(below)) and source.find("|") == below.find("|")


def _show_window(source: str, below: str, width: int) -> tuple[str, str]:
    if max(len(source), len(below)) <= width:
        return source, below
    gutter = source.index("|") + 2
    room = max(width - gutter, 8)
    body, carets = source[gutter:].replace("\t", " "), below[gutter:]
    first = len(carets) - len(carets.lstrip())
    number = len(carets) - first
    wanted = min(number, room - 2)  # with a … on each side
    start = 0 if first + wanted < room else first - (room - wanted) // 2
    shown = body[start : start + room]
    if start:
        shown = f"…{shown[1:]}"
    more = start + room < len(body)
    if more:
        shown = f"{shown[:-1]}…"
    marked = max(1, min(number, room - more - (first - start)))
    return source[:gutter] + shown, below[:gutter] + " " * (first - start) + "^" * marked


def _wrap(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    lines: list[str] = []
    current = ""
    margin = " " * _find_margin(line, width)
    for gap, word in _PIECE.findall(line):
        if current.strip() and len(current) + len(gap) + len(word) > width:
            lines.append(current)
            current = margin + word
        else:
            current += gap + word
    return [*lines, current]


def _find_margin(line: str, width: int) -> int:
    """Where a line continues: below its last column, unless that leaves too little room; else below its own words."""
    columns = [match.end() for match in _COLUMN.finditer(line) if match.end() <= width // 2]
    bullet = _BULLET.match(line)
    return columns[-1] if columns else bullet.end() if bullet else 0
