"""The connection pool of one relay: it opens connections, backs off after failures, recycles and closes them.

The pool does not choose letters: its owner (`Employer`) does, and hears what happens.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.connection import Connection, Waits
from bulletin.delivery.smtp.outcome import UNSENT, Outcome
from bulletin.delivery.smtp.protocol import Letter
from bulletin.delivery.smtp.relay import Security
from bulletin.errors import RelayError, Unreachable


@dataclass(frozen=True, kw_only=True, slots=True)
class BackOff:
    """How many seconds a slot waits after failures, and how long a connection is kept with nothing to do.

    `rests` has the wait after one failure in a row, after two, and so on; the last one is for all further failures. A
    server may allow fewer connections than we open, and must not be pestered. One that only closes a connection from
    time to time gets the next one at once. Servers hang up on an idle connection after some minutes.
    """

    rests: Sequence[float] = (0, 1, 2, 4, 8, 16, 30)
    idle: float = 30

    def find_rest(self, failures: int) -> float:
        """The wait after so many failures in a row, one or more."""
        return self.rests[min(failures, len(self.rests)) - 1]


class Employer(Protocol):
    """The owner of a pool: it assigns letters to connections."""

    def wake(self) -> None:
        """Hear that something has changed: a connection may be idle now."""

    def go_ahead(self, crew: Crew, connection: Connection, letter: Letter) -> None:
        """Hear that the relay is ready for this message."""

    def ended(self, crew: Crew, connection: Connection, letter: Letter, outcome: Outcome) -> None:
        """Hear the outcome of a letter."""

    def failed(self, crew: Crew, error: RelayError, *, opening: bool) -> None:
        """Hear that a connection could not be opened, or was lost before it had sent anything."""

    def break_down(self, error: BaseException) -> None:
        """Hear of a fault of the program."""


@dataclass(slots=True, eq=False)
class _Place:
    """A pool slot: its failure count and when it may try again."""

    setbacks: int = 0  # consecutive failures
    rests_until: float = 0.0  # in the loop's time

    def learn(self, back_off: BackOff, *, now: float) -> None:
        self.setbacks += 1
        self.rests_until = now + back_off.find_rest(self.setbacks)


class Crew:
    """The connections to the relay of `route`, at most as many as its pace allows. It belongs to one event loop."""

    def __init__(self, route: Route, employer: Employer, *, waits: Waits, back_off: BackOff) -> None:
        self.route = route
        self._employer = employer
        self._waits = waits
        self._back_off = back_off
        self._context: ssl.SSLContext | None = None  # made once: loading the system's certificates takes a while
        self._loop = asyncio.get_running_loop()
        self._places: list[_Place] = []  # the free ones
        self._staff: dict[Connection, _Place] = {}
        self._opening: dict[Connection, asyncio.Task[None]] = {}
        self._idle: dict[Connection, float] = {}  # since when
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving: set[Connection] = set()
        self._retired = False

    @property
    def opening(self) -> int:
        """How many connections are being opened."""
        return len(self._opening)

    @property
    def is_let_in(self) -> bool:
        """Whether the relay has accepted a connection that is still open."""
        return len(self._staff) > len(self._opening)

    @property
    def has_idle(self) -> bool:
        """Whether a connection is ready for an envelope."""
        return bool(self._idle)

    def take_idle(self) -> Connection:
        """Take a connection that is ready for an envelope. The caller has to announce one."""
        return self._idle.popitem()[0]

    def may_follow(self, connection: Connection) -> bool:
        """Whether the next envelope may follow the message that is about to be sent on this connection."""
        most = self.route.pace.messages_per_connection
        excess = len(self._staff) > self.route.pace.connections
        return connection.pipelining and not self._retired and not excess and not 0 < most <= connection.letters + 1

    def dismiss(self, connection: Connection) -> None:
        """Hang up on a relay that waits for a message that must not be sent."""
        connection.hang_up("The message was held back.")

    def open(self, number: int) -> None:
        """Open connections until `number` are being opened, as far as slots are free and not backing off."""
        now = self._loop.time()
        while len(self._opening) < number and len(self._staff) < self.route.pace.connections:
            if len(self._staff) + len(self._places) < self.route.pace.connections:
                self._places.append(_Place())
            place = min(self._places, key=lambda place: place.rests_until)
            if place.rests_until > now:
                return
            self._places.remove(place)
            connection = Connection(self.route.relay, self, waits=self._waits)
            self._staff[connection] = place
            if self._context is None and self.route.relay.security is not Security.PLAIN:
                self._context = ssl.create_default_context()
            self._opening[connection] = self._begin(connection.open(context=self._context))

    def dismiss_idle(self) -> None:
        """Close connections that have been idle for a while."""
        now = self._loop.time()
        for connection in [connection for connection, since in self._idle.items() if now - since > self._back_off.idle]:
            self._dismiss(connection)

    def retire(self) -> None:
        """Drain the pool: close every connection as soon as it is idle."""
        self._retired = True
        for connection in tuple(self._idle):
            self._dismiss(connection)

    async def leave(self) -> None:
        """Send QUIT on idle connections, hang up on the others, and wait until all are closed."""
        self.retire()
        self._hang_up_on(self._staff.keys() - self._leaving, "")
        if self._tasks:
            await asyncio.wait(self._tasks)

    def hang_up(self, reason: str) -> None:
        """Hang up on all connections at once. Messages in flight become uncertain, with this reason."""
        self._retired = True
        self._hang_up_on(tuple(self._staff), reason)

    # As the connections' listener

    def ready(self, connection: Connection) -> None:
        self._opening.pop(connection, None)
        pace = self.route.pace
        worn = 0 < pace.messages_per_connection <= connection.letters
        if self._retired or worn or len(self._staff) > pace.connections:
            self._dismiss(connection)
        else:
            self._idle[connection] = self._loop.time()
        self._employer.wake()

    def go_ahead(self, connection: Connection, letter: Letter) -> None:
        self._employer.go_ahead(self, connection, letter)

    def ended(self, connection: Connection, letter: Letter, outcome: Outcome) -> None:
        if outcome.fate is not UNSENT:
            connection.proven = True
            self._staff[connection].setbacks = 0
        self._employer.ended(self, connection, letter, outcome)

    def over(self, connection: Connection, error: RelayError | None) -> None:
        place = self._staff.pop(connection)
        self._places.append(place)
        was_idle = self._idle.pop(connection, None) is not None
        was_opening = self._opening.pop(connection, None) is not None
        self._leaving.discard(connection)
        passing = isinstance(error, Unreachable) and (was_idle or connection.proven)
        if error and not passing and not connection.may_log_in_anew:
            place.learn(self._back_off, now=self._loop.time())
            self._employer.failed(self, error, opening=was_opening)
        self._employer.wake()

    # Internals

    def _hang_up_on(self, connections: Iterable[Connection], reason: str) -> None:
        """Hang up at once, even while opening: we wait neither for the server nor for a token."""
        for connection in connections:
            opening = self._opening.get(connection)
            connection.hang_up(reason)
            if opening:
                opening.cancel()

    def _dismiss(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        self._leaving.add(connection)
        self._begin(connection.leave())

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._conclude)
        return task

    def _conclude(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._employer.break_down(error)
