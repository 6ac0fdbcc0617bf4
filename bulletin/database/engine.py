"""Open the workspace's database, brought up to the present schema."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import URL, PoolProxiedConnection
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

_PATIENCE: Final = 10
"""Seconds for which another program that writes to a file is waited for."""

# A server that falls silent is given up within half a minute, not after a quarter of an hour: the names are libpq's
# (postgresql.org/docs/current/libpq-connect.html). In seconds, the last one in ms.
_GIVE_UP: Final = {
    "connect_timeout": "10",
    "keepalives": "1",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# The server gives us up as soon, and lets go of what we hold locked; it waits for others a little longer than that. A
# server may also be told not to wait for its disk; a server that waits for a standby still does. It knows only
# some of these if it is old, and what the URL has in `options` stays.
_SETTINGS: Final = """
SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES
    ('tcp_keepalives_idle', '15'), ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '30000'), ('idle_in_transaction_session_timeout', '60000'), ('lock_timeout', '90000')
) AS wanted (name, value) USING (name) WHERE source <> 'client'
UNION ALL
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'
"""


def connect_database(url: str) -> Engine:
    """An engine for `url`, set up so that a commit is on the disk before it returns.

    Raises DatabaseError if the URL cannot be read, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        _refuse_unsendable(parsed)
    except (ArgumentError, ValueError):  # a port in letters, a bracket too many, a host that cannot be
        raise DatabaseError(
            "The database's address cannot be read.", "Write it as sqlite:///ledger.db or postgresql+psycopg://…"
        ) from None
    try:
        engine = create_engine(parsed, connect_args=_choose_arguments(parsed))
    except (ModuleNotFoundError, NoSuchModuleError):
        raise DatabaseError(
            f"The driver for {parsed.drivername} is not installed.",
            "For PostgreSQL, write postgresql+psycopg://… and, in the folder that you installed bulletin from, type: "
            'pip install ".[postgres]"',
        ) from None
    except (ArgumentError, TypeError, ValueError):  # it repeats the address, and there may be a password in it
        raise DatabaseError(
            "The database's address has a part that cannot be used.",
            "Write it as sqlite:///ledger.db or postgresql+psycopg://…, with nothing behind a question mark.",
        ) from None
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        engine.dialect.do_begin = _begin_immediately  # type: ignore[method-assign] # an event takes five times as long
    elif parsed.get_backend_name() == "postgresql":
        event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _refuse_unsendable(url: URL) -> None:
    """Raises ValueError for a server's address that no driver can send. A file may have any name."""
    if url.get_backend_name() != "sqlite":
        url.render_as_string(hide_password=False).encode()
        if not (host := url.host or "").startswith("/"):
            host.encode("idna")


def _choose_arguments(url: URL) -> dict[str, str]:
    """What the driver is told beside the URL, which wins."""
    if url.get_backend_name() != "postgresql" or url.get_driver_name() not in ("psycopg", "psycopg2"):
        return {}
    wanted = _GIVE_UP | {"client_encoding": "utf8"}
    return {name: value for name, value in wanted.items() if name not in url.query}


def _set_up_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own transactions begin at the first write only: SQLAlchemy begins them (see below).
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", f"busy_timeout={_PATIENCE * 1000}", "foreign_keys=ON", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Of several who open a new database at once, SQLite turns all but one away here, however long they may wait."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _set_up_postgresql(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(_SETTINGS)
    cursor.close()
    connection.commit()


def _begin_immediately(dbapi_connection: PoolProxiedConnection) -> None:
    """Take the write lock at once: two claims must not both read before either writes."""
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE")
