"""Whether the archive has an accessibility statement now, and what it says of this workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bulletin.edition.web.accessibility_statement import Statement, find_review, make_statement, refuse_statement
from bulletin.edition.web.tested_pages import find_evidence
from bulletin.issue.identity import read_identity
from bulletin.proof.last_check import recall_check

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementPlan:
    """The statement to publish, or None; and a sentence on what to do about it, or ""."""

    page: Statement | None
    advice: str


def plan_statement(workspace: Workspace, public: Iterable[str], *, has_pdfs: bool, today: date) -> StatementPlan:
    """The statement as it is on `today`. `public` are the ids of the issues that the archive shows.

    A workspace that says nothing of it, or has its statement on another website, gets no advice.
    """
    settings = workspace.settings
    if settings.accessibility is None:
        return StatementPlan(page=None, advice="")
    evidence = find_evidence(workspace.theme_folders)
    if refused := refuse_statement(settings, evidence, today=today):
        return StatementPlan(page=None, advice=f"There is no accessibility statement: {refused}")
    findings = tuple(_tell_open(workspace, public))
    page = make_statement(settings, evidence, findings=findings, has_pdfs=has_pdfs, today=today)
    return StatementPlan(page=page, advice=find_review(settings, today=today))


def _tell_open(workspace: Workspace, public: Iterable[str]) -> Iterator[str]:
    """A sentence for each rule on accessibility that last found something in public issues."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for issue_id in public:
        last = recall_check(workspace.state_folder, issue_id)
        for name in last.barriers if last else ():
            found[name].append(_name_issue(issue_id))
    for name, issues in sorted(found.items()):
        yield f"Our own checks found a problem that is still open in {', '.join(issues)}: {name.replace('-', ' ')}."


def _name_issue(issue_id: str) -> str:
    identity = read_identity(issue_id.rpartition("/")[2])
    return str(identity.month) if identity else issue_id
