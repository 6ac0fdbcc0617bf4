"""`bulletin diff`: lists what is new to readers since the last issue."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.errors import NotFound

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

WIDTH = 100


def diff(
    issue: IssueArgument,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[OTHER]", help="The issue to compare it with (default: the one before).", show_default=False
        ),
    ] = None,
    *,
    folder: WorkspaceOption = None,
) -> None:
    """See what changed since the last issue.

    It lists each section and item as new, changed, gone or unchanged.
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


def find_last(workspace: Workspace, issue_id: str) -> str:
    """The regular issue before this one, of the same bulletin. Raises NotFound if there is none."""
    earlier = workspace.earlier_ids(issue_id)
    if not earlier:
        raise NotFound(
            f"There is no issue before {issue_id} to compare it with.",
            f"Name another one: bulletin diff {issue_id} OTHER.",
        )
    return earlier[0]


def fold(line: str) -> str:
    """A line wrapped at `WIDTH` characters, with the rest indented further."""
    margin = " " * (len(line) - len(line.lstrip()) + 4)
    folded = wrap(line, WIDTH, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)
    return "\n".join(folded)
