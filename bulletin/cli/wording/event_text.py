"""Says in words when an issue is scheduled, and when and why its mailings were paused, stopped or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time, now_ms, today
from bulletin.cli.terminal import count, say
from bulletin.errors import FaultyFiles, PlanChanged, PlannedListsChanged

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.events import Happening
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.plans.schedule import Schedule
    from bulletin.errors import BulletinError
    from bulletin.workspace.workspace import Workspace


def print_schedule(plan: Schedule, *, now: int) -> None:
    """Print what is scheduled, and whether it is due or its time has passed."""
    from bulletin.delivery.plans.schedule import Standing
    from bulletin.times import describe_moment

    say(f"{plan.issue} to {', '.join(plan.lists)} is scheduled for {describe_moment(plan.due_at)}.")
    standing = plan.stand(now=now)
    if standing is Standing.DUE:
        say("  It's due now.")
    elif standing is Standing.MISSED:
        say("  That time has passed, so `bulletin run` won't send it.")
        say(f"  Send it, schedule it again, or remove the time: bulletin unschedule {plan.issue}")


def print_outlook(workspace: Workspace, engine: Engine, plan: Schedule) -> None:
    """Print what is scheduled, and whether the issue could be sent as it is now."""
    from bulletin.cli.wording.gate import refuse_unfit
    from bulletin.delivery.plans.schedule import Standing
    from bulletin.delivery.sending.runner import find_obstacle
    from bulletin.edition.build import make_edition

    now = now_ms()
    print_schedule(plan, now=now)
    standing = plan.stand(now=now)
    if standing is Standing.MISSED:
        return
    check = partial(refuse_unfit, workspace, today=today(max(plan.due_at, now)), lists=plan.lists)
    obstacle = find_obstacle(workspace, engine, plan, check=check, make_edition=partial(make_edition, workspace))
    if obstacle:
        say(f"  It can't be sent as it is. {_describe_obstacle(obstacle, plan)}")
    elif standing is Standing.DUE:
        say("  The next `bulletin run` sends it.")


def _describe_obstacle(obstacle: BulletinError, plan: Schedule) -> str:
    """The obstacle in one paragraph; `bulletin run` gives the details."""
    if isinstance(obstacle, FaultyFiles):
        of_issue = any(fault.file == f"issues/{plan.issue}.yaml" for fault in obstacle.faults)
        command = f"check {plan.issue}" if of_issue else "subscribers sync --dry-run"
        whose = "It" if of_issue else obstacle.faults[0].file
        return f"{whose} has {count(len(obstacle.faults), 'fault')}: bulletin {command}"
    if isinstance(obstacle, PlannedListsChanged):
        return f"{obstacle.message}: {'; '.join(obstacle.changes)}. {obstacle.remedy}"
    if isinstance(obstacle, PlanChanged):
        return f"It has changed since it was scheduled. {obstacle.remedy}"
    return f"{obstacle.message} {obstacle.remedy}".rstrip()


def print_halt(engine: Engine, mailing: Mailing) -> None:
    """Print a line, indented, if a mailing was paused, stopped or cancelled."""
    from bulletin.delivery.ledger.events import AT_REST, find_happenings, find_standing

    last = find_standing(find_happenings(engine, mailing.id))
    if last and last.event in AT_REST:
        say(f"  {describe_happening(last)}")


def list_facts(engine: Engine, mailings: Sequence[Mailing], plan: Schedule | None) -> dict[str, object]:
    """For `status --json`: the scheduled time (ISO, UTC) and the latest mailing's last event, each None for none."""
    from bulletin.delivery.ledger.events import find_last_event

    due = datetime.fromtimestamp(plan.due_at / 1000, tz=UTC).isoformat() if plan else None
    return {"planned_for": due, "last_event": find_last_event(engine, mailings[-1].id) if mailings else None}


def describe_happening(happening: Happening) -> str:
    """`Paused 4 May 2021, 10:02, by jo on desk: a typo.`"""
    words = {"halted": "Stopped by itself"}.get(happening.event, happening.event.capitalize())
    why = f"{',' if happening.note.startswith('by ') else ':'} {happening.note}" if happening.note else ""
    return f"{words} {format_time(happening.at)}{why}".rstrip(".") + "."
