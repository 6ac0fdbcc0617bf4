"""The dispatch: one run of a mailing, from what a dead run left behind to how it stands at the end.

The messages leave in the turns of `delivery.turns`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bulletin.database.commits import sync_mark
from bulletin.database.file_watch import watch_file
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.addressing import Writer
from bulletin.delivery.dispatch.dispatcher import Turns
from bulletin.delivery.dispatch.monotonic import SteadyClock
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.events import CANCELLED, find_last_event, record_event
from bulletin.delivery.ledger.ledger import Ledger, Result
from bulletin.delivery.ledger.mailing import Mailing, load_template
from bulletin.delivery.limits.policies import Judge, Route
from bulletin.delivery.smtp.connection import Waits
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
    retries: Sequence[timedelta],
    patience: timedelta,
    secret: bytes,
    run: str,
    clock: Callable[[], int],
    stop: threading.Event,
    report: Callable[[Counts], None],
    log: Callable[[Sequence[Result]], None] | None = None,
    tell: Callable[[str], None] = lambda _words: None,
    gives_way: Callable[[], bool] = lambda: False,
    require_hold: Callable[[], None] = lambda: None,
    waits: Waits = Waits(),  # noqa: B008 -- frozen
) -> Counts:
    """Send what is left of `mailing`, and say how it stands at the end. The caller holds it (`hold_issue`).

    First makes uncertain what a dead run left in flight. Then delivers by the first of `routes`, and by the next one
    when a relay cannot be used; what the server puts off is tried again after `retries`, where that is due within
    `patience`. `secret` signs unsubscribe links, `run` is a random name of this run, `clock` tells ms since 1970,
    `report` is told how far it is, `log` each turn's results, as they were recorded, `tell` in words when another relay
    takes over, or one has taken nothing for ten seconds. Once `gives_way` says so, nothing is waited for any more,
    neither room nor who was put off. `require_hold` raises HoldLost if the caller does not hold it any more: nothing
    more leaves then, and what becomes of the mailing is for its next holder to say.

    Raises Interrupted once `stop` is set (what is in flight is waited for, and recorded), MailingPaused or
    MailingCancelled when a person asked for that from elsewhere, MailingHalted when `judge` says so, RelayError if no
    relay takes our mail, DatabaseError if the ledger cannot be written. Nothing is lost by any of them: the same call
    goes on. What could not be recorded is uncertain then.
    """
    now = SteadyClock(clock)
    writer = Writer(load_template(engine, mailing), secret)
    require_hold()  # since it was taken, others may have been at work for long
    with Ledger(engine, mailing, run=run, retries=retries) as ledger:
        ledger.recover(now=now(), log=log)
        turns = Turns(
            ledger,
            writer,
            routes,
            judge,
            patience=patience // timedelta(milliseconds=1),
            clock=now,
            stop=stop,
            report=report,
            log=(lambda results: log(list(map(ledger.as_recorded, results)))) if log else lambda _results: None,
            tell=tell,
            gives_way=gives_way,
            look=partial(_look_around, engine, mailing, watch_file(engine), require_hold),
            waits=waits,
        )
        with asyncio.Runner(loop_factory=make_event_loop) as runner:
            runner.run(turns.run())
        if isinstance(turns.fault, HoldLost):
            raise turns.fault
        if isinstance(turns.fault, MailingCancelled):  # what has been put off since must not come back either
            ledger.withdraw_rest(now=now(), reply=CANCELLED)
    counts = count_states(engine, [mailing])
    report(counts)
    try:
        _conclude(engine, mailing, turns.fault, counts, now=now())
    finally:
        with suppress(OSError):  # the process is about to end, and what it wrote stays where no power fails
            sync_mark(engine)
    if stop.is_set() and counts.unfinished:
        raise Interrupted(
            f"Stopped. {counts.unfinished:,} of {counts.total:,} are left, and what was in flight is recorded. "
            "The same command goes on."
        )
    return counts


def _look_around(
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
