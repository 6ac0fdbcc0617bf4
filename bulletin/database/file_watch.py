"""Whether the database is still where it was opened: SQLite itself would continue in a file that is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.dialects import find_file
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def watch_file(engine: Engine) -> Callable[[], None]:
    """A function that raises DatabaseError once the database's file is another one than now, or gone.

    So is its `-wal`, which has what was committed last: while the database is in use, it is always there.
    """
    if (file := find_file(engine.url)) is None:
        return lambda: None
    before = {path: _identify(path) for path in (file, Path(f"{file}-wal"))}

    def check() -> None:
        for path, identity in before.items():
            if _identify(path) != identity:
                raise DatabaseError(
                    f"The database {path} has been deleted, moved or replaced while it was in use.",
                    "Put it back before you send again: it remembers who has been written to.",
                )

    return check


def _identify(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
