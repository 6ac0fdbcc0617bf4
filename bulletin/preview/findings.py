"""The findings that the preview shows beside the email, each with its place in the file."""

from __future__ import annotations

from datetime import date

from bulletin.declaration.source import Span
from bulletin.errors import Fault
from bulletin.proof.finding import Finding
from bulletin.proof.proofing import proof_issue
from bulletin.settings.proof import Severity
from bulletin.workspace.workspace import Workspace


def list_findings(workspace: Workspace, issue: str, *, today: date) -> tuple[Finding, ...]:
    """What stops an issue that loads from being sent, and what the proof finds in it, in the order of the files.

    Raises FaultyFiles if the issue does not load, BulletinError for a rule of the workspace that cannot run.
    """
    report = proof_issue(workspace, issue, today=today, lists=workspace.lists_of(issue))
    faults = (_from_fault(fault) for fault in (*report.unfit, *report.unwritten))
    return tuple(sorted((*faults, *report.findings), key=lambda it: (it.file, it.line, it.column, it.severity.rank)))


def describe_finding(finding: Finding) -> dict[str, object]:
    """A finding as the page gets it. `code` is "" for a fault that stops the issue from being sent without any rule."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "message": finding.message,
        "remedy": finding.remedy,
        "excerpt": finding.excerpt,
    }


def _from_fault(fault: Fault) -> Finding:
    end = fault.column + fault.width
    return Finding(
        code="",
        name="",
        severity=Severity.ERROR,
        file=fault.file,
        span=Span(line=fault.line, column=fault.column, end_line=fault.line, end_column=end),
        message=fault.message,
        remedy=fault.remedy,
        excerpt=fault.excerpt,
    )
