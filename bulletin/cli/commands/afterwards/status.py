"""`bulletin status`: shows how issues are doing and what needs a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.read_returns import describe_mailbox, describe_open_returns
from bulletin.cli.terminal import say, say_data, warn
from bulletin.cli.wording.complaint_text import print_reminders
from bulletin.cli.wording.count_text import list_editions
from bulletin.cli.wording.event_text import list_facts, print_outlook
from bulletin.cli.wording.worker_text import list_workers, print_workers
from bulletin.database.states import DeliveryState
from bulletin.errors import BulletinError, DatabaseError, FaultyFiles
from bulletin.times import format_clock_first

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.sending.overview import IssueOverview
    from bulletin.workspace.workspace import Workspace


def status(
    issue: Annotated[
        str | None,
        typer.Argument(metavar="ISSUE", help="The issue (default: every one that was sent).", show_default=False),
    ] = None,
    *,
    who: Annotated[
        list[DeliveryState] | None,
        typer.Option(
            "--who",
            metavar="STATE",
            help="List the readers who are accepted, refused, uncertain, deferred, queued, sending, withdrawn or "
            "bounced, with the server's own words (repeatable).",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for one issue.")] = False,
    link: Annotated[
        bool, typer.Option("--link", help="Print a link to a page that shows it to others, for three days.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """See how many got it and what needs you.

    It names the command for each thing that is left to do.

      bulletin status                         every issue
      bulletin status 2026-12                 one issue
      bulletin status 2026-12 --who refused   the people, with the server's words
      bulletin status 2026-12 --link          a page to watch it and pause it

    See also: bulletin resolve, bulletin report
    """
    from bulletin.delivery.ledger.mailing import find_mailed_issues
    from bulletin.delivery.ledger.recovery import recover_lost
    from bulletin.delivery.plans.schedule import find_schedules
    from bulletin.delivery.sending.overview import read_overview

    for option in ("--json",) * as_json + ("--who",) * bool(who) + ("--link",) * link:
        if not issue:
            raise typer.BadParameter(f"{option} needs the issue's name.")
    with open_ledger(folder) as opened:
        workspace, engine = opened
        whole = _prepare_ledger(workspace, engine)
        if link:
            _print_link(workspace, engine, opened.find_issue(issue or ""))
            return
        scheduled = [schedule.issue for schedule in find_schedules(engine)]
        if issue is None:
            issues = tuple(dict.fromkeys((*find_mailed_issues(engine), *scheduled)))
        else:
            issues = (issue if issue in scheduled else opened.find_issue(issue),)
        for name in issues:
            if whole:
                recover_lost(engine, workspace.state_folder, name, now=now_ms())
            overview = read_overview(engine, name)
            if as_json or who:
                _list_people(workspace, engine, overview, who or [], as_json=as_json)
            else:
                _print_issue(workspace, engine, overview, briefly=name != issues[-1])
        if not (as_json or who):
            print_workers(engine)
            _print_returns(workspace, engine)
        if issue is None:
            print_reminders(engine)
    if not issues:
        say("Nothing has been sent yet, and nothing is scheduled.")


def _print_link(workspace: Workspace, engine: Engine, issue: str) -> None:
    """Print the link to watch an issue. Raises BulletinError if there are no pages, or nothing to watch."""
    from bulletin.delivery.ledger.mailing import find_mailings
    from bulletin.subscribers.link_key import find_link_key
    from bulletin.website.watching.watch_link import WORKS_FOR, write_watch_link

    if workspace.settings.website is None:
        raise BulletinError(
            "bulletin.yaml has no `website`, so there is no page to link to.",
            "See docs/serving.md for how to set it up.",
        )
    mailings = find_mailings(engine, issue)
    if not mailings:
        raise BulletinError(f"{issue} has not been sent, so there is nothing to watch.", f"Type: bulletin send {issue}")
    now = now_ms()
    key = find_link_key(workspace, engine)
    say_data(write_watch_link(workspace.settings.website.url, mailings[-1].id, key=key, now=now))
    until = format_clock_first(now + WORKS_FOR)
    warn(f"Anyone who has this link can see the numbers, and pause or continue. It works until {until}.")


def _print_returns(workspace: Workspace, engine: Engine) -> None:
    """Print when the mailbox of what comes back was read, and how much of it waits for a person."""
    for line in (describe_open_returns(engine), describe_mailbox(workspace, engine)):
        if line:
            say(line)


def _prepare_ledger(workspace: Workspace, engine: Engine) -> bool:
    """Whether the ledger knows all that was sent. Only then is it updated; a warning is printed if not."""
    from bulletin.database.identity import name_place
    from bulletin.delivery.ledger.recovery import clamp_retry_times
    from bulletin.delivery.sending.rewound import read_shortfall

    if shortfall := read_shortfall(engine):
        warn(f"{shortfall.explain(name_place(engine.url))}\n")
        return False
    clamp_retry_times(engine, retries=workspace.settings.sending.retries, now=now_ms())
    return True


def _print_issue(workspace: Workspace, engine: Engine, overview: IssueOverview, *, briefly: bool) -> None:
    from bulletin.cli.wording.status_text import print_status

    if overview.mailings:
        print_status(workspace, engine, overview, briefly=briefly)
    else:
        say(f"{overview.issue} has not been sent.")
        _print_approval(workspace, engine, overview.issue)
    if overview.schedule:
        print_outlook(workspace, engine, overview.schedule)


def _list_people(
    workspace: Workspace,
    engine: Engine,
    overview: IssueOverview,
    who: list[DeliveryState],
    *,
    as_json: bool,
) -> None:
    from bulletin.cli.wording.lists.people import show_people, write_people

    name, mailings, counts = overview.issue, overview.begun, overview.counts
    states = list(dict.fromkeys(who))
    if not as_json:
        show_people(engine, name, mailings, counts, states)
        return
    found = _as_object(engine, name, mailings, counts) | list_facts(engine, mailings, overview.schedule)
    found["editions"] = list_editions(engine, mailings, workspace.settings.lists)
    found["workers"] = list_workers(engine)
    if who:
        write_people(engine, found, mailings, states)
    else:
        say_data(json.dumps(found))


def _as_object(engine: Engine, name: str, mailings: tuple[Mailing, ...], counts: Counts) -> dict[str, object]:
    """The object of `--json`. `mailing` is the number of the latest mailing, or None.

    `approved_by` names the people who approved it. `useful` has how many readers said yes, and
    no: None for fewer than 5.
    """
    from bulletin.approval.approvals import find_approvals_of, first_of_each
    from bulletin.delivery.record.usefulness import Usefulness, read_usefulness

    latest = mailings[-1].id if mailings else None
    signed = [one.name for one in first_of_each(find_approvals_of(engine, latest))] if latest else []
    useful = asdict(read_usefulness(engine, name) or Usefulness(yes=None, no=None))
    found = {"issue": name, "mailing": latest, "total": counts.total, **asdict(counts)}
    return found | {"approved_by": signed, "useful": useful}


def _print_approval(workspace: Workspace, engine: Engine, name: str) -> None:
    """Print how far the approval of an issue is that was not sent yet."""
    from bulletin.approval.approvals import find_approvals
    from bulletin.approval.requirement import describe_approval
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.delivery.sending.preparation import prepare_editions

    if not (workspace.settings.approval.needed or find_approvals(engine, name)):
        return
    try:
        lists = workspace.lists_of(name)
        prepared = prepare_editions(workspace, engine, name, lists=lists, now=now_ms())
        snapshot = take_snapshot(workspace, prepared.editions, lists=lists)
    except FaultyFiles:
        say(f"  It has faults: bulletin check {name}")
    except DatabaseError:
        raise
    except BulletinError as error:  # other issues can still be shown
        say(f"  {error.message} {error.remedy}".rstrip())
    else:
        say(f"  {describe_approval(workspace, engine, snapshot.contents)}")
        if snapshot.contents.published:
            say(f"  Approval covers {snapshot.contents.coverage}.")
