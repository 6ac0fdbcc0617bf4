"""New SQLite ledgers for tests: copied from one that the migrations have made, in a twentieth of the time.

Everything else goes through the migrations as it comes: older ledgers, those with anything in them, PostgreSQL's, and
all that a process of its own makes. So do the tests of the migrations: see `by_migration`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, update

from bulletin.database import schema
from bulletin.database.engine import connect_database
from bulletin.database.tables import identity

_migrate = schema._upgrade


@contextmanager
def copied() -> Iterator[None]:
    """During the `with` block, whatever opens a new SQLite ledger in this process gets a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_upgrade", _copy_or_migrate)
        yield


@contextmanager
def by_migration() -> Iterator[None]:
    """During the `with` block, new ledgers are made by the migrations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_upgrade", _migrate)
        yield


def _copy_or_migrate(connection: Connection, place: str) -> None:
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        _migrate(connection, place)
        return
    for statement in _write_down():
        connection.exec_driver_sql(statement)
    connection.execute(update(identity).values(id=secrets.token_hex(16)))  # each knows itself from every other


@cache
def _write_down() -> tuple[str, ...]:
    """The statements that make a ledger of the present schema, as SQLite itself puts them down."""
    engine = connect_database("sqlite://")
    with engine.begin() as connection:
        _migrate(connection, "template")
        driver: Any = connection.connection.driver_connection
        dumped = tuple(driver.iterdump())
    engine.dispose()
    assert (dumped[0], dumped[-1]) == ("BEGIN TRANSACTION;", "COMMIT;")
    return dumped[1:-1]
