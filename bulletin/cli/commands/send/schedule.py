"""`bulletin schedule` and `unschedule`: set and remove the time at which `bulletin run` sends an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import (
    HOW,
    AlsoToOption,
    IssueArgument,
    ListsOption,
    MovedOption,
    NewcomersOption,
    NewDatabaseOption,
    SpreadOption,
    WorkspaceOption,
    YesOption,
)
from bulletin.cli.terminal import say
from bulletin.cli.wording.event_text import print_outlook

if TYPE_CHECKING:
    from pathlib import Path


def schedule(
    issue: Annotated[
        str | None,
        typer.Argument(metavar="ISSUE", help="The issue (default: list what is scheduled).", show_default=False),
    ] = None,
    *,
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="TIME",
            rich_help_panel=HOW,
            help='When: "1 December 2026 9:00" or "tomorrow 9:00".',
            show_default=False,
        ),
    ] = "",
    lists: ListsOption = None,
    newcomers: NewcomersOption = False,
    spread: SpreadOption = False,
    moved: MovedOption = False,
    new_database: NewDatabaseOption = False,
    also_to: AlsoToOption = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Send an issue at a set time.

    `bulletin run` sends it then, if the issue isn't changed before. Without --at, list what is scheduled.

      bulletin schedule 2026-12 --at "1 December 2026 9:00"   schedule it
      bulletin schedule                                   list what is scheduled
      bulletin unschedule 2026-12                         remove its time

    See also: bulletin run, bulletin unschedule
    """
    from bulletin.cli.sending.send_issue import send_issue
    from bulletin.cli.sending.send_request import SendRequest

    if issue is None and at:
        raise typer.BadParameter("--at needs the issue's name.")
    if not at or issue is None:
        if lists or newcomers or spread:
            raise typer.BadParameter("Say when: --at TIME.")
        _list_scheduled(folder, issue)
        return
    request = SendRequest(
        at=at,
        lists=tuple(lists or ()),
        newcomers=newcomers,
        spread=spread,
        moved=moved,
        new_database=new_database,
        also_to=also_to,
        yes=yes,
    )
    send_issue(issue, request, folder)


def unschedule(issue: IssueArgument, *, folder: WorkspaceOption = None) -> None:
    """Remove the time that was set.

      bulletin unschedule 2026-12

    See also: bulletin schedule
    """
    from bulletin.delivery.plans.schedule import find_schedules, remove_schedule
    from bulletin.delivery.plans.schedule_snapshots import forget_snapshot
    from bulletin.times import describe_moment

    with open_ledger(folder) as (workspace, engine):
        planned = {one.issue for one in find_schedules(engine)}
        name = issue if issue in planned else workspace.find_issue(issue)  # its file may be gone
        ended = remove_schedule(engine, name, now=now_ms())
        if ended is None:
            if name in planned:
                say(f"{name} was started, rescheduled or unscheduled a moment ago. See: bulletin status {name}")
            else:
                say(f"{name} isn't scheduled. Nothing was changed.")
            raise typer.Exit(1)
        forget_snapshot(workspace.state_folder, ended.digest)
    say(f"{name} was scheduled for {describe_moment(ended.due_at)}. It's no longer scheduled.")


def _list_scheduled(folder: Path | None, issue: str | None) -> None:
    """Print what is scheduled: everything, or one issue."""
    from bulletin.delivery.plans.schedule import find_schedules

    with open_ledger(folder) as (workspace, engine):
        scheduled = find_schedules(engine)
        name = issue and (issue if issue in {one.issue for one in scheduled} else workspace.find_issue(issue))
        chosen = [one for one in scheduled if name in (None, one.issue)]
        for one in chosen:
            print_outlook(workspace, engine, one)
    if name and not chosen:
        say(f"{name} isn't scheduled. Schedule it with: bulletin schedule {name} --at TIME")
    elif not chosen:
        say("Nothing is scheduled.")
