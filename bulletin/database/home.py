"""Which database is this workspace's: remembered in its state folder, so that no other one takes its place unnoticed.

A database that has vanished, or a BULLETIN_DATABASE_URL that is missing in one shell, would otherwise begin a new and
empty one: everybody would be written to again, and nobody would have opted out. Each database has a random id of its
own (the table `identity`), which goes along when it is copied or moved.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bulletin.database.storage import find_kept_file
from bulletin.database.tables import identity
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

MEMORY_FILE: Final = "ledger.id"
"""In the state folder."""

_SECRET_OPTIONS: Final = frozenset({"password", "sslpassword", "oauth_client_secret"})
"""What a PostgreSQL URL may have behind its question mark, and nobody is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The database that a workspace has used: its id, and where it was, without a password."""

    id: str
    place: str


def find_home(connection: Connection) -> Home:
    """Which database this is, by its own word, and where it is. Its tables have to be there."""
    url = connection.engine.url
    by_uri = connection.dialect.name == "sqlite" and not find_file(url)  # then only SQLite knows which file that is
    place = str(find_kept_file(connection) or "") if by_uri else name_place(url)
    return Home(id=connection.scalar(select(identity.c.id)) or "", place=place)


def name_place(url: URL) -> str:
    """The database's file, or its server's address without a password; "" for one without a name."""
    if url.get_backend_name() != "sqlite":
        return url._replace(password=None).difference_update_query(_SECRET_OPTIONS).render_as_string()
    if file := find_file(url):
        return str(file.absolute())
    return url.database or ""


def find_file(url: URL) -> Path | None:
    """The file of an SQLite database; None if it has none, or one that only SQLite itself can name."""
    place = url.database or ""
    if url.get_backend_name() != "sqlite" or place in ("", ":memory:") or place.startswith("file:"):
        return None
    return Path(place)


class Memory:
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

    def refuse_other(self, home: Home) -> None:
        """Before it is used: raises DatabaseError if it is another one than before."""
        if self._home and home.id != self._home.id:
            raise self._explain(home.place, "is another one")

    def knows(self, home: Home) -> bool:
        """Whether it was in use here before."""
        return self._home is not None and self._home.id == home.id

    def keep(self, home: Home) -> None:
        """This one is in use. Raises DatabaseError if that cannot be written down."""
        if self._path and home.place and home != self._home:
            _write(self._path, home)
            self._home = home

    def _explain(self, place: str, why: str) -> DatabaseError:
        assert self._home  # noqa: S101 -- whoever remembers nothing refuses nothing
        if place == self._home.place:
            message, remedy = f"The database {place} {why}", "Put it back, from a copy if need be."
            if why == "is another one":
                message += " than before"
        else:
            message = f"This workspace's database was {self._home.place} until now. What would be used, {place}, {why}"
            remedy = (
                "Set BULLETIN_DATABASE_URL as it was (not at all, if the file is in .bulletin/), or put the file back."
            )
        return DatabaseError(
            f"{message}. It remembers who has been written to and who opted out: nothing is done without it.",
            f"{remedy} Only if you mean to use another database from now on, which knows nothing of all that, delete "
            f"{self._path} and type the same command again.",
        )


def _read(path: Path) -> Home | None:
    try:
        return Home(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DatabaseError(
            f"{path} cannot be read. It says which database is this workspace's.",
            "Put it back from a copy; or, if you are sure that the right database is in use, delete it.",
        ) from error


def _write(path: Path, home: Home) -> None:
    """Whole, or not at all."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(home)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise DatabaseError(
            f"{path} cannot be written: {error.strerror}. It is to say which database is this workspace's.",
            "Check the permissions of that folder.",
        ) from error
