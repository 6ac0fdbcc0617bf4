"""Whether what the preview shows was sent, and who has approved it.

A preview makes no database: it reads one that is there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.approval.contents import Contents, take_contents
from bulletin.approval.public_files import digest_public_files
from bulletin.approval.requirement import assess_approval, describe_approval
from bulletin.database.schema import open_database
from bulletin.delivery.sending.overview import read_overview
from bulletin.delivery.sending.preparation import prepare_editions
from bulletin.errors import FaultyFiles
from bulletin.preview.session import PreviewSession
from bulletin.times import format_time

if TYPE_CHECKING:
    from sqlalchemy import Engine


def describe_issue_approval(session: PreviewSession, issue_id: str) -> str:
    """In one line, when it was sent to how many, who has approved exactly this and who is missing; "" if nothing is.

    An issue with faults cannot be approved. Raises NotFound if there is no such issue, DatabaseError if the database
    cannot be read.
    """
    workspace, showing = session.workspace, session.show(issue_id)
    contents = None
    if showing.good and not showing.faults:
        good = showing.good
        contents = take_contents(
            good.edition,
            lists=workspace.lists_of(issue_id),
            authors=good.issue.author,
            published=digest_public_files(workspace, issue_id, good.issue),
        )
    if not workspace.remembers:
        return assess_approval(workspace.settings.approval, contents, ()).summary if contents else ""
    engine = open_database(workspace)
    try:
        if contents:
            contents = _take_every_edition(session, engine, contents)
        told = (
            _describe_mailings(engine, issue_id),
            describe_approval(workspace, engine, contents) if contents else "",
        )
        return " ".join(filter(None, told))
    finally:
        engine.dispose()


def _take_every_edition(session: PreviewSession, engine: Engine, shown: Contents) -> Contents:
    """What there is to approve: the edition that is shown, or all of those that readers would get.

    A fault that came into the file just now is shown by the preview itself.
    """
    workspace, now = session.workspace, int(session.clock().timestamp() * 1000)
    lists = workspace.lists_of(shown.issue)
    try:
        prepared = prepare_editions(workspace, engine, shown.issue, lists=lists, now=now)
    except FaultyFiles:
        return shown
    if prepared.editions.is_alone:
        return shown
    return take_contents(prepared.editions, lists=lists, authors=shown.authors, published=shown.published)


def _describe_mailings(engine: Engine, issue_id: str) -> str:
    """When an issue was sent, and for how many readers it was accepted; "" if it wasn't."""
    overview = read_overview(engine, issue_id)
    if not overview.mailings:
        return ""
    counts, began = overview.counts, format_time(overview.mailings[0].mailing.began_at)
    readers = f"{counts.total:,} reader{'' if counts.total == 1 else 's'}"
    if counts.unfinished:
        left = f"{counts.unfinished:,} still to be tried"
        return f"Being sent since {began}: {counts.accepted:,} of {readers} accepted, {left}."
    changed = " What you change now reaches no one who has got it."
    return f"Sent on {began}: {counts.accepted:,} of {readers} accepted.{changed}"
