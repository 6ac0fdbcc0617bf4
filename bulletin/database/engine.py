"""Open the workspace's database, brought up to the present schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import PoolProxiedConnection
    from sqlalchemy.engine.interfaces import DBAPIConnection


def connect_database(url: str) -> Engine:
    """An engine for `url`, set up so that a commit is on the disk before it returns.

    Raises DatabaseError if the URL cannot be read, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(
            "The database's address cannot be read.", "Write it as sqlite:///ledger.db or postgresql+psycopg://…"
        ) from None
    try:
        engine = create_engine(parsed)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise DatabaseError(
            f"The driver for {parsed.drivername} is not installed.",
            'For PostgreSQL, write postgresql+psycopg://… and type: pip install "bulletin[postgres]"',
        ) from None
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        engine.dialect.do_begin = _begin_immediately  # type: ignore[method-assign] # an event takes five times as long
    elif parsed.get_backend_name() == "postgresql":
        event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own transactions begin at the first write only: SQLAlchemy begins them (see below).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _set_up_postgresql(connection: DBAPIConnection, _record: Any) -> None:
    # A server may be told not to wait for its disk. Whoever waits for a standby as well goes on doing so.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) FROM pg_settings "
        "WHERE name = 'synchronous_commit' AND setting = 'off'"
    )
    cursor.close()
    connection.commit()


def _begin_immediately(dbapi_connection: PoolProxiedConnection) -> None:
    """Take the write lock at once: two claims must not both read before either writes."""
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE")
