"""Which part of an issue is in which edition, in words and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulletin.edition.audiences import AudienceIssue
    from bulletin.edition.matrix import MatrixRow


def describe_matrix(rows: Sequence[MatrixRow], parts: Sequence[AudienceIssue]) -> Iterator[str]:
    """The editions with their readers, and then a table with a line for each part."""
    for part in parts:
        yield f"Edition {part.number}: {part.words}"
    yield "Website: everyone"
    yield ""
    yield from _align([("Part", "For", *(str(part.number) for part in parts), "Website"), *map(_list_cells, rows)])


def _list_cells(row: MatrixRow) -> tuple[str, ...]:
    cells = ("Yes" if seen else "No" for seen in (*row.seen, row.public))
    return ("  " * row.depth + row.words, row.readers, *cells)


def _align(table: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
