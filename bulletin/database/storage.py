"""Where a database is kept, as the system itself has it, whatever its address says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def find_kept_file(connection: Connection) -> Path | None:
    """The file that SQLite keeps this database in; None if it keeps it in none, so that all is gone at the end."""
    name = next(iter(connection.exec_driver_sql("PRAGMA database_list")))[2]
    return Path(name) if name and Path(name).is_file() else None
