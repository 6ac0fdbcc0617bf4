"""`bulletin status`: what happened to whom."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, warn
from bulletin.cli.wording.event_text import list_facts, print_outlook
from bulletin.database.states import DeliveryState
from bulletin.errors import BulletinError, DatabaseError, FaultyFiles

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.plans.schedule import Schedule
    from bulletin.workspace.workspace import Workspace


def status(
    issue: Annotated[
        str | None,
        typer.Argument(metavar="[ISSUE]", help="The issue; left out, every one that was sent.", show_default=False),
    ] = None,
    *,
    who: Annotated[
        list[DeliveryState] | None,
        typer.Option(
            "--who",
            metavar="STATE",
            help="List the people who are accepted, refused, uncertain, deferred, queued, sending, withdrawn or "
            "bounced, with the server's own words (may be given several times).",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object (for one issue).")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Say what happened to whom. In words, or as JSON."""
    from bulletin.cli.wording.status_text import print_status
    from bulletin.database.identity import name_place
    from bulletin.database.schema import open_database
    from bulletin.delivery.ledger.mailing import find_mailed_issues, find_mailings
    from bulletin.delivery.ledger.recovery import mend_due_times, recover_lost
    from bulletin.delivery.plans.schedule import find_schedules
    from bulletin.delivery.sending.rewound import read_shortfall
    from bulletin.delivery.sending.sending import find_known_issue
    from bulletin.workspace.workspace import open_workspace

    for option in ("--json",) * as_json + ("--who",) * bool(who):
        if not issue:
            raise typer.BadParameter(f"{option} needs the issue's name.")
    workspace = open_workspace(folder)
    engine = open_database(workspace)
    shortfall = read_shortfall(engine)
    if shortfall:
        warn(f"{shortfall.explain(name_place(engine.url))}\n")
    else:
        mend_due_times(engine, retries=workspace.settings.sending.retries, now=now_ms())
    plans = {plan.issue: plan for plan in find_schedules(engine)}
    sent = find_mailed_issues(engine)
    if issue is None:
        issues = (*sent, *(name for name in plans if name not in sent))
    else:
        issues = (issue if issue in plans else find_known_issue(workspace, engine, issue),)
    for name in issues:
        if not shortfall:
            recover_lost(engine, workspace.state_folder, name, now=now_ms())
        mailings = find_mailings(engine, name)
        if as_json or who:
            _list_people(engine, name, mailings, plans.get(name), who or [], as_json=as_json)
        elif mailings:
            print_status(workspace, engine, name, mailings, briefly=name != issues[-1])
        else:
            say(f"{name} has not been sent.")
            _print_approval(workspace, engine, name)
        if name in plans and not (as_json or who):
            print_outlook(workspace, engine, plans[name])
    if not issues:
        say("Nothing has been sent yet, and nothing is planned.")


def _list_people(
    engine: Engine,
    name: str,
    mailings: tuple[Mailing, ...],
    plan: Schedule | None,
    who: list[DeliveryState],
    *,
    as_json: bool,
) -> None:
    from bulletin.cli.wording.people import show_people, write_people
    from bulletin.delivery.ledger.counts import count_states

    counts = count_states(engine, mailings)
    states = list(dict.fromkeys(who))
    if not as_json:
        show_people(engine, name, mailings, counts, states)
        return
    found = _as_object(engine, name, mailings, counts) | list_facts(engine, mailings, plan)
    if who:
        write_people(engine, found, mailings, states)
    else:
        say(json.dumps(found))


def _as_object(engine: Engine, name: str, mailings: tuple[Mailing, ...], counts: Counts) -> dict[str, object]:
    """`mailing` is the number of the latest one, or null; the states are whole numbers.

    `signed_off_by` has the names of those on whose word the latest mailing was sent.
    """
    from bulletin.approval.approvals import find_approvals_of, first_of_each

    latest = mailings[-1].id if mailings else None
    signed = [one.name for one in first_of_each(find_approvals_of(engine, latest))] if latest else []
    return {"issue": name, "mailing": latest, "total": counts.total, **asdict(counts), "signed_off_by": signed}


def _print_approval(workspace: Workspace, engine: Engine, name: str) -> None:
    """How an issue that was not sent yet stands with those who sign it off."""
    from bulletin.approval.approvals import find_approvals
    from bulletin.approval.requirement import describe_approval
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.edition.build import make_edition

    if not (workspace.settings.approval.needed or find_approvals(engine, name)):
        return
    try:
        snapshot = take_snapshot(workspace, make_edition(workspace, name), lists=workspace.lists_of(name))
    except FaultyFiles:
        say(f"  It has faults: bulletin check {name}")
    except DatabaseError:
        raise
    except BulletinError as error:  # no reason not to say how others stand
        say(f"  {error.message} {error.remedy}".rstrip())
    else:
        say(f"  {describe_approval(workspace, engine, snapshot.contents)}")
