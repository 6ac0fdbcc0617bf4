"""`bulletin serve` in a process of its own, and requests as the web server in front of it passes them on."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bulletin.workspace.workspace import Workspace
from command_process import start

HOST = "news.anytown.example.org"  # of `website: url` in the settings


@contextmanager
def serving(workspace: Workspace, log: Path) -> Iterator[str]:
    """The address of `bulletin serve`, which runs meanwhile and is ended by Ctrl-C."""
    log.touch()
    program = start(workspace, {**os.environ, **workspace.environ}, log, "serve", "--port", "0")
    try:
        until = time.monotonic() + 120
        while not (found := re.search(r"are at http://(127\.0\.0\.1:\d+)\.", log.read_text(encoding="utf-8"))):
            assert program.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.02)
        yield found[1]
    finally:
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
    assert log.read_text(encoding="utf-8").endswith("The pages have stopped.\n")


def ask(address: str, method: str, link: str, body: str = "") -> tuple[int, str]:
    """As the web server in front of it does, for a mail service that one-clicks."""
    connection = http.client.HTTPConnection(address, timeout=20)
    headers = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"} if body else {"Host": HOST}
    try:
        connection.request(method, urlsplit(link).path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
