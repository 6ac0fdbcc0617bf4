"""Send an issue, or schedule it: what `bulletin send` and `bulletin schedule` show, ask and do, in this order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.opening import open_issue
from bulletin.cli.read_returns import read_before_sending, stop_refused
from bulletin.cli.sending.schedule_send import read_send_time, schedule_mailing
from bulletin.cli.sending.second_look import agree
from bulletin.cli.sending.send_request import SendRequest
from bulletin.cli.sending.unsubscribe_links import print_ways_out
from bulletin.cli.sending.worker_send import send_by_workers, sends_here
from bulletin.cli.signals import Stop, stop_on_signals, told_interruption
from bulletin.cli.terminal import NOTHING_SENT, count, say, warn
from bulletin.cli.wording.count_text import describe_counts, print_editions
from bulletin.cli.wording.doubt_text import settle_doubts
from bulletin.cli.wording.event_text import print_halt, print_schedule
from bulletin.cli.wording.forecast_text import announce
from bulletin.cli.wording.gate import refuse_unfit
from bulletin.cli.wording.next_step import can_only_wait, describe_next_step, find_retry_time, print_wait
from bulletin.cli.wording.untouched_text import refuse_untouched
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.plans.send_time import SendTime
    from bulletin.delivery.sending.preparation import PreparedEditions
    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.delivery.sending.sending import Consent
    from bulletin.edition.edition_set import EditionSet
    from bulletin.proof.finding import Finding
    from bulletin.settings.settings import Settings
    from bulletin.workspace.workspace import Workspace


MOST_WARNINGS = 5  # shown in full before a mailing; `check` shows all
MOST_FAULTS = 10  # rows of list files named before a mailing; `subscribers sync` names all


def send_issue(issue: str, request: SendRequest, folder: Path | None) -> None:
    """Send or schedule an issue as `request` says. `folder`: the workspace's, None for the nearest."""
    from bulletin.cli.sending.resend import queue_refused
    from bulletin.delivery.sending.withdrawal import refuse_withdrawn

    request.require_consistent()
    with open_issue(issue, folder) as (workspace, engine, name):
        refuse_withdrawn(workspace, name)
        agreement = None
        if not (request.dry_run or request.at):
            read_before_sending(workspace, engine, yes=request.yes)
        if request.resend_refused:
            _settle_doubts(workspace, engine, name, request)
            agreement = queue_refused(workspace, engine, name, request)
            if agreement is None:
                return
        preview = _preview_send(workspace, engine, name, request)
        if agreement:
            agreement.require(preview)
            request = replace(request, yes=True)  # that was the question
        send_time = read_send_time(request.at, preview) if request.at else None
        _print_preview(workspace, preview, send_time)
        _warn_of_former_bulletins(workspace, engine, name)
        if preview.open or not _is_over(preview, newcomers=request.newcomers):
            _agree_and_send(workspace, engine, preview, send_time, request, foretold=bool(agreement))


def _settle_doubts(workspace: Workspace, engine: Engine, name: str, request: SendRequest) -> None:
    settle_doubts(
        workspace,
        engine,
        name,
        moved=request.moved,
        new_database=request.new_database,
        only_show=request.dry_run,
    )


def _preview_send(workspace: Workspace, engine: Engine, name: str, request: SendRequest) -> SendPreview:
    """Find out who would get it now. Raises MailingError if another mailing has to be finished first."""
    from bulletin.delivery.ledger.recovery import clamp_retry_times
    from bulletin.delivery.ledger.start import Recipients
    from bulletin.delivery.sending.send_preview import choose_lists, find_cancelled_lists, preview_send

    recipients = Recipients.LEFT_OUT if request.left_out else Recipients.NEW
    named = request.lists or (find_cancelled_lists(workspace, engine, name) if request.left_out else ())
    chosen = choose_lists(workspace, name, named)
    clamp_retry_times(engine, retries=workspace.settings.sending.retries, now=now_ms())
    preview = preview_send(workspace, engine, name, lists=chosen, now=now_ms(), recipients=recipients)
    if request.left_out and preview.open:
        raise MailingError(
            f"Another mailing of {name} isn't finished, so nothing was sent to those who were left out.",
            f"Finish it first: bulletin send {name}. Then run the same command again.",
        )
    return preview


