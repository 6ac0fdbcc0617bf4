"""`bulletin` in a process of its own that needs no start: forked from one that has loaded the program already.

A new Python takes a second to load what `bulletin send` needs, and the suite starts hundreds. What a process has of its
own is here as it is elsewhere: signals, files and terminals, its environment, exit codes, and a sudden end. That a
whole new `python -m bulletin` works is shown by test_sending, test_crash, test_edge and test_package.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

import bulletin

_LEFT_OUT = (".__main__", ".migrations.")  # they do something when they are loaded

_LATER = ("alembic.command", "alembic.script", "premailer", "lxml.html", "email_validator", "uvloop")
"""What the program loads only where it needs it, and which takes half of the time in which it sends a few messages."""

_READERS = ("pdfminer.pdfpage", "pdfminer.converter", "pdfminer.layout", "pdfminer.pdfinterp", "olefile")
"""What reads old bulletins."""

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(  # it finds only what is installed; there is one such process for all who fork here
    [
        "pytest",
        "sqlalchemy.dialects.sqlite.pysqlite",
        "psycopg",
        *_LATER,
        *_READERS,
        *(
            module.name
            for module in pkgutil.walk_packages(bulletin.__path__, "bulletin.")
            if not any(part in f"{module.name}." for part in _LEFT_OUT)
        ),
    ]
)


class Program:
    """One run of `bulletin`, with the part of subprocess.Popen that tests need."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int | None = None,
        stdout: int,
        stderr: int | None = None,
    ) -> None:
        """Start it. `stdout` takes standard error as well where `stderr` is not given; nothing is typed but `stdin`."""
        self.arguments = [*arguments]
        streams = {0: stdin, 1: stdout, 2: stdout if stderr is None else stderr}
        given = {number: Connection(os.dup(file)) for number, file in streams.items() if file is not None}
        environ = dict(os.environ if env is None else env)
        folder = str(cwd or Path.cwd())
        self._process: BaseProcess = context.Process(target=_run, args=(self.arguments, environ, folder, given))
        self._process.start()
        for connection in given.values():
            connection.close()

    @property
    def pid(self) -> int:
        number = self._process.pid
        assert number is not None
        return number

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or minus the signal that ended it. Raises TimeoutExpired after `timeout` seconds."""
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self.arguments, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


def run(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, stdin: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `bulletin` to its end: its exit code, and all that it says."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as warned:
        outputs = {"stdout": said.fileno(), "stderr": warned.fileno()}
        program = Program(arguments, env=env, cwd=cwd, stdin=stdin, **outputs)
        try:
            code = program.wait(60)
        finally:
            program.kill()
        words = [_read(file) for file in (said, warned)]
    return subprocess.CompletedProcess([*arguments], code, *words)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _run(arguments: list[str], environ: dict[str, str], folder: str, given: dict[int, Connection]) -> None:
    """What a new Python finds when it begins, and then what `python -m bulletin` does."""
    for number, connection in given.items():
        os.dup2(connection.fileno(), number)
        connection.close()
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(folder)
    if 0 in given:
        sys.stdin = _open(0, "r")
    sys.stdout, sys.stderr = _open(1, "w"), _open(2, "w")
    sys.stderr.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.argv = ["bulletin", *arguments]
    from bulletin.cli import main

    try:
        main()
    finally:
        atexit._run_exitfuncs()  # as Python does at its end, and a forked process does not


def _open(number: int, mode: str) -> IO[str]:
    """A standard stream: by lines on a terminal, else by blocks."""
    return open(number, mode, encoding="utf-8", closefd=False, buffering=1 if os.isatty(number) else -1)
