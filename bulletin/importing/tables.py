"""Tables of an old bulletin as items: one for each row of courses, dates or reports. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.importing.blocks import Block, Cell, Role, Run, find_words, join_runs
from bulletin.importing.patterns import find_dates

_COLUMNS = {
    "title": r"course|training|event|title|what|topic|session|subject|meeting|workshop|name|resource|publication",
    "When": r"date|when|day",
    "Time": r"time|hours",
    "Where": r"venue|where|location|place|room",
    "Provider": r"provider|trainer|delivered|run by|who by",
    "For": r"audience|for whom|who for|who should|aimed at|suitable",
    "Cost": r"cost|price|fee",
    "Book": r"book|link|how to|register|sign up|contact",
}
_MOST_WORDS_IN_HEADING = 5


def unroll(table: Block) -> list[Block]:
    """The rows as headings with labelled lines below; empty if it is unclear which cells are titles and dates."""
    headings, rows = split_headings(table.rows) if table.role is Role.TABLE else ([], ())
    if not rows:
        return []
    names = [_find_column(text) for text in headings] if headings else _guess_columns(rows)
    if "title" not in names or "When" not in names:
        return []
    return [block for row in rows for block in _unroll_row(row, names, headings)]


def split_headings(rows: Sequence[tuple[Cell, ...]]) -> tuple[list[str], Sequence[tuple[Cell, ...]]]:
    """The words of the first row, if they are headings, and the other rows."""
    first = ["".join(run.text for run in cell) for cell in rows[0]]
    short = all(0 < len(find_words(text)) <= _MOST_WORDS_IN_HEADING and not find_dates(text) for text in first)
    return (first, rows[1:]) if short and sum(bool(_find_column(text)) for text in first) >= 2 else ([], rows)


def _find_column(text: str) -> str:
    return next((name for name, said in _COLUMNS.items() if re.search(said, text, re.IGNORECASE)), "")


def _guess_columns(rows: Sequence[tuple[Cell, ...]]) -> list[str]:
    """A table without headings: of two or three cells one has the dates, and the next one the title."""
    width = len(rows[0])
    texts = [["".join(run.text for run in cell) for cell in row] for row in rows if len(row) == width]
    dated = [all(find_dates(row[index]) for row in texts) for index in range(width)]
    if dated.count(True) != 1 or len(texts) < len(rows) or width not in (2, 3):
        return []
    names = ["Where"] * width
    names[dated.index(True)] = "When"
    names[0 if dated.index(True) else 1] = "title"
    return names


def _unroll_row(row: tuple[Cell, ...], names: Sequence[str], headings: Sequence[str]) -> list[Block]:
    title: tuple[Run, ...] = ()
    below: list[Block] = []
    for index, cell in enumerate(row):
        name = names[index] if index < len(names) else ""
        if name == "title" and not title:
            title = cell
        elif cell:
            label = name if name not in ("", "title") else headings[index] if index < len(headings) else ""
            runs = (Run(text=f"{label}: "), *cell) if label else cell
            below.append(Block(role=Role.PARAGRAPH, runs=join_runs(runs)))
    return [Block(role=Role.HEADING, runs=title or (Run(text="TO WRITE"),), level=6), *below] if title or below else []
