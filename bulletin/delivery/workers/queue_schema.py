"""The tables of the job queue: made and upgraded beside ours, and never taken back by an older program.

Procrastinate brings its whole schema for a new database, and migrations in the order of their names for an older one.
Which of them a database has is written down beside them.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin import PUBLISHED_NAME
from bulletin.database.dialects import is_on_server, lock_number
from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

_LOCK: Final = 7_411_205_094
_TABLE: Final = "CREATE TABLE IF NOT EXISTS queue_migrations (name varchar(255) PRIMARY KEY)"
# Not by to_regclass: within a transaction it may remember that there was none, whatever others have committed since.
_HAS_TABLE: Final = """
SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = 'queue_migrations' AND schemaname = ANY (current_schemas(false)))
"""
_ADD: Final = "INSERT INTO queue_migrations (name) VALUES (%(name)s)"


def find_missing(engine: Engine) -> Sequence[str]:
    """The migrations that the database lacks; those of a new one are all. Raises DatabaseError for a newer database."""
    with database_errors(), engine.begin() as connection:
        return _find_missing(connection, name_place(engine.url))


def upgrade_queue(engine: Engine) -> Sequence[str]:
    """Make the queue's tables, or upgrade them; the migrations that were done. Nothing where the database is a file.

    Each migration is a transaction: PostgreSQL uses a new value of a type only after that. Raises DatabaseError if a
    newer program has upgraded them, or if it fails.
    """
    if not is_on_server(engine):
        return ()
    done = missing = find_missing(engine)
    while missing:
        with database_errors(), engine.begin() as connection:
            lock_number(connection, _LOCK)
            missing = _find_missing(connection, name_place(engine.url))
            _do_next(connection, missing)
            missing = _find_missing(connection, name_place(engine.url))
    return done


def _do_next(connection: Connection, missing: Sequence[str]) -> None:
    """Do the first of the missing migrations; in a new database, all at once."""
    if not missing:
        return
    connection.exec_driver_sql(_TABLE)
    if missing == _list_known():
        statements, names = (files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"), missing
    else:
        statements, names = (_folder() / missing[0]).read_text(encoding="utf-8"), missing[:1]
    connection.connection.driver_connection.execute(statements.encode())  # type: ignore[union-attr] # psycopg's
    for name in names:
        connection.exec_driver_sql(_ADD, {"name": name})


def _find_missing(connection: Connection, place: str) -> Sequence[str]:
    known = _list_known()
    if not connection.exec_driver_sql(_HAS_TABLE).scalar_one():
        return known
    there = set(connection.exec_driver_sql("SELECT name FROM queue_migrations").scalars())
    if newer := sorted(there - set(known)):
        raise DatabaseError(
            f"The job queue in the database {place} has been upgraded by a newer version, to {newer[-1]}.",
            f'Upgrade bulletin on this computer too: pip install --upgrade "{PUBLISHED_NAME}[workers]"',
        )
    return [name for name in known if name not in there]


def _list_known() -> Sequence[str]:
    return sorted(path.name for path in _folder().iterdir() if path.name.endswith(".sql"))


def _folder() -> Path:
    return Path(str(files("procrastinate.sql"))) / "migrations"
