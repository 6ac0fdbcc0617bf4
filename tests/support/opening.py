"""Several processes that open a database in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier

from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from forked import context


def run_together(number: int, action: Callable[..., None], *arguments: object) -> list[int | None]:
    """Let so many processes do the same at once, each with a barrier that waits for all; the codes they end with."""
    barrier = context.Barrier(number)
    processes = [context.Process(target=action, args=(barrier, *arguments)) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.kill()
    return codes


def open_one(barrier: Barrier, url: str) -> None:
    barrier.wait(60)
    open_database(url).dispose()


def connect_to_each(barrier: Barrier, folder: Path, number: int) -> None:
    """Connect to so many files, each of them new."""
    barrier.wait(60)
    for one in range(number):
        connect_database(f"sqlite:///{folder}/{one}.db").raw_connection().close()
