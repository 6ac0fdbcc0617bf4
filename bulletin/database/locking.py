"""One at a time, where a transaction looks first and then writes what it has not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def lock_for_writing(connection: Connection, table: Table) -> None:
    """Let nobody else write to `table` until this transaction ends; who only reads goes on.

    SQLite's transactions have the write lock from their beginning; PostgreSQL's run side by side, and are asked.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
