"""A statement that is run with many rows, again and again: compiled once, then handed to the driver as it is.

SQLAlchemy's own way takes as long for each run and row as SQLite does for the work itself. Several that follow one
another go to a server together (`run_together`): to wait for each answer costs both sides more than the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from bulletin.database.commits import count_early
from bulletin.database.dialects import is_on_server, send_together

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
            return connection.exec_driver_sql(*self.write(connection, rows)).rowcount
        sql, adapt = self._compiled.get(type(connection.dialect)) or self._compile(connection.dialect)
        return connection.exec_driver_sql(sql, [adapt(row) for row in rows] if adapt else list(rows)).rowcount

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> tuple[str, dict[str, Any]]:
        """The one statement for all rows, as a server's driver takes it. Only with `types`."""
        self._joined = self._joined or self._join(connection.dialect, self._types or {})
        return self._joined, dict(zip(self._names, map(list, zip(*rows, strict=True)), strict=True))

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


class Filled(NamedTuple):
    """A statement and the rows that it is to be run with: one at least."""

    statement: Prepared
    rows: Sequence[tuple[Any, ...]]


def run_together(connection: Connection, work: Sequence[Filled]) -> list[int]:
    """Run them in this order; of how many rows of its table each was true.

    A server gets them in one message, with what counts the commit behind them: nothing should follow but the commit.
    They need `types` there.
    """
    if not work:
        return []
    if not is_on_server(connection):
        return [statement.run(connection, rows) for statement, rows in work]
    counting, note_count = count_early(connection)
    answers = send_together(connection, [*(one.statement.write(connection, one.rows) for one in work), *counting])
    note_count(answers[len(work) :])
    return [number for number, _ in answers[: len(work)]]
