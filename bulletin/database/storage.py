"""What the system itself calls a database, whatever its address: a copy has another name there, a move keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MAY_ASK: Final = "SELECT has_function_privilege(to_regprocedure('pg_control_system()')::oid, 'EXECUTE')"
# The server's own number is made with its data folder, and goes along when that is moved or a standby takes over; the
# database's number is made anew when it is restored from a dump.
_NUMBERS: Final = """
SELECT concat_ws(':', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()))
FROM pg_control_system()
"""


def find_kept_file(connection: Connection) -> Path | None:
    """The file that SQLite keeps this database in; None if it keeps it in none, so that all is gone at the end."""
    name = connection.engine.url.database or ""
    if name == ":memory:" or name.startswith("file:") or not Path(name).is_file():
        name = next(iter(connection.exec_driver_sql("PRAGMA database_list")))[2]
    return Path(name) if name and Path(name).is_file() else None


def identify_storage(connection: Connection) -> str:
    """The numbers of a file's disk and of the file on it, or of a server and the database in it; "" if not known."""
    if connection.dialect.name == "postgresql":
        return str(connection.scalar(text(_NUMBERS))) if connection.scalar(text(_MAY_ASK)) else ""
    if connection.dialect.name != "sqlite" or (file := find_kept_file(connection)) is None:
        return ""
    found = file.stat()
    # A file with two names is in use at both, maybe; and some network drives number nothing.
    return f"{found.st_dev}:{found.st_ino}" if found.st_ino and found.st_nlink == 1 else ""
