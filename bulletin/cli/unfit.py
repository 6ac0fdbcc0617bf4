"""What keeps an issue from being signed off or sent, whoever wants it; and what only has to be seen first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.clock import tell_day
from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from datetime import date

    from bulletin.proof.finding import Finding
    from bulletin.workspace import Workspace


def refuse_unfit(place: Workspace, issue_id: str, *, today: date | None = None) -> tuple[Finding, ...]:
    """The warnings of the proof, which whoever signs or sends has to see.

    Raises FaultyFiles for every fault of the issue, wherever it still says that something is to be written, and for
    every error that the proof finds. `today` is the day on which it is to be read (left out, the present one).
    """
    from bulletin.proof.proofing import proof_issue
    from bulletin.proof_settings import Severity

    report = proof_issue(place, issue_id, today=today or tell_day())
    if report.unwritten:
        raise FaultyFiles(report.unwritten)
    if errors := report.of(Severity.ERROR):
        raise FaultyFiles(finding.fault for finding in errors)
    return report.of(Severity.WARNING)
