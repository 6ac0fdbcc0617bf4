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
    from bulletin.delivery.sending.overview import Onward
    from bulletin.delivery.sending.sending import Prospect
    from bulletin.workspace.workspace import Workspace


def describe_onward(workspace: Workspace, engine: Engine, name: str, counts: Counts) -> tuple[str, str]:
    """`3 are still to be tried, from 16:53, because … Then run:`, and the command that continues with them."""
    from bulletin.delivery.ledger.events import is_stopped
    from bulletin.delivery.sending.overview import find_onward, find_unfinished

    mailings = find_unfinished(engine, name)
    onward = find_onward(workspace, engine, mailings, counts, now=now_ms())
    words = f"{counts.unfinished:,} {'is' if counts.unfinished == 1 else 'are'} still to be tried"
    command = f"bulletin send {name}{' --spread' * bool(onward.shortage)}"
    if onward.at <= now_ms():
        return f"{words}. To continue, run:", command
    unless = "" if is_stopped(engine, (one.id for one in mailings)) else " (unless `bulletin run` is set up)"
    return (
        f"{words}, from {describe_soon(onward.at)}, {_describe_wait(onward)}. Then run{unless}:",
        command,
    )


def _describe_wait(onward: Onward) -> str:
    if onward.shortage is None:
        return "because the server asked us to wait"
    return f"because {describe_used(onward.shortage)}"


def describe_continuation(workspace: Workspace, engine: Engine, name: str, counts: Counts) -> str:
    """When `bulletin run` continues a mailing."""
    from bulletin.delivery.sending.overview import find_onward, find_unfinished

    onward = find_onward(workspace, engine, find_unfinished(engine, name), counts, now=now_ms())
    if onward.at <= now_ms():
        return "The next `bulletin run` continues it."
    return f"`bulletin run` continues it from {describe_soon(onward.at)}, {_describe_wait(onward)}."


def find_retry_time(engine: Engine, prospect: Prospect) -> int | None:
    """When the first deferred reader of an open mailing is tried again, in ms since 1970; None if that is now."""
    from bulletin.delivery.ledger.counts import find_next_due

    due = find_next_due(engine, prospect.open)
    return due if due is not None and due > now_ms() else None


def print_wait(counts: Counts, until: int) -> None:
    """Print how many are deferred, and until when."""
    say(f"{counts.deferred:,} deferred: waiting until {describe_soon(until)}, because the server asked us to.")


def can_only_wait(workspace: Workspace, engine: Engine, prospect: Prospect) -> bool:
    """Whether an open mailing can send nothing now, because all its readers have to wait."""
    from bulletin.delivery.ledger.events import is_stopped
    from bulletin.delivery.sending.overview import find_onward

    if not prospect.open or is_stopped(engine, (one.id for one in prospect.open)):
        return False
    return not find_onward(workspace, engine, prospect.open, prospect.counts, now=now_ms()).at_once


def newcomers_command(workspace: Workspace, mailings: Iterable[Mailing]) -> str:
    """The command that sends the issue of `mailings` to readers added since, on the lists that it went to."""
    issue, *_ = {mailing.issue for mailing in mailings}
    lists = dict.fromkeys(name for mailing in mailings for name in mailing.lists)
    return f"bulletin send {issue} --newcomers{workspace.list_options(issue, lists)}"
