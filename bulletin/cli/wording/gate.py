"""Stops an issue that can't be approved or sent, and names what a person has to see first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli import clock
from bulletin.cli.terminal import warn
from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace


def refuse_unfit(
    workspace: Workspace, issue_id: str, *, today: date | None = None, lists: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """The warnings of the proof, which a person has to see before approving or sending.

    Raises FaultyFiles with every fault of the issue, every place still to write and every error of the proof. A part
    that is not for all of `lists` (those it goes to) is a fault too. `today`: the day it will be read (None: today).
    """
    from bulletin.proof.proofing import proof_issue
    from bulletin.settings.proof import Severity

    report = proof_issue(workspace, issue_id, today=today or clock.today(), lists=lists)
    if faults := (*report.unfit, *report.unwritten):
        raise FaultyFiles(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    if errors := report.of(Severity.ERROR):
        raise FaultyFiles(finding.fault for finding in errors)
    return report.of(Severity.WARNING)


def warn_of_narrowed(workspace: Workspace, issue_id: str) -> None:
    """Warn of parts that are not for all lists of an issue. It can still be looked at, so nothing is refused."""
    from bulletin.issue.audience import find_narrowed

    issue, source = workspace.read_issue(issue_id)
    for fault in find_narrowed(issue, source, workspace.lists_of(issue_id)):
        warn(f"It can't be sent like this. {fault.file}:{fault.line}:{fault.column}: {fault.message}")
