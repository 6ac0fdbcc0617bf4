"""Who has signed off what the preview shows. The database is read only where there is one: a preview makes none."""

from __future__ import annotations

from bulletin.approval.contents import take_contents
from bulletin.approval.requirement import assess_approval, describe_approval
from bulletin.database.schema import open_database
from bulletin.preview.session import PreviewSession


def describe_issue_approval(session: PreviewSession, issue_id: str) -> str:
    """In one line, who has signed exactly this off and who is missing; "" where there is nothing to say.

    Of an issue that has faults nothing is said: what stands in its file cannot be signed. Raises NotFound for one that
    is not there, DatabaseError if the database cannot be read.
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
