"""`bulletin diff`: lists what is new to readers since the last issue."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.cli.wording.comparison_text import find_last, fold


def diff(
    issue: IssueArgument,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="OTHER", help="The issue to compare it with (default: the one before).", show_default=False
        ),
    ] = None,
    *,
    folder: WorkspaceOption = None,
) -> None:
    """See what changed since the last issue.

    It lists each section and item as new, changed, gone or unchanged.

      bulletin diff 2021-05           since the issue before
      bulletin diff 2021-05 2020-05   since another issue
    """
    from bulletin.comparison.difference import compare_issues
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    later = workspace.find_issue(issue)
    earlier = workspace.find_issue(other) if other else find_last(workspace, later)
    difference = compare_issues(workspace.load_issue(earlier), workspace.load_issue(later))
    say(f"{later} compared with {earlier}")
    for line in difference.describe():
        say(fold(line))
