"""One run of a mailing: recover from a run that died, send, and record how it ended.

The dispatcher sends the messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bulletin.database.commits import sync_mark
from bulletin.database.file_watch import watch_file
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.addressing import Addresser
from bulletin.delivery.dispatch.dispatcher import Dispatcher
from bulletin.delivery.dispatch.edition_templates import EditionTemplates
from bulletin.delivery.dispatch.monotonic import SteadyClock
from bulletin.delivery.dispatch.supervision import Control, Observer, SendOptions
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_editions import find_numbers
from bulletin.delivery.ledger.mailing_events import CANCELLED, find_last_event, record_event
from bulletin.delivery.limits.policies import Route, StopRule
from bulletin.delivery.smtp.event_loop import make_event_loop
from bulletin.errors import (
    HoldLost,
    Interrupted,
    MailingCancelled,
    MailingHalted,
    MailingPaused,
    RelayError,
    Unreachable,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine


def send_mailing(
    engine: Engine,
    mailing: Mailing,
    *,
    routes: Sequence[Route],
    stop_rule: StopRule,
    options: SendOptions,
    control: Control,
    observer: Observer,
) -> Counts:
    """Send what is left of `mailing`, and return its counts. The caller holds the issue's lock (`hold_issue`).

    Messages in flight from a run that died become uncertain first. The run sends by the first of `routes`, and by the
    next one if a relay cannot be used. `control.check` raises HoldLost if the caller has lost the lock: nothing more is
    sent then, and the next holder concludes the mailing.

    Raises Interrupted once `control.stop` is set, after messages in flight have been waited for and recorded.
    Raises MailingPaused or MailingCancelled if a person asked for that elsewhere, and MailingHalted if `stop_rule`
    says so. Raises RelayError if no relay accepts our mail, DatabaseError if the ledger cannot be written. Nothing
    is lost by any of these: the same call resumes the mailing. Messages whose result could not be recorded are
    uncertain then.
    """
    now = SteadyClock(control.clock)
    templates = EditionTemplates(engine, mailing, find_numbers(engine, mailing))
    addresser = Addresser(templates, options.secret, now, return_path=options.return_path, signer=options.signer)
    control.check()  # since the lock was taken, earlier steps may have taken long
    with Ledger(engine, mailing, run=options.run, retries=options.retries) as ledger:
        ledger.recover(now=now(), log=observer.log)
        check = partial(_check_others, engine, mailing, watch_file(engine), control.check)
        watched = replace(control, clock=now, check=check)
        dispatcher = Dispatcher(
            ledger, addresser, routes, stop_rule, options=options, control=watched, observer=observer
        )
        with asyncio.Runner(loop_factory=make_event_loop) as runner:
            runner.run(dispatcher.run())
        if isinstance(dispatcher.fault, HoldLost):
            raise dispatcher.fault
        if isinstance(dispatcher.fault, MailingCancelled):  # messages deferred since then must not be retried either
            ledger.withdraw_rest(now=now(), reply=CANCELLED)
    counts = count_states(engine, [mailing])
    observer.report(counts)
    try:
        _conclude(engine, mailing, dispatcher.fault, counts, now=now())
    finally:
        with suppress(OSError):  # what was written is kept anyway, unless the power fails
            sync_mark(engine)
    if control.stop.is_set() and counts.unfinished:
        raise Interrupted(
            f"Stopped. {counts.unfinished:,} of {counts.total:,} are left. Everything sent so far is recorded. "
            "To continue, run the same command again."
        )
    return counts


def _check_others(
    engine: Engine, mailing: Mailing, check_presence: Callable[[], None], require_hold: Callable[[], None]
) -> None:
    """Check what others have done meanwhile. Raises DatabaseError, HoldLost, MailingPaused, MailingCancelled."""
    check_presence()
    require_hold()
    event = find_last_event(engine, mailing.id)
    if event is MailingEvent.PAUSED:
        raise MailingPaused(f"{mailing.issue} is paused.", f"Continue it with: bulletin send {mailing.issue}")
    if event is MailingEvent.CANCELLED:
        raise _cancelled(mailing)


def _conclude(engine: Engine, mailing: Mailing, fault: BaseException | None, counts: Counts, *, now: int) -> None:
    """Record how the mailing ended, if it did, and raise `fault`."""
    last = find_last_event(engine, mailing.id)
    resumes = isinstance(fault, Unreachable)  # without a person, once the server can be reached again
    if isinstance(fault, MailingHalted | RelayError) and not resumes and last is not MailingEvent.CANCELLED:
        record_event(engine, mailing.id, MailingEvent.HALTED, now=now, note=fault.message)
    if fault and not (isinstance(fault, MailingPaused) and not counts.unfinished):
        raise fault
    if last is MailingEvent.CANCELLED:  # just when the last message had been sent
        raise _cancelled(mailing)
    if not counts.unfinished and last is not MailingEvent.ENDED:
        record_event(engine, mailing.id, MailingEvent.ENDED, now=now)


def _cancelled(mailing: Mailing) -> MailingCancelled:
    return MailingCancelled(f"{mailing.issue} was cancelled. Readers who hadn't been sent it yet won't get it.")
