"""The dispatch: one run of a mailing, from what a dead run left behind to how it stands at the end.

The messages leave in the turns of `delivery.turns`.
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
from bulletin.delivery.dispatch.addressing import Writer
from bulletin.delivery.dispatch.dispatcher import Turns
from bulletin.delivery.dispatch.monotonic import SteadyClock
from bulletin.delivery.dispatch.supervision import Control, Observer, SendOptions
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.events import CANCELLED, find_last_event, record_event
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing, load_template
from bulletin.delivery.limits.policies import Judge, Route
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
    judge: Judge,
    options: SendOptions,
    control: Control,
    observer: Observer,
) -> Counts:
    """Send what is left of `mailing`, and say how it stands at the end. The caller holds it (`hold_issue`).

    First makes uncertain what a dead run left in flight. Then delivers by the first of `routes`, and by the next one
    when a relay cannot be used. `control.check` raises HoldLost if the caller does not hold the mailing any more:
    nothing more leaves then, and its next holder says what becomes of it.

    Raises Interrupted once `control.stop` is set (what is in flight is waited for, and recorded), MailingPaused or
    MailingCancelled when a person asked for that from elsewhere, MailingHalted when `judge` says so, RelayError if no
    relay takes our mail, DatabaseError if the ledger cannot be written. Nothing is lost by any of them: the same call
    goes on. What could not be recorded is uncertain then.
    """
    now = SteadyClock(control.clock)
    writer = Writer(load_template(engine, mailing), options.secret)
    control.check()  # since the mailing was taken hold of, others may have been at work for long
    with Ledger(engine, mailing, run=options.run, retries=options.retries) as ledger:
        ledger.recover(now=now(), log=observer.log)
        check = partial(_check_others, engine, mailing, watch_file(engine), control.check)
        watched = replace(control, clock=now, check=check)
        turns = Turns(ledger, writer, routes, judge, options=options, control=watched, observer=observer)
        with asyncio.Runner(loop_factory=make_event_loop) as runner:
            runner.run(turns.run())
        if isinstance(turns.fault, HoldLost):
            raise turns.fault
        if isinstance(turns.fault, MailingCancelled):  # what has been put off since must not come back either
            ledger.withdraw_rest(now=now(), reply=CANCELLED)
    counts = count_states(engine, [mailing])
    observer.report(counts)
    try:
        _conclude(engine, mailing, turns.fault, counts, now=now())
    finally:
        with suppress(OSError):  # the process is about to end, and what it wrote stays where no power fails
            sync_mark(engine)
    if control.stop.is_set() and counts.unfinished:
        raise Interrupted(
            f"Stopped. {counts.unfinished:,} of {counts.total:,} are left, and what was in flight is recorded. "
            "The same command goes on."
        )
    return counts


def _check_others(
    engine: Engine, mailing: Mailing, check_presence: Callable[[], None], require_hold: Callable[[], None]
) -> None:
    """What others may have done meanwhile. Raises DatabaseError, HoldLost, MailingPaused, MailingCancelled."""
    check_presence()
    require_hold()
    event = find_last_event(engine, mailing.id)
    if event is MailingEvent.PAUSED:
        raise MailingPaused(f"{mailing.issue} is paused.", f"Go on with it: bulletin send {mailing.issue}")
    if event is MailingEvent.CANCELLED:
        raise _cancelled(mailing)


def _conclude(engine: Engine, mailing: Mailing, fault: BaseException | None, counts: Counts, *, now: int) -> None:
    """Write down how it ended, if it did, and raise `fault`."""
    last = find_last_event(engine, mailing.id)
    may_go_on = isinstance(fault, Unreachable)  # once the server is there again, without anybody being asked
    if isinstance(fault, MailingHalted | RelayError) and not may_go_on and last is not MailingEvent.CANCELLED:
        record_event(engine, mailing.id, MailingEvent.HALTED, now=now, note=fault.message)
    if fault and not (isinstance(fault, MailingPaused) and not counts.unfinished):
        raise fault
    if last is MailingEvent.CANCELLED:  # in the very moment in which the last one had left
        raise _cancelled(mailing)
    if not counts.unfinished and last is not MailingEvent.ENDED:
        record_event(engine, mailing.id, MailingEvent.ENDED, now=now)


def _cancelled(mailing: Mailing) -> MailingCancelled:
    return MailingCancelled(f"{mailing.issue} was cancelled. Whoever had not been written to will not be.")
