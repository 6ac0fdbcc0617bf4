"""A look at the ledger that changes nothing: no table is made or upgraded, no commit is counted.

A file is opened for reading only; a server is told that our transactions only read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bulletin.database.identity import DatabaseMemory
from bulletin.database.mark import MarkFile
from bulletin.doctor.judgement import CannotTellError
from bulletin.errors import BulletinError, DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

    from bulletin.doctor.case import Case

_PATIENCE: Final = 5  # seconds for another program that writes


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLook:
    """What a look at the ledger shows. `fault` says what is wrong, as a sentence; "" if it can be used.

    `engine` reads from it; None if there is no database yet, or it can't be used. `is_outdated`: only an upgrade is
    missing, which the next command makes.
    """

    engine: Engine | None = None
    fault: str = ""
    is_outdated: bool = False
    file: Path | None = None


def look_at_ledger(case: Case) -> LedgerLook:
    """Look at the workspace's ledger, whatever is wrong with it."""
    from sqlalchemy.exc import SQLAlchemyError

    from bulletin.database.dialects import find_file, is_file_url

    workspace = case.workspace
    try:
        url = read_database_url(case)
    except CannotTellError as error:
        return LedgerLook(fault=error.why)
    file = find_file(url)
    if is_file_url(url):
        if file is None:
            return LedgerLook(fault="BULLETIN_DATABASE_URL names no file that stays.")
        if not file.exists():
            return _look_for_missing(workspace.state_folder, file)
    try:
        engine = _open_file(file) if file else _open_server(workspace.database_url)
        case.at_end(engine.dispose)
        return _judge(engine, workspace.state_folder, file)
    except DatabaseError as error:
        return LedgerLook(fault=error.message, file=file)
    except (SQLAlchemyError, sqlite3.Error) as error:
        return LedgerLook(fault=_explain(error, file), file=file)


def _look_for_missing(folder: Path, file: Path) -> LedgerLook:
    """No database yet, or one that is gone."""
    from bulletin.database.identity import MEMORY_FILE

    if (folder / MEMORY_FILE).exists():
        return LedgerLook(fault=f"The database {file} is not there, but it was before.", file=file)
    return LedgerLook(file=file)


def _open_file(file: Path) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    # Without a -wal beside it no one is writing: as immutable, SQLite makes no file there either.
    in_use = file.with_name(f"{file.name}-wal").exists()
    address = f"file:{quote(str(file.absolute()))}?mode=ro" + ("" if in_use else "&immutable=1")

    def connect() -> Any:
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _open_server(url: str) -> Engine:
    from bulletin.database.engine import connect_database

    return connect_database(url).execution_options(postgresql_readonly=True)


def _judge(engine: Engine, folder: Path, file: Path | None) -> LedgerLook:
    from sqlalchemy import inspect, text

    from bulletin.database.schema import HEAD

    with engine.connect() as connection:
        if file and (said := str(connection.scalar(text("PRAGMA quick_check(1)")))) != "ok":
            return LedgerLook(fault=f"The database {file} is damaged ({said[:80]}).", file=file)
        if not inspect(connection).has_table("alembic_version"):
            return LedgerLook(fault="The database is empty.", file=file) if _is_remembered(folder) else LedgerLook()
        version = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        if version > HEAD:
            return LedgerLook(fault="A newer version of bulletin has upgraded the database.", file=file)
        if version < HEAD:
            return LedgerLook(is_outdated=True, file=file)
        if fault := _find_rewound(connection, folder):
            return LedgerLook(fault=fault, file=file)
    return LedgerLook(engine=engine, file=file)


def _is_remembered(folder: Path) -> bool:
    from bulletin.database.identity import MEMORY_FILE

    return (folder / MEMORY_FILE).exists()


def _find_rewound(connection: Connection, folder: Path) -> str:
    """Why this isn't the ledger that was used here before, or knows less; "" if all is right. Raises DatabaseError."""
    from sqlalchemy import select

    from bulletin.database.identity import find_identity
    from bulletin.database.tables import identity

    row = connection.execute(select(identity.c.id, identity.c.commits, identity.c.lacking)).one()
    memory = DatabaseMemory(folder)
    memory.refuse_other(find_identity(connection))
    mark = MarkFile(folder).read()
    if row.lacking or (mark and mark.ledger == row.id and mark.commits > row.commits):
        return "The database knows less than it did: an older copy was put back, say."
    return ""


def _explain(error: Exception, file: Path | None) -> str:
    if file:
        cause = getattr(error, "orig", error)
        damaged = isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.OperationalError)
        return f"The database {file} {'is damaged' if damaged else 'cannot be opened'}."
    return "The database server doesn't answer, or refuses us."


def read_database_url(case: Case) -> URL:
    """The database's address. Raises CannotTellError if it can't be read."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(case.workspace.database_url)
    except (ArgumentError, ValueError):
        raise CannotTellError("The database's address can't be read.", until="DBS01") from None


def require_ledger(case: Case) -> Engine | None:
    """What reads from the ledger; None if there is none yet. Raises CannotTellError if it can't be used."""
    look = case.once(look_at_ledger)
    if look.fault:
        raise CannotTellError("The database can't be used.", until="DBS01")
    if look.is_outdated:
        raise CannotTellError("The database is of an earlier version; the next command upgrades it.")
    return look.engine


@contextmanager
def read_ledger(engine: Engine) -> Iterator[Connection]:
    """A connection that reads, in our own words if that fails. Raises CannotTellError."""
    from bulletin.database.errors import database_errors

    try:
        with database_errors(), engine.connect() as connection:
            yield connection
            connection.rollback()
    except BulletinError as error:
        raise CannotTellError(error.message) from None
