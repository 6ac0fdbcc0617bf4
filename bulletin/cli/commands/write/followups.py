"""`bulletin followups`: lists promises that no issue has kept yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import today
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say

if TYPE_CHECKING:
    from bulletin.drafting.promises import FollowUp


def followups(
    *,
    bulletin: Annotated[
        str | None,
        typer.Option("--bulletin", metavar="NAME", help="Only promises of this bulletin.", show_default=False),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """List promises that are still open.

    It shows for which month each one is, its words, and where it was made.

      bulletin followups

    See also: bulletin new
    """
    from bulletin.cli.wording.earlier_issues import choose_bulletin, find_open_follow_ups, read_past_issues
    from bulletin.issue.dates import Month
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    names = [choose_bulletin(workspace, bulletin)] if bulletin else list(workspace.settings.bulletins)
    found = [promise for name in names for promise in find_open_follow_ups(read_past_issues(workspace, name))]
    day = today()
    for promise in found:
        say(_describe(promise, overdue=promise.month < Month(day.year, day.month)))
    say(f"{count(len(found), 'follow-up')} open." if found else "No follow-up is open.")


def _describe(promise: FollowUp, *, overdue: bool) -> str:
    return f"{promise.month}{' (overdue)' if overdue else ''}  {promise}"
