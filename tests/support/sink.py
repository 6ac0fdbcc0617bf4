"""Postfix's smtp-sink: an SMTP server that takes everything, and keeps its own record of it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import find_free_port, find_program
from forked import Program

STARTING = 30.0  # seconds that it may take to start


@dataclass(frozen=True, kw_only=True)
class Sink:
    """An SMTP server that accepts everything, and writes each message to a file of its own in `folder`."""

    port: int
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command that sends to it."""
        return os.environ | {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{self.port}"}

    def count(self) -> int:
        return len(os.listdir(self.folder))  # noqa: PTH208 -- asked for all the time

    def recipients(self) -> Counter[str]:
        """How often each address was in a message that arrived whole: a killed sender leaves halves."""
        messages = [path.read_text() for path in self.folder.iterdir()]
        whole = [text for text in messages if re.search(r"\n--=_alternative_\w+--\n\n?$", text)]
        return Counter(re.findall(r"^X-Rcpt-Args: <(.+)>$", "".join(whole), re.MULTILINE))

    def wait_for(self, messages: int, process: Program) -> None:
        """Until so many have begun to arrive, or the sender has ended."""
        while self.count() < messages and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.005)


@contextmanager
def run_sink(folder: Path, *options: str) -> Iterator[Sink]:
    """Run smtp-sink during the `with` block. `options` are its own."""
    program = find_program("smtp-sink", package="postfix")
    port = find_free_port()
    folder.mkdir()
    user = ["-u", "root"] if os.geteuid() == 0 else []
    command = [program, *user, *options, "-d", "message.", f"127.0.0.1:{port}", "100"]
    process = subprocess.Popen(command, cwd=folder)
    try:
        until = time.monotonic() + STARTING
        while process.poll() is None and time.monotonic() < until:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
        else:
            pytest.fail("smtp-sink did not start. What it says is above.")
        yield Sink(port=port, folder=folder)
    finally:
        process.kill()
        process.wait()


def run_slow_sink(folder: Path) -> AbstractContextManager[Sink]:
    """One that takes a second to accept each message that it has got, on each connection.

    It does not offer PIPELINING: with the next envelope in its hands already, it answers without waiting.
    """
    return run_sink(folder, "-p", "-W", ".:1")
