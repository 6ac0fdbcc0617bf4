"""Those who are measured, each in a process of its own: bulletin, and whom it is compared with."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sinks import FOLDER, find_program

LIST = "everyone"  # the list that all people of a measurement are on
MAILING_KEY = "s0123456789ab"  # of the form that signs Message-IDs
SECRET = "a secret of thirty-two octets..."  # noqa: S105 -- signs links that lead nowhere
LONGEST = 900  # seconds after which a sender is taken to hang
SOURCE_HEADERS = 250  # octets that smtp-source adds to what it is told to send, about


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of one sender. `cpu` in seconds, of the sender alone."""

    messages: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU a message, in ms."""
        return self.cpu / self.messages * 1000


Sender = Callable[[int], Run]
"""Sends to the port that it is given."""


def source_sender(*, messages: int, connections: int, size: int, keep: bool) -> Sender:
    """Postfix's smtp-source. It opens a connection for each message, unless it is told to `keep` them."""
    program = find_program("smtp-source")
    options = ["-4", "-m", str(messages), "-s", str(connections), "-l", str(size - SOURCE_HEADERS)]
    options += ["-f", "bulletin@example.org", "-t", "reader@example.org", *(["-d"] if keep else [])]

    def send(port: int) -> Run:
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([program, *options, f"127.0.0.1:{port}"], check=True, timeout=LONGEST)
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(messages=messages, seconds=seconds, cpu=cpu)

    return send


def bulletin_sender(
    copy_database: Callable[[], Path], *, messages: int, connections: int, dkim_key: Path | str = ""
) -> Sender:
    """Our own: the database that it is given has a mailing to so many people. With a `dkim_key`, it signs."""

    def send(port: int) -> Run:
        figures = run_bulletin("send", database=copy_database(), port=port, connections=connections, dkim_key=dkim_key)
        if figures["accepted"] != messages:
            raise SystemExit(f"Of {messages:,} messages, bulletin's ledger has {figures['accepted']:,} as accepted.")
        return Run(messages=messages, seconds=figures["seconds"], cpu=figures["cpu"])

    return send


def loop_sender(edition: Path, *, messages: int) -> Sender:
    """An EmailMessage for each person, sent by smtplib."""
    command = [sys.executable, str(FOLDER / "loop_sender.py")]
    return lambda port: _run_opponent(command, edition=str(edition), port=port, messages=messages)


def nodemailer_sender(edition: Path, *, messages: int, connections: int) -> Sender:
    """The pool of nodemailer."""
    command = [find_program("node"), str(FOLDER / "node" / "pool.mjs")]
    return lambda port: _run_opponent(
        command, edition=str(edition), port=port, messages=messages, connections=connections
    )


def run_bulletin(action: str, **job: Any) -> dict[str, float]:
    """Run `bulletin_sender.py` to its end, and hand back its figures."""
    done = subprocess.run(
        bulletin_command(action, **job), check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def bulletin_command(action: str, **job: Any) -> list[str]:
    """What starts `bulletin_sender.py`."""
    return [sys.executable, str(FOLDER / "bulletin_sender.py"), action, json.dumps(job, default=str)]


def _run_opponent(command: list[str], *, messages: int, **job: Any) -> Run:
    words = json.dumps({"messages": messages, **job})
    done = subprocess.run([*command, words], check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST)
    return Run(messages=messages, **json.loads(done.stdout))
