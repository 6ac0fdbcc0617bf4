"""`bulletin pause` and `cancel`: pause or end a mailing, also while another terminal sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_issue
from bulletin.cli.options import IssueArgument, WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, count, say
from bulletin.cli.wording.count_text import describe_counts
from bulletin.cli.wording.event_text import print_schedule

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing

NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for the record.", show_default=False)]


def pause(issue: IssueArgument, *, note: NoteOption = "", folder: WorkspaceOption = None) -> None:
    """Pause a mailing.

    It takes effect within two seconds. `bulletin send` continues it.

      bulletin pause 2026-12 --note "wrong date"

    Next: bulletin send 2026-12, or bulletin cancel 2026-12
    """
    from bulletin.delivery.ledger.control import await_stop, name_person, pause_mailings

    with open_issue(issue, folder) as (workspace, engine, name):
        paused = pause_mailings(engine, name, now=now_ms(), note=name_person(note))
        if not paused:
            _print_why_not(engine, name)
            raise typer.Exit(1)
        at_rest = await_stop(engine, workspace.state_folder, paused, now=now_ms(), cancelled=False)
        say(f"{name} is paused. Continue it with: bulletin send {name}")
        _print_counts(engine, paused, at_rest=at_rest)


def cancel(
    issue: IssueArgument, *, note: NoteOption = "", yes: YesOption = False, folder: WorkspaceOption = None
) -> None:
    """End a mailing for good.

    Readers who have not been sent it won't get it.

      bulletin cancel 2026-12

    See also: bulletin status, bulletin send --left-out
    """
    from bulletin.delivery.ledger.control import await_stop, cancel_mailings, name_person

    with open_issue(issue, folder) as (workspace, engine, name):
        _ask(engine, name, yes=yes)
        cancelled = cancel_mailings(engine, name, now=now_ms(), note=name_person(note))
        if not cancelled:
            _print_why_not(engine, name)
            raise typer.Exit(1)
        at_rest = await_stop(engine, workspace.state_folder, cancelled, now=now_ms(), cancelled=True)
        say(f"{name} is cancelled. Accepted messages can't be recalled.")
        _print_counts(engine, cancelled, at_rest=at_rest)
        _print_schedule_left(engine, name)


def _ask(engine: Engine, name: str, *, yes: bool) -> None:
    """Ask, if any reader is left. Raises Exit after a no."""
    from bulletin.delivery.sending.overview import read_overview

    left = read_overview(engine, name).counts.unfinished
    question = f"Cancel {name} for good? {count(left, 'reader')} won't get it."
    if left and not confirm(question, yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)


def _print_counts(engine: Engine, mailings: tuple[Mailing, ...], *, at_rest: bool) -> None:
    from bulletin.delivery.ledger.counts import count_states

    for line in describe_counts(count_states(engine, mailings)):
        say(f"  {line}")
    if not at_rest:
        say("Messages in flight still wait for the server's answer. Nothing new is sent.")


def _print_why_not(engine: Engine, name: str) -> None:
    """Print why there was nothing to stop."""
    from bulletin.cli.wording.event_text import describe_event
    from bulletin.delivery.sending.overview import read_overview

    overview = read_overview(engine, name)
    resting = [one.last for one in overview.mailings if one.last and one.is_stopped]
    if resting:
        say(f"{name}: nothing was changed. {describe_event(resting[-1])}")
    elif overview.mailings and not overview.counts.unfinished:
        say(f"{name} has been sent. Nothing was changed: accepted messages can't be recalled.")
    else:
        say(f"{name} has not been started. Nothing was changed.")
    _print_schedule_left(engine, name)


def _print_schedule_left(engine: Engine, name: str) -> None:
    """Remind a person who stops a mailing that the issue is scheduled too."""
    from bulletin.delivery.plans.schedule import find_schedule

    if schedule := find_schedule(engine, name):
        print_schedule(schedule, now=now_ms())
        say(f"  Remove the time with: bulletin unschedule {name}")
