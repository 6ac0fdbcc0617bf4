"""The dispatcher: from candidates in the ledger to results in the ledger, over several connections at once.

One event loop does it all. In one commit, a cycle records the messages that have ended, and claims those that can be
sent now; only then are they sent. An envelope is sent before its delivery is claimed: until the message follows, no
subscriber is affected. So after a crash, no more messages are uncertain than there were connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bulletin.delivery.dispatch.addressing import Addresser
from bulletin.delivery.dispatch.pool import ConnectionPool
from bulletin.delivery.dispatch.read_ahead import ReadAhead
from bulletin.delivery.dispatch.supervision import Control, Observer, SendOptions
from bulletin.delivery.dispatch.trouble import RelayTrouble
from bulletin.delivery.ledger.ledger import COMING_BACK, Candidate, Ledger, Result
from bulletin.delivery.limits.policies import Route, StopRule
from bulletin.delivery.smtp.classification import asks_to_slow_down
from bulletin.delivery.smtp.outcome import ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, UNSENT, Outcome, make_outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.delivery.transport.opening import Connection
from bulletin.errors import (
    BulletinError,
    HoldLost,
    InvalidAddress,
    MailingHalted,
    RelayError,
    Unreachable,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection as DatabaseConnection

MAX_CONNECT_FAILURES: Final = 4
"""Consecutive failures for each connection, with no success between, after which the relay is unreachable."""

MAX_UNANSWERED: Final = 3
"""Consecutive total losses of in-flight messages after which the mailing halts."""

_TICK: Final = 0.05  # polling interval in seconds for what raises no event: the stop flag, the clock
_REPORT_EVERY: Final = 0.1  # seconds
_SOON: Final = 1000  # ms for which a relay that is ready for a message is kept waiting for it
_CHECK_EVERY: Final = 0.9  # polling interval in seconds for what others have written: pausing must work within 2


class Dispatcher:
    """The dispatcher of one run. It assigns messages to the connections of its pools, in cycles."""

    def __init__(
        self,
        ledger: Ledger,
        addresser: Addresser,
        routes: Sequence[Route],
        stop_rule: StopRule,
        *,
        options: SendOptions,
        control: Control,
        observer: Observer,
    ) -> None:
        self.fault: BaseException | None = None  # the reason if we stopped early
        self._ledger = ledger
        self._addresser = addresser
        self._routes = iter(routes)
        self._stop_rule = stop_rule
        self._options = options
        self._patience = options.patience // timedelta(milliseconds=1)
        self._control = control
        self._clock = control.clock
        self._stop = control.stop
        self._observer = observer
        self._queue = ReadAhead(ledger, routes[0].pace.domains)
        self._pools: list[ConnectionPool] = []  # only the last one is given messages
        self._reserved: dict[int, Candidate] = {}  # their envelopes have been sent; by the message's id
        # The relay waits for these messages.
        self._waiting: dict[Connection, tuple[ConnectionPool, OutgoingMessage]] = {}
        self._in_flight: dict[int, int] = {}  # when each message was claimed, by its id
        self._answered: list[tuple[Candidate, Outcome]] = []  # refused or deferred before they were claimed
        self._results: list[Result] = []  # not recorded yet
        self._ledger_failed = False
        self._failures = 0  # failures in a row, of any connection
        self._trouble = RelayTrouble()
        self._last_unanswered = False  # whether the last message that was sent was lost without a reply
        self._unanswered = 0  # how often in a row this left nothing in flight
        self._yields = False  # should_yield: wait neither for room nor for retries
        self._cycle_is_due = False
        self._room_is_due = False  # whether a cycle is planned for when there is room again
        self._woken_at = 0  # the time for all that ends before the next cycle: reading the clock takes a while

    @property
    def unrecorded(self) -> Sequence[Result]:
        """What ended and could not be recorded: the database was away."""
        return self._results

    async def run(self) -> None:
        """Run until nothing is left to send. `fault` holds the reason if we stopped early."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._note_failure)
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._next_check = self._next_report = self._next_look = 0.0
        self._add_pool(next(self._routes))
        self._tick()
        try:
            await self._done
            self._record_rest()
            for pool in self._pools:
                await pool.shut_down()
        finally:
            self._ticking.cancel()
            for pool in self._pools:
                pool.hang_up("Sending was interrupted at this message.")
            self._record_rest()

    def _add_pool(self, route: Route) -> None:
        options = self._options
        self._pools.append(ConnectionPool(route, self, timeouts=options.timeouts, back_off=options.back_off))

    # As the owner of the pools

    def wake(self) -> None:
        """Schedule a cycle, after everything that can be read now."""
        if not self._cycle_is_due:
            self._cycle_is_due = True
            self._woken_at = self._clock()
            self._loop.call_soon(self._cycle)

    def go_ahead(self, pool: ConnectionPool, connection: Connection, message: OutgoingMessage) -> None:
        self._waiting[connection] = pool, message
        self.wake()

    def completed(
        self, pool: ConnectionPool, connection: Connection, message: OutgoingMessage, outcome: Outcome
    ) -> None:
        if self._waiting.get(connection, (pool, None))[1] is message:
            del self._waiting[connection]
        candidate = self._reserved.pop(message.id, None)
        if candidate is None:
            return
        self.wake()
        now = self._woken_at
        pool.route.pace.learn(outcome, now=now)
        if message.id in self._in_flight:
            self._settle(candidate, outcome, took=now - self._in_flight.pop(message.id))
        elif outcome.fate is UNSENT:
            self._queue.put_back(candidate, first=connection.proven)
        else:
            self._answered.append((candidate, outcome))
        if outcome.fate is not UNSENT:
            self._assess(candidate, outcome)
        if outcome.fate in (ACCEPTED, REFUSED):
            self._trouble.end()
        elif outcome.fate is DEFERRED and asks_to_slow_down(outcome.reply):
            self._trouble.note(f"{pool.route.relay} isn't accepting mail now: “{outcome.reply}”.", now=now)

    def _assess(self, candidate: Candidate, outcome: Outcome) -> None:
        """Assess what an outcome means for the mailing. While the server does not answer, messages leave one by one."""
        if outcome.fate is UNCERTAIN:
            self._last_unanswered = True
            self._unanswered += not self._in_flight
            if self._unanswered >= MAX_UNANSWERED:
                self.fail(_unanswered(outcome))
            return
        self._last_unanswered, self._unanswered, self._failures = False, 0, 0
        if outcome.fate is DEFERRED and self._ledger.gives_up_on(candidate):
            outcome = make_outcome(REFUSED, outcome.reply)
        if words := self._stop_rule.note(outcome):
            self.fail(MailingHalted(words, "See who was refused, and why: bulletin status"))

    def failed(self, pool: ConnectionPool, error: RelayError, *, opening: bool) -> None:
        pace = pool.route.pace
        if not opening:  # one connection too many is no reason to slow down the others: only its slot backs off
            pace.learn(make_outcome(UNSENT, error.message), now=self._clock())
        if pool is not self._pools[-1]:
            return
        self._trouble.note(error.message, now=self._clock())
        self._failures += 1
        if not isinstance(error, Unreachable) and not (opening and pool.is_admitted):
            self._give_up(error, may_go_elsewhere=opening)
        elif self._failures >= MAX_CONNECT_FAILURES * max(1, pace.connections) and self._is_gone(pool):
            self._give_up(_unreachable(error), may_go_elsewhere=True)

    def _is_gone(self, pool: ConnectionPool) -> bool:
        """Whether no connection is open, or none has had an answer for long: otherwise the relay may only be slow."""
        since = self._clock() - self._options.timeouts.step * 1000
        return not pool.is_admitted or (bool(self._in_flight) and max(self._in_flight.values()) < since)

    def fail(self, error: BaseException) -> None:
        self.fault = self.fault or error
        self.wake()

    def _give_up(self, error: RelayError, *, may_go_elsewhere: bool) -> None:
        """Continue with the next route, if there is one, because this relay cannot be used."""
        route = next(self._routes, None) if may_go_elsewhere else None
        if route is None:
            self.fail(error)
            return
        if self._continues:
            self._observer.notify(f"{error.message} Continuing with {route.relay}.")
        self._pools[-1].drain()
        self._hold_back()
        self._add_pool(route)
        self._failures = 0
        self._trouble.end()
        self.wake()

    def _note_failure(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note an exception in a callback: a second Ctrl-C, or a fault of the program, which may lose a reply."""
        error = context.get("exception") or RuntimeError(context["message"])
        if isinstance(error, KeyboardInterrupt):
            self._end(error)
        elif self.fault is None:
            self._loop.call_later(self._options.timeouts.shutdown, self._end, error)
            self.fail(error)

    def _end(self, error: BaseException) -> None:
        """End at once, without waiting for replies."""
        if not self._done.done():
            self._done.set_exception(error)

    # The cycles

    @property
    def _continues(self) -> bool:
        return self.fault is None and not self._stop.is_set()

    def _tick(self) -> None:
        self._ticking = self._loop.call_later(_TICK, self._tick)
        now = self._loop.time()
        if now >= self._next_check and self.fault is None:
            self._next_check = now + _CHECK_EVERY
            try:
                self._control.check()
                self._yields = self._control.should_yield()
            except BulletinError as error:
                self.fail(error)
        if now >= self._next_report:
            self._next_report = now + _REPORT_EVERY
            self._observer.report(self._ledger.counts)
            if words := self._trouble.find_words(now=self._clock()):
                self._observer.notify(words)
            self._pools[-1].close_idle()
        self.wake()

    def _cycle(self) -> None:
        self._cycle_is_due = False
        if self._done.done():
            return
        now = self._clock()
        if not self._continues:
            self._hold_back()
        self._claim_and_record(now)
        if self._continues:
            self._assign(now)
        if self._is_finished(now):
            self._done.set_result(None)
        else:
            self._plan_room(now)

    def _plan_room(self, now: int) -> None:
        """Plan a cycle for when there is room again, if that is before the next tick: what waits longer is lost.

        Who has unsubscribed meanwhile is let go of first: the end of a mailing may be near.
        """
        pace = self._pools[-1].route.pace
        if self._room_is_due or not self._continues or pace.room(now=now):
            return
        self._let_go(now)
        until = pace.next_room(now=now)
        if until is not None and until - now < _TICK * 1000:
            self._room_is_due = True
            self._loop.call_later(max(1, until - now) / 1000, self._find_room)

    def _let_go(self, now: int) -> None:
        if self._loop.time() < self._next_look:
            return
        self._next_look = self._loop.time() + _CHECK_EVERY
        try:
            if self._queue.let_go(now=now):
                self.wake()
        except BulletinError as error:
            self.fail(error)

    def _find_room(self) -> None:
        self._room_is_due = False
        self.wake()

    def _claim_and_record(self, now: int) -> None:
        """Record and claim in one commit; then send what it claimed.

        Deliveries that were refused by their envelope are claimed as well, and recorded in the next cycle. No limit
        holds them back, since they have happened; but they count, since the relay may count them.
        """
        if self._ledger_failed:
            return
        pace = self._pools[-1].route.pace
        messages = self._find_claimable(now)
        answered, self._answered = self._answered, []
        candidates = [candidate for candidate, _ in answered] + [self._reserved[message.id] for message in messages]
        if not candidates:
            self._record(now)
            return
        admitted, admitted_at = len(candidates), now

        def admit(connection: DatabaseConnection) -> int:
            nonlocal admitted, admitted_at
            admitted_at = max(now, self._clock())  # the database may have been waited for
            admitted = len(answered) + pace.admit(connection, now=admitted_at)
            return admitted

        def account(connection: DatabaseConnection, number: int) -> None:
            pace.record(connection, number, now=admitted_at)

        self._ledger_failed = True  # until it has succeeded: after any exception, it is not tried again
        try:
            claimed = self._ledger.commit(self._results, candidates, now=now, admit=admit, account=account)
        except BulletinError as error:
            self.fail(error)
            return
        self._ledger_failed = False
        self._clear_results()
        self._in_flight.update((message.id, now) for message in messages if message.id in claimed)
        for candidate in candidates:
            if candidate.id in claimed:
                self._queue.depart(candidate, now=admitted_at)
        self._refuse_late(now)
        too_many = frozenset(candidate.id for candidate in candidates[admitted:])
        moved = self._ledger.take_moved()
        for candidate, outcome in answered:
            if candidate.id in claimed:
                self._settle(candidate, outcome)
            else:
                self._let_be(candidate, moved)
        self._transmit(now, frozenset(candidate.id for candidate in candidates), too_many, moved)

    def _find_claimable(self, now: int) -> list[OutgoingMessage]:
        """The messages that the relay waits for; only as many as may leave, if the others will soon."""
        messages = [message for _, message in self._waiting.values() if message.id not in self._in_flight]
        room = self._pools[-1].route.pace.room(now=now) if messages else 0
        return messages[:room] if room < len(messages) and self._has_room_soon(now) else messages

    def _has_room_soon(self, now: int) -> bool:
        until = self._pools[-1].route.pace.next_room(now=now)
        return until is not None and until - now <= _SOON

    def _refuse_late(self, now: int) -> None:
        """Raises nothing, but ends the run if so much time passed since `now` that others may have what we claimed.

        A process that was stopped wakes up here, at any place of the code; what was claimed has then not left.
        """
        if self._options.lease and self._clock() - now > self._options.lease / timedelta(milliseconds=1):
            self.fail(HoldLost("This worker stood still for too long.", "Others continue meanwhile."))
            self._hold_back()

    def _let_be(self, candidate: Candidate, moved: Mapping[int, Candidate]) -> None:
        """Forget one that could not be claimed; if it has another edition now, that is written and sent as the next."""
        if candidate.id in moved:
            self._queue.put_back(moved[candidate.id], first=True)
        else:
            self._queue.end(candidate)

    def _transmit(
        self, now: int, tried: frozenset[int], too_many: frozenset[int], moved: Mapping[int, Candidate]
    ) -> None:
        """Send the claimed messages. A message that could not be claimed is suppressed, or another process has it.

        Or its reader's edition changed: it is in `moved`, and what was written for it never leaves.

        Decide first, transmit after: writing a message evicts the CPU cache.
        """
        room, soon = self._room(now), bool(too_many) and self._has_room_soon(now)
        leaving: list[tuple[Connection, OutgoingMessage | None]] = []
        for connection, (pool, message) in tuple(self._waiting.items()):
            if message.id in too_many:  # other processes have used up the limit meanwhile
                if not soon:
                    pool.abandon(connection)
            elif message.id not in self._in_flight and message.id not in tried:
                continue  # its turn comes soon
            elif message.id not in self._in_flight:
                self._let_be(self._reserved.pop(message.id), moved)
                pool.abandon(connection)
            elif connection.can_transmit:
                del self._waiting[connection]
                following = self._follow(pool, connection, message, now) if room > 0 else None
                room -= following is not None
                leaving.append((connection, following))
        for connection, following in leaving:
            connection.transmit(following)

    def _follow(
        self, pool: ConnectionPool, connection: Connection, message: OutgoingMessage, now: int
    ) -> OutgoingMessage | None:
        """The message whose envelope follows this message, if one may."""
        if pool is self._pools[-1] and pool.may_follow(connection):
            return self._next_message(now, behind=self._reserved[message.id])
        return None

    def _record(self, now: int) -> None:
        if not self._results:
            return
        self._ledger_failed = True
        try:
            self._ledger.commit(self._results, now=now)
        except BulletinError as error:
            self.fail(error)
        else:
            self._ledger_failed = False
            self._clear_results()

    def _clear_results(self) -> None:
        """Log the results that have been recorded, and drop them."""
        if any(result.outcome.fate in COMING_BACK for result in self._results):
            self._queue.read_again()
        self._log(self._results)
        self._results = []

    def _log(self, results: Sequence[Result]) -> None:
        self._observer.log(map(self._ledger.as_recorded, results))

    def _hold_back(self) -> None:
        """Hang up where the relay waits for a message: nothing more may be sent."""
        for connection, (pool, _) in tuple(self._waiting.items()):
            pool.abandon(connection)

    def _assign(self, now: int) -> None:
        """Assign messages to idle connections, and open more if there are more messages."""
        pool = self._pools[-1]
        room = self._room(now)
        while room > 0 and self._continues and pool.has_idle and (message := self._next_message(now)):
            room -= 1
            pool.take_idle().announce(message)
        if room > 0 and self._continues and (number := self._queue.count(now=now)):
            pool.open(min(room, number))

    def _next_message(self, now: int, *, behind: Candidate | None = None) -> OutgoingMessage | None:
        """The next message that can be written; None if there is none, or the ledger cannot be read."""
        limit = self._pools[-1].route.pace.domain_limit
        try:
            while candidate := self._queue.take(limit=limit, now=now, behind=behind):
                try:
                    message = self._addresser.write(candidate)
                except InvalidAddress as error:
                    self._answered.append((candidate, make_outcome(REFUSED, str(error))))
                    self.wake()
                else:
                    self._reserved[message.id] = candidate
                    return message
        except BulletinError as error:
            self.fail(error)
        return None

    def _room(self, now: int) -> int:
        """How many envelopes may be sent: the relay's limits, less those sent and not claimed.

        While the server does not answer messages, only one may be under way.
        """
        room = self._pools[-1].route.pace.room(now=now) - (len(self._reserved) - len(self._in_flight))
        return min(room, 1 - len(self._reserved)) if self._last_unanswered else room

    def _settle(self, candidate: Candidate, outcome: Outcome, *, took: int = 0) -> None:
        """Note the outcome of a claimed message for the next commit."""
        self._results.append(Result(candidate, outcome, took))
        self._queue.end(candidate)
        self.wake()

    # The end

    def _is_finished(self, now: int) -> bool:
        if self._in_flight or ((self._results or self._answered) and not self._ledger_failed):
            return False
        if not self._continues:
            return True
        if self._reserved or self._pools[-1].opening:
            return False
        if not self._queue.count(now=now):
            if self._queue.waits_for_room:
                return self._yields
            due = self._queue.due
            return self._yields or due is None or due - now > self._patience
        if self._room(now) > 0:
            return False
        return self._yields or self._pools[-1].route.pace.next_room(now=now) is None

    def _record_rest(self) -> None:
        """Record what is still unrecorded, if possible, however the run ended."""
        if self._results:
            with suppress(BulletinError):
                self._ledger.commit(self._results, now=self._clock())
                self._log(self._results)
                self._results = []


def _unanswered(outcome: Outcome) -> MailingHalted:
    return MailingHalted(
        f"Several times in a row, a message was sent and the server didn't answer: {outcome.reply}",
        "Ask the people who run the server, or its firewall, whether these messages arrived, and why no answer came. "
        "Then decide about the uncertain ones (bulletin status). The same command continues with the others.",
    )


def _unreachable(error: RelayError) -> RelayError:
    return Unreachable(
        f"No message could be sent, several times in a row. The last time: {error.message}",
        "Check the SMTP server and the network. Nothing is lost: the same command continues where this stopped.",
    )
