"""What several rows of a list have in common, gathered so that it is told once: at the first, with the lines. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bulletin.errors import Fault
from bulletin.subscribers.rows import Row

MOST_LINES = 5  # of one group are named


@dataclass(kw_only=True, slots=True)
class Group:
    """Rows with one thing in common: the first of them with its cell, the lines of the first few, and how many."""

    row: Row
    index: int
    found: str
    lines: list[int] = field(default_factory=list)
    number: int = 0

    @property
    def readers(self) -> str:
        """`1 reader (line 2)`, `9 readers (lines 2, 3, 4, 5, 6 and others)`."""
        if self.number == 1:
            return f"1 reader (line {self.lines[0]})"
        *others, last = [*map(str, self.lines), *(["others"] if self.number > len(self.lines) else [])]
        return f"{self.number:,} readers (lines {', '.join(others)} and {last})"

    def fault(self, message: str, remedy: str) -> Fault:
        """A fault at the cell of the first row."""
        return self.row.fault_in_cell(self.index, self.found, message, remedy)


class Tally:
    """Groups of rows by a key, in the order of their first rows."""

    def __init__(self, explain: Callable[[tuple[str, ...], Group], Fault]) -> None:
        """`explain` makes a fault of a group and its key."""
        self._explain = explain
        self._groups: dict[tuple[str, ...], Group] = {}

    def add(self, key: tuple[str, ...], row: Row, index: int) -> None:
        """Count a row in, for what its cell at `index` says."""
        group = self._groups.get(key)
        if group is None:
            cell = row.cells[index].strip() if index < len(row.cells) else ""
            group = self._groups[key] = Group(row=row, index=index, found=cell)
        group.number += 1
        if len(group.lines) < MOST_LINES:
            group.lines.append(row.line)

    def explain(self) -> Iterator[Fault]:
        """A fault for each group."""
        return (self._explain(key, group) for key, group in self._groups.items())
