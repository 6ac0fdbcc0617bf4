"""A person at a real terminal: sees what a command asks, and types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_LONGEST = 60  # seconds that a command thinks, on a slow machine


def converse(
    command: Iterable[str], typed: Iterable[tuple[str, str]], *, folder: Path, environ: Mapping[str, str]
) -> tuple[int, str]:
    """Type each answer when the screen ends with its question; the exit code, and all that was on the screen.

    An answer is typed with Enter, unless it is a control character, such as Ctrl-C.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bulletin", *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", **environ},
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 -- no thread runs beside it
    ) as process:
        os.close(theirs)
        screen = ""
        try:
            for question, answer in typed:
                screen = _read_until(ours, screen, question)
                os.write(ours, answer.encode() if answer[:1] < " " and answer else f"{answer}\n".encode())
            screen = _read_until(ours, screen, None)
        finally:
            os.close(ours)
            process.kill()
    return process.returncode, screen.replace("\r\n", "\n")


def _take_terminal() -> None:
    """Make standard input the terminal that Ctrl-C comes from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, screen: str, question: str | None) -> str:
    """Read on until the screen ends with a question; to the end of the program if there is none."""
    while True:
        if not select.select([terminal], [], [], _LONGEST)[0]:
            raise AssertionError(f"It never asked “{question}”:\n{screen}")
        try:
            read = os.read(terminal, 4096)
        except OSError:  # what Linux says when the other side is closed
            read = b""
        if not read:
            assert question is None, f"It never asked “{question}”:\n{screen}"
            return screen
        screen += read.decode()
        if question is not None and screen.rstrip(" ").endswith(question):
            return screen
