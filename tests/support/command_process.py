"""`bulletin` in a process of its own, which can be sent signals and be killed while it works."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace
from forked import Program


def start(workspace: Workspace, environ: Mapping[str, str], log: Path, *arguments: str) -> Program:
    """Start a command; what it says is added to `log`."""
    with log.open("ab") as output:
        return Program([*arguments, "--workspace", str(workspace.root)], env=environ, stdout=output.fileno())


def start_sending(workspace: Workspace, environ: Mapping[str, str], log: Path) -> Program:
    return start(workspace, environ, log, "send", "2021-05", "--yes")


def wait_until_in_flight(number: int, sender: Program, database_url: str) -> None:
    """Until the ledger has so many that are being sent, or the sender has ended."""
    engine = open_database(database_url)
    try:
        while sender.poll() is None and count_states(engine, find_mailings(engine, "2021-05")).sending < number:
            with suppress(subprocess.TimeoutExpired):
                sender.wait(0.01)
    finally:
        engine.dispose()
