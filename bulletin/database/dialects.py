"""Where SQLite and PostgreSQL differ: the only module that asks which of them a database is.

Each function answers one question, or does one thing, for both: what is asked is in its name, not the database's.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import (
        URL,
        ColumnElement,
        Connection,
        Engine,
        PoolProxiedConnection,
        Table,
    )
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

_PATIENCE: Final = 10
"""Seconds for which another program that writes to a file is waited for."""

_READS_ONLY: Final = "reads only"
"""What a connection keeps about its next transactions: that they take no write lock."""

_STEP: Final = 8
"""ms after which SQLite is asked anew for the write lock. It would look at it ever more rarely itself, in the end each
100 ms: who has waited long would be overtaken by everyone who comes later."""

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
# some of these if it is old, and what the URL has in `options` stays. Compiling a statement (`jit`) takes a second
# where it looks expensive, as one does that asks much of each reader; it never gains as much.
_SETTINGS: Final = """
SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES
    ('tcp_keepalives_idle', '15'), ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '30000'), ('idle_in_transaction_session_timeout', '60000'), ('lock_timeout', '90000'),
    ('jit', 'off')
) AS wanted (name, value) USING (name) WHERE source <> 'client'
UNION ALL
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'
"""
_MAY_ASK: Final = "SELECT has_function_privilege(to_regprocedure('pg_control_system()')::oid, 'EXECUTE')"
# The server's own number is made with its data folder, and goes along when that is moved or a standby takes over; the
# database's number is made anew when it is restored from a dump.
_NUMBERS: Final = """
SELECT concat_ws(':', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()))
FROM pg_control_system()
"""


def is_on_server(source: Engine | Connection) -> bool:
    """Whether the database is on a server, which other computers may use too. Else it is a file."""
    return source.dialect.name == "postgresql"


def is_server_url(url: URL) -> bool:
    """As `is_on_server`, by the address."""
    return url.get_backend_name() == "postgresql"


def is_file_url(url: URL) -> bool:
    """Whether the address is that of an SQLite database: in a file, or in memory."""
    return url.get_backend_name() == "sqlite"


def find_file(url: URL) -> Path | None:
    """The file of an SQLite database; None if it has none, or one that only SQLite itself can name."""
    place = url.database or ""
    if not is_file_url(url) or place in ("", ":memory:") or place.startswith("file:"):
        return None
    return Path(place)


def find_kept_file(connection: Connection) -> Path | None:
    """The file that SQLite keeps this database in; None if it keeps it in none, so that all is gone at the end."""
    name = connection.engine.url.database or ""
    if name == ":memory:" or name.startswith("file:") or not Path(name).is_file():
        name = next(iter(connection.exec_driver_sql("PRAGMA database_list")))[2]
    return Path(name) if name and Path(name).is_file() else None


def identify_storage(connection: Connection) -> str:
    """The numbers of a file's disk and of the file on it, or of a server and the database in it; "" if not known."""
    if is_on_server(connection):
        return str(connection.scalar(text(_NUMBERS))) if connection.scalar(text(_MAY_ASK)) else ""
    if (file := find_kept_file(connection)) is None:
        return ""
    found = file.stat()
    # A file with two names is in use at both, maybe; and some network drives number nothing.
    return f"{found.st_dev}:{found.st_ino}" if found.st_ino and found.st_nlink == 1 else ""


def set_up_connections(engine: Engine) -> None:
    """Let every connection of `engine` commit to the disk, and notice soon that a server has fallen silent."""
    if is_file_url(engine.url):
        event.listen(engine, "connect", _set_up_file)
        engine.dialect.do_begin = _begin_immediately  # type: ignore[method-assign] # an event takes five times as long
    elif is_server_url(engine.url):
        event.listen(engine, "connect", _set_up_session)


def choose_arguments(url: URL) -> dict[str, str]:
    """What the driver is told besides the URL; what the URL says takes priority."""
    if not is_server_url(url) or url.get_driver_name() not in ("psycopg", "psycopg2"):
        return {}
    wanted = _GIVE_UP | {"client_encoding": "utf8"}
    return {name: value for name, value in wanted.items() if name not in url.query}


def _set_up_file(connection: DBAPIConnection, _record: Any) -> None:
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


