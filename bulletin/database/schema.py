"""Open a database and bring it up to the present schema.

Alembic takes longer to import than most commands take to run, so the version is read with plain SQL, and Alembic is
loaded only for a database that is new or older. A change of `tables` needs a new file in migrations/versions, and
its number here in HEAD.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bulletin import PUBLISHED_NAME
from bulletin.database.commits import count_commits
from bulletin.database.database_events import refuse_moved
from bulletin.database.dialects import find_file, lock_number, read_encoding, write_back
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.identity import MEMORY_FILE, DatabaseMemory, find_identity, name_place
from bulletin.database.mark import MarkFile
from bulletin.database.permanence import announce_new, refuse_fleeting
from bulletin.database.residue import has_residue, wipe_residue
from bulletin.database.shortfall import compare_with_mark
from bulletin.declaration.characters import show_hidden
from bulletin.disk import make_private_file, make_private_folder
from bulletin.errors import DatabaseError
from bulletin.rights import OWNER_ALONE, find_rights

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import URL, Connection, Engine

    from bulletin.workspace.workspace import Workspace

HEAD = "0023"
"""The version of the schema that `tables` describes."""

_LOG = logging.getLogger(__name__)  # unless a program says otherwise, warnings are printed to standard error
_UNNOTICED = "If the ledger was just put back from an older copy, bulletin can't notice that this time."
_OUR_LOCK = 7_411_205_093  # any number, as long as no other program on the same PostgreSQL server picks it


def open_database(home: Workspace | str) -> Engine:
    """An engine for the database of a workspace, or for one at a URL, created or upgraded if need be.

    Reading the version and upgrading are one transaction: it is done whole or not at all, and two processes that
    open a new database at once both succeed. A workspace remembers its database and takes no other for it: see
    `home`. One that its address makes anew is named in a warning. Raises DatabaseError if its own is gone, if the
    database cannot be opened or written to, if it does not take every letter, if it would not stay, or if a newer
    version of this program has upgraded it; Unwritten, or BulletinError for a `state_group` that cannot be had, if the
    workspace's state folder cannot be made.
    """
    if not isinstance(home, str):
        home.require_there()  # or it would be made anew, with a database that has lost every opt-out
    url, folder = (home, None) if isinstance(home, str) else (home.database_url, home.state_folder)
    engine = connect_database(url)
    memory = DatabaseMemory(folder)
    place = name_place(engine.url)
    memory.refuse_missing(engine.url)
    new_folder = _make_file(engine.url, home)
    marks = MarkFile(folder) if folder else None
    mark = marks.read() if marks else None  # before the database is asked: others may be at work
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        with database_errors(place), engine.begin() as connection:
            _refuse_other_encodings(connection, place)
            if folder:
                refuse_fleeting(connection, address=url)
            version = read_version(connection)
            if version is None:
                memory.refuse_empty(engine.url)
            if version != HEAD:
                _upgrade(connection, place)
            refuse_moved(connection, place)
            found = find_identity(connection)
            memory.refuse_other(found)
            reached = compare_with_mark(connection, mark)
            is_unwiped = has_residue(connection)
        if is_unwiped:
            wipe_residue(engine)
        if version != HEAD:
            write_back(engine)
        if not isinstance(home, str):
            home.make_state_folder()
        if marks and (mark is None or mark.ledger != reached.ledger or mark.commits < reached.commits):
            if mark is None and memory.knows(found) and reached.commits:
                _LOG.warning(
                    "%s was missing or damaged, and was made anew. %s", show_hidden(str(marks.path)), _UNNOTICED
                )
            marks.raise_to(reached)
        memory.keep(found)
        count_commits(engine, marks, ledger=found.id)
        undo.pop_all()
    if folder and version is None and not isinstance(home, str) and home.database_is_named:
        announce_new(found.place, new_folder=new_folder, memory_file=folder / MEMORY_FILE)
    return engine


def read_version(connection: Connection) -> str | None:
    """The version of the schema that the database has; None for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def configure_migrations() -> Config:
    """Alembic's configuration, made here so that it also works from an installed package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _make_file(url: URL, home: Workspace | str) -> Path | None:
    """Before SQLite does, so that only those who may can read it: -wal and -shm get the rights that the file has.

    The file's folder, if it was made here.
    """
    if (file := find_file(url)) is None:
        return None
    rights = OWNER_ALONE
    if not isinstance(home, str):
        home.make_state_folder()
        rights = home.rights
    try:
        is_new = not file.parent.exists()
        make_private_folder(file.parent, rights)
        make_private_file(file, find_rights(file.parent) if rights.group is None else rights)
    except OSError as error:
        raise DatabaseError(
            f"The database's folder {file.parent} cannot be made: {error.strerror}.", "Check its name and permissions."
        ) from error
    return file.parent.absolute() if is_new else None


def _refuse_other_encodings(connection: Connection, place: str) -> None:
    """A name or a server's words that cannot be recorded would stop a mailing."""
    if (encoding := read_encoding(connection)) != "UTF8":
        raise DatabaseError(
            f"The database {place} keeps text as {encoding}, which does not have every letter.",
            "Use one that was made with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )


def _upgrade(connection: Connection, place: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    lock_number(connection, _OUR_LOCK)
    config = configure_migrations()
    config.attributes["connection"] = connection
    version = read_version(connection) or HEAD
    try:
        ScriptDirectory.from_config(config).get_revision(version)
    except CommandError:
        raise DatabaseError(
            f"The database {place} has been upgraded by a newer version of this program, to schema {version}.",
            f"Get the newest version of bulletin on this computer too: pip install --upgrade {PUBLISHED_NAME}",
        ) from None
    command.upgrade(config, "head")
