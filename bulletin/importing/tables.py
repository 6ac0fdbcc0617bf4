"""Tables of an old bulletin as items: one for each row of courses, dates or reports. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Cell, Role, Run, find_words, join_runs
from bulletin.importing.patterns import find_dates, find_hours
from bulletin.importing.restoring.dated_lines import LINE
from bulletin.importing.restoring.places import is_place

_COLUMNS = {
    "When": r"\bdates?\b|\bwhen\b|\bday\b",
    "Time": r"\btimes?\b|\bhours\b",
    "Where": r"venue|where|location|place|room",
    "Provider": r"provider|trainer|delivered|run by|who by",
    "For": r"audience|for whom|who for|who should|aimed at|suitable",
    "Cost": r"cost|price|fee",
    "Book": r"book|link|how to|register|sign up|contact",
    "title": r"course|training|event|title|what|topic|session|subject|meeting|workshop|name|resource|publication|"
    r"activity",
}
_MOST_DATED = 0.6  # of the rows: so many have a date in the column of dates
_MOST_WORDS_IN_HEADING = 5


def unroll(table: Block) -> list[Block]:
    """The rows as headings with labelled lines below; empty if it is unclear which cells are titles and dates."""
    headings, rows = split_headings(table.rows) if table.role is Role.TABLE else ([], ())
    if not rows:
        return []
    names = [_find_column(text) for text in headings] if headings else []
    if "title" not in names or "When" not in names:
        headings, rows = _take_headings(table.rows)
        names = _guess_columns(rows, headed=bool(headings)) if rows else []
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


def _take_headings(rows: Sequence[tuple[Cell, ...]]) -> tuple[list[str], Sequence[tuple[Cell, ...]]]:
    """The first row as headings, if its cells are few words without a date, and all other rows have one."""
    first, *others = [["".join(run.text for run in cell) for cell in row] for row in rows]
    short = all(0 < len(find_words(text)) <= _MOST_WORDS_IN_HEADING and not find_dates(text) for text in first)
    dated = all(any(map(find_dates, row)) for row in others)
    return (first, rows[1:]) if short and dated and len(others) > 1 else ([], rows)


def _guess_columns(rows: Sequence[tuple[Cell, ...]], *, headed: bool) -> list[str]:
    """The columns of a table without headings: its dates, its hours, the titles, and what could be places."""
    width = len(rows[0])
    texts = [["".join(run.text for run in cell) for cell in row] for row in rows if len(row) == width]
    columns = [[row[index] for row in texts] for index in range(width)]
    dated = [_share(column, find_dates) >= _MOST_DATED for column in columns]
    if dated.count(True) != 1 or len(texts) < len(rows) or width < 2:
        return []
    timed = [
        _share(column, _is_hours) >= _MOST_DATED and not is_dated
        for column, is_dated in zip(columns, dated, strict=True)
    ]
    free = [index for index in range(width) if not dated[index] and not timed[index]]
    names = ["When" if dated[index] else "Time" if timed[index] else "" for index in range(width)]
    for index in free[1:]:
        names[index] = (
            "Where" if (width == len(free) + 1 <= 3 and not headed) or _share(columns[index], is_place) >= 0.5 else ""
        )
    if free:
        names[free[0]] = "title"
    return names


def _share(texts: Sequence[str], find: Callable[[str], object]) -> float:
    """The share of texts in which something is found."""
    return sum(bool(find(text)) for text in texts) / max(len(texts), 1)


def _is_hours(text: str) -> bool:
    """Whether a cell has hours and little else."""
    hours = find_hours(text)[0]
    return bool(hours) and len(text) <= 2 * len(hours) + 4


def _unroll_row(row: tuple[Cell, ...], names: Sequence[str], headings: Sequence[str]) -> list[Block]:
    title: tuple[Run, ...] = ()
    below: list[Block] = []
    for index, cell in enumerate(row):
        name = names[index] if index < len(names) else ""
        if name == "title" and not title:
            title, *rest = split_parts(cell)
            below += [Block(role=Role.PARAGRAPH, runs=part) for part in rest]
        elif cell:
            label = name if name not in ("", "title") else headings[index] if index < len(headings) else ""
            runs = (Run(text=f"{label}: "), *cell) if label else cell
            below.append(Block(role=Role.PARAGRAPH, runs=join_runs(runs)))
    return (
        [Block(role=Role.HEADING, runs=title or (Run(text="TO WRITE"),), level=LINE), *below] if title or below else []
    )


def split_parts(cell: Cell) -> list[Cell]:
    """The parts of a cell, which has a dot between its paragraphs."""
    parts: list[list[Run]] = [[]]
    for run in cell:
        first, *others = run.text.split(" · ")
        parts[-1].append(replace(run, text=first))
        parts += [[replace(run, text=text)] for text in others]
    return [runs for part in parts if (runs := join_runs(part))] or [()]
