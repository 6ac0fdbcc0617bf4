"""What is to be said of an issue beside the mail: each remark with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bulletin.errors import Fault
from bulletin.proof.finding import Finding
from bulletin.proof.proofing import proof_issue
from bulletin.settings.proof import Severity
from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing to look at, from line and column to end_line and end_column (exclusive); all count from 1.

    `code` is that of the proof's rule, "" for what keeps the issue from being sent whatever the proof says.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    remedy: str = ""
    excerpt: str = ""


def find_remarks(workspace: Workspace, issue: str, *, today: date) -> tuple[Remark, ...]:
    """What keeps an issue that loads from being sent, and what the proof finds in it, in the order of the files.

    Raises FaultyFiles if the issue does not load, BulletinError for a rule of the workspace that cannot be asked.
    """
    report = proof_issue(workspace, issue, today=today, lists=workspace.lists_of(issue))
    faults = (_as_remark(fault) for fault in (*report.unfit, *report.unwritten))
    found = (_of_finding(finding) for finding in report.findings)
    return tuple(sorted((*faults, *found), key=lambda it: (it.file, it.line, it.column, it.severity.rank)))


def _as_remark(fault: Fault) -> Remark:
    return Remark(
        code="",
        severity=Severity.ERROR,
        file=fault.file,
        line=fault.line,
        column=fault.column,
        end_line=fault.line,
        end_column=fault.column + fault.width,
        message=fault.message,
        remedy=fault.remedy,
        excerpt=fault.excerpt,
    )


def _of_finding(finding: Finding) -> Remark:
    return Remark(
        code=finding.code,
        severity=finding.severity,
        file=finding.file,
        line=finding.line,
        column=finding.column,
        end_line=finding.span.end_line,
        end_column=finding.span.end_column,
        message=finding.message,
        remedy=finding.remedy,
        excerpt=finding.excerpt,
    )
