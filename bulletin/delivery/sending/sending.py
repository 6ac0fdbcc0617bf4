"""What `bulletin send` does once a person agrees: start a mailing of the issue, or resume its open ones."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bulletin.approval.requirement import require_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, Observer, SendOptions
from bulletin.delivery.ledger.counts import Counts, count_ended, count_states
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing, make_mailing_key
from bulletin.delivery.ledger.mailing_events import (
    STOPPED,
    EventRecord,
    add_event,
    find_last_record,
    find_release,
    lock_events,
)
from bulletin.delivery.ledger.same_month import SameMonth, find_same_month, require_agreed
from bulletin.delivery.ledger.shared_mailings import take_back
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.ledger.withholding import find_day
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.message.return_path import find_return_path
from bulletin.delivery.plans.schedule import Schedule, begin_schedule, supersede_schedule
from bulletin.delivery.plans.schedule_snapshots import require_scheduled_lists
from bulletin.delivery.sending.alerting import make_alerter, watch_mailings
from bulletin.delivery.sending.doubts import require_known
from bulletin.delivery.sending.estimates import load_paces, make_stop_rule
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.send_preview import SendPreview
from bulletin.delivery.sending.signing import open_signer
from bulletin.delivery.sending.website_check import find_websites, require_website
from bulletin.edition.edition import Edition
from bulletin.edition.edition_set import EditionSet
from bulletin.errors import MailingPaused
from bulletin.subscribers.link_key import find_link_key, take_link_key
from bulletin.subscribers.membership import compare_lists
from bulletin.subscribers.provenance import find_older, refuse_older
from bulletin.subscribers.sync import read_declared_lists, sync_lists
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.ledger import Result
    from bulletin.delivery.message.dkim import DkimSigner
    from bulletin.delivery.sending.log import DeliveryLog
    from bulletin.delivery.transport.opening import AnyRelay


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What a person has agreed to, besides the mailing itself.

    `new_database`: to send from a database without a record of the past. `new_key`: to sign unsubscribe links with
    another key than before. `same_month`: that readers get a second issue of one month, as they were shown.
    """

    new_database: bool = False
    new_key: bool = False
    same_month: SameMonth | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Why an issue is sent now: a person asks for it, or `bulletin run` finds it due.

    `consent` is what a person has agreed to. `schedule` is what a mailing begins for, if it begins for a time.
    """

    by_person: bool = True
    consent: Consent = Consent()
    schedule: Schedule | None = None


def send_or_resume(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    *,
    make_edition: Callable[[], Edition | EditionSet],
    control: Control,
    observer: Observer = Callbacks(),  # noqa: B008 -- frozen
    log: DeliveryLog | None = None,
    trigger: Trigger = Trigger(),
) -> Counts:
    """Send the issue: resume its open mailings, or sync the lists and begin one.

    `make_edition`, which gives the same edition each time, is called only if a mailing begins: an open one continues
    with the edition that it began with. `log` records each result. If a person asks for this, a mailing that was paused
    or halted resumes, unless that happened after the person was shown its status. Otherwise it is left alone.

    Raises MailingError if a person has to confirm the database first, UnsubscribePageMissing if the links in the emails
    would not work, MailingHeld if another process is sending this issue, and MailingPaused if it was stopped since the
    person was shown it. A new mailing raises NotApproved without the approvals that it needs, and SentThatMonth if more
    people would get a second issue than was agreed. ScheduleEnded says that the schedule has ended. It also raises what
    `send_mailing` raises.
    """
    clock, consent = control.clock, trigger.consent
    require_known(workspace, engine, preview.issue, new_database=consent.new_database, now=clock())
    relays, signer = _open_ways(workspace, engine, preview, make_edition, consent)
    paces = load_paces(engine, relays, workspace.settings.sending, now=clock())
    routes = [Route(relay=relay, pace=pace) for relay, pace in zip(relays, paces, strict=True)]
    with hold_issue(engine, workspace.state_folder, preview.issue, now=clock()) as require_hold:
        mailings = _begin_or_release(workspace, engine, preview, make_edition, trigger, now=clock(), share=take_back)
        secret = take_link_key(workspace, engine, now=clock(), new=consent.new_key)
        alerter = make_alerter(workspace, engine, clock=clock, report=observer.notify)
        with watch_mailings(alerter, preview.issue, mailings):
            _send_all(
                workspace,
                engine,
                mailings,
                routes,
                options=_choose_options(workspace, secret, signer),
                control=control.check_also(require_hold),
                observer=observer,
                log=log,
            )
        return count_states(engine, preview.open or mailings)


def leave_to_workers(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    *,
    make_edition: Callable[[], Edition | EditionSet],
    clock: Callable[[], int],
    hand_over: Callable[[Connection, Mailing], None],
    trigger: Trigger = Trigger(),
) -> tuple[Mailing, ...]:
    """As `send_or_resume`, up to where messages would leave: the mailings that workers send from now on.

    `hand_over` makes their jobs, within the transaction in which each mailing begins or resumes: either both are so or
    neither is. What an earlier sender left in flight is uncertain. Raises as `send_or_resume` does until then.
    """
    consent = trigger.consent
    require_known(workspace, engine, preview.issue, new_database=consent.new_database, now=clock())
    _open_ways(workspace, engine, preview, make_edition, consent)
    with hold_issue(engine, workspace.state_folder, preview.issue, now=clock()):
        take_link_key(workspace, engine, now=clock(), new=consent.new_key)  # no worker could sign links without it
        for mailing in preview.open:
            with Ledger(engine, mailing, run="", retries=workspace.settings.sending.retries) as ledger:
                ledger.recover(now=clock())
        return _begin_or_release(workspace, engine, preview, make_edition, trigger, now=clock(), share=hand_over)


def _open_ways(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    make_edition: Callable[[], Edition | EditionSet],
    consent: Consent,
) -> tuple[tuple[AnyRelay, ...], DkimSigner | None]:
    """The relays and who signs, once it is sure that they, the keys and the website work. Raises BulletinError."""
    # First, because a mailing that has begun could not continue without the key.
    key = find_link_key(workspace, engine, new=consent.new_key)
    relays, signer = open_relays(workspace), open_signer(workspace)
    require_website(engine, relays, partial(find_websites, engine, preview, make_edition), key=key)
    return relays, signer


def _begin_or_release(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    make_edition: Callable[[], Edition | EditionSet],
    trigger: Trigger,
    *,
    now: int,
    share: Callable[[Connection, Mailing], None],
) -> tuple[Mailing, ...]:
    """Resume what is open, or begin a mailing. `share` says within that transaction who sends it."""
    if preview.open:
        return _let_go_on(engine, preview, by_person=trigger.by_person, now=now, share=share)
    _sync(workspace, engine, preview, trigger.schedule, now=now)
    return (_begin(workspace, engine, preview, make_edition(), trigger, now=now, share=share),)


def _choose_options(workspace: Workspace, secret: bytes, signer: DkimSigner | None) -> SendOptions:
    """How each mailing is sent; what differs between them is its run."""
    sending = workspace.settings.sending
    return SendOptions(
        secret=secret,
        run="",
        return_path=find_return_path(workspace.settings),
        signer=signer,
        retries=sending.retries,
        patience=sending.patience,
    )


def _send_all(
    workspace: Workspace,
    engine: Engine,
    mailings: Iterable[Mailing],
    routes: Sequence[Route],
    *,
    options: SendOptions,
    control: Control,
    observer: Observer,
    log: DeliveryLog | None,
) -> None:
    """Send what is left of these mailings, one after the other. Raises what `send_mailing` raises."""
    sending = workspace.settings.sending
    for mailing in mailings:
        # What was refused before an interruption counts, until a person resumes the mailing.
        ended = count_ended(engine, mailing, since=find_release(engine, mailing.id) or mailing.began_at)
        with _keep_log(log, mailing, observer) as logged:
            send_mailing(
                engine,
                mailing,
                routes=routes,
                stop_rule=make_stop_rule(sending, ended),
                options=replace(options, run=secrets.token_hex(8)),
                control=control,
                observer=logged,
            )


@contextmanager
def _keep_log(log: DeliveryLog | None, mailing: Mailing, observer: Observer) -> Iterator[Observer]:
    """The observer, with `log` beside it if there is one."""
    if log is None:
        yield observer
        return
    with log.follow(mailing) as write:

        def keep(results: Iterable[Result]) -> None:
            kept = tuple(results)
            write(kept)
            observer.log(kept)

        yield Callbacks(report=observer.report, log=keep, notify=observer.notify)


def _sync(workspace: Workspace, engine: Engine, preview: SendPreview, schedule: Schedule | None, *, now: int) -> None:
    """Sync the list files. A schedule requires them as they were; otherwise, older ones need a person's consent."""
    files = read_declared_lists(workspace)
    with database_errors(), engine.begin() as connection:
        if schedule:
            require_scheduled_lists(workspace, connection, schedule, files)
        difference = compare_lists(connection, files)
        if not schedule:
            refuse_older(find_older(connection, workspace, difference.counts), agreed=preview.older)
        sync_lists(connection, workspace, difference, now=now)


