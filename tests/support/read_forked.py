"""Old bulletins are read in a process of their own that is forked from one that has loaded the readers already.

A new Python takes several times as long to load them as they take to read. All else is as it is elsewhere: the limits,
the exit codes, and what goes in and comes out. Who asks for limits of their own gets a new Python: the memory that a
forked process may have is counted with what it was born with.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from bulletin.importing import sandbox
from forked import context

TimeoutExpired = subprocess.TimeoutExpired
_USUAL = (str(int(sandbox.MOST_SECONDS) + 1), str(sandbox.MOST_MEMORY))


def run(
    command: Sequence[str],
    *,
    input: bytes,  # noqa: A002 -- as subprocess.run calls it
    timeout: float,
    check: bool,
    env: Mapping[str, str],
    **options: Any,
) -> subprocess.CompletedProcess[bytes]:
    """What `subprocess.run` does with the sandbox's command."""
    kind, *limits = command[-3:]
    if (*limits,) != _USUAL:
        return subprocess.run(command, input=input, timeout=timeout, check=check, env=env, **options)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(input)
        given.seek(0)
        code = _read((kind, dict(env)), given.fileno(), taken.fileno(), timeout)
        taken.seek(0)
        return subprocess.CompletedProcess(command, code, taken.read(), b"")


def _read(what: tuple[str, dict[str, str]], given: int, taken: int, timeout: float) -> int:
    """The exit code of a reader of this kind in this environment, or minus the signal that ended it."""
    streams = [Connection(os.dup(number)) for number in (given, taken)]
    process = context.Process(target=_be_the_sandbox, args=(*what, *streams))
    process.start()
    for stream in streams:
        stream.close()
    try:
        process.join(timeout)
        if process.exitcode is None:
            raise TimeoutExpired(what[0], timeout)
        return process.exitcode
    finally:
        process.kill()
        process.join()
        process.close()


def _be_the_sandbox(kind: str, environ: dict[str, str], given: Connection, taken: Connection) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what it says to standard error is for no one
    with (
        open(given.fileno(), encoding="utf-8", closefd=False) as sys.stdin,
        open(taken.fileno(), "w", encoding="utf-8", closefd=False) as sys.stdout,
    ):
        code = sandbox.main(kind, *_USUAL)
    os._exit(code)
