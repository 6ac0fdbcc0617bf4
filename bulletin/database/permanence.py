"""A ledger has to stay: one that ends with the command is refused, and one that is made anew is named.

Either may come of a slip in the database's address. SQLite itself is asked for its file, since an address can say in
many ways that there is none.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.dialects import find_kept_file, is_on_server
from bulletin.declaration.characters import show_hidden
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LOG = logging.getLogger(__name__)  # unless a program says otherwise, warnings are printed to standard error


def refuse_fleeting(connection: Connection, *, address: str) -> None:
    """Raises DatabaseError for a database that is in memory, or in a temporary file; `address` as a person wrote it."""
    if is_on_server(connection) or find_kept_file(connection):
        return
    raise DatabaseError(
        f"BULLETIN_DATABASE_URL is {address}, which names no file that stays. Every command would forget "
        "what was sent, and who unsubscribed.",
        "Give it the path of a file, as in sqlite:////srv/bulletin/ledger.db. Or unset it: then the file in .bulletin/ "
        "is used.",
    )


def announce_new(place: str, *, new_folder: Path | None, memory_file: Path) -> None:
    """Warn that the address has made a database at `place`, and `new_folder` for it: it may be a slip."""
    folder = f" The folder {new_folder} is new too." if new_folder else ""
    _LOG.warning(
        "A new, empty database was made: %s.%s It has no record of anything sent, or of anyone who unsubscribed. "
        "If you meant another one, correct its address (BULLETIN_DATABASE_URL, or bulletin.yaml) and delete %s.",
        *(show_hidden(str(part)) for part in (place, folder, memory_file)),
    )
