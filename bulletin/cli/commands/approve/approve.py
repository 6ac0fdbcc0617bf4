"""`bulletin approve`: records a person's approval of exactly this version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.approval.reference import format_reference
from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_engine
from bulletin.cli.options import AlsoToOption, IssueArgument, WorkspaceOption, YesOption
from bulletin.cli.sending.second_look import agree
from bulletin.cli.terminal import count, say
from bulletin.cli.wording.comparison_text import find_last, fold
from bulletin.cli.wording.count_text import print_editions
from bulletin.cli.wording.gate import describe_private, refuse_unfit
from bulletin.errors import FaultyFiles, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from bulletin.approval.contents import Snapshot
    from bulletin.approval.requirement import ApprovalStatus
    from bulletin.delivery.ledger.same_month import SameMonth
    from bulletin.delivery.sending.preparation import PreparedEditions
    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace


def approve(
    issue: IssueArgument,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="The name of the person who approves it.", show_default=False)
    ],
    lists: Annotated[
        list[str] | None,
        typer.Option("--list", metavar="LIST", help="Only for this list (repeat it for several lists)."),
    ] = None,
    confirmed: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="FINDING", help="A warning that you accept, recorded with your name."),
    ] = None,
    also_to: AlsoToOption = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Approve exactly this version, by name.

    If anything changes that readers would see, the issue needs approving again.

      bulletin approve 2026-12 --by 'Jo Bloggs'   approve it

    Next: bulletin send 2026-12
    """
    from bulletin.delivery.sending.send_preview import choose_lists
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    name = workspace.find_issue(issue)
    chosen = choose_lists(workspace, name, lists or [])
    warnings = refuse_unfit(workspace, name, lists=chosen, approving=True)
    with open_engine(workspace) as engine:
        case = _read_case(workspace, engine, name, chosen, by=by)
        accepted = tuple(_accept(case.same_month, warnings, confirmed or ()))
        sent = _print_sent(engine, name, case.lists)
        if earlier := case.approval.find(case.person, confirmed=accepted):
            say(f"This version of {name} was already approved by {earlier}.")
            _print_next_step(workspace, case.approval, sent=sent)
            return
        _print_case(workspace, engine, case, warnings, accepted)
        question, otherwise = f"Approve this version as {case.person}?", "Nothing was approved."
        if not agree(question, case.same_month, also_to=also_to, yes=yes, otherwise=otherwise):
            say(otherwise)
            raise typer.Exit(1)
        _record(workspace, engine, case, accepted, sent=sent)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """The version that a person is asked to approve, and its approvals so far."""

    lists: tuple[str, ...]
    snapshot: Snapshot
    approval: ApprovalStatus
    person: str
    same_month: SameMonth
    prepared: PreparedEditions


def _print_sent(engine: Engine, name: str, lists: Sequence[str]) -> bool:
    """Say that an issue was sent, which can't be approved any more. Whether that was to all of these lists."""
    from bulletin.delivery.sending.overview import read_overview
    from bulletin.times import format_time

    overview = read_overview(engine, name)
    if overview.mailings:
        began, counts = format_time(overview.mailings[0].mailing.began_at), overview.counts
        say(f"{name} was already sent, from {began}: {counts.accepted:,} of {count(counts.total, 'reader')} accepted.")
        say("The record of that mailing stays as it is. An approval now counts only for sending it to others.\n")
    return set(lists) <= {each for mailing in overview.begun for each in mailing.lists}


def _read_case(workspace: Workspace, engine: Engine, name: str, lists: tuple[str, ...], *, by: str) -> _Case:
    """Raises BulletinError for a person who may not approve it."""
    from bulletin.approval.requirement import admit_approver, find_approval_status
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.delivery.ledger.same_month import foresee_same_month
    from bulletin.delivery.sending.preparation import prepare_editions

    same_month = foresee_same_month(workspace, engine, name, lists, now=now_ms())
    prepared = prepare_editions(workspace, engine, name, lists=lists, now=now_ms())
    snapshot = take_snapshot(workspace, prepared.editions, lists=lists)
    person = admit_approver(workspace.settings.approval, snapshot.contents, by)
    approval = find_approval_status(workspace, engine, snapshot.contents)
    return _Case(
        lists=lists, snapshot=snapshot, approval=approval, person=person, same_month=same_month, prepared=prepared
    )


