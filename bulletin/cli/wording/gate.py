"""Stops an issue that can't be approved or sent, and names what a person has to see first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulletin.cli import clock
from bulletin.cli.terminal import warn
from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace


def refuse_unfit(
    workspace: Workspace,
    issue_id: str,
    *,
    today: date | None = None,
    lists: Sequence[str] = (),
    approving: bool = False,
) -> tuple[Finding, ...]:
    """The warnings of the proof, which a person has to see before approving or sending.

    Raises FaultyFiles with every fault of the issue, every place still to write and every error of the proof. It is a
    fault too if it would be empty for some of `lists` (those it goes to). `today`: the day it is read (None: today).
    An error about someone's privacy comes first among the warnings instead if the person who is `approving` accepts it
    by name, or if an approval of exactly this version has accepted it.
    """
    from bulletin.delivery.sending.withdrawal import refuse_withdrawn
    from bulletin.proof.proofing import proof_issue
    from bulletin.settings.proof import Severity

    refuse_withdrawn(workspace, issue_id)
    report = proof_issue(workspace, issue_id, today=today or clock.today(), lists=lists)
    if faults := (*report.unfit, *report.unwritten):
        raise FaultyFiles(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    errors = report.of(Severity.ERROR)
    private = tuple(finding for finding in errors if finding.private)
    accepted = private if approving else _find_accepted(workspace, issue_id, private) if private else ()
    if refused := [finding.fault for finding in errors if finding not in accepted]:
        raise FaultyFiles(refused)
    return (*accepted, *report.of(Severity.WARNING))


def describe_private(finding: Finding) -> str:
    """A finding about someone's privacy, for the record: where it is, not what it says about them."""
    return f"{_name_private(finding)}, line {finding.line} of {finding.file}"


def _name_private(finding: Finding) -> str:
    return f"{finding.code} ({finding.name.replace('-', ' ')})"


def _find_accepted(workspace: Workspace, issue_id: str, private: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of the `private` findings that approvals of exactly this version have accepted.

    A line that moved (a note was added above it) changes nothing for readers, so only rules and numbers are compared.
    """
    from bulletin.approval.approvals import find_approvals, read_snapshot
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.cli.opening import open_engine
    from bulletin.delivery.sending.preparation import prepare_editions

    if not workspace.remembers:
        return ()
    with open_engine(workspace) as engine:
        given = [approval for approval in find_approvals(engine, issue_id) if approval.confirmed]
        left = Counter[str]()
        for approval in given:
            signed = read_snapshot(engine, approval)
            if signed is None:
                continue
            lists = signed.contents.lists
            prepared = prepare_editions(workspace, engine, issue_id, lists=lists, now=clock.now_ms())
            now = take_snapshot(workspace, prepared.editions, lists=lists)
            if signed.contents.covers(now.contents):
                left |= Counter(words.partition(",")[0] for words in approval.confirmed)
    return tuple(_take(private, left))


def _take(private: Sequence[Finding], left: Counter[str]) -> Iterator[Finding]:
    for finding in private:
        name = _name_private(finding)
        if left[name] > 0:
            left[name] -= 1
            yield finding


def warn_of_unreached(workspace: Workspace, issue_id: str) -> None:
    """Warn if an issue would be empty for some lists. It can still be looked at, so nothing is refused."""
    from bulletin.issue.unreached import find_unreached

    issue, source = workspace.read_issue(issue_id)
    for fault in find_unreached(issue, source, workspace.lists_of(issue_id)):
        warn(f"It can't be sent like this. {fault.file}:{fault.line}:{fault.column}: {fault.message}")
