"""The dispatcher: from candidates in the ledger to results in the ledger, over several connections at once.

One event loop does it all. In one commit, a turn records the messages that have ended, and claims those that can be
sent now; only then are they sent. An envelope is sent before its delivery is claimed: until the message follows, no
subscriber is affected. So after a crash, no more messages are uncertain than there were connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bulletin.delivery.dispatch.addressing import Writer
from bulletin.delivery.dispatch.pool import Crew
from bulletin.delivery.dispatch.read_ahead import Window
from bulletin.delivery.dispatch.supervision import Control, Observer, SendOptions
from bulletin.delivery.dispatch.trouble import Trouble
from bulletin.delivery.ledger.ledger import COMING_BACK, Candidate, Ledger, Result
from bulletin.delivery.limits.policies import Judge, Route
from bulletin.delivery.smtp.classification import asks_to_slow_down
from bulletin.delivery.smtp.connection import Connection
from bulletin.delivery.smtp.outcome import ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, UNSENT, Outcome, make_outcome
from bulletin.delivery.smtp.protocol import Letter
from bulletin.errors import (
    BulletinError,
    InvalidAddress,
    MailingHalted,
    RelayError,
    Unreachable,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection as DatabaseConnection

ROUNDS: Final = 4
"""Consecutive failures for each connection, with no success between, after which the relay is unreachable."""

DOUBTS: Final = 3
"""Consecutive total losses of in-flight messages after which the mailing halts."""

_TICK: Final = 0.05  # polling interval in seconds for what raises no event: the stop flag, the clock
_REPORT_EVERY: Final = 0.1  # seconds
_LOOK_EVERY: Final = 0.9  # polling interval in seconds for what others have written: pausing must work within 2


class Turns:
    """The dispatcher of one run. It assigns letters to the connections of its pools, in turns."""

    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        routes: Sequence[Route],
        judge: Judge,
        *,
        options: SendOptions,
        control: Control,
        observer: Observer,
    ) -> None:
        self.fault: BaseException | None = None  # the reason if we stopped early
        self._ledger = ledger
        self._writer = writer
        self._routes = iter(routes)
        self._judge = judge
        self._options = options
        self._patience = options.patience // timedelta(milliseconds=1)
        self._control = control
        self._clock = control.clock
        self._stop = control.stop
        self._observer = observer
        self._window = Window(ledger, routes[0].pace.domains)
        self._crews: list[Crew] = []  # only the last one is given letters
        self._taken: dict[int, Candidate] = {}  # reserved: the envelope has been sent, by the letter's id
        self._waiting: dict[Connection, tuple[Crew, Letter]] = {}  # the relay waits for these messages
        self._flying: dict[int, int] = {}  # in flight: when each letter was claimed, by its id
        self._answered: list[tuple[Candidate, Outcome]] = []  # refused or deferred before they were claimed
        self._results: list[Result] = []  # not recorded yet
        self._ledger_failed = False
        self._setbacks = 0  # failures in a row, of any connection
        self._trouble = Trouble()
        self._doubtful = False  # whether the last message that was sent was lost without a reply
        self._doubts = 0  # how often in a row this left nothing in flight
        self._waits_for_nothing = False  # should_yield: wait neither for room nor for retries
        self._turn_is_due = False
        self._woken_at = 0  # the time for all that ends before the next turn: reading the clock takes a while

    async def run(self) -> None:
        """Run until nothing is left to send. `fault` holds the reason if we stopped early."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._note_failure)
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._next_look = self._next_report = 0.0
        self._add_crew(next(self._routes))
        self._tick()
        try:
            await self._done
            self._record_rest()
            for crew in self._crews:
                await crew.leave()
        finally:
            self._ticking.cancel()
            for crew in self._crews:
                crew.hang_up("Sending was interrupted at this message.")
            self._record_rest()

    def _add_crew(self, route: Route) -> None:
        self._crews.append(Crew(route, self, waits=self._options.waits, back_off=self._options.back_off))

    # As the owner of the pools

    def wake(self) -> None:
        """Schedule a turn, after everything that can be read now."""
        if not self._turn_is_due:
            self._turn_is_due = True
            self._woken_at = self._clock()
            self._loop.call_soon(self._turn)

    def go_ahead(self, crew: Crew, connection: Connection, letter: Letter) -> None:
        self._waiting[connection] = crew, letter
        self.wake()

    def ended(self, crew: Crew, connection: Connection, letter: Letter, outcome: Outcome) -> None:
        if self._waiting.get(connection, (crew, None))[1] is letter:
            del self._waiting[connection]
        candidate = self._taken.pop(letter.id, None)
        if candidate is None:
            return
        self.wake()
        now = self._woken_at
        crew.route.pace.learn(outcome, now=now)
        if letter.id in self._flying:
            self._settle(candidate, outcome, took=now - self._flying.pop(letter.id))
        elif outcome.fate is UNSENT:
            self._window.put_back(candidate, first=connection.proven)
        else:
            self._answered.append((candidate, outcome))
        if outcome.fate is not UNSENT:
            self._weigh(candidate, outcome)
        if outcome.fate in (ACCEPTED, REFUSED):
            self._trouble.end()
        elif outcome.fate is DEFERRED and asks_to_slow_down(outcome.reply):
            self._trouble.note(f"{crew.route.relay} isn't accepting mail now: “{outcome.reply}”.", now=now)

    def _weigh(self, candidate: Candidate, outcome: Outcome) -> None:
        """Assess what an outcome means for the mailing. While the server does not answer, messages leave one by one."""
        if outcome.fate is UNCERTAIN:
            self._doubtful = True
            self._doubts += not self._flying
            if self._doubts >= DOUBTS:
                self.break_down(_unanswered(outcome))
            return
        self._doubtful, self._doubts, self._setbacks = False, 0, 0
        if outcome.fate is DEFERRED and self._ledger.gives_up_on(candidate):
            outcome = make_outcome(REFUSED, outcome.reply)
        if words := self._judge.note(outcome):
            self.break_down(MailingHalted(words, "See who was refused, and why: bulletin status"))

    def failed(self, crew: Crew, error: RelayError, *, opening: bool) -> None:
        pace = crew.route.pace
        if not opening:  # one connection too many is no reason to slow down the others: only its slot backs off
            pace.learn(make_outcome(UNSENT, error.message), now=self._clock())
        if crew is not self._crews[-1]:
            return
        self._trouble.note(error.message, now=self._clock())
        self._setbacks += 1
        if not isinstance(error, Unreachable) and not (opening and crew.is_let_in):
            self._give_up(error, may_go_elsewhere=opening)
        elif self._setbacks >= ROUNDS * max(1, pace.connections) and self._is_gone(crew):
            self._give_up(_unreachable(error), may_go_elsewhere=True)

    def _is_gone(self, crew: Crew) -> bool:
        """Whether no connection is open, or none has had an answer for long: otherwise the relay may only be slow."""
        since = self._clock() - self._options.waits.step * 1000
        return not crew.is_let_in or (bool(self._flying) and max(self._flying.values()) < since)

    def break_down(self, error: BaseException) -> None:
        self.fault = self.fault or error
        self.wake()

    def _give_up(self, error: RelayError, *, may_go_elsewhere: bool) -> None:
        """Continue with the next route, if there is one, because this relay cannot be used."""
        route = next(self._routes, None) if may_go_elsewhere else None
        if route is None:
            self.break_down(error)
            return
        if self._goes_on:
            self._observer.notify(f"{error.message} Continuing with {route.relay}.")
        self._crews[-1].retire()
        self._turn_back()
        self._add_crew(route)
        self._setbacks = 0
        self._trouble.end()
        self.wake()

    def _note_failure(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note an exception in a callback: a second Ctrl-C, or a fault of the program, which may lose a reply."""
        error = context.get("exception") or RuntimeError(context["message"])
        if isinstance(error, KeyboardInterrupt):
            self._end(error)
        elif self.fault is None:
            self._loop.call_later(self._options.waits.shutdown, self._end, error)
            self.break_down(error)

    def _end(self, error: BaseException) -> None:
        """End at once, without waiting for replies."""
        if not self._done.done():
            self._done.set_exception(error)

    # The turns

    @property
    def _goes_on(self) -> bool:
        return self.fault is None and not self._stop.is_set()

    def _tick(self) -> None:
        self._ticking = self._loop.call_later(_TICK, self._tick)
        now = self._loop.time()
        if now >= self._next_look and self.fault is None:
            self._next_look = now + _LOOK_EVERY
            try:
                self._control.check()
                self._waits_for_nothing = self._control.should_yield()
            except BulletinError as error:
                self.break_down(error)
        if now >= self._next_report:
            self._next_report = now + _REPORT_EVERY
            self._observer.report(self._ledger.counts)
            if words := self._trouble.find_words(now=self._clock()):
                self._observer.notify(words)
            self._crews[-1].dismiss_idle()
        self.wake()

    def _turn(self) -> None:
        self._turn_is_due = False
        if self._done.done():
            return
        now = self._clock()
        if not self._goes_on:
            self._turn_back()
        self._claim_and_record(now)
        if self._goes_on:
            self._employ(now)
        if self._is_over(now):
            self._done.set_result(None)

    def _claim_and_record(self, now: int) -> None:
        """Record and claim in one commit; then send what it claimed.

        Letters that were refused before the message are claimed as well, and recorded in the next turn. No limit holds
        them back, since they have happened; but they count, since the relay may count them.
        """
        if self._ledger_failed:
            return
        pace = self._crews[-1].route.pace
        letters = [letter for _, letter in self._waiting.values() if letter.id not in self._flying]
        answered, self._answered = self._answered, []
        candidates = [candidate for candidate, _ in answered] + [self._taken[letter.id] for letter in letters]
        if not candidates:
            self._record(now)
            return
        admitted = len(candidates)

        def admit(connection: DatabaseConnection) -> int:
            nonlocal admitted
            admitted = len(answered) + pace.admit(connection, now=now)
            return admitted

        self._ledger_failed = True  # until it has succeeded: after any exception, it is not tried again
        try:
            account = partial(pace.record, now=now)
            claimed = self._ledger.turn(self._results, candidates, now=now, admit=admit, account=account)
        except BulletinError as error:
            self.break_down(error)
            return
        self._ledger_failed = False
        self._clear_results()
        self._flying.update((letter.id, now) for letter in letters if letter.id in claimed)
        for candidate in candidates:
            if candidate.id in claimed:
                self._window.depart(candidate, now=now)
        too_many = frozenset(candidate.id for candidate in candidates[admitted:])
        for candidate, outcome in answered:
            if candidate.id in claimed:
                self._settle(candidate, outcome)
            else:
                self._window.end(candidate)
        self._let_go(now, too_many)

    def _let_go(self, now: int, too_many: frozenset[int]) -> None:
        """Send the claimed messages. A letter that could not be claimed is suppressed, or another process has it.

        Decide first, transmit after: writing a message evicts the CPU cache.
        """
        room = self._room(now)
        leaving: list[tuple[Connection, Letter | None]] = []
        for connection, (crew, letter) in tuple(self._waiting.items()):
            if letter.id in too_many:  # put back: other processes have used up the limit meanwhile
                crew.dismiss(connection)
            elif letter.id not in self._flying:
                self._window.end(self._taken.pop(letter.id))
                crew.dismiss(connection)
            elif connection.can_transmit:
                del self._waiting[connection]
                following = self._follow(crew, connection, letter, now) if room > 0 else None
                room -= following is not None
                leaving.append((connection, following))
        for connection, following in leaving:
            connection.transmit(following)

    def _follow(self, crew: Crew, connection: Connection, letter: Letter, now: int) -> Letter | None:
        """The letter whose envelope follows this message, if one may."""
        if crew is self._crews[-1] and crew.may_follow(connection):
            return self._next_letter(now, behind=self._taken[letter.id])
        return None

    def _record(self, now: int) -> None:
        if not self._results:
            return
        self._ledger_failed = True
        try:
            self._ledger.turn(self._results, now=now)
        except BulletinError as error:
            self.break_down(error)
        else:
            self._ledger_failed = False
            self._clear_results()

    def _clear_results(self) -> None:
        """Log the results that have been recorded, and drop them."""
        if any(result.outcome.fate in COMING_BACK for result in self._results):
            self._window.look_again()
        self._log(self._results)
        self._results = []

    def _log(self, results: Sequence[Result]) -> None:
        self._observer.log(map(self._ledger.as_recorded, results))

    def _turn_back(self) -> None:
        """Hang up where the relay waits for a message: nothing more may be sent."""
        for connection, (crew, _) in tuple(self._waiting.items()):
            crew.dismiss(connection)

    def _employ(self, now: int) -> None:
        """Assign letters to idle connections, and open more if there are more letters."""
        crew = self._crews[-1]
        room = self._room(now)
        while room > 0 and self._goes_on and crew.has_idle and (letter := self._next_letter(now)):
            room -= 1
            crew.take_idle().announce(letter)
        if room > 0 and self._goes_on and (number := self._window.count(now=now)):
            crew.open(min(room, number))

    def _next_letter(self, now: int, *, behind: Candidate | None = None) -> Letter | None:
        """The next letter that can be written; None if there is none, or the ledger cannot be read."""
        limit = self._crews[-1].route.pace.domain_limit
        try:
            while candidate := self._window.take(limit=limit, now=now, behind=behind):
                try:
                    letter = self._writer.write(candidate)
                except InvalidAddress as error:
                    self._answered.append((candidate, make_outcome(REFUSED, str(error))))
                    self.wake()
                else:
                    self._taken[letter.id] = candidate
                    return letter
        except BulletinError as error:
            self.break_down(error)
        return None

    def _room(self, now: int) -> int:
        """How many envelopes may be sent: the relay's limits, less those sent and not claimed.

        While the server does not answer messages, only one may be under way.
        """
        room = self._crews[-1].route.pace.room(now=now) - (len(self._taken) - len(self._flying))
        return min(room, 1 - len(self._taken)) if self._doubtful else room

    def _settle(self, candidate: Candidate, outcome: Outcome, *, took: int = 0) -> None:
        """Note the outcome of a claimed letter for the next commit."""
        self._results.append(Result(candidate, outcome, took))
        self._window.end(candidate)
        self.wake()

    # The end

    def _is_over(self, now: int) -> bool:
        if self._flying or ((self._results or self._answered) and not self._ledger_failed):
            return False
        if not self._goes_on:
            return True
        if self._taken or self._crews[-1].opening:
            return False
        if not self._window.count(now=now):
            if self._window.waits_for_room:
                return self._waits_for_nothing
            due = self._window.due
            return self._waits_for_nothing or due is None or due - now > self._patience
        if self._room(now) > 0:
            return False
        return self._waits_for_nothing or self._crews[-1].route.pace.next_room(now=now) is None

    def _record_rest(self) -> None:
        """Record what is still unrecorded, if possible, however the run ended."""
        if self._results:
            with suppress(BulletinError):
                self._ledger.turn(self._results, now=self._clock())
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