def _begin(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    editions: Edition | EditionSet,
    trigger: Trigger,
    *,
    now: int,
    share: Callable[[Connection, Mailing], None],
) -> Mailing:
    """Begin a mailing of what has been approved for exactly these lists."""
    lists, recipients = preview.lists, preview.recipients
    signed = require_approval(workspace, engine, take_snapshot(workspace, editions, lists=lists)).given

    def begin(connection: Connection, mailing: Mailing) -> None:
        today = find_day(now)
        same = find_same_month(connection, workspace, preview.issue, lists, recipients=recipients, today=today)
        require_agreed(workspace, same, trigger.consent.same_month, lists=lists)
        if trigger.schedule:
            begin_schedule(trigger.schedule, connection, mailing)
        else:
            supersede_schedule(connection, mailing)
        share(connection, mailing)

    return start_mailing(
        engine,
        editions,
        lists=lists,
        key=make_mailing_key(),
        now=now,
        signed=signed,
        recipients=recipients,
        within=begin,
    )


def _let_go_on(
    engine: Engine,
    preview: SendPreview,
    *,
    by_person: bool,
    now: int,
    share: Callable[[Connection, Mailing], None],
) -> tuple[Mailing, ...]:
    """Resume the open mailings that may continue. All are decided at once, so that a later pause is not overruled.

    Only a person resumes a mailing that was paused or halted.
    """
    with database_errors(), engine.begin() as connection:
        lock_events(connection)
        lasts = [(mailing, find_last_record(connection, mailing.id)) for mailing in preview.open]
        resting = [(mailing, last) for mailing, last in lasts if last and last.event in STOPPED]
        if not by_person:
            going_on = tuple(mailing for mailing, last in lasts if (mailing, last) not in resting)
            for mailing in going_on:
                share(connection, mailing)
            return going_on
        for mailing, last in resting:
            if last != preview.seen[mailing.id] or last.event is MailingEvent.CANCELLED:
                raise _stopped_meanwhile(preview.issue, last)
            add_event(connection, mailing.id, MailingEvent.RESUMED, now=now)
        for mailing in preview.open:
            share(connection, mailing)
    return preview.open


def _stopped_meanwhile(issue: str, last: EventRecord) -> MailingPaused:
    what = "stopped by itself" if last.event is MailingEvent.HALTED else f"was {last.event}"
    why = f" ({last.note})" if last.note else ""
    return MailingPaused(
        f"{issue} {what}{why} since you were asked. Nothing was sent.",
        f"See its status: bulletin status {issue}. Then run the same command again.",
    )
