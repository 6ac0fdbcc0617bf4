"""Shows how far a mailing is, and what it waits for: a bar on a terminal, plain lines elsewhere.

Lines suit a screen reader, a Braille display and a log. They are further apart with time. BULLETIN_PROGRESS=lines
asks for them on any terminal; one that can't move its cursor (TERM=dumb) gets them anyway.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bulletin.cli.clock import describe_soon, now_ms
from bulletin.cli.terminal import say, warn_meanwhile

if TYPE_CHECKING:
    from bulletin.delivery.ledger.counts import Counts

SECONDS_BETWEEN_LINES = ((10.0, 2.0), (120.0, 10.0), (float("inf"), 60.0))
"""When something has changed: until so many seconds have passed, lines are so many seconds apart."""

REDRAWS_A_SECOND = 2  # of the bar
SECONDS_OF_SILENCE = 60.0  # at most, when nothing changes
SECONDS_OF_PACE = 60.0  # that the speed is measured over


def warn_during_mailing(words: str) -> None:
    """Warn a person while a mailing is sent. If nothing can be shown, sending continues all the same."""
    with suppress(OSError):
        warn_meanwhile(words)


@contextmanager
def watch(find_due: Callable[[], int | None] = lambda: None) -> Iterator[Callable[[Counts], None]]:
    """Yield a function to call with the counts, as often as you like, while a mailing is sent.

    `find_due` finds when the next deferred reader is tried again, in ms since 1970. If nothing can be shown any more
    (a closed terminal, `| head`, a full disk), sending continues all the same.
    """
    words = _Words(find_due)
    if _can_redraw():
        with _watch_bar(words) as report:
            yield _tolerate(report)
    else:
        yield _tolerate(_watch_lines(words))


def _can_redraw() -> bool:
    """Whether a bar can be shown, and no one has asked for lines."""
    asked = os.environ.get("BULLETIN_PROGRESS", "").strip().casefold()
    dumb = os.environ.get("TERM", "").casefold() in ("dumb", "unknown")
    return sys.stdout.isatty() and not dumb and asked != "lines"


def _tolerate(report: Callable[[Counts], None]) -> Callable[[Counts], None]:
    def report_if_possible(counts: Counts) -> None:
        with suppress(OSError):
            report(counts)

    return report_if_possible


@contextmanager
def _watch_bar(words: _Words) -> Iterator[Callable[[Counts], None]]:
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=12), TextColumn("{task.description}", markup=False))
    progress = Progress(*columns, refresh_per_second=REDRAWS_A_SECOND)
    task = progress.add_task("", total=None)

    def report(counts: Counts) -> None:
        done = counts.total - counts.unfinished
        progress.update(task, total=counts.total, completed=done, description=words.describe(counts))

    with suppress(OSError):
        progress.start()
    try:
        yield report
    finally:
        with suppress(OSError):
            progress.stop()


def _watch_lines(words: _Words) -> Callable[[Counts], None]:
    told: tuple[Counts, int | None] | None = None
    began_at = told_at = time.monotonic()

    def report(counts: Counts) -> None:
        nonlocal told, told_at
        line, state, now = words.describe(counts), (counts, words.due), time.monotonic()
        gap = next(gap for until, gap in SECONDS_BETWEEN_LINES if now - began_at < until)
        waits = SECONDS_OF_SILENCE if state == told else gap * bool(counts.unfinished)
        if told is None or (now - told_at >= waits and (state != told or counts.unfinished)):
            told, told_at = state, now
            say(line)

    return report


class _Words:
    """Describes in one line how far it is, and how fast it goes."""

    def __init__(self, find_due: Callable[[], int | None]) -> None:
        self.due: int | None = None  # when the next reader is tried again, if nothing else is left to do
        self._find_due = find_due
        self._waiting: Counts | None = None  # the counts with which `due` was found
        self._done: deque[tuple[float, int]] = deque()  # (second, readers tried by then), for the last minute

    def describe(self, counts: Counts) -> str:
        """`24 of 27 accepted, 1 refused; waiting until 16:38 to try 2 again`."""
        self._look_ahead(counts)
        pace = self._describe_pace(counts)
        said = f"{counts.accepted:,} of {counts.total:,} accepted"
        if self.due is not None and self.due > now_ms():
            others = _describe_others(replace(counts, deferred=0))
            return f"{said}{others}; waiting until {describe_soon(self.due)} to try {counts.deferred:,} again"
        return said + _describe_others(counts) + pace

    def _look_ahead(self, counts: Counts) -> None:
        """Look up the next try once for each wait, because the counts come ten times a second."""
        if counts.queued or counts.sending or not counts.deferred:
            self.due = self._waiting = None
        elif counts != self._waiting or (self.due is not None and self.due <= now_ms()):
            self.due, self._waiting = self._find_due(), counts

    def _describe_pace(self, counts: Counts) -> str:
        """`, 212 a second, 0:17 left`, by the last minute; empty while nothing moves."""
        now, left = time.monotonic(), counts.queued + counts.sending
        done = counts.total - left
        self._done.append((now, done))
        while now - self._done[0][0] > SECONDS_OF_PACE:
            self._done.popleft()
        begun, before = self._done[0]
        rate = (done - before) / (now - begun) if now > begun else 0.0
        if not left or rate <= 0:
            return ""
        speed = f", {rate:,.0f} a second" if rate >= 1 else f", {60 * rate:,.0f} a minute"
        minutes, seconds = divmod(round(left / rate), 60)
        return speed + (f", {minutes}:{seconds:02} left" if minutes or seconds else "")


def _describe_others(counts: Counts) -> str:
    """The numbers in other states: `, 1 refused, 2 deferred`; empty if there are none."""
    numbers = {
        "refused": counts.refused,
        "deferred": counts.deferred,
        "uncertain": counts.uncertain,
        "withdrawn": counts.withdrawn,
    }
    return "".join(f", {number:,} {name}" for name, number in numbers.items() if number)
