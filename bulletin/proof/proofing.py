"""Proof an issue of a workspace: gather the case, ask every rule, and let the workspace have its say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from bulletin.edition.edition import Edition
from bulletin.edition.making import make_edition
from bulletin.errors import BulletinError
from bulletin.proof.case import Case, Written
from bulletin.proof.finding import Finding, Remark
from bulletin.proof.rule import Rule
from bulletin.proof.rules import find_rules
from bulletin.proof_settings import Severity
from bulletin.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the proof found in an issue, in the order of the file."""

    issue: str
    findings: tuple[Finding, ...]

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)


def proof_issue(workspace: Workspace, issue_id: str, *, today: date) -> Report:
    """Every finding in an issue. Raises FaultyFiles if it does not load: then there is nothing to proof yet."""
    case = open_case(workspace, issue_id, today=today)
    return Report(issue=issue_id, findings=tuple(proof_case(case, find_rules().values())))


def open_case(workspace: Workspace, issue_id: str, *, today: date) -> Case:
    """The case of an issue. Raises FaultyFiles if the issue does not load."""
    return Case(
        id=issue_id,
        issue=workspace.load_issue(issue_id),
        source=workspace.read_issue_source(issue_id),
        settings=workspace.settings,
        bulletin=workspace.bulletin_of(issue_id),
        today=today,
        load_earlier=partial(_load_earlier, workspace, issue_id),
        render=partial(_render, workspace, issue_id),
        read_file=partial(_read_file, workspace.root),
    )


def proof_case(case: Case, rules: Iterable[Rule]) -> list[Finding]:
    """What `rules` find, in the order of the file, the gravest first at one place."""
    found = [_find(case, rule, remark) for rule in rules for remark in rule(case)]
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.column, finding.severity.rank))


def _find(case: Case, rule: Rule, remark: Remark) -> Finding:
    lines = remark.lines or case.source.lines
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        file=remark.file or case.source.file,
        span=remark.span,
        message=remark.message,
        remedy=remark.remedy,
        excerpt=lines[remark.span.line - 1] if remark.span.line <= len(lines) else "",
        section="" if remark.file else _name_section(case, remark.span.line),
        replacement=remark.replacement,
    )


def _name_section(case: Case, line: int) -> str:
    for index, section in enumerate(case.issue.sections):
        span = case.span("sections", index)
        if span.line <= line <= span.end_line:
            return section.title
    return ""


def _load_earlier(workspace: Workspace, issue_id: str) -> tuple[Written, ...]:
    folder = issue_id.rpartition("/")[0]
    names = [name for name in workspace.issue_ids() if name.rpartition("/")[0] == folder and name < issue_id]
    return tuple(written for name in reversed(names) if (written := _load(workspace, name)))


def _load(workspace: Workspace, issue_id: str) -> Written | None:
    try:
        issue = workspace.load_issue(issue_id)
        return Written(id=issue_id, issue=issue, source=workspace.read_issue_source(issue_id))
    except BulletinError:
        return None  # `bulletin check` names its faults when it comes to that issue


def _render(workspace: Workspace, issue_id: str) -> Edition | None:
    try:
        return make_edition(workspace, issue_id)
    except BulletinError:
        return None  # a theme that cannot be rendered is told by `bulletin render`


def _read_file(root: Path, name: str) -> bytes | None:
    path = (root / name).resolve()
    return path.read_bytes() if path.is_relative_to(root.resolve()) and path.is_file() else None