def _print_preview(workspace: Workspace, preview: SendPreview, send_time: SendTime | None) -> None:
    """Print the warnings, the changes of the lists, who would get it, and what it waits for."""
    from bulletin.cli.wording.difference_text import show_difference

    if not preview.open:  # an open mailing continues with the edition that it started with
        refuse_untouched(workspace, preview.issue, lists=preview.lists)
        day = today(send_time.at) if send_time else None
        _show_warnings(refuse_unfit(workspace, preview.issue, today=day, lists=preview.lists), preview.issue)
    show_difference(preview.difference, most_faults=MOST_FAULTS)
    _print_recipients(preview, workspace.settings)
    if not preview.open and preview.readers.recipients:
        print_ways_out(workspace, preview.issue, preview.readers.recipients)
    _print_waits(preview, scheduling=bool(send_time))


def _warn_of_former_bulletins(workspace: Workspace, engine: Engine, name: str) -> None:
    """Name bulletins that people left, and that may have the name of this one now."""
    from bulletin.delivery.sending.former_bulletins import count_former_leavers

    for former, number in count_former_leavers(engine, workspace.settings, name).items():
        warn(
            f"{count(number, 'person', 'people')} unsubscribed from “{former}”, a bulletin that bulletin.yaml no "
            f"longer has. If {workspace.bulletin_of(name)} is the same bulletin under a new name, they’d get it again. "
            "Then don’t send it: give the bulletin and its folder the old name back."
        )


def _agree_and_send(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    send_time: SendTime | None,
    request: SendRequest,
    *,
    foretold: bool,
) -> None:
    """Ask what has to be asked, then send it or schedule it. `foretold`: how long it takes was printed before."""
    from bulletin.cli.wording.difference_text import agree_to_older

    prepare = cache(partial(_prepare, workspace, engine, preview))  # once, so that exactly what is approved is sent
    if not preview.open:
        print_editions(prepare())
        _print_approval(workspace, engine, prepare().editions, lists=preview.lists, needed=not request.dry_run)
    _settle_doubts(workspace, engine, preview.issue, request)
    agree_to_older(preview.older, dry_run=request.dry_run, otherwise=NOTHING_SENT)
    if send_time:
        schedule_mailing(workspace, engine, preview, prepare().editions, send_time, request=request)
        return
    if not foretold:
        _print_forecast(workspace, engine, preview, spread=request.spread)
    if request.dry_run:
        say("This was a dry run: nothing was sent, and nothing was changed.")
    else:
        _send_now(workspace, engine, preview, request, make_editions=lambda: prepare().editions)


def _prepare(workspace: Workspace, engine: Engine, preview: SendPreview) -> PreparedEditions:
    from bulletin.delivery.sending.preparation import prepare_editions

    return prepare_editions(
        workspace, engine, preview.issue, lists=preview.lists, now=now_ms(), recipients=preview.recipients
    )


def _print_forecast(workspace: Workspace, engine: Engine, preview: SendPreview, *, spread: bool) -> None:
    """Print how long it takes. Raises BulletinError if it is over the limit, unless it may `spread`."""
    from bulletin.delivery.sending.send_preview import foresee_send

    left = preview.counts.unfinished if preview.open else preview.readers.recipients
    if preview.open and (until := find_retry_time(preview)):
        print_wait(preview.counts, until)
        left -= preview.counts.deferred
    if left and (forecast := foresee_send(workspace, engine, preview, now=now_ms(), number=left)):
        announce(preview.issue, forecast, workspace.settings.sending, spread=spread)


