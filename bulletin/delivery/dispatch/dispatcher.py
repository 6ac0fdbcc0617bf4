"""The turns of a mailing: from candidates in the ledger to results in the ledger, by several connections at once.

One event loop does it all. One turn records all that has ended and claims all whose message can leave, in one commit;
only then do those messages leave. A relay is told an envelope before its delivery is claimed: until the message
follows, nothing has happened to anybody. So what is in doubt after a crash is never more than the connections.
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
"""How often each connection may fail, with no success of any in between, before the relay counts as unreachable."""

DOUBTS: Final = 3
"""So many times in a row all that was in flight may be lost without an answer, before the mailing stops by itself."""

_TICK: Final = 0.05  # seconds between two looks at what nobody tells of: a request to stop, the time
_REPORT_EVERY: Final = 0.1  # seconds
_LOOK_EVERY: Final = 0.9  # seconds between two looks at what others have written: pausing must work within 2


class Turns:
    """The turns of one run of a mailing, one after the other. They employ the crews."""

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
        self.fault: BaseException | None = None  # why the turns ended early, if they did
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
        self._crews: list[Crew] = []  # the last one is given letters
        self._taken: dict[int, Candidate] = {}  # whose envelope is out, by the letter's id
        self._waiting: dict[Connection, tuple[Crew, Letter]] = {}  # the relay waits for these messages
        self._flying: dict[int, int] = {}  # when each of those that are claimed was, by the letter's id
        self._answered: list[tuple[Candidate, Outcome]] = []  # refused or put off before they were claimed
        self._results: list[Result] = []  # not recorded yet
        self._ledger_failed = False
        self._setbacks = 0  # connections in a row by which nothing could leave, wherever
        self._trouble = Trouble()
        self._doubtful = False  # whether the last message that left was lost without an answer
        self._doubts = 0  # how often, in a row, nothing was left in flight after that
        self._waits_for_nothing = False  # any more: something else has to be done than to wait here
        self._turn_is_due = False
        self._woken_at = 0  # what ends before the turn that is due counts as of then: asking a clock takes a while

    async def run(self) -> None:
        """Until nothing more can be done. `fault` says if that was too early."""
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
                crew.hang_up("Sending was broken off at this message.")
            self._record_rest()

    def _add_crew(self, route: Route) -> None:
        self._crews.append(Crew(route, self, waits=self._options.waits, back_off=self._options.back_off))

    # As the crews' employer

    def wake(self) -> None:
        """Take a turn, once all that can be read now has been."""
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
            self._trouble.note(f"{crew.route.relay} does not take mail now: “{outcome.reply}”.", now=now)

    def _weigh(self, candidate: Candidate, outcome: Outcome) -> None:
        """What an outcome means for all the others. Where the server says nothing, messages leave one by one."""
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
            self.break_down(MailingHalted(words, "See who was refused, and in which words: bulletin status"))

    def failed(self, crew: Crew, error: RelayError, *, opening: bool) -> None:
        pace = crew.route.pace
        if not opening:  # one connection too many is no reason to be slower on the others: its place rests
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
        """Whether no connection has been let in, or nothing has come of any: else the relay may only be slow."""
        since = self._clock() - self._options.waits.step * 1000
        return not crew.is_let_in or (bool(self._flying) and max(self._flying.values()) < since)

    def break_down(self, error: BaseException) -> None:
        self.fault = self.fault or error
        self.wake()

    def _give_up(self, error: RelayError, *, may_go_elsewhere: bool) -> None:
        """This relay cannot be used: go on by the next route, if there is one."""
        route = next(self._routes, None) if may_go_elsewhere else None
        if route is None:
            self.break_down(error)
            return
        if self._goes_on:
            self._observer.notify(f"{error.message} Going on by {route.relay}.")
        self._crews[-1].retire()
        self._turn_back()
        self._add_crew(route)
        self._setbacks = 0
        self._trouble.end()
        self.wake()

    def _note_failure(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Whatever fails in a callback: a second Ctrl-C, or a fault of the program itself, which may lose an answer."""
        error = context.get("exception") or RuntimeError(context["message"])
        if isinstance(error, KeyboardInterrupt):
            self._end(error)
        elif self.fault is None:
            self._loop.call_later(self._options.waits.shutdown, self._end, error)
            self.break_down(error)

    def _end(self, error: BaseException) -> None:
        """Wait for nobody any more."""
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
        """One commit; and all whose claim is in it begin to leave.

        Who was refused before their message could leave is claimed as well, to be recorded in the next turn. No limit
        is asked about them, as that has happened; but the relay was asked, and may count it, so they count as well.
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

        self._ledger_failed = True  # until it has succeeded: whatever is raised, it is not tried again
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
        """Those who are claimed and awaited leave; who could not be claimed has opted out, or is another's by now.

        First it is settled what leaves where, then it leaves: each message drives all else from the processor's cache.
        """
        room = self._room(now)
        leaving: list[tuple[Connection, Letter | None]] = []
        for connection, (crew, letter) in tuple(self._waiting.items()):
            if letter.id in too_many:  # put back: other processes have used the room up meanwhile
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
        """The letter whose envelope goes out behind this message, if there may be one."""
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
        """They have been recorded."""
        if any(result.outcome.fate in COMING_BACK for result in self._results):
            self._window.look_again()
        self._log(self._results)
        self._results = []

    def _log(self, results: Sequence[Result]) -> None:
        self._observer.log(map(self._ledger.as_recorded, results))

    def _turn_back(self) -> None:
        """Nothing more may begin: hang up where the relay waits for a message that has not left."""
        for connection, (crew, _) in tuple(self._waiting.items()):
            crew.dismiss(connection)

    def _employ(self, now: int) -> None:
        """Give the idle connections letters, and have more opened if there are more letters than connections."""
        crew = self._crews[-1]
        room = self._room(now)
        while room > 0 and self._goes_on and crew.has_idle and (letter := self._next_letter(now)):
            room -= 1
            crew.take_idle().announce(letter)
        if room > 0 and self._goes_on and (number := self._window.count(now=now)):
            crew.open(min(room, number))

    def _next_letter(self, now: int, *, behind: Candidate | None = None) -> Letter | None:
        """The next that can be written, while the ledger can be read."""
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
        """How many envelopes may go out: the relay's limits, less those that are out and not claimed.

        While the server does not say what becomes of messages, one alone may be under way.
        """
        room = self._crews[-1].route.pace.room(now=now) - (len(self._taken) - len(self._flying))
        return min(room, 1 - len(self._taken)) if self._doubtful else room

    def _settle(self, candidate: Candidate, outcome: Outcome, *, took: int = 0) -> None:
        """What became of a claim, for the next commit."""
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
        """However the turns ended: what is known must still be written down, if that is possible."""
        if self._results:
            with suppress(BulletinError):
                self._ledger.turn(self._results, now=self._clock())
                self._log(self._results)
                self._results = []


def _unanswered(outcome: Outcome) -> MailingHalted:
    return MailingHalted(
        f"Several times in a row a message left and the server did not say what became of it: {outcome.reply}",
        "Ask those who run the server, or the firewall before it, whether they arrived, and why it breaks off. Then "
        "decide about those who are uncertain (bulletin status); the same command goes on with the others.",
    )


def _unreachable(error: RelayError) -> RelayError:
    return Unreachable(
        f"No message could leave, several times in a row. The last time: {error.message}",
        "Check the SMTP server and the network. Nothing is lost: the same command goes on where this stopped.",
    )
