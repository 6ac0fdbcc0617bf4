"""All that SQLite and PostgreSQL do differently where this program asks them for one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table
    from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`, as `connection`'s database writes them."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def lock_for_writing(connection: Connection, table: Table) -> None:
    """Let nobody else write to `table` until this transaction ends; who only reads goes on.

    SQLite's transactions have the write lock from their beginning; PostgreSQL's run side by side, and are asked.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")


def domain_of(address: ColumnElement[str], connection: Connection) -> ColumnElement[str]:
    """The domain of an address, as `connection`'s database works it out. No address has a second @."""
    find = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return func.lower(func.substr(address, find(address, "@") + 1))


def lock_name(connection: Connection, name: str) -> None:
    """Be the only transaction that holds `name`, until this one ends; to ask again does no harm.

    SQLite's transactions have the write lock from their beginning; PostgreSQL takes an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def read_one_moment(connection: Connection) -> None:
    """Let all reads of this transaction, which has just begun, see the database as it is at the first of them.

    SQLite's transactions always do. PostgreSQL's see what others commit in between, unless they are told not to.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
