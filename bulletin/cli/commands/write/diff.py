"""`bulletin diff`: lists what is new to readers since the last issue."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.list_names import read_audience
from bulletin.cli.options import AsOption, IssueArgument, WorkspaceOption
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
    seen_as: AsOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """See what changed since the last issue.

    It lists each section and item as new, changed, gone or unchanged.

      bulletin diff 2026-12           since the issue before
      bulletin diff 2026-12 2025-12   since another issue
      bulletin diff 2026-12 --as schools   as readers on this list see both

    See also: bulletin check, bulletin approve
    """
    from bulletin.comparison.difference import compare_issues
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    later = workspace.find_issue(issue)
    earlier = workspace.find_issue(other) if other else find_last(workspace, later)
    before, after = workspace.load_issue(earlier), workspace.load_issue(later)
    if seen_as:
        audience = read_audience(workspace, seen_as)
        before, after = before.for_audience(audience), after.for_audience(audience)
    difference = compare_issues(before, after)
    say(f"{later} compared with {earlier}")
    for line in difference.describe():
        say(fold(line))
