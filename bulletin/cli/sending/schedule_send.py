"""Schedules an issue instead of sending it: shows what would happen, asks, and keeps the time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.sending.second_look import agree
from bulletin.cli.sending.send_request import SendRequest
from bulletin.cli.terminal import count, say
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from bulletin.delivery.plans.schedule import Schedule
    from bulletin.delivery.plans.send_time import SendTime
    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.delivery.transport.opening import AnyRelay
    from bulletin.edition.edition_set import EditionSet
    from bulletin.subscribers.roll import Roll
    from bulletin.workspace.workspace import Workspace


def read_send_time(at: str, preview: SendPreview) -> SendTime:
    """The time that a person wrote. Raises MailingError if it can't be scheduled for then."""
    from bulletin.delivery.ledger.start import Recipients
    from bulletin.delivery.plans.send_time import parse_send_time

    send_time = parse_send_time(at, now=now_ms())
    if preview.open:
        raise MailingError(
            f"{preview.issue} is being sent and isn't finished, so it can't be scheduled.",
            f"Continue it first: bulletin send {preview.issue}. Or end it: bulletin cancel {preview.issue}",
        )
    if preview.recipients is Recipients.LEFT_OUT:
        raise MailingError("--left-out can't be scheduled.", "Send to them now, without --at.")
    return send_time


def schedule_mailing(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    editions: EditionSet,
    send_time: SendTime,
    *,
    request: SendRequest,
) -> None:
    """Print what would happen when, and keep it once a person agrees. Raises what sending it now would raise."""
    from bulletin.delivery.plans.schedule import find_schedule
    from bulletin.delivery.sending.relays import open_relays
    from bulletin.issue.holidays import describe_day_off
    from bulletin.times import describe_moment

    when = describe_moment(send_time.at)
    say(f"It would be sent at {when}.{f' {send_time.note}' if send_time.note else ''}")
    if off := describe_day_off(today(send_time.at), workspace.settings.proof.nation):
        say(f"That day is {off}.")
    if workspace.has_relay or not request.dry_run:
        relays = open_relays(workspace)
        if not request.dry_run and not all(relay.is_local for relay in relays):
            _require_website(workspace, engine, relays, editions)
        _announce(workspace, engine, preview, send_time, spread=request.spread)
    earlier = find_schedule(engine, preview.issue)
    if earlier:
        say(f"It's currently scheduled for {describe_moment(earlier.due_at)}; this replaces it.")
    if request.dry_run:
        say("This was a dry run: nothing was scheduled, and nothing was changed.")
        return
    _agree_to_time(preview, send_time, request)
    _keep(workspace, engine, preview, editions, due_at=send_time.at, instead_of=earlier, newcomers=request.newcomers)
    say(
        f"{preview.issue} is scheduled for {when}. "
        "It will be sent then, if `bulletin run` is set up (in cron, say) and the issue isn't changed."
    )
    say(f"Remove the time with: bulletin unschedule {preview.issue}")


def _require_website(workspace: Workspace, engine: Engine, relays: Sequence[AnyRelay], editions: EditionSet) -> None:
    """Raise UnsubscribePageMissing if links to the website would not work: it can still be put right until then."""
    from bulletin.delivery.sending.website_check import require_website
    from bulletin.subscribers.link_key import find_link_key

    if website := editions.first.letterhead.website:
        require_website(engine, relays, lambda: [website], key=find_link_key(workspace, engine))


def _agree_to_time(preview: SendPreview, send_time: SendTime, request: SendRequest) -> None:
    """Ask. Raises Exit for a no, MailingError if the time has passed by then."""
    from bulletin.times import describe_moment

    when, people = describe_moment(send_time.at), count(preview.readers.recipients, "reader")
    unchanged = "Nothing was scheduled, and nothing was changed."
    question = f"Schedule {preview.issue} for {when}, to {people} on {', '.join(preview.lists)}?"
    if not agree(question, preview.same_month, also_to=request.also_to, yes=request.yes, otherwise=unchanged):
        say(unchanged)
        raise typer.Exit(1)
    if send_time.at <= now_ms():
        raise MailingError(f"{when} has passed by now.", "Nothing was scheduled. Give a later time.")


def _keep(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    editions: EditionSet,
    *,
    due_at: int,
    instead_of: Schedule | None,
    newcomers: bool,
) -> None:
    """Keep the schedule with what was confirmed: the edition, the lists and who is on them."""
    from bulletin.approval.snapshot import take_snapshot
    from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule
    from bulletin.delivery.plans.schedule_snapshots import forget_snapshot, keep_agreed, keep_snapshot

    rolls = _call_rolls(workspace, preview)
    snapshot = take_snapshot(workspace, editions, lists=preview.lists)
    digest = snapshot.contents.digest
    keep_snapshot(workspace.state_folder, snapshot)
    keep_agreed(workspace.state_folder, digest, preview.same_month)
    request = ScheduleRequest(
        issue=preview.issue,
        lists=preview.lists,
        newcomers=newcomers,
        due_at=due_at,
        grace=workspace.settings.sending.grace // timedelta(milliseconds=1),
        digest=digest,
    )
    add_schedule(engine, request, now=now_ms(), instead_of=instead_of, rolls=rolls)
    if instead_of and instead_of.digest != digest:
        forget_snapshot(workspace.state_folder, instead_of.digest)


def _call_rolls(workspace: Workspace, preview: SendPreview) -> dict[str, Roll]:
    """Read who is on the scheduled lists. Raises MailingError unless they are the readers that were shown."""
    import secrets

    from bulletin.subscribers.roll import call_roll
    from bulletin.subscribers.sync import read_declared_lists

    files = read_declared_lists(workspace)
    shown = {part.name: part for part in preview.difference}
    rolls = {name: call_roll(files[name], salt=secrets.token_bytes(16)) for name in preview.lists}
    if any(
        roll.count != shown[name].count or files[name].faults != shown[name].invalid for name, roll in rolls.items()
    ):
        raise MailingError(
            "The list files have changed since they were shown here.",
            "Nothing was scheduled. Run the same command again.",
        )
    return rolls


def _announce(workspace: Workspace, engine: Engine, preview: SendPreview, send_time: SendTime, *, spread: bool) -> None:
    """Print how long it takes from then on. Raises MailingError if it is over the daily limit and may not `spread`."""
    from bulletin.delivery.sending.send_preview import foresee_send
    from bulletin.times import describe_length, describe_moment

    forecast = foresee_send(workspace, engine, preview, now=send_time.at)
    if forecast is None:
        return
    ends = describe_moment(forecast.ends_at)
    if forecast.shortage is None:
        say(f"Sending will take {describe_length(forecast.ends_at - forecast.now)}, until {ends}.")
        return
    limit = f"{forecast.shortage.rate} allows {forecast.today:,} of {forecast.number:,} messages at once"
    if not spread:
        raise MailingError(
            f"{preview.issue} is over the daily limit: {limit}.",
            f"To send it over several days, until about {ends}, add --spread.",
        )
    say(f"Sending will take several days, until about {ends}: {limit}. `bulletin run` continues it each day.")
