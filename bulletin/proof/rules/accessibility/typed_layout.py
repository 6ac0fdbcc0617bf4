"""Accessibility: tables and lists that are drawn with characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_CELLS = re.compile(r"[^|\s][^|\n]*")
_GAP = re.compile(r"(?<=\S)(?:[ \t]{3,}|\t)(?=\S)")
_LONE_BULLET = re.compile(r"^[ \t]*([•·▪◦‣●○■□►–—-])[ \t]*$")
_TYPED_BULLET = re.compile(r"^[ \t]*([•▪◦‣●○■□►])[ \t\xa0]*\S")


@rule(
    "ACC09",
    "drawn-with-characters",
    severity=Severity.WARNING,
    reason="Tables and lists made of characters fall apart in an email, and are read out character by character.",
    wrong=[
        Example(text="| Day | Morning |\n| Monday | 9am |\n| Friday | closed |", at="| Day | Morning |"),
        Example(text="Age          Morning     Whole day\nBabies       £31         £58", at="Age          Morning"),
        Example(text="The workshops will cover:\n\n•\nsafe sleep\n•\nhome visits", at="•"),
    ],
    right=[
        Example(text="- On Mondays: 9am to midday\n- On Fridays: closed"),
        Example(text="Call 01632 960 000 | Monday to Friday"),
    ],
)
def drawn_with_characters(context: Context) -> Iterator[Violation]:
    """A table made of |, tabs or spaces, or bullets that are separate from their text or typed as signs."""
    for passage in context.texts:
        if passage.format is TextFormat.TEXT:
            lines = _list_lines(passage.written)
            yield from _check_tables(passage, lines)
            yield from _check_bullets(passage, lines)


def _list_lines(text: str) -> list[tuple[int, str]]:
    """Each line and its place in the text."""
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _check_tables(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    for columns, together in groupby(lines, key=lambda line: _count_columns(line[1])):
        rows = list(together)
        start, line = rows[0]
        fewest = 2 if columns > 2 or line.lstrip().startswith("|") else 3
        if columns > 1 and len(rows) >= fewest:
            begin = start + len(line) - len(line.lstrip())
            yield Violation(
                span=passage.locate_written(begin, start + len(line.rstrip())),
                message=f"This is a table drawn with characters: {len(rows)} rows, {columns} columns.",
                remedy="Write a sentence or an entry of a list for each row, or link to a page that has the table.",
            )


def _count_columns(line: str) -> int:
    """The number of columns in a line; 0 if it is not part of a table."""
    if line.count("|") >= 2 or (line.count("|") == 1 and " | " in line):
        return len(_CELLS.findall(line))
    return len(_GAP.findall(line.strip())) + 1 if _GAP.search(line.strip()) else 0


def _check_bullets(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    """A violation at the first bullet of a text that is not a proper list."""
    for start, line in lines:
        lone, typed = _LONE_BULLET.match(line), _TYPED_BULLET.match(line)
        if match := (lone if lone and lone[1] not in "-–—" else None) or typed:
            yield Violation(
                span=passage.locate_written(start + match.start(1), start + match.end(1)),
                message="This bullet is separate from its text, so it isn’t a list."
                if lone
                else "A bullet that is typed as a sign makes no list: readers get one long line.",
                remedy="Write each entry on one line: a hyphen, a space and its words.",
            )
            return


RULES: tuple[Rule, ...] = (drawn_with_characters,)
