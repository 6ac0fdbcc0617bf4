"""An issue that says it was withdrawn is sent to no one: not from the start, and not to those who are still waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.errors import FaultyFiles, NotFound
from bulletin.issue.archiving import WITHDRAWN_REASON, WITHDRAWN_REMEDY, says_withdrawn

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


def refuse_withdrawn(workspace: Workspace, issue_id: str) -> None:
    """Raises FaultyFiles for an issue whose file says that it was taken away.

    A file that can't be read says nothing here: a mailing that has begun doesn't need it, and what begins one names
    all that is wrong with it.
    """
    try:
        source = workspace.read_issue_source(issue_id)
    except (FaultyFiles, NotFound):
        return
    if says_withdrawn(source):
        remedy = f"{WITHDRAWN_REMEDY} To end a mailing of it that has begun: bulletin cancel {issue_id}"
        raise FaultyFiles([source.fault_at(source.values[("withdrawn",)], WITHDRAWN_REASON, remedy)])
