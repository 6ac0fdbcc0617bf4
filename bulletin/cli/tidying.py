"""Deletes what was kept long enough, for `bulletin run` and `bulletin database tidy`, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.personal_data.retention import Tidying
    from bulletin.workspace.workspace import Workspace


def tidy_if_due(workspace: Workspace, engine: Engine, log: Path | None, *, now: int) -> None:
    """Once a day, delete what was kept long enough, and say in one line what it was. `now` in ms since 1970."""
    from bulletin.personal_data.retention import is_due

    if is_due(engine, now=now):
        done, lines = tidy_now(workspace, engine, log, now=now)
        if done or lines:
            say(f"Deleted what was kept long enough: {_sum_up(done, lines)}.")


def tidy_now(workspace: Workspace, engine: Engine, log: Path | None, *, now: int) -> tuple[Tidying, int]:
    """Delete what was kept long enough; what, and how many lines of the log. Raises DatabaseError, Unwritten."""
    from bulletin.delivery.sending.log_trimming import trim_log
    from bulletin.personal_data.retention import DAY, tidy

    retention = workspace.settings.retention
    done = tidy(engine, retention, now=now)
    return done, trim_log(log, before=now - retention.logs * DAY) if log else 0


def foresee(workspace: Workspace, engine: Engine, log: Path | None, *, now: int) -> tuple[Tidying, int]:
    """As `tidy_now`, and nothing is deleted."""
    from bulletin.delivery.sending.log_trimming import count_old_lines
    from bulletin.personal_data.retention import DAY, foresee_tidying

    retention = workspace.settings.retention
    found = foresee_tidying(engine, retention, now=now)
    return found, count_old_lines(log, before=now - retention.logs * DAY) if log else 0


def _sum_up(done: Tidying, lines: int) -> str:
    parts = [str(one) for one in done.removals if one.number]
    return ", ".join([*parts, *([count(lines, "line of the log", "lines of the log")] if lines else [])])


def describe_tidying(found: Tidying, lines: int, *, logs: int) -> Iterator[str]:
    """What goes, a line for each kind with how long it is kept; and old issues whose readers stay known."""
    for one in found.removals:
        if one.number:
            yield f"  {one} (kept for {one.kept_for})"
    if lines:
        yield f"  {count(lines, 'line of the log', 'lines of the log')} (kept for {logs} days)"
    for issue in found.unfinished:
        yield f"{issue} isn’t finished, so we keep who gets it. End it: bulletin cancel {issue}"
    if not found.is_wiped:
        yield "Another program is using the database. Its free space is wiped when it is next opened."
