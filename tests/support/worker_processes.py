"""Workers in processes of their own, on one PostgreSQL server, and what became of a mailing that they sent."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.workers.roster import find_workers
from bulletin.workspace.workspace import Workspace
from command_process import start
from forked import Program

PATIENCE = 90.0  # seconds for anything that is waited for


@dataclass
class Crew:
    """Several workers of one workspace. `environ` says which server they send to."""

    workspace: Workspace
    environ: Mapping[str, str]
    folder: Path
    options: tuple[str, ...] = ()
    processes: list[Program] = field(default_factory=list)

    def start(self, number: int = 1) -> None:
        for _ in range(number):
            log = self.folder / f"worker-{len(self.processes)}.txt"
            self.processes.append(start(self.workspace, self.environ, log, "worker", *self.options))

    def send(self, *options: str, issue: str = "2021-05") -> Program:
        log = self.folder / f"send-{issue.replace('/', '-')}.txt"
        return start(self.workspace, self.environ, log, "send", issue, "--yes", *options)

    def read_log(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()}" for path in sorted(self.folder.glob("*.txt")))

    def wait_until_ready(self, number: int) -> None:
        with opened(self.workspace) as engine:
            wait_for(lambda: len(find_workers(engine, within=5)) >= number or len(self.living) < number, self.read_log)
            assert len(self.living) >= number, self.read_log()

    @property
    def living(self) -> list[Program]:
        return [process for process in self.processes if process.poll() is None]

    def stop(self) -> None:
        for process in self.living:
            process.send_signal(signal.SIGCONT)
            process.kill()
        for process in self.processes:
            process.wait(30)


@contextmanager
def working(
    workspace: Workspace, environ: Mapping[str, str], folder: Path, *options: str, number: int = 3
) -> Iterator[Crew]:
    """So many workers during the `with` block; what is left of them is killed at its end."""
    folder.mkdir(exist_ok=True)
    crew = Crew(workspace, environ, folder, options)
    try:
        crew.start(number)
        crew.wait_until_ready(number)
        yield crew
    finally:
        crew.stop()


@contextmanager
def opened(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def count(engine: Engine, issue: str = "2021-05") -> Counts:
    return count_states(engine, find_mailings(engine, issue))


def read_states(engine: Engine, issue: str = "2021-05") -> dict[str, str]:
    return {one.address: str(one.state) for one in list_deliveries(engine, find_mailings(engine, issue))}


def wait_for(is_so: Callable[[], bool], explain: Callable[[], str] = str, *, patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > until:
            pytest.fail(f"It took longer than {patience:g} seconds.\n{explain()}")
        with suppress(InterruptedError):
            time.sleep(0.02)
