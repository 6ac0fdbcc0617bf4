"""A statement that is run with many rows, again and again: compiled once, then handed to the driver as it is.

SQLAlchemy's own way takes as long for each run and row as SQLite does for the work itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from bulletin.database.dialects import is_on_server

if TYPE_CHECKING:
    from sqlalchemy import Connection, UpdateBase
    from sqlalchemy.engine.interfaces import Dialect


class Prepared:
    """An INSERT, UPDATE or DELETE whose every parameter is a `bindparam` without a value: each row gives them all."""

    def __init__(self, statement: UpdateBase, *names: str, types: Mapping[str, str] | None = None) -> None:
        """A row has a value for each of `names`, in this order.

        `types` has PostgreSQL's types of these names. With them, an UPDATE of a table on a server is one statement for
        all rows: a row each time costs both sides twice as much. No two rows may then be about the same row of it.
        """
        self._statement = statement
        self._names = names
        self._types = types
        self._joined = ""
        self._compiled: dict[type[Dialect], tuple[str, Callable[[tuple[Any, ...]], Any] | None]] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run it once for each row, and say how many rows of the table it was true of."""
        if self._types and is_on_server(connection):
            self._joined = self._joined or self._join(connection.dialect, self._types)
            columns = dict(zip(self._names, map(list, zip(*rows, strict=True)), strict=True))
            return connection.exec_driver_sql(self._joined, columns).rowcount
        sql, adapt = self._compiled.get(type(connection.dialect)) or self._compile(connection.dialect)
        return connection.exec_driver_sql(sql, [adapt(row) for row in rows] if adapt else list(rows)).rowcount

    def _compile(self, dialect: Dialect) -> tuple[str, Callable[[tuple[Any, ...]], Any] | None]:
        compiled = self._statement.compile(dialect=dialect)
        made = str(compiled), self._find_form(compiled.positiontup)
        self._compiled[type(dialect)] = made
        return made

    def _join(self, dialect: Dialect, types: Mapping[str, str]) -> str:
        """The UPDATE with its rows as a table beside it. The first WHERE is its own: no value that is set has one."""
        sql = re.sub(r"%\((\w+)\)s(?:::\w+)?", r"given.\1", str(self._statement.compile(dialect=dialect)))
        columns = ", ".join(f"%({name})s::{types[name]}[]" for name in self._names)
        before, where, after = sql.partition("WHERE")
        return f"{before}FROM unnest({columns}) AS given ({', '.join(self._names)}) {where}{after}"

    def _find_form(self, order: Sequence[str] | None) -> Callable[[tuple[Any, ...]], Any] | None:
        """How a row becomes what the driver takes: parameters by name, or in its own `order`; None if it is that."""
        if order is None:
            return lambda row: dict(zip(self._names, row, strict=True))
        if tuple(order) == self._names:
            return None
        return itemgetter(*(self._names.index(name) for name in order))
