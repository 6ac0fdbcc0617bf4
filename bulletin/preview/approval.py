"""Who has approved what the preview shows. A preview makes no database: it reads one that is there already."""

from __future__ import annotations

from bulletin.approval.contents import take_contents
from bulletin.approval.requirement import assess_approval, describe_approval
from bulletin.database.schema import open_database
from bulletin.preview.session import PreviewSession


def describe_issue_approval(session: PreviewSession, issue_id: str) -> str:
    """In one line, who has approved exactly this and who is missing; "" if there is nothing to say.

    An issue with faults cannot be approved, so there is nothing to say of it. Raises NotFound if there is no such
    issue, DatabaseError if the database cannot be read.
    """
    showing = session.show(issue_id)
    if showing.good is None or showing.faults:
        return ""
    workspace, good = session.workspace, showing.good
    contents = take_contents(good.edition, lists=workspace.lists_of(issue_id), authors=good.issue.author)
    if not workspace.remembers:
        return assess_approval(workspace.settings.approval, contents, ()).summary
    engine = open_database(workspace)
    try:
        return describe_approval(workspace, engine, contents)
    finally:
        engine.dispose()
