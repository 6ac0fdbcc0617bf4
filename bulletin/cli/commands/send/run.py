"""`bulletin run`: sends what is due and continues what waits. For cron, or a systemd timer."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import LogOption, MovedOption, WorkspaceOption
from bulletin.cli.read_returns import read_hourly, require_read_lately, stop_refused
from bulletin.cli.signals import Stop, stop_on_signals, told_interruption
from bulletin.cli.terminal import say, warn
from bulletin.cli.tidying import tidy_if_due
from bulletin.cli.wording.complaint_text import remind_of_complaints
from bulletin.cli.wording.gate import refuse_unfit
from bulletin.errors import MailingCancelled, MailingPaused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.sending.runner import Done, Skipped
    from bulletin.workspace.workspace import Workspace


def run(*, moved: MovedOption = False, log: LogOption = None, folder: WorkspaceOption = None) -> None:
    """Send what is due (for cron or a timer).

    It also continues what is waiting, reads what came back once an hour, sends emails such as “Confirm your
    subscription”, and once a day deletes what was kept long enough (`retention:`). It runs once, and prints nothing if
    there is nothing to do. It tells you of the same trouble once a day.
    """
    from bulletin.cli.outbox_emails import send_alerts, send_emails
    from bulletin.cli.progress import warn_during_mailing
    from bulletin.delivery.dispatch.supervision import Control
    from bulletin.delivery.plans.last_run import keep_last_run
    from bulletin.delivery.sending.doubts import accept_place
    from bulletin.delivery.sending.log import open_log
    from bulletin.delivery.sending.runner import Done, Runner
    from bulletin.edition.build import make_edition

    with open_ledger(folder) as (workspace, engine):
        keep_last_run(workspace.state_folder, now=now_ms())
        if moved:
            accept_place(workspace, engine)
        in_order = read_hourly(workspace, engine)
        stop = Stop()
        with stop_on_signals(stop), open_log(log, clock=now_ms, rights=workspace.rights) as kept:
            in_order &= send_emails(workspace, engine, stop)  # first: people wait for them, and a mailing takes hours
            runner = Runner(
                workspace=workspace,
                engine=engine,
                check=partial(_check, workspace, engine),
                make_edition=partial(make_edition, workspace),
                control=Control(clock=now_ms, stop=stop),
                log=kept,
                during=partial(told_interruption, stop, engine),
                notify=lambda issue, words: warn_during_mailing(_name(issue, words)),
            )
            for happened in runner.run():
                if isinstance(happened, Done):
                    _print_deed(workspace, engine, happened)
                elif not happened.again:  # cron sends an email for whatever is printed
                    _print_trouble(happened)
                in_order &= not _needs_person(happened)
        stop_refused(workspace, engine, once=True)
        tidy_if_due(workspace, engine, log, now=now_ms())
        remind_of_complaints(workspace, engine)
        in_order &= send_alerts(workspace, engine)
        if not in_order:
            raise typer.Exit(1)


def _check(workspace: Workspace, engine: Engine, issue: str) -> None:
    """Raises BulletinError for an issue that can't be sent, or if requests to unsubscribe may be waiting."""
    require_read_lately(workspace, engine)
    refuse_unfit(workspace, issue)


def _needs_person(happened: Done | Skipped) -> bool:
    """Whether a person has to look: readers are uncertain, or an issue wasn't sent and no one stopped it."""
    from bulletin.delivery.sending.runner import Done

    if isinstance(happened, Done):
        return happened.after.uncertain > happened.before.uncertain
    return not isinstance(happened.error, MailingPaused | MailingCancelled)


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
        warn(_name(trouble.issue, str(trouble.error)))


def _name(issue: str, words: str) -> str:
    """The words with their issue, which cron may send to someone by email."""
    return words if issue in words.splitlines()[0] else f"{issue}: {words}"
