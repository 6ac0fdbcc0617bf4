"""Which database is this workspace's: remembered in its state folder, so that no other one takes its place unnoticed.

A database that has vanished, or a BULLETIN_DATABASE_URL that is missing in one shell, would otherwise begin a new and
empty one: everyone would be emailed again, and every opt-out would be lost. Each database has a random id of its
own (the table `identity`), which goes along when it is copied or moved. So a copy has the id of its original: that is
told by its place, and by what the system calls the file (`identify_storage`), which a move keeps and a copy does not.
"""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import make_url, select

from bulletin.database.dialects import find_file, find_kept_file, identify_storage, is_file_url, is_on_server
from bulletin.database.tables import identity
from bulletin.disk import sync_folder, write_state
from bulletin.errors import DatabaseError, Unwritten
from bulletin.settings.database_address import SECRET_OPTIONS

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

MEMORY_FILE: Final = "ledger.id"
"""In the state folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseIdentity:
    """The database that a workspace has used: its id, and where it was, without a password.

    `storage` is what the system calls the file or the server's database, and `computer` the one that used it; both are
    "" where that is not known.
    """

    id: str
    place: str
    storage: str = ""
    computer: str = ""

    def may_be_copy_of(self, other: DatabaseIdentity) -> bool:
        """Whether `other`, which has the same id, may still exist beside this one.

        A file that was moved keeps its storage. A file never becomes a database on a server by copying: the move to
        one gives the file that stays behind an id of its own (see `moving`). At the same place, what another computer
        numbers otherwise is a copy; disks may be numbered anew there by each start, and a computer may be renamed.
        """
        if self.storage and self.storage == other.storage:
            return False
        if self._is_file is not other._is_file:
            return False
        if _resolve(self.place) != _resolve(other.place):
            return True
        on_two = bool(self.computer and other.computer) and self.computer != other.computer
        return self._is_file and on_two and self._file_number != other._file_number

    @property
    def _is_file(self) -> bool:
        return "://" not in self.place

    @property
    def _file_number(self) -> str:
        """On its disk."""
        return self.storage.rpartition(":")[2]


def find_identity(connection: Connection) -> DatabaseIdentity:
    """Which database this is, by its own word, and where it is. Its tables have to be there."""
    url, is_file = connection.engine.url, not is_on_server(connection)
    by_uri = is_file and not find_file(url)  # then only SQLite knows which file that is
    return DatabaseIdentity(
        id=connection.scalar(select(identity.c.id)) or "",
        place=str(find_kept_file(connection) or "") if by_uri else name_place(url),
        storage=identify_storage(connection),
        computer=socket.gethostname() if is_file else "",
    )


def name_place(url: URL) -> str:
    """The database's file, or its server's address without a password; "" for one without a name."""
    if not is_file_url(url):
        return url._replace(password=None).difference_update_query(SECRET_OPTIONS).render_as_string()
    if file := find_file(url):
        return str(file.absolute())
    return url.database or ""


class DatabaseMemory:
    """What a state folder remembers of its database. Without a folder, nothing: then any database will do."""

    def __init__(self, folder: Path | None) -> None:
        """Raises DatabaseError if it cannot be read."""
        self._path = folder / MEMORY_FILE if folder else None
        self._home = _read(self._path) if self._path else None

    def refuse_missing(self, url: URL) -> None:
        """Before a file is made: raises DatabaseError if one was there before."""
        file = find_file(url)
        if self._home and file and not file.exists():
            raise self._explain(name_place(url), "is not there")

    def refuse_empty(self, url: URL) -> None:
        """Before tables are made: raises DatabaseError if there were some before."""
        if self._home:
            raise self._explain(name_place(url), "is empty")

    def refuse_other(self, home: DatabaseIdentity) -> None:
        """Before it is used: raises DatabaseError if it is another one than before."""
        if self._home and home.id != self._home.id:
            raise self._explain(home.place, "is another one")

    def knows(self, home: DatabaseIdentity) -> bool:
        """Whether it was in use here before."""
        return self._home is not None and self._home.id == home.id

    def knows_another(self, ledger: str) -> bool:
        """Whether another database than the one with this id was in use here before."""
        return self._home is not None and self._home.id != ledger

    def find_original(self, home: DatabaseIdentity) -> DatabaseIdentity | None:
        """Where the database was before, if `home` may be a copy of it; None if it is not, or a person has said so."""
        return self._home if self._home and home.may_be_copy_of(self._home) else None

    def keep(self, home: DatabaseIdentity) -> None:
        """This one is in use, unless a person has to say so: what may be a copy. Raises as `accept` does."""
        if not self.find_original(home):
            self.accept(home)

    def accept(self, home: DatabaseIdentity) -> None:
        """This one is in use from now on. Raises DatabaseError if that cannot be written down."""
        if self._path and home.place and home != self._home:
            _write(self._path, home)
            self._home = home

    def _explain(self, place: str, why: str) -> DatabaseError:
        assert self._home  # noqa: S101 -- a memory without a database refuses none
        if place == self._home.place:
            message, remedy = f"The database {place} {why}", "Put it back, from a copy if need be."
            if why == "is another one":
                message += " than before"
        else:
            message = f"This workspace's database was {self._home.place} until now. What would be used, {place}, {why}"
            remedy = (
                "Set BULLETIN_DATABASE_URL as it was (not at all, if the file is in .bulletin/ or bulletin.yaml has "
                "`database:`), or put the file back."
            )
        return DatabaseError(
            f"{message}. It remembers who has been written to and who opted out: nothing is done without it.",
            f"{remedy} Only if you mean to use another database from now on, which knows nothing of all that, delete "
            f"{self._path} and type the same command again.",
        )


def _resolve(place: str) -> str:
    """The same for every way to write it: a file's path, or which database of which server, by whichever user."""
    if "://" not in place:
        return str(Path(place).resolve())
    url = make_url(place)
    host, port = (value or url.query.get(name, "") for name, value in (("host", url.host), ("port", url.port)))
    return f"{host}:{port}/{url.database}"


def _read(path: Path) -> DatabaseIdentity | None:
    try:
        return DatabaseIdentity(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DatabaseError(
            f"{path} cannot be read. It says which database is this workspace's.",
            "Put it back from a copy; or, if you are sure that the right database is in use, delete it.",
        ) from error


def _write(path: Path, home: DatabaseIdentity) -> None:
    """Whole, or not at all."""
    try:
        write_state(path.parent, path.name, f"{json.dumps(asdict(home))}\n".encode())
        sync_folder(path.parent)
    except (OSError, Unwritten) as error:
        raise DatabaseError(
            f"{path} cannot be written: {error.strerror}. It is to say which database is this workspace's.",
            "Check the permissions of that folder.",
        ) from error
