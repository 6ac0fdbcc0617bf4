"""`bulletin approve`: sign exactly this off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.commands.write.diff import find_last, fold
from bulletin.cli.options import AlsoToOption, IssueArgument, WorkspaceOption, YesOption
from bulletin.cli.second_look import agree
from bulletin.cli.terminal import count, say
from bulletin.cli.wording.gate import refuse_unfit
from bulletin.errors import FaultyFiles, NotFound

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.approval.contents import Snapshot
    from bulletin.approval.requirement import ApprovalStatus
    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace

SHOWN_OF_DIGEST = 12


def approve(
    issue: IssueArgument,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who signs.", show_default=False)],
    lists: Annotated[
        list[str] | None,
        typer.Option("--list", metavar="LIST", help="A list that it may go to (may be given several times)."),
    ] = None,
    confirmed: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="FINDING", help="What you have seen and let stand, kept with your name."),
    ] = None,
    also_to: AlsoToOption = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Sign exactly this issue off, by name. Any change of what readers would see voids it."""
    from bulletin.approval.approvals import record_approval
    from bulletin.approval.requirement import admit_approver, find_approval_status
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.database.schema import open_database
    from bulletin.delivery.ledger.same_month import foresee_same_month
    from bulletin.delivery.sending.sending import choose_lists
    from bulletin.edition.build import make_edition
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    name = workspace.find_issue(issue)
    chosen = choose_lists(workspace, name, lists or [])
    warnings = refuse_unfit(workspace, name, lists=chosen)
    engine = open_database(workspace)
    same = foresee_same_month(workspace, engine, name, chosen, now=now_ms())
    private = (_describe_private(finding) for finding in warnings if finding.private)
    stands = (*private, *same.describe(), *(confirmed or ()))
    snapshot = take_snapshot(workspace, make_edition(workspace, name), lists=chosen)
    person = admit_approver(workspace.settings.approval, snapshot.contents, by)
    approval = find_approval_status(workspace, engine, snapshot.contents)
    if earlier := approval.find(person, confirmed=stands):
        say(f"{name} as it is now was signed off by {earlier} already.")
        _print_next_step(workspace, approval)
        return
    _print_changes(workspace, engine, approval, snapshot)
    say(f"\nIt would go to {', '.join(chosen)}.")
    for warning in warnings:
        say(f"\n{warning.fault}")
    for words in stands:
        say(f"\nSeen by {person}, and let stand: {words}")
    question, otherwise = f"Sign exactly this off as {person}?", "Nothing was signed."
    if not agree(question, same, also_to=also_to, yes=yes, otherwise=otherwise):
        say(otherwise)
        raise typer.Exit(1)
    signed = record_approval(engine, snapshot, name=person, now=now_ms(), confirmed=stands)
    say(f"{name} is signed off by {signed}. The digest of what was signed (the edition, its author and its lists)")
    say(f"begins with {signed.digest[:SHOWN_OF_DIGEST]}; the record of the mailing will have it.")
    _print_next_step(workspace, find_approval_status(workspace, engine, snapshot.contents))


def _describe_private(finding: Finding) -> str:
    """A finding about somebody's privacy, for the record: where it is, and not what it says of them."""
    return f"{finding.code} ({finding.name.replace('-', ' ')}), line {finding.line} of {finding.file}"


def _print_changes(workspace: Workspace, engine: Engine, approval: ApprovalStatus, snapshot: Snapshot) -> None:
    """What the person is to agree to: what has changed since the last sign-off, else since the last issue."""
    from bulletin.approval.approvals import read_snapshot
    from bulletin.approval.changes import describe_changes

    issue_id = snapshot.contents.issue
    if approval.counted:
        say(f"{issue_id} as it is now was signed off by {approval.approvers}.")
    if approval.superseded:
        say(f"{issue_id} has changed since it was signed off by {approval.superseded}:\n")
        if before := read_snapshot(engine, approval.superseded):
            for line in describe_changes(before, snapshot):
                say(fold(f"  {line}"))
            return
        say("  What was signed then has been altered in the database, so the two cannot be compared.")
    elif not approval.counted:
        say(f"{issue_id} has not been signed off before.")
    _print_comparison(workspace, issue_id)


def _print_comparison(workspace: Workspace, issue_id: str) -> None:
    from bulletin.comparison.difference import compare_issues

    issue = workspace.load_issue(issue_id)
    try:
        last = find_last(workspace, issue_id)
        difference = compare_issues(workspace.load_issue(last), issue)
    except NotFound:
        say(f"It is the first one: “{issue.subject}”, {count(len(issue.sections), 'section')}.")
    except FaultyFiles:
        say(f"The issue before it, {last}, has faults, so the two cannot be compared.")
    else:
        say(f"Compared with the issue before it, {last}:\n")
        for line in difference.describe():
            say(fold(f"  {line}".rstrip()))
    say(f"That is not every word of it. Read it all, as readers will, before you sign: bulletin preview {issue_id}")


def _print_next_step(workspace: Workspace, approval: ApprovalStatus) -> None:
    issue_id = approval.contents.issue
    if approval.missing:
        say(f"It still needs {approval.missing}.")
        return
    named = workspace.list_options(issue_id, approval.contents.lists)
    say(f"Nothing more is needed. Send it with: bulletin send {issue_id}{named}")
