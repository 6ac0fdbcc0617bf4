"""A whole copy of the ledger, also while it is in use."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.dialects import find_file
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def back_up(engine: Engine, target: Path) -> None:
    """Copy the ledger of `engine` to the new file `target`: as it was at one moment, on the disk, for its owner alone.

    Whole, or not at all. Meanwhile others may write to the ledger (sqlite.org/backup.html). Raises DatabaseError if
    `target` is there already or cannot be written, and for a ledger on a server, which has its own programs for that.
    """
    source = find_file(engine.url)
    if source is None:
        raise DatabaseError(
            "The ledger is on a database server, which bulletin cannot copy as a whole.",
            "Ask your IT colleagues to back it up. By hand: pg_dump --format=custom --file=FILE DATABASE",
        )
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, partial)
        os.link(partial, target)  # which overwrites nothing
    except FileExistsError:
        raise DatabaseError(
            f"{target} is there already.", "Give the copy another name: nothing is overwritten."
        ) from None
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DatabaseError(
            f"The ledger could not be copied to {target}: {reason}.", "Check that folder, and the room on its disk."
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    # Without a time limit for each step: the copy is of one moment, and no writer waits for it.
    with closing(sqlite3.connect(source)) as ledger, closing(sqlite3.connect(target)) as copy:
        ledger.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # in one file
    with target.open("rb") as file:
        os.fsync(file.fileno())
