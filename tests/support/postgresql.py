"""A PostgreSQL server of the tests' own: in a temporary folder, reached by a socket in it, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bulletin.database.schema import open_database

STARTING = 60  # seconds that it may take to start, or to stop
_FLEETING = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"


@dataclass(frozen=True, kw_only=True)
class PostgreSQL:
    """A server that runs. `folder` has its socket, and its log."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    restored: dict[Path, str] = field(default_factory=dict)
    sessions: list[psycopg.Connection] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def make_database(self) -> str:
        """The URL of a new database with the present schema, as `open_database` leaves it."""
        name = f"ledger_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE upgraded {_say_how_to_copy()}")
        return self.url(name)

    def make_empty_database(self, options: str = "") -> str:
        """The URL of a new database without any table. `options` are those of CREATE DATABASE."""
        name = f"empty_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def restore(self, dump: Path) -> str:
        """The URL of a new database with what pg_dump wrote to `dump`: read once, and copied from then on."""
        if dump not in self.restored:
            url = self.make_empty_database()
            name = self.restored[dump] = str(make_url(url).database)
            program = shutil.which("psql") or str(_find_programs() / "psql")
            command = [program, "--host", str(self.folder), "--username", "postgres", "--dbname", name, "--quiet"]
            _do([*command, "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", str(dump)], self.folder)
        name = f"restored_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.restored[dump]}")
        return self.url(name)

    def restart(self, mode: str = "fast") -> None:
        """As an administrator does: every session ends. With the mode "immediate", as after a loss of power."""
        self.leave()
        _do([*_control(self.folder), "-l", str(self.folder / "log.txt"), "-m", mode, "restart"], self.folder)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def make_anew(self, url: str) -> None:
        """Put an empty database in the place of one, whoever is still connected to it."""
        self.drop(url)
        self._run(f"CREATE DATABASE {make_url(url).database}")

    def make_template(self) -> None:
        """Upgrade one database for all: copying it takes a fraction of the time."""
        self._run("CREATE DATABASE upgraded")
        open_database(self.url("upgraded")).dispose()

    def _run(self, statement: str) -> None:
        """By a session that stays open until the server goes: beginning one takes as long as making a database."""
        if not self.sessions or self.sessions[0].closed:
            self.sessions[:] = [
                psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)
            ]
        self.sessions[0].execute(statement.encode())

    def leave(self) -> None:
        """End our own session."""
        for session in self.sessions:
            session.close()


@contextmanager
def run_postgresql() -> Iterator[PostgreSQL]:
    """Run a server during the `with` block.

    It is as it comes, but that nothing of it outlives a loss of power: no test takes that away, and writing each page
    down twice is a third of what a new database costs.

    It refuses to run as root, so root runs it as the user that Debian's package makes for it.
    """
    programs = _find_programs()
    # Not pytest's folder: that is for its owner only, and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    control = _control(folder)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=50 {_FLEETING}"
    initdb = [*_as_user(), str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres"]
    try:
        _do([*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"], folder)
        _do([*control, "-l", str(folder / "log.txt"), "-o", options, "start"], folder)
        try:
            server = PostgreSQL(folder=folder)
            server.make_template()
            yield server
            server.leave()
        finally:
            _do([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder)


def _control(folder: Path) -> list[str]:
    """`pg_ctl` for the server in `folder`."""
    return [*_as_user(), str(_find_programs() / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", str(STARTING)]


def _as_user() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _find_programs() -> Path:
    """The folder of the newest version that is installed. Debian keeps it out of the PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        pytest.fail("PostgreSQL is missing. Type: sh tests/components.sh")
    return max(found, key=_tell_version)


@cache
def _say_how_to_copy() -> str:
    """As files, where the server can (from version 15 on): cheaper than through its log, for so small a database."""
    return "STRATEGY file_copy" if _tell_version(_find_programs()) >= 15 else ""


def _tell_version(programs: Path) -> int:
    return int(programs.parent.name) if programs.parent.name.isdigit() else 0


def _do(command: list[str], folder: Path) -> None:
    # Into a file: a server that stays would keep a pipe open.
    with (folder / "commands.txt").open("ab") as output:
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, timeout=2 * STARTING, check=False)
    if done.returncode:
        words = "\n".join(path.read_text() for path in sorted(folder.glob("*.txt")))
        pytest.fail(f"{' '.join(command)} failed:\n{words}")
