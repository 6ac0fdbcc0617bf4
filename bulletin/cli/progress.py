"""How far a mailing is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulletin.cli.terminal import say

if TYPE_CHECKING:
    from bulletin.delivery.progress import Counts

SECONDS_BETWEEN_LINES = 2.0


@contextmanager
def watch(total: int) -> Iterator[Callable[[Counts], None]]:
    """A function to call with the counts as often as one likes, while the mailing of `total` people goes on."""
    if sys.stdout.isatty():
        with _watch_bar(total) as report:
            yield report
    else:
        yield _watch_lines(total)


@contextmanager
def _watch_bar(total: int) -> Iterator[Callable[[Counts], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[troubles]}"),
    )
    with Progress(*columns) as progress:
        task = progress.add_task("", total=total, rate="", troubles="")
        pace = _Pace()

        def report(counts: Counts) -> None:
            done = counts.total - counts.unfinished
            progress.update(task, completed=done, rate=pace.tell_rate(done), troubles=_troubles(counts))

        yield report


def _watch_lines(total: int) -> Callable[[Counts], None]:
    pace = _Pace()
    next_line = 0.0

    def report(counts: Counts) -> None:
        nonlocal next_line
        done = counts.total - counts.unfinished
        if time.monotonic() < next_line and counts.unfinished:
            return
        next_line = time.monotonic() + SECONDS_BETWEEN_LINES
        say(f"{done:,} of {total:,} sent, {pace.tell_rate(done)}{pace.tell_time_left(done, total)}{_troubles(counts)}")

    return report


class _Pace:
    """How fast it goes, from the first report on."""

    def __init__(self) -> None:
        self._begun: tuple[float, int] | None = None

    def tell_rate(self, done: int) -> str:
        return f"{self._measure(done):,.0f} a second"

    def tell_time_left(self, done: int, total: int) -> str:
        rate = self._measure(done)
        seconds = round((total - done) / rate) if rate and done < total else 0
        return f", {seconds // 60}:{seconds % 60:02} left" if seconds else ""

    def _measure(self, done: int) -> float:
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, done)
        begun, before = self._begun
        return (done - before) / (now - begun) if now > begun else 0.0


def _troubles(counts: Counts) -> str:
    """What did not go through, in words; empty if all did."""
    numbers = {"refused": counts.refused, "deferred": counts.deferred, "uncertain": counts.uncertain}
    return "".join(f", {number:,} {name}" for name, number in numbers.items() if number)
