"""What is to be said of an issue beside the mail: each remark with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulletin.drafting.placeholders import find_placeholders
from bulletin.errors import Fault
from bulletin.workspace import Workspace


class Severity(StrEnum):
    """How much a remark weighs."""

    ERROR = "error"  # nothing is sent as long as it stands
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing to look at, from line and column to end_line and end_column (exclusive); all count from 1."""

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


def find_remarks(workspace: Workspace, issue: str) -> tuple[Remark, ...]:
    """Everything that is to be said of an issue that loads, in the order of the file.

    Raises NotFound or FaultyFiles if its file cannot be read.
    """
    placeholders = find_placeholders(workspace.read_issue_source(issue))
    return tuple(_as_remark(fault, code="to-write", severity=Severity.ERROR) for fault in placeholders)


def _as_remark(fault: Fault, *, code: str, severity: Severity) -> Remark:
    return Remark(
        code=code,
        severity=severity,
        file=fault.file,
        line=fault.line,
        column=fault.column,
        end_line=fault.line,
        end_column=fault.column + fault.width,
        message=fault.message,
        remedy=fault.remedy,
        excerpt=fault.excerpt,
    )
