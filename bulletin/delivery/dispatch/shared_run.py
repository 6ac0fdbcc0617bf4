"""One shift of a worker on a mailing that others send too: until nothing can be claimed, or it has to stop.

As `run`, but for what only the sole sender of a mailing may do: here a fence takes the place of the lock, what is in
flight belongs to others too, and the first to find that no one is left concludes the mailing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.addressing import Addresser
from bulletin.delivery.dispatch.dispatcher import Dispatcher
from bulletin.delivery.dispatch.edition_templates import EditionTemplates
from bulletin.delivery.dispatch.monotonic import SteadyClock
from bulletin.delivery.dispatch.supervision import Control, Observer, SendOptions
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.fence import LEASE, OtherShifts, Shift
from bulletin.delivery.ledger.mailing import Mailing, find_mailing
from bulletin.delivery.ledger.mailing_editions import find_numbers
from bulletin.delivery.ledger.mailing_events import (
    CANCELLED,
    add_event,
    find_last_event,
    find_last_record,
    lock_events,
)
from bulletin.delivery.ledger.shared_ledger import SharedLedger
from bulletin.delivery.limits.policies import Route, StopRule
from bulletin.delivery.smtp.event_loop import make_event_loop
from bulletin.errors import MailingCancelled, MailingHalted, MailingPaused, RelayError, Unreachable

if TYPE_CHECKING:
    from sqlalchemy import Engine

_AWAY: Final = LEASE - 3.0
"""Seconds for which a database that is away is waited for at the end of a shift: after that, others take it over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftEnd:
    """How a shift ended: `fault` is why it stopped early, `ended` whether the mailing is done with."""

    fault: BaseException | None
    ended: bool


def work_shift(
    engine: Engine,
    shift: Shift,
    *,
    routes: Sequence[Route],
    stop_rule: StopRule,
    options: SendOptions,
    control: Control,
    observer: Observer,
    heed: Callable[[OtherShifts], None] = lambda _others: None,
) -> ShiftEnd:
    """Send what is left of the shift's mailing beside others, and end the shift.

    `heed` is told about once a second what the others do. `control.check` may raise what ends this shift alone. Raises
    HoldLost if others have taken the shift over, DatabaseError if the database stayed away. What was in flight is
    uncertain then. Other reasons to stop are in the answer, and recorded if they are the mailing's.
    """
    now = SteadyClock(control.clock)
    mailing = find_mailing(engine, shift.mailing)
    templates = EditionTemplates(engine, mailing, find_numbers(engine, mailing))
    addresser = Addresser(templates, options.secret, now, return_path=options.return_path)
    with SharedLedger(engine, mailing, shift=shift, retries=options.retries) as ledger:
        check = partial(_check_others, engine, mailing, ledger, heed, control.check)
        dispatcher = Dispatcher(
            ledger,
            addresser,
            routes,
            stop_rule,
            options=options,
            control=replace(control, clock=now, check=check),
            observer=observer,
        )
        broken: BaseException | None = None
        try:
            with asyncio.Runner(loop_factory=make_event_loop) as runner:
                runner.run(dispatcher.run())
        except Exception as error:  # noqa: BLE001 -- raised below, once what is known is recorded
            broken = error
        fault = broken or dispatcher.fault
        ran_dry = fault is None and not control.stop.is_set()
        ledger.settle(dispatcher.unrecorded, now=now(), within=_AWAY, ran_dry=ran_dry)
        if isinstance(fault, MailingCancelled):
            ledger.withdraw_rest(now=now(), reply=CANCELLED)
    if broken:
        raise broken
    return ShiftEnd(fault=fault, ended=_conclude(engine, mailing, fault, now=now()))


def _check_others(
    engine: Engine,
    mailing: Mailing,
    ledger: SharedLedger,
    heed: Callable[[OtherShifts], None],
    require_hold: Callable[[], None],
) -> None:
    """Raises what ends the shift: HoldLost, DatabaseError, or that the mailing was paused, cancelled or halted."""
    require_hold()
    heed(ledger.beat())
    event = find_last_event(engine, mailing.id)
    if event is MailingEvent.CANCELLED:
        raise MailingCancelled(f"{mailing.issue} was cancelled.")
    if event in (MailingEvent.PAUSED, MailingEvent.HALTED):
        raise MailingPaused(f"{mailing.issue} was paused, or has stopped by itself.")


def _conclude(engine: Engine, mailing: Mailing, fault: BaseException | None, *, now: int) -> bool:
    """Record how the mailing ended, if it did: one shift only does. Whether it ended or halted here."""
    halts = isinstance(fault, MailingHalted | RelayError) and not isinstance(fault, Unreachable)
    if not halts and count_states(engine, [mailing]).unfinished:
        return False
    with database_errors(), engine.begin() as connection:
        lock_events(connection)
        last = find_last_record(connection, mailing.id)
        if last and last.event in (MailingEvent.ENDED, MailingEvent.HALTED, MailingEvent.CANCELLED):
            return False
        event = MailingEvent.HALTED if halts else MailingEvent.ENDED
        note = str(getattr(fault, "message", "")) if halts else ""
        add_event(connection, mailing.id, event, now=now, note=note)
    return True
