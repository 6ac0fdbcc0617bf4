"""`bulletin` in a process of its own, which can be sent signals and be killed while it works."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace


def start(workspace: Workspace, environ: Mapping[str, str], log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command; what it says is added to `log`."""
    command = [sys.executable, "-m", "bulletin", *arguments, "--workspace", str(workspace.root)]
    with log.open("ab") as output:
        return subprocess.Popen(command, env=environ, stdout=output, stderr=output)


def start_sending(workspace: Workspace, environ: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    return start(workspace, environ, log, "send", "2021-05", "--yes")


def wait_until_in_flight(number: int, sender: subprocess.Popen[bytes], database_url: str) -> None:
    """Until the ledger has so many that are being sent, or the sender has ended."""
    engine = open_database(database_url)
    try:
        while sender.poll() is None and count_states(engine, find_mailings(engine, "2021-05")).sending < number:
            with suppress(subprocess.TimeoutExpired):
                sender.wait(0.01)
    finally:
        engine.dispose()