def _accept(same_month: SameMonth, warnings: Sequence[Finding], confirmed: Sequence[str]) -> Iterator[str]:
    """The warnings that the person accepts by name, as they will be recorded."""
    yield from (describe_private(finding) for finding in warnings if finding.private)
    yield from same_month.describe()
    yield from confirmed


def _print_case(
    workspace: Workspace, engine: Engine, case: _Case, warnings: Sequence[Finding], accepted: Sequence[str]
) -> None:
    _print_changes(workspace, engine, case.approval, case.snapshot)
    say(f"\nIt would be sent to {', '.join(case.lists)}.")
    if case.snapshot.contents.published:
        say(f"Approval covers {case.snapshot.contents.coverage}.")
    print_editions(case.prepared)
    for warning in warnings:
        say(f"\n{warning.fault}")
    for words in accepted:
        say(f"\nAccepted by {case.person}: {words}")


def _record(workspace: Workspace, engine: Engine, case: _Case, accepted: tuple[str, ...], *, sent: bool) -> None:
    from bulletin.approval.approvals import record_approval
    from bulletin.approval.requirement import find_approval_status

    name = case.snapshot.contents.issue
    given = record_approval(engine, case.snapshot, name=case.person, now=now_ms(), confirmed=accepted)
    say(f"{name} is approved by {given}. Approval reference: {format_reference(given.digest)}")
    _print_next_step(workspace, find_approval_status(workspace, engine, case.snapshot.contents), sent=sent)


def _print_changes(workspace: Workspace, engine: Engine, approval: ApprovalStatus, snapshot: Snapshot) -> None:
    """Print what the person is asked to approve: the changes since the last approval, or since the last issue."""
    from bulletin.approval.approvals import read_snapshot
    from bulletin.approval.changes import describe_changes

    issue_id = snapshot.contents.issue
    if approval.counted:
        say(f"This version of {issue_id} was approved by {approval.approvers}.")
    if approval.superseded:
        say(f"{issue_id} has changed since it was approved by {approval.superseded}:\n")
        if before := read_snapshot(engine, approval.superseded):
            for line in describe_changes(before, snapshot, own_kinds=workspace.read_own_kinds()):
                say(fold(f"  {line}"))
            return
        say("  That approval was altered in the database, so the two versions can't be compared.")
    elif not approval.counted:
        say(f"{issue_id} has not been approved before.")
    _print_comparison(workspace, issue_id)


def _print_comparison(workspace: Workspace, issue_id: str) -> None:
    from bulletin.comparison.difference import compare_issues

    issue = workspace.load_issue(issue_id)
    try:
        last = find_last(workspace, issue_id)
        difference = compare_issues(workspace.load_issue(last), issue)
    except NotFound:
        say(f"This is the first issue: “{issue.subject}”, {count(len(issue.sections), 'section')}.")
    except FaultyFiles:
        say(f"The issue before it, {last}, has faults, so the two can't be compared.")
    else:
        say(f"Compared with the issue before it, {last}:\n")
        for line in difference.describe():
            say(fold(f"  {line}".rstrip()))
    say(f"This is only a summary. Before you approve, read it all as readers will: bulletin preview {issue_id}")


def _print_next_step(workspace: Workspace, approval: ApprovalStatus, *, sent: bool) -> None:
    issue_id = approval.contents.issue
    if approval.missing:
        say(f"It still needs {approval.missing}.")
        return
    named = workspace.list_options(issue_id, approval.contents.lists)
    if sent:
        say(f"Nothing more is needed. Send it to readers added since with: bulletin send {issue_id} --newcomers{named}")
        return
    say(f"Nothing more is needed. Send it with: bulletin send {issue_id}{named}")
