"""The dispatch: from claims in the ledger to results in the ledger, by several connections at once.

One turn records all that has ended and claims as much as can begin; only then do those messages leave. So what is in
doubt after a crash is never more than the connections. This thread alone touches the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from bulletin.delivery.crew import Crew, Ended
from bulletin.delivery.ledger import Claim, Ledger, Result
from bulletin.delivery.mailing import Mailing, load_template
from bulletin.delivery.message import MessageTemplate, Recipient
from bulletin.delivery.progress import Counts, count_states
from bulletin.delivery.smtp import Fate, Mailer, Outcome
from bulletin.errors import BulletinError, Interrupted, InvalidAddress, RelayError
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.unsubscribe import sign_token

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROUNDS: Final = 4
"""How often each connection may fail, with no success of any in between, before the relay counts as unreachable."""

REPORT_EVERY: Final = 100
"""ms between two reports, at least."""


def send_mailing(
    engine: Engine,
    mailing: Mailing,
    *,
    open_mailer: Callable[[], Mailer],
    connections: int,
    retries: Sequence[timedelta],
    patience: timedelta,
    secret: bytes,
    run: str,
    clock: Callable[[], int],
    stop: threading.Event,
    report: Callable[[Counts], None],
) -> Counts:
    """Send what is left of `mailing`, and say how it stands at the end. The caller holds it (`hold_mailing`).

    First makes uncertain what a dead run left in flight. Then delivers by `connections` mailers at once; what the
    server puts off is tried again after `retries`, where that is due within `patience`. `secret` signs unsubscribe
    links, `run` is a random name of this run, `clock` tells ms since 1970, `report` is told how far it is.

    Raises Interrupted once `stop` is set (what is in flight is waited for, and recorded), RelayError if the relay
    turns us away or cannot be reached, DatabaseError if the ledger cannot be written. Nothing is lost by any of them:
    the same call goes on. What could not be recorded is uncertain then.
    """
    deliver = partial(_deliver, load_template(engine, mailing), secret)
    ledger = Ledger(engine, mailing, run=run, retries=retries)
    ledger.recover(now=clock())
    progress = _Progress(count=partial(count_states, engine, [mailing]), report=report, clock=clock)
    with Crew([open_mailer() for _ in range(connections)], deliver=deliver, clock=clock) as crew:
        dispatch = _Dispatch(ledger=ledger, crew=crew, patience=patience, clock=clock, stop=stop, progress=progress)
        dispatch.run()
    counts = progress.show()
    if dispatch.fault:
        raise dispatch.fault
    if stop.is_set() and counts.unfinished:
        raise Interrupted(
            f"Stopped. {counts.unfinished:,} of {counts.total:,} are left, and what was in flight is recorded. "
            "The same command goes on."
        )
    return counts


def _deliver(template: MessageTemplate, secret: bytes, mailer: Mailer, claim: Claim) -> Outcome:
    """Write the message of one claim and hand it over; runs in the crew's threads."""
    try:
        address = parse_address(claim.address).envelope
    except InvalidAddress as error:
        return Outcome(fate=Fate.REFUSED, reply=str(error))
    token = sign_token(claim.subscriber_id, key=secret)
    recipient = Recipient(subscriber_id=claim.subscriber_id, address=address, name=claim.name, token=token)
    return mailer.deliver(template.letterhead.sender_address, address, template.address_to(recipient))


@dataclass(kw_only=True)
class _Progress:
    """Tells how far it is: often enough to watch, and never at the cost of sending."""

    count: Callable[[], Counts]
    report: Callable[[Counts], None]
    clock: Callable[[], int]
    due: int = 0

    def show_if_due(self) -> None:
        if self.clock() >= self.due:
            self.show()

    def show(self) -> Counts:
        began = self.clock()
        counts = self.count()
        self.report(counts)
        ended = self.clock()
        # Counting a million takes a while: it may cost a tenth of the time.
        self.due = ended + max(REPORT_EVERY, 9 * (ended - began))
        return counts


@dataclass(kw_only=True)
class _Dispatch:
    """The turns, one after the other."""

    ledger: Ledger
    crew: Crew
    patience: timedelta
    clock: Callable[[], int]
    stop: threading.Event
    progress: _Progress
    fault: BaseException | None = None  # why the turns ended early, if they did
    unrecorded: list[Result] = field(default_factory=list)
    setbacks: int = 0  # deliveries in a row that could not leave, by whatever connection
    free: int = 0  # connections that the last turn could have claimed for

    def run(self) -> None:
        try:
            self._take_turn()
            while self.crew.busy or self._wait():
                self._note(self.crew.collect())
                self._take_turn()
        finally:
            self._record_rest()

    @property
    def _goes_on(self) -> bool:
        return self.fault is None and not self.stop.is_set()

    def _take_turn(self) -> None:
        self.free = self.crew.free if self._goes_on else 0
        claims = self.ledger.turn(self.unrecorded, free=self.free, now=self.clock())
        self.unrecorded = []
        self.crew.hand_out(claims)
        self.progress.show_if_due()

    def _wait(self) -> bool:
        """With nothing in flight: wait until something can begin. False if there is nothing to wait for."""
        seconds = self._until_next() if self._goes_on else None
        if seconds is None:
            return False
        self.progress.show()
        return not self.stop.wait(seconds)

    def _until_next(self) -> float | None:
        if not self.free:  # all connections rested: there may be plenty to do
            return self.crew.rest or 0
        due = self.ledger.next_due()
        if due is None or due - self.clock() > self.patience / timedelta(milliseconds=1):
            return None
        return max(0, due - self.clock()) / 1000

    def _note(self, all_ended: Iterable[Ended]) -> None:
        for ended in all_ended:
            self.unrecorded.append(ended.result)
            self.fault = self.fault or ended.error
            self.setbacks = self.setbacks + 1 if ended.result.outcome.fate is Fate.UNSENT else 0
            if self.setbacks >= ROUNDS * self.crew.size:
                self.fault = self.fault or _unreachable(ended.result.outcome.reply)

    def _record_rest(self) -> None:
        """However the turns ended: what is known must still be written down, if that is possible."""
        self._note(self.crew.finish())
        if self.unrecorded:
            with suppress(BulletinError):
                self.ledger.turn(self.unrecorded, free=0, now=self.clock())


def _unreachable(reply: str) -> RelayError:
    return RelayError(
        f"No message could leave, several times in a row. The last time: {reply}",
        "Check the SMTP server and the network. Nothing is lost: the same command goes on where this stopped.",
    )
