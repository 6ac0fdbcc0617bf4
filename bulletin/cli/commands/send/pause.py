"""`bulletin pause` and `cancel`: let a mailing wait, or end it, also while another terminal sends it."""

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

NoteOption = Annotated[str, typer.Option("--note", help="Why, for the record.", show_default=False)]


def pause(issue: IssueArgument, *, note: NoteOption = "", folder: WorkspaceOption = None) -> None:
    """Let a mailing wait, within two seconds, until `bulletin send` goes on with it."""
    from bulletin.delivery.ledger.control import await_rest, name_person, pause_mailings

    with open_issue(issue, folder) as (workspace, engine, name):
        paused = pause_mailings(engine, name, now=now_ms(), note=name_person(note))
        if not paused:
            _print_why_not(engine, name)
            raise typer.Exit(1)
        at_rest = await_rest(engine, workspace.state_folder, paused, now=now_ms(), cancelled=False)
        say(f"{name} is paused. Go on with it: bulletin send {name}")
        _print_counts(engine, paused, at_rest=at_rest)


def cancel(
    issue: IssueArgument, *, note: NoteOption = "", yes: YesOption = False, folder: WorkspaceOption = None
) -> None:
    """End a mailing for good: whoever has not been written to will not be."""
    from bulletin.delivery.ledger.control import await_rest, cancel_mailings, name_person

    with open_issue(issue, folder) as (workspace, engine, name):
        _ask(engine, name, yes=yes)
        cancelled = cancel_mailings(engine, name, now=now_ms(), note=name_person(note))
        if not cancelled:
            _print_why_not(engine, name)
            raise typer.Exit(1)
        at_rest = await_rest(engine, workspace.state_folder, cancelled, now=now_ms(), cancelled=True)
        say(f"{name} is cancelled. What was accepted cannot be called back.")
        _print_counts(engine, cancelled, at_rest=at_rest)
        _print_schedule_left(engine, name)


def _ask(engine: Engine, name: str, *, yes: bool) -> None:
    """Nothing to ask where nothing is left."""
    from bulletin.delivery.ledger.counts import count_states
    from bulletin.delivery.ledger.mailing import find_mailings

    left = count_states(engine, find_mailings(engine, name)).unfinished
    people = count(left, "person who has", "people who have")
    if left and not confirm(f"End the mailing of {name} for good, for the {people} not had it?", yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)


def _print_counts(engine: Engine, mailings: tuple[Mailing, ...], *, at_rest: bool) -> None:
    from bulletin.delivery.ledger.counts import count_states

    for line in describe_counts(count_states(engine, mailings)):
        say(f"  {line}")
    if not at_rest:
        say("What is in flight still waits for the server's answer; nothing new leaves.")


def _print_why_not(engine: Engine, name: str) -> None:
    """Why there was nothing to stop."""
    from bulletin.cli.wording.event_text import describe_happening
    from bulletin.delivery.ledger.counts import count_states
    from bulletin.delivery.ledger.events import AT_REST, find_happenings, find_standing
    from bulletin.delivery.ledger.mailing import find_mailings

    mailings = find_mailings(engine, name)
    lasts = [find_standing(find_happenings(engine, mailing.id)) for mailing in mailings]
    resting = [last for last in lasts if last and last.event in AT_REST]
    if resting:
        say(f"{name}: nothing was changed. {describe_happening(resting[-1])}")
    elif mailings and not count_states(engine, mailings).unfinished:
        say(f"{name} has been sent: nothing was changed, and what was accepted cannot be called back.")
    else:
        say(f"{name} has not been begun: nothing was changed.")
    _print_schedule_left(engine, name)


def _print_schedule_left(engine: Engine, name: str) -> None:
    """Whoever stops a mailing may not remember that the issue is planned as well."""
    from bulletin.delivery.plans.schedule import find_schedule

    if plan := find_schedule(engine, name):
        print_schedule(plan, now=now_ms())
        say(f"  Take that back with: bulletin unschedule {name}")
