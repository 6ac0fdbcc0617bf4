"""Which issues the public may see now, and when the next one may be seen.

An issue is visible once its embargo is over, and it was sent, was approved as it is now, or is older than the first
mailing of the workspace. Where it isn't, it is nowhere: no page, no line of a list, no entry of a feed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.reading import read_from
from bulletin.database.tables import mailings
from bulletin.issue.archiving import ZONE, Embargo
from bulletin.times import read_local

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


class Visibility(Enum):
    """Whether an issue is public, or why it isn't."""

    VISIBLE = auto()
    UNDER_EMBARGO = auto()
    NOT_APPROVED = auto()
    NOTHING_PUBLIC = auto()  # every part of it is for some readers only


@dataclass(frozen=True, kw_only=True, slots=True)
class SentIssues:
    """What was sent from a workspace: when each issue's first mailing began, in ms since 1970."""

    began_at: dict[str, int]

    @property
    def first_day(self) -> date | None:
        """The day of the first mailing of all."""
        return read_local(min(self.began_at.values()), ZONE).date() if self.began_at else None


def find_sent(engine: Engine) -> SentIssues:
    """The issues that have a mailing."""
    query = select(mailings.c.issue, func.min(mailings.c.began_at)).group_by(mailings.c.issue)
    with read_from(engine) as connection:
        return SentIssues(began_at={row[0]: row[1] for row in connection.execute(query)})


def find_embargo(published: date, embargo: Embargo | None) -> int:
    """When an issue may be public, in ms since 1970: its own time, or the beginning of the day it is published."""
    return int((embargo or Embargo(published)).moment.timestamp() * 1000)


def judge(
    issue_id: str, *, published: date, embargo_at: int, sent: SentIssues, now: int, is_approved: Callable[[str], bool]
) -> Visibility:
    """Whether an issue is visible at `now` (ms since 1970). `is_approved` is asked only where that decides it."""
    if embargo_at > now:
        return Visibility.UNDER_EMBARGO
    first = sent.first_day
    if issue_id in sent.began_at or (first and published < first) or is_approved(issue_id):
        return Visibility.VISIBLE
    return Visibility.NOT_APPROVED


def is_approved_now(workspace: Workspace, engine: Engine, issue_id: str, *, now: int) -> bool:
    """Whether every edition of an issue was approved exactly as it is at `now`, by as many people as it needs."""
    from bulletin.approval.approvals import find_approvals
    from bulletin.approval.requirement import find_approval_status
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.delivery.sending.preparation import prepare_editions

    if not find_approvals(engine, issue_id):
        return False  # most drafts: nothing need be rendered
    lists = workspace.lists_of(issue_id)
    prepared = prepare_editions(workspace, engine, issue_id, lists=lists, now=now)
    snapshot = take_snapshot(workspace, prepared.editions, lists=lists)
    status = find_approval_status(workspace, engine, snapshot.contents)
    return bool(status.counted) and status.complete