def _set_up_session(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(_SETTINGS)
    cursor.close()
    connection.commit()


def _begin_immediately(dbapi_connection: PoolProxiedConnection) -> None:
    """Take the write lock at once: two claims must not both read before either writes.

    While another connection has it, look often. How long in all is what the connection's `busy_timeout` says.
    """
    cursor = dbapi_connection.cursor()
    if dbapi_connection.info.get(_READS_ONLY):
        cursor.execute("BEGIN")
        return
    patience: int = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    until = time.monotonic() + patience / 1000
    cursor.execute(f"PRAGMA busy_timeout={min(_STEP, patience)}")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            else:
                return
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`, as `connection`'s database writes them."""
    if is_on_server(connection):
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def lock_for_writing(connection: Connection, table: Table) -> None:
    """Keep others from writing to `table` until this transaction ends. They can still read it.

    SQLite's transactions have the write lock from their beginning; PostgreSQL's run side by side, and are asked.
    """
    if is_on_server(connection):
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")


def domain_of(address: ColumnElement[str], connection: Connection) -> ColumnElement[str]:
    """The domain of an address, as `connection`'s database works it out. No address has a second @."""
    find = func.strpos if is_on_server(connection) else func.instr
    return func.lower(func.substr(address, find(address, "@") + 1))


def lock_name(connection: Connection, name: str) -> None:
    """Hold `name` until this transaction ends, and wait for others that hold it. Asking twice does no harm.

    SQLite's transactions have the write lock from their beginning; PostgreSQL takes an advisory lock.
    """
    if is_on_server(connection):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def read_one_moment(connection: Connection) -> None:
    """Let all reads of this transaction, which has just begun, see the database as it is at the first of them.

    SQLite's transactions always do. PostgreSQL's see what others commit in between, unless they are told not to.
    """
    if is_on_server(connection):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def set_reading_only(connection: Connection, *, on: bool) -> None:
    """Whether the next transactions only read, so that no one who writes waits for them. A server's never do."""
    connection.connection.info[_READS_ONLY] = on


def lock_number(connection: Connection, number: int) -> None:
    """Hold `number` as `lock_name` holds a name: also before the database has any table."""
    if is_on_server(connection):
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def read_encoding(connection: Connection) -> str:
    """How the database keeps text. SQLite's takes every character; a server's may not."""
    return str(connection.scalar(text("SHOW server_encoding"))) if is_on_server(connection) else "UTF8"


def write_back(engine: Engine) -> None:
    """Bring what is new into the database's file itself: without its `-wal` it must still be known for what it is."""
    if not is_on_server(engine):
        with closing(engine.raw_connection()) as connection:  # outside any transaction
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")


def rewrite_tables(engine: Engine, tables: Iterable[Table]) -> bool:
    """Write these tables anew, so that no deleted row is left in the database's files. Needs as much room again.

    A file is written anew whole, with its `-wal`: False if another program keeps that from being emptied now.
    """
    if is_on_server(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                name = connection.dialect.identifier_preparer.format_table(table)
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {name}")
            connection.exec_driver_sql("VACUUM FULL pg_catalog.pg_statistic")  # it has samples of what was in columns
        return True
    with engine.connect() as borrowed:  # for its errors; SQLite's own statements are outside any transaction
        cursor = borrowed.connection.cursor()
        try:
            for statement in ("PRAGMA secure_delete=ON", "VACUUM"):
                cursor.execute(statement)
            is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise DBAPIError.instance("VACUUM", None, error, sqlite3.Error) from error
        finally:
            cursor.close()
    return not is_busy


def take_greater(connection: Connection, column: ColumnElement[int], number: int) -> ColumnElement[int]:
    """The greater of a column and a number, row by row."""
    return func.greatest(column, number) if is_on_server(connection) else func.max(column, number)


def number_after_last(connection: Connection, table: Table) -> None:
    """Let the next row of `table` be numbered after its last. On a server, rows copied with numbers do not do that."""
    if not is_on_server(connection) or table.autoincrement_column is None:
        return
    if last := connection.scalar(select(func.max(table.autoincrement_column))):
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
        connection.execute(sequence, {"table": table.name, "last": last})


def append_rows(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows that have a plain value for each column of `table`, in the table's order. JSON is text already.

    A server takes them as one stream, in a third of the time that statements take.
    """
    names = ", ".join(connection.dialect.identifier_preparer.format_column(column) for column in table.columns)
    name = connection.dialect.identifier_preparer.format_table(table)
    driver: Any = connection.connection.driver_connection
    if is_on_server(connection):
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(table.columns))
        driver.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)  # noqa: S608 -- our own tables


def send_together(connection: Connection, statements: Sequence[tuple[str, Any]]) -> list[tuple[int, Any]]:
    """Send a server several statements at once; for each, how many rows it was true of, and the first that it returned.

    If one fails, those behind it are not run. As SQLAlchemy does it, an error is a DBAPIError.
    """
    driver: Any = connection.connection.driver_connection
    cursors = [driver.cursor() for _ in statements]
    try:
        with driver.pipeline():
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values)
        return [(cursor.rowcount, cursor.fetchone() if cursor.description else None) for cursor in cursors]
    except connection.dialect.loaded_dbapi.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        if lost:
            connection.invalidate(error)
        first = statements[0][0]
        raise DBAPIError.instance(
            first, None, error, connection.dialect.loaded_dbapi.Error, connection_invalidated=lost
        ) from error


def keep_waiting(connection: Connection) -> None:
    """Don't let a server end this transaction because nothing is asked of it for a while."""
    if is_on_server(connection):
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def measure_size(connection: Connection) -> int:
    """How many bytes the database takes on its disk, free space included."""
    if is_on_server(connection):
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages, size = (next(iter(connection.exec_driver_sql(f"PRAGMA {name}")))[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def fold_into_one_file(engine: Engine) -> None:
    """Leave a database's file without a `-wal` beside it, once no one else has it open. Not for a server."""
    with closing(engine.raw_connection()) as connection:  # outside any transaction
        connection.cursor().execute("PRAGMA journal_mode=DELETE")


def only_where(condition: str) -> dict[str, Any]:
    """What an `Index` takes to have only the rows of which `condition` is true."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
