"""What `bulletin run` and workers check before they send what is due, and say about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bulletin.cli.read_returns import require_read_lately
from bulletin.cli.terminal import say, warn
from bulletin.cli.wording.gate import refuse_unfit
from bulletin.errors import MailingCancelled, MailingPaused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.sending.runner import Done, Skipped
    from bulletin.workspace.workspace import Workspace


def check_due(workspace: Workspace, engine: Engine, issue: str) -> None:
    """Raises BulletinError for an issue that can't be sent, or if requests to unsubscribe may be waiting."""
    require_read_lately(workspace, engine)
    refuse_unfit(workspace, issue)


def needs_person(happened: Done | Skipped) -> bool:
    """Whether a person has to look: readers are uncertain, or an issue wasn't sent and no one stopped it."""
    from bulletin.delivery.sending.runner import Done

    if isinstance(happened, Done):
        return happened.after.uncertain > happened.before.uncertain
    return not isinstance(happened.error, MailingPaused | MailingCancelled)


def print_happened(workspace: Workspace, engine: Engine, happened: Done | Skipped) -> None:
    """Print what was done or not done, unless a person was told the same not long ago."""
    from bulletin.delivery.sending.runner import Done

    if isinstance(happened, Done):
        _print_deed(workspace, engine, happened)
    elif not happened.again:  # cron sends an email for whatever is printed
        _print_trouble(happened)


def _print_deed(workspace: Workspace, engine: Engine, deed: Done) -> None:
    """Print in one line what was sent, and when the rest continues."""
    from bulletin.cli.wording.next_step import describe_continuation
    from bulletin.times import describe_moment

    if deed.schedule and not deed.after.total:
        say(
            f"{deed.issue}: no one on {', '.join(deed.schedule.lists)} is left to send it to. It's no longer scheduled."
        )
        return
    began = f" started, as scheduled for {describe_moment(deed.schedule.due_at)}" if deed.schedule else " continued"
    said = f"{deed.issue}{began}: {_sum_up(deed.after)}."
    if deed.changes:
        said += f" Since it was scheduled, its lists have changed a little: {', '.join(map(str, deed.changes))}."
    if deed.after.unfinished:
        said += f" {describe_continuation(workspace, engine, deed.issue)}"
    say(said)
    if deed.after.uncertain > deed.before.uncertain:
        warn(f"Some readers are uncertain. See who, and what to do: bulletin status {deed.issue}")


def _sum_up(counts: Counts) -> str:
    """`812 accepted, 3 deferred`."""
    return ", ".join(f"{number:,} {state}" for state, number in asdict(counts).items() if number)


def _print_trouble(trouble: Skipped) -> None:
    """Print what was not done, and what to do about it."""
    from bulletin.times import describe_moment

    if isinstance(trouble.error, MailingPaused | MailingCancelled):
        say(str(trouble.error))
    elif trouble.schedule:
        when = describe_moment(trouble.schedule.due_at)
        warn(f"{trouble.issue} was scheduled for {when}, but was not sent.")
        warn(str(trouble.error))
    else:
        warn(name_issue(trouble.issue, str(trouble.error)))


def name_issue(issue: str, words: str) -> str:
    """The words with their issue, which cron may send to someone by email."""
    return words if issue in words.splitlines()[0] else f"{issue}: {words}"
