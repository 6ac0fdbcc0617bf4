"""Says when a mailing that is not finished can continue, and with which command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulletin.cli.clock import describe_soon, now_ms
from bulletin.cli.terminal import say
from bulletin.cli.wording.forecast_text import describe_used

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.sending.overview import IssueOverview, NextStep
    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.workspace.workspace import Workspace


def describe_next_step(workspace: Workspace, engine: Engine, overview: IssueOverview) -> tuple[str, str]:
    """`3 are still to be tried, from 16:53, because … Then run:`, and the command that continues with them."""
    from bulletin.delivery.sending.overview import find_next_step

    next_step, counts = find_next_step(workspace, engine, overview, now=now_ms()), overview.counts
    words = f"{counts.unfinished:,} {'is' if counts.unfinished == 1 else 'are'} still to be tried"
    command = f"bulletin send {overview.issue}{' --spread' * bool(next_step.shortage)}"
    if next_step.at <= now_ms():
        return f"{words}. To continue, run:", command
    unless = "" if overview.is_stopped else " (unless `bulletin run` is set up)"
    return (
        f"{words}, from {describe_soon(next_step.at)}, {_describe_wait(next_step)}. Then run{unless}:",
        command,
    )


def _describe_wait(next_step: NextStep) -> str:
    if next_step.shortage is None:
        return "because the server asked us to wait"
    return f"because {describe_used(next_step.shortage)}"


def describe_continuation(workspace: Workspace, engine: Engine, name: str) -> str:
    """When `bulletin run` continues a mailing."""
    from bulletin.delivery.sending.overview import find_next_step, read_overview

    next_step = find_next_step(workspace, engine, read_overview(engine, name), now=now_ms())
    if next_step.at <= now_ms():
        return "The next `bulletin run` continues it."
    return f"`bulletin run` continues it from {describe_soon(next_step.at)}, {_describe_wait(next_step)}."


def find_retry_time(preview: SendPreview) -> int | None:
    """When the first deferred reader of an open mailing is tried again, in ms since 1970; None if that is now."""
    due = preview.overview.next_due
    return due if due is not None and due > now_ms() else None


def print_wait(counts: Counts, until: int) -> None:
    """Print how many are deferred, and until when."""
    say(f"{counts.deferred:,} deferred: waiting until {describe_soon(until)}, because the server asked us to.")


def can_only_wait(workspace: Workspace, engine: Engine, preview: SendPreview) -> bool:
    """Whether an open mailing can send nothing now, because all its readers have to wait."""
    from bulletin.delivery.sending.overview import find_next_step

    if not preview.open or preview.overview.is_stopped:
        return False
    return not find_next_step(workspace, engine, preview.overview, now=now_ms()).at_once


def newcomers_command(workspace: Workspace, mailings: Iterable[Mailing]) -> str:
    """The command that sends the issue of `mailings` to readers added since, on the lists that it went to."""
    issue, *_ = {mailing.issue for mailing in mailings}
    lists = dict.fromkeys(name for mailing in mailings for name in mailing.lists)
    return f"bulletin send {issue} --newcomers{workspace.list_options(issue, lists)}"
