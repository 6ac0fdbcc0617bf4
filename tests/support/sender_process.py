"""Senders in processes of their own, which can be killed, and which can be denied what a machine may deny.

They are forked from a process that has loaded everything: two hundred start in seconds.
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import event

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.file_lock import hold_mailing
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.errors import BulletinError, MailingHeld
from forked import context
from officer import CONNECTIONS, Clock, send_once

DONE, IN_WORDS, HELD = 0, 10, 11
"""Exit codes: it ended by itself; with an error of ours; because another sender has the mailing."""

NOBODY = 65534


@dataclass(frozen=True, kw_only=True)
class Sender:
    """One run of the first mailing of `issue` in the database `file`."""

    file: Path
    port: int
    issue: str = "2021-05"
    connections: int = CONNECTIONS
    holds: bool = False  # as `bulletin send` does
    largest_file: int = 0  # octets, as on a disk that is full then; 0: no limit
    waits_for_lock: int = 10_000  # ms
    rights: bool = True  # whether it may read what its user may

    def start(self) -> BaseProcess:
        process = context.Process(target=self._run)
        process.start()
        return process

    def run(self) -> int | None:
        """Start it, wait for its end and return its exit code."""
        process = self.start()
        process.join(60)
        return process.exitcode

    def _run(self) -> None:
        if self.largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file, self.largest_file))
        if not self.rights and os.geteuid() == 0:  # root may read anything
            os.setuid(NOBODY)
        try:
            self._send()
        except MailingHeld:
            sys.exit(HELD)
        except BulletinError as error:
            print(error)  # noqa: T201 -- what the officer would read
            sys.exit(IN_WORDS)

    def _send(self) -> None:
        clock = Clock()
        engine = open_database(f"sqlite:///{self.file}")
        busy_timeout = f"PRAGMA busy_timeout={self.waits_for_lock}"
        event.listen(engine, "checkout", lambda ours, *_: ours.execute(busy_timeout))
        with ExitStack() as stack:
            if self.holds:
                stack.enter_context(hold_mailing(self.file.parent, self.issue, now=clock()))
            (mailing,) = find_mailings(engine, self.issue)
            run = secrets.token_hex(8)
            send_once(engine, mailing, self.port, run=run, connections=self.connections, clock=clock)


@contextmanager
def ended(process: BaseProcess) -> Iterator[BaseProcess]:
    """Whatever happens, no process is left behind."""
    try:
        yield process
    finally:
        process.kill()
        process.join()
