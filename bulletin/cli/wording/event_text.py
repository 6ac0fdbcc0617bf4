"""Says in words when an issue is scheduled, and when and why its mailings were paused, stopped or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time, now_ms, today
from bulletin.cli.terminal import count, say
from bulletin.errors import FaultyFiles, ScheduledIssueChanged, ScheduledListsChanged

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.ledger.mailing_events import EventRecord
    from bulletin.delivery.plans.schedule import Schedule
    from bulletin.delivery.sending.overview import MailingOverview
    from bulletin.errors import BulletinError
    from bulletin.workspace.workspace import Workspace


def print_schedule(schedule: Schedule, *, now: int) -> None:
    """Print what is scheduled, and whether it is due or its time has passed."""
    from bulletin.delivery.plans.schedule import Timing
    from bulletin.times import describe_moment

    say(f"{schedule.issue} to {', '.join(schedule.lists)} is scheduled for {describe_moment(schedule.due_at)}.")
    timing = schedule.timing(now=now)
    if timing is Timing.DUE:
        say("  It's due now.")
    elif timing is Timing.MISSED:
        say("  That time has passed, so `bulletin run` won't send it.")
        say(f"  Send it, schedule it again, or remove the time: bulletin unschedule {schedule.issue}")


def print_outlook(workspace: Workspace, engine: Engine, schedule: Schedule) -> None:
    """Print what is scheduled, and whether the issue could be sent as it is now."""
    from bulletin.cli.wording.gate import refuse_unfit
    from bulletin.delivery.plans.schedule import Timing
    from bulletin.delivery.sending.runner import find_obstacle
    from bulletin.edition.build import make_edition

    now = now_ms()
    print_schedule(schedule, now=now)
    timing = schedule.timing(now=now)
    if timing is Timing.MISSED:
        return
    check = partial(refuse_unfit, workspace, today=today(max(schedule.due_at, now)), lists=schedule.lists)
    obstacle = find_obstacle(workspace, engine, schedule, check=check, make_edition=partial(make_edition, workspace))
    if obstacle:
        say(f"  It can't be sent as it is. {_describe_obstacle(obstacle, schedule)}")
    elif timing is Timing.DUE:
        say("  The next `bulletin run` sends it.")


def _describe_obstacle(obstacle: BulletinError, schedule: Schedule) -> str:
    """The obstacle in one paragraph; `bulletin run` gives the details."""
    if isinstance(obstacle, FaultyFiles):
        of_issue = any(fault.file == f"issues/{schedule.issue}.yaml" for fault in obstacle.faults)
        command = f"check {schedule.issue}" if of_issue else "subscribers sync --dry-run"
        whose = "It" if of_issue else obstacle.faults[0].file
        return f"{whose} has {count(len(obstacle.faults), 'fault')}: bulletin {command}"
    if isinstance(obstacle, ScheduledListsChanged):
        return f"{obstacle.message}: {'; '.join(obstacle.changes)}. {obstacle.remedy}"
    if isinstance(obstacle, ScheduledIssueChanged):
        return f"It has changed since it was scheduled. {obstacle.remedy}"
    return f"{obstacle.message} {obstacle.remedy}".rstrip()


def print_halt(mailing: MailingOverview) -> None:
    """Print a line, indented, if a mailing was paused, stopped or cancelled."""
    if mailing.last and mailing.is_stopped:
        say(f"  {describe_event(mailing.last)}")


def list_facts(engine: Engine, mailings: Sequence[Mailing], schedule: Schedule | None) -> dict[str, object]:
    """For `status --json`: the scheduled time (ISO, UTC) and the latest mailing's last event, each None for none."""
    from bulletin.delivery.ledger.mailing_events import find_last_event

    due = datetime.fromtimestamp(schedule.due_at / 1000, tz=UTC).isoformat() if schedule else None
    return {"scheduled_for": due, "last_event": find_last_event(engine, mailings[-1].id) if mailings else None}


def describe_event(record: EventRecord) -> str:
    """`Paused 4 May 2021, 10:02, by jo on desk: a typo.`"""
    words = {"halted": "Stopped by itself"}.get(record.event, record.event.capitalize())
    why = f"{',' if record.note.startswith('by ') else ':'} {record.note}" if record.note else ""
    return f"{words} {format_time(record.at)}{why}".rstrip(".") + "."
