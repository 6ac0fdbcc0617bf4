"""The workers in words: who they are, since when, at what rate, and what they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say
from bulletin.times import describe_moment

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.workers.roster import Worker

_LONG: int = 10  # seconds of silence that are worth a word


def print_workers(engine: Engine) -> None:
    """Print the workers that were seen in the last minute, if there are any."""
    from bulletin.delivery.workers.roster import find_workers

    workers = find_workers(engine)
    if workers:
        say(f"{count(len(workers), 'worker')}:")
    for worker in workers:
        say(f"  {describe_worker(worker)}")


def describe_worker(worker: Worker) -> str:
    """`anna on mail1 (process 812), since 9:00 today: 2021-05, 1,200 messages a minute`."""
    busy = ", ".join([*worker.issues, f"{worker.rate:,} messages a minute"]) if worker.issues else "nothing to do now"
    silence = f" (not heard of for {worker.silence} seconds)" if worker.silence >= _LONG else ""
    return f"{worker}, since {describe_moment(worker.since)}: {busy}{silence}"


def list_workers(engine: Engine) -> list[dict[str, object]]:
    """The workers for `bulletin status --json`; `since` is in ms since 1970, `rate` in messages a minute."""
    from bulletin.delivery.workers.roster import find_workers

    return [
        {
            "worker": worker.id,
            "host": worker.host,
            "process": worker.pid,
            "user": worker.user,
            "since": worker.since,
            "rate": worker.rate,
            "silence": worker.silence,
            "issues": list(worker.issues),
        }
        for worker in find_workers(engine)
    ]
