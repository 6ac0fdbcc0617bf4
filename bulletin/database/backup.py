"""A whole copy of the ledger, also while it is in use."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from bulletin.database.dialects import find_file, fold_into_one_file, keep_waiting
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.reading import begin_snapshot
from bulletin.database.shortfall import mark_as_backup
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def back_up(engine: Engine, target: Path, *, now: int) -> None:
    """Copy the ledger of `engine` to the new file `target`: as it was at one moment, on the disk, for its owner alone.

    The copy is an SQLite file, whichever database the ledger is on, and says that it is a back-up of `now` (ms since
    1970): so nothing is sent from it by mistake. Whole, or not at all. Meanwhile others may write to the ledger
    (sqlite.org/backup.html). Raises DatabaseError if `target` is there already or cannot be written.
    """
    source = find_file(engine.url)
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if source:
            copy_file(source, partial)
        else:
            _copy_from_server(engine, partial)
        _finish(partial, now)
        os.link(partial, target)  # which overwrites nothing
    except FileExistsError:
        raise DatabaseError(
            f"{target} is there already.", "Give the copy another name: nothing is overwritten."
        ) from None
    except (OSError, sqlite3.Error, DBAPIError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(getattr(error, "orig", error))
        raise DatabaseError(
            f"The ledger could not be copied to {target}: {reason}.", "Check that folder, and the room on its disk."
        ) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                partial.with_name(f"{partial.name}{suffix}").unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy an SQLite database, with what is only in its `-wal`, to an empty file. Raises sqlite3.Error, OSError."""
    # Without a time limit for each step: the copy is of one moment, and no writer waits for it.
    with closing(sqlite3.connect(source)) as ledger, closing(sqlite3.connect(target)) as copy:
        ledger.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # in one file


def _copy_from_server(engine: Engine, target: Path) -> None:
    from bulletin.database.schema import open_database
    from bulletin.database.transfer import copy_tables

    copy = open_database(f"sqlite:///{target}")
    try:
        with begin_snapshot(engine) as leaving, database_errors(str(target)), copy.begin() as arriving:
            keep_waiting(leaving)
            copy_tables(leaving, arriving, place=str(target))
    finally:
        copy.dispose()


def _finish(target: Path, now: int) -> None:
    """Say in the copy that it is one, and bring it to the disk, in one file."""
    copy = connect_database(f"sqlite:///{target}")
    try:
        with copy.begin() as connection:
            mark_as_backup(connection, now=now)
        fold_into_one_file(copy)
    finally:
        copy.dispose()
    with target.open("rb") as file:
        os.fsync(file.fileno())
