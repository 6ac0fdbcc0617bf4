"""Copy the rows of tables from one database to another, and compare both: row by row, in batches.

A table's sum is the number of its rows and the sum of their digests: the same however the rows are ordered, as a
server's order of texts is another one than a file's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import JSON, select

from bulletin.database.dialects import append_rows, number_after_last

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_BATCH: Final = 5_000  # rows in memory
_DIGEST: Final = 16  # octets
_MODULUS: Final = 1 << (8 * _DIGEST)


class TableSum(NamedTuple):
    """How many rows a table has, and what is in them."""

    rows: int
    digest: int


def copy_table(leaving: Connection, arriving: Connection, table: Table) -> TableSum:
    """Copy all rows of a table to the same, empty one of another database. The sum of what was read."""
    summing = _Summing()
    append_rows(arriving, table, summing.watch(_read_rows(leaving, table)))
    number_after_last(arriving, table)
    return summing.total


def sum_table(connection: Connection, table: Table) -> TableSum:
    """The sum of what a table has."""
    summing = _Summing()
    for _ in summing.watch(_read_rows(connection, table)):
        pass
    return summing.total


class _Summing:
    def __init__(self) -> None:
        self.total = TableSum(0, 0)

    def watch(self, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The same rows. Once all were read, `total` is their sum."""
        number, total = 0, 0
        for row in rows:
            number += 1
            total += int.from_bytes(blake2b(repr(row).encode(), digest_size=_DIGEST).digest())
            yield row
        self.total = TableSum(number, total % _MODULUS)


def _read_rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Every row as plain values, in the order in which they came: a lift is accepted only after what it takes back."""
    flatten = _find_form(table)
    ordered = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    for batch in connection.execute(ordered).partitions():
        for row in batch:
            yield flatten(row)


def _find_form(table: Table) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """How a row becomes plain: what is JSON, as text; nothing where a column has no JSON at all."""
    of_json = {
        index: column.type.none_as_null for index, column in enumerate(table.columns) if isinstance(column.type, JSON)
    }
    if not of_json:
        return tuple

    def flatten(row: Sequence[Any]) -> Sequence[Any]:
        return tuple(
            json.dumps(value) if index in of_json and not (value is None and of_json[index]) else value
            for index, value in enumerate(row)
        )

    return flatten
