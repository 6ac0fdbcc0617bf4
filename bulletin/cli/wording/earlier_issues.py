"""Reads the earlier issues of a bulletin and their open follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.cli.terminal import warn
from bulletin.errors import FaultyFiles, NotFound
from bulletin.issue.identity import is_regular

if TYPE_CHECKING:
    from bulletin.declaration.source import Source
    from bulletin.drafting.promises import FollowUp
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class EarlierIssue:
    """An issue without faults, as a model and as its file's text."""

    id: str
    issue: Issue
    source: Source


def choose_bulletin(workspace: Workspace, name: str | None) -> str:
    """The bulletin called `name`, by default the first one. Raises NotFound."""
    known = list(workspace.settings.bulletins)
    if name is not None and name not in known:
        raise NotFound(f"There is no bulletin “{name}”.", f"The bulletins in bulletin.yaml are: {', '.join(known)}.")
    return name or known[0]


def read_past_issues(workspace: Workspace, bulletin: str, *, needs_last: bool = False) -> tuple[EarlierIssue, ...]:
    """The bulletin's issues, the latest last. Warns of those with faults and skips them.

    Raises FaultyFiles if `needs_last` and the last month's own issue, by its name, has faults.
    """
    past: list[EarlierIssue] = []
    ids = [issue_id for issue_id in workspace.issue_ids() if _belongs(workspace, issue_id, bulletin)]
    last = max(filter(is_regular, ids), key=find_name, default="")
    for issue_id in ids:
        try:
            past.append(_read(workspace, issue_id))
        except FaultyFiles as error:
            if needs_last and issue_id == last:
                raise
            warn(f"issues/{issue_id}.yaml has faults, so its follow-ups can't be read: {error.faults[0].message}")
    return tuple(sorted(past, key=lambda one: (one.issue.month, one.id)))


def find_name(issue_id: str) -> str:
    """The name of an issue without its folder."""
    return issue_id.rpartition("/")[2]


def find_open_follow_ups(past: Iterable[EarlierIssue]) -> tuple[FollowUp, ...]:
    """The promises of these issues that none of them has answered; soonest first."""
    from bulletin.drafting.placeholders import find_placeholders
    from bulletin.drafting.promises import find_follow_ups, find_unanswered, select_open

    issues = list(past)
    if not issues:
        return ()
    promises = [promise for one in issues for promise in find_follow_ups(one.source, made_in=one.issue.month)]
    regular = [one for one in issues if not one.issue.extra] or issues  # a second one keeps no promise of a month
    latest = max(regular, key=lambda one: (one.issue.month, one.id))
    finished = [one.issue.month for one in regular if not find_placeholders(one.source)]
    due = [
        one for one in promises if one.made_in < latest.issue.month and one.month > max(finished, default=one.made_in)
    ]
    unanswered = find_unanswered(due, latest.source)
    return select_open(promises, latest=latest.issue.month, unanswered=unanswered)


def _belongs(workspace: Workspace, issue_id: str, bulletin: str) -> bool:
    try:
        return workspace.bulletin_of(issue_id) == bulletin
    except NotFound:  # a folder that is no bulletin: `bulletin check` says so
        return False


def _read(workspace: Workspace, issue_id: str) -> EarlierIssue:

    issue = workspace.load_issue(issue_id)
    return EarlierIssue(id=issue_id, issue=issue, source=workspace.read_issue_source(issue_id))