def _send_now(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    request: SendRequest,
    *,
    make_editions: Callable[[], EditionSet],
) -> None:
    """Check what would stop it, ask, send, and print the result."""
    from bulletin.cli.outbox_emails import send_alerts
    from bulletin.delivery.sending.last_failure import forget_last_failure
    from bulletin.delivery.sending.relays import open_relays
    from bulletin.delivery.sending.sending import Consent
    from bulletin.delivery.sending.website_check import find_websites, require_website
    from bulletin.subscribers.link_key import find_link_key

    relays = open_relays(workspace)
    key = find_link_key(workspace, engine, new=request.new_key)
    require_website(engine, relays, partial(find_websites, engine, preview, make_editions), key=key)
    if can_only_wait(workspace, engine, preview):
        say("Nothing can be sent before then. Nothing was sent, and nothing was changed.")
        raise typer.Exit(1)
    if request.new_key:
        say("With a new key, the unsubscribe links in earlier emails stop working.")
    if not agree(
        _question(preview), preview.same_month, also_to=request.also_to, yes=request.yes, otherwise=NOTHING_SENT
    ):
        say(NOTHING_SENT)
        raise typer.Exit(1)
    # The other questions were asked before.
    consent = Consent(new_database=True, new_key=request.new_key, same_month=preview.same_month)
    try:
        send_it = _send_or_resume if sends_here(engine, request) else send_by_workers
        counts = send_it(workspace, engine, preview, make_editions=make_editions, consent=consent, log=request.log)
    finally:
        send_alerts(workspace, engine)
    forget_last_failure(workspace.state_folder, preview.issue)
    stop_refused(workspace, engine)
    _print_result(workspace, engine, preview.issue, counts)


def _send_or_resume(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    *,
    make_editions: Callable[[], EditionSet],
    consent: Consent,
    log: Path | None,
) -> Counts:
    """Send, show how far it is, and say how to continue if a person stops it."""
    from bulletin.cli.progress import warn_during_mailing, watch
    from bulletin.delivery.dispatch.supervision import Callbacks, Control
    from bulletin.delivery.ledger.counts import find_next_due
    from bulletin.delivery.ledger.mailing import find_mailings
    from bulletin.delivery.sending.log import open_log
    from bulletin.delivery.sending.sending import Trigger, send_or_resume

    name = preview.issue
    watched = watch(lambda: find_next_due(engine, find_mailings(engine, name)))
    stop = Stop()
    told = told_interruption(stop, engine, name)
    logged = open_log(log, clock=now_ms, rights=workspace.rights)
    with told, stop_on_signals(stop), logged as kept, watched as report:
        return send_or_resume(
            workspace,
            engine,
            preview,
            make_edition=make_editions,
            control=Control(clock=now_ms, stop=stop),
            observer=Callbacks(report=report, notify=warn_during_mailing),
            log=kept,
            trigger=Trigger(consent=consent),
        )


def _show_warnings(warnings: Sequence[Finding], name: str) -> None:
    """Print the proof's warnings, so that a person has seen them before sending."""
    for warning in warnings[:MOST_WARNINGS]:
        say(f"{warning.fault}\n")
    if len(warnings) > MOST_WARNINGS:
        more = len(warnings) - MOST_WARNINGS
        say(f"The proof has {len(warnings):,} warnings, and {more:,} of them are not shown here.")
        say(f"Read them all: bulletin check {name}")
    elif warnings:
        say(f"The proof has {count(len(warnings), 'warning')}. Read them: bulletin check {name}")


