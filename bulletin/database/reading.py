"""Read from the database: in a transaction of its own, in the caller's, or many things as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy import Connection, Engine

from bulletin.database.dialects import read_one_moment, set_reading_only
from bulletin.database.errors import database_errors

Source: TypeAlias = Engine | Connection
"""What a function reads from: an engine, so that it is a transaction of its own, or the caller's transaction."""


@contextmanager
def read_from(source: Source) -> Iterator[Connection]:
    """The caller's transaction, or one that begins and ends with the `with` block. Raises DatabaseError."""
    with database_errors():
        if isinstance(source, Connection):
            yield source
            return
        with source.begin() as connection:
            yield connection


@contextmanager
def begin_snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction whose reads all see the same moment, whatever others commit meanwhile. Raises DatabaseError.

    It is for reading only: it is rolled back in the end, so that no commit is counted (see `commits`).
    """
    with database_errors(), engine.connect() as connection:
        read_one_moment(connection)
        yield connection
        connection.rollback()


@contextmanager
def watch(engine: Engine) -> Iterator[Connection]:
    """As `begin_snapshot`, for what reads again and again: no one who writes to a file waits for it meanwhile."""
    with database_errors(), engine.connect() as connection:
        set_reading_only(connection, on=True)
        try:
            read_one_moment(connection)
            yield connection
        finally:
            connection.rollback()
            set_reading_only(connection, on=False)
