"""An older copy of a ledger, to be put back as a person would: from a file, or from a dump of a PostgreSQL database."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from conftest import find_program
from postgresql import PostgreSQL


class OlderCopy:
    """The ledger at `url` as it is now. `server` runs it, if it is not a file."""

    def __init__(self, url: str, folder: Path, server: PostgreSQL | None = None) -> None:
        self._url = make_url(url)
        self._server = server
        self._copy = folder / "older-copy"
        if server is None:
            with closing(sqlite3.connect(self._file)) as ledger, closing(sqlite3.connect(self._copy)) as copy:
                ledger.backup(copy)
            return
        dump = [find_program("pg_dump", package="postgresql-client"), "--no-owner", f"--file={self._copy}"]
        subprocess.run([*dump, *self._named(server)], check=True)

    def put_back(self) -> None:
        """In the place of the ledger, which nobody may have open."""
        if self._server is None:
            for suffix in ("-wal", "-shm"):
                self._file.with_name(f"{self._file.name}{suffix}").unlink(missing_ok=True)
            shutil.copy(self._copy, self._file)
            return
        self._server.make_anew(self._url.render_as_string())
        psql = [find_program("psql", package="postgresql-client"), "--quiet", "--set=ON_ERROR_STOP=1"]
        command = [*psql, f"--file={self._copy}", *self._named(self._server)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    @property
    def _file(self) -> Path:
        return Path(self._url.database or "")

    def _named(self, server: PostgreSQL) -> list[str]:
        return [f"--host={server.folder}", "--username=postgres", f"--dbname={self._url.database}"]
