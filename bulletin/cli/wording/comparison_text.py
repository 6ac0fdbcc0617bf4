"""Finds the issue to compare with, and lays out the lines of a comparison."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from bulletin.errors import NotFound

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

WIDTH = 100


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
