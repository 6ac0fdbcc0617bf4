"""A statement that is run with many rows, again and again: compiled once, then handed to the driver as it is.

SQLAlchemy's own way takes as long for each run and row as SQLite does for the work itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, UpdateBase
    from sqlalchemy.engine.interfaces import Dialect


class Prepared:
    """An INSERT, UPDATE or DELETE whose every parameter is a `bindparam` without a value: each row gives them all."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it once for each row, and say how many rows of the table it was true of."""
        sql, order = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        if order is None:  # the driver takes parameters by name
            return connection.exec_driver_sql(sql, [dict(row) for row in rows]).rowcount
        return connection.exec_driver_sql(sql, [tuple([row[name] for name in order]) for row in rows]).rowcount

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = self._statement.compile(dialect=dialect)
        made = str(compiled), compiled.positiontup
        self._compiled[dialect.name] = made
        return made
