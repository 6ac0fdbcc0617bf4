"""Takes the last import back: the list's file as it was before, then a sync. Suppressions that came with it stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from bulletin.database.errors import database_errors
from bulletin.database.tables import imports
from bulletin.declaration.files import is_file
from bulletin.disk import write_whole
from bulletin.errors import BulletinError, NotFound
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.upkeep.export_file import measure_digest
from bulletin.subscribers.upkeep.former_lists import find_former, forget_former, read_pieces
from bulletin.subscribers.upkeep.importing_people import sync_files
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_EMPTY_LIST: Final = b"email,name\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class LastImport:
    """What was imported last: from a file of this name, into a list, at a time in ms since 1970, so many people."""

    id: int
    list: str
    at: int
    file: str
    had_former: bool
    digest: str
    people: int


def find_last_import(connection: Connection) -> LastImport | None:
    """The newest import that wasn't taken back; None if there is none."""
    columns = [imports.c[name] for name in LastImport.__dataclass_fields__]
    query = select(*columns).where(imports.c.undone_at.is_(None)).order_by(imports.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return LastImport(**row) if row else None


def require_unchanged(workspace: Workspace, last: LastImport) -> Path:
    """The list's file, if it is as the import left it and the one before was kept.

    Raises NotFound if the list isn't there any more, and BulletinError if the file has changed since.
    """
    if last.list not in workspace.settings.lists:
        raise NotFound(f"The list {last.list} isn’t in bulletin.yaml any more.", "There is nothing to undo.")
    shown_as, former = workspace.list_file(last.list), find_former(workspace, last.list)
    path = workspace.root / shown_as
    if measure_digest(path) != last.digest:
        kept = f" The file as it was before is {former}." if last.had_former and is_file(former) else ""
        raise BulletinError(
            f"{shown_as} has changed since {last.file} was imported, so the import can’t be undone.",
            f"Delete the rows that it added at the end, then run: bulletin subscribers sync.{kept}",
        )
    if last.had_former and not is_file(former):
        raise NotFound(
            f"The file that {shown_as} was before is gone: {former}.",
            "Delete the rows that the import added at the end, then run: bulletin subscribers sync",
        )
    return path


def undo_import(workspace: Workspace, engine: Engine, last: LastImport, *, now: int) -> Difference:
    """Put the former file back, and sync. `now` in ms since 1970. Raises as `require_unchanged`, and Unwritten."""
    path, former = require_unchanged(workspace, last), find_former(workspace, last.list)
    write_whole(path, read_pieces(former) if last.had_former else _EMPTY_LIST)
    with database_errors(), engine.begin() as connection:
        connection.execute(update(imports).where(imports.c.id == last.id).values(undone_at=now))
        difference = sync_files(connection, workspace, now=now)
    forget_former(workspace, last.list)
    return difference