def _print_recipients(preview: SendPreview, settings: Settings) -> None:
    if preview.open:
        began = ", ".join(sorted({name for mailing in preview.open for name in mailing.lists}))
        say(f"{preview.issue} to {began} isn't finished. It continues with the same edition.")
        for line in describe_counts(preview.counts):
            say(f"  {line}")
        if later := [name for name in preview.lists if name not in preview.sent_lists]:
            say(f"Once that's done, the same command sends it to {', '.join(later)}.")
        return
    people, status = preview.readers, f"see bulletin status {preview.issue}"
    if people.recipients:
        say(f"{preview.issue} would go to {count(people.recipients, 'reader')}, each once:")
    else:
        say(f"{preview.issue} would go to no one:")
    for name, number in people.by_list.items() if people.recipients else ():
        say(f"{number:>9,}  {name}: {settings.lists[name].title}")
    for number, words in (
        (people.already - preview.left_out - people.refused - people.uncertain, "already got it: left out"),
        (people.refused, f"refused before: left out, {status}"),
        (people.uncertain, f"may have got it (uncertain): left out, {status}"),
        (preview.left_out, "did not get it because it was cancelled: left out, see --left-out"),
        (people.newcomers, "added since: left out, see --newcomers"),
        (people.suppressed, "unsubscribed (or bounced, or complained): left out"),
        (people.paused, "paused by the reader: left out"),
    ):
        if number:
            say(f"{number:>9,}  {words}")
    for line in preview.same_month.describe():
        say(line)


def _print_waits(preview: SendPreview, *, scheduling: bool) -> None:
    """Print why the issue's open mailings wait, and when it is scheduled unless that is about to change."""
    for one in preview.overview.unfinished if preview.open else ():
        print_halt(one)
    if not scheduling and (schedule := preview.overview.schedule):
        print_schedule(schedule, now=now_ms())
        if not preview.open and set(schedule.lists) <= set(preview.lists):
            say("  Sending now replaces that.")


def _print_approval(
    workspace: Workspace, engine: Engine, editions: EditionSet, *, lists: tuple[str, ...], needed: bool
) -> None:
    """Print who has approved this version. Raises NotApproved if it is `needed` and not complete."""
    from bulletin.approval.requirement import find_approval_status, name_command, require_approval
    from bulletin.approval.snapshot import take_snapshot

    snapshot = take_snapshot(workspace, editions, lists=lists)
    if needed:
        require_approval(workspace, engine, snapshot)
    approval = find_approval_status(workspace, engine, snapshot.contents)
    if approval.summary:
        say(approval.summary)
    if approval.missing:
        say(f"It can't be sent until then: {name_command(workspace, snapshot.contents)}")


def _is_over(preview: SendPreview, *, newcomers: bool) -> bool:
    """Whether a new mailing has no one to go to, or only newcomers that were not asked for. Prints why."""
    people = preview.readers
    if people.already and not people.recipients:
        everyone = not (preview.left_out or people.refused or people.uncertain or people.paused)
        say("Everyone on these lists has got it. There is nothing to do." if everyone else "No one else is left.")
        return True
    if preview.only_newcomers and not newcomers:
        new = count(people.recipients, "reader was", "readers were")
        say(f"It was sent to these lists. {new} added since. To send it to them too, add --newcomers")
        return True
    return False


def _question(preview: SendPreview) -> str:
    if preview.open:
        return f"Continue sending {preview.issue} to the {count(preview.counts.unfinished, 'reader')} left now?"
    people = count(preview.readers.recipients, "reader")
    return f"Send {preview.issue} to {people} on {', '.join(preview.lists)} now?"


def _print_result(workspace: Workspace, engine: Engine, name: str, counts: Counts) -> None:
    from bulletin.delivery.sending.overview import read_overview

    say(f"{name}: {count(counts.total, 'reader')} in all:")
    for line in describe_counts(counts):
        say(f"  {line}")
    if counts.uncertain:
        say(f"See who is uncertain, and what to do: bulletin status {name}")
    if counts.unfinished:
        words, command = describe_next_step(workspace, engine, read_overview(engine, name))
        say(f"Not finished. {words} {command}")
    if counts.refused:
        say(f"See who was refused, and why: bulletin status {name} --who refused")
    if counts.uncertain or counts.unfinished or (counts.refused and not counts.accepted):
        raise typer.Exit(1)
    say("Done.")
