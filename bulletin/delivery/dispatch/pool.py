"""The connection pool of one relay: it opens connections, backs off after failures, recycles and closes them.

The pool does not choose messages: its owner (`PoolOwner`) does, and hears what happens.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.outcome import UNSENT, Outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.delivery.smtp.relay import Security
from bulletin.delivery.transport.opening import Connection, connect
from bulletin.errors import RelayError, Unreachable


@dataclass(frozen=True, kw_only=True, slots=True)
class BackOff:
    """How many seconds a slot waits after failures, and how long a connection is kept with nothing to do.

    `delays` has the wait after one failure in a row, after two, and so on; the last one is for all further failures. A
    server may allow fewer connections than we open, and must not be pestered. One that only closes a connection from
    time to time gets the next one at once. Servers hang up on an idle connection after some minutes.
    """

    delays: Sequence[float] = (0, 1, 2, 4, 8, 16, 30)
    idle: float = 30

    def find_delay(self, failures: int) -> float:
        """The wait after so many failures in a row, one or more."""
        return self.delays[min(failures, len(self.delays)) - 1]


class PoolOwner(Protocol):
    """The owner of a pool: it assigns messages to connections."""

    def wake(self) -> None:
        """Hear that something has changed: a connection may be idle now."""

    def go_ahead(self, pool: ConnectionPool, connection: Connection, message: OutgoingMessage) -> None:
        """Hear that the relay is ready for this message."""

    def completed(
        self, pool: ConnectionPool, connection: Connection, message: OutgoingMessage, outcome: Outcome
    ) -> None:
        """Hear the outcome of a message."""

    def failed(self, pool: ConnectionPool, error: RelayError, *, opening: bool) -> None:
        """Hear that a connection could not be opened, or was lost before it had sent anything."""

    def fail(self, error: BaseException) -> None:
        """Hear of a fault of the program."""


@dataclass(slots=True, eq=False)
class _Slot:
    """A pool slot: its failure count and when it may try again."""

    failures: int = 0  # consecutive failures
    retry_at: float = 0.0  # in the loop's time

    def learn(self, back_off: BackOff, *, now: float) -> None:
        self.failures += 1
        self.retry_at = now + back_off.find_delay(self.failures)


class ConnectionPool:
    """The connections to the relay of `route`, at most as many as its pace allows. It belongs to one event loop."""

    def __init__(self, route: Route, owner: PoolOwner, *, timeouts: Timeouts, back_off: BackOff) -> None:
        self.route = route
        self._owner = owner
        self._timeouts = timeouts
        self._back_off = back_off
        self._context: ssl.SSLContext | None = None  # made once: loading the system's certificates takes a while
        self._loop = asyncio.get_running_loop()
        self._slots: list[_Slot] = []  # the free ones
        self._connections: dict[Connection, _Slot] = {}
        self._opening: dict[Connection, asyncio.Task[None]] = {}
        self._idle: dict[Connection, float] = {}  # since when
        self._tasks: set[asyncio.Task[None]] = set()
        self._quitting: set[Connection] = set()
        self._draining = False

    @property
    def opening(self) -> int:
        """How many connections are being opened."""
        return len(self._opening)

    @property
    def is_admitted(self) -> bool:
        """Whether the relay has accepted a connection that is still open."""
        return len(self._connections) > len(self._opening)

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
        excess = len(self._connections) > self.route.pace.connections
        return connection.pipelining and not self._draining and not excess and not 0 < most <= connection.messages + 1

    def abandon(self, connection: Connection) -> None:
        """Hang up on a relay that waits for a message that must not be sent."""
        connection.hang_up("The message was held back.")

    def open(self, number: int) -> None:
        """Open connections until `number` are being opened, as far as slots are free and not backing off."""
        now = self._loop.time()
        while len(self._opening) < number and len(self._connections) < self.route.pace.connections:
            if len(self._connections) + len(self._slots) < self.route.pace.connections:
                self._slots.append(_Slot())
            slot = min(self._slots, key=lambda slot: slot.retry_at)
            if slot.retry_at > now:
                return
            self._slots.remove(slot)
            connection = connect(self.route.relay, self, timeouts=self._timeouts)
            self._connections[connection] = slot
            if self._context is None and self.route.relay.security is not Security.PLAIN:
                self._context = ssl.create_default_context()
            self._opening[connection] = self._begin(connection.open(context=self._context))

    def close_idle(self) -> None:
        """Close connections that have been idle for a while."""
        now = self._loop.time()
        for connection in [connection for connection, since in self._idle.items() if now - since > self._back_off.idle]:
            self._quit(connection)

    def drain(self) -> None:
        """Drain the pool: close every connection as soon as it is idle."""
        self._draining = True
        for connection in tuple(self._idle):
            self._quit(connection)

    async def shut_down(self) -> None:
        """Send QUIT on idle connections, hang up on the others, and wait until all are closed."""
        self.drain()
        self._hang_up_on(self._connections.keys() - self._quitting, "")
        if self._tasks:
            await asyncio.wait(self._tasks)

    def hang_up(self, reason: str) -> None:
        """Hang up on all connections at once. Messages in flight become uncertain, with this reason."""
        self._draining = True
        self._hang_up_on(tuple(self._connections), reason)

    # As the connections' listener

    def ready(self, connection: Connection) -> None:
        self._opening.pop(connection, None)
        pace = self.route.pace
        worn = 0 < pace.messages_per_connection <= connection.messages
        if self._draining or worn or len(self._connections) > pace.connections:
            self._quit(connection)
        else:
            self._idle[connection] = self._loop.time()
        self._owner.wake()

    def go_ahead(self, connection: Connection, message: OutgoingMessage) -> None:
        self._owner.go_ahead(self, connection, message)

    def completed(self, connection: Connection, message: OutgoingMessage, outcome: Outcome) -> None:
        if outcome.fate is not UNSENT:
            connection.proven = True
            self._connections[connection].failures = 0
        self._owner.completed(self, connection, message, outcome)

    def closed(self, connection: Connection, error: RelayError | None) -> None:
        slot = self._connections.pop(connection)
        self._slots.append(slot)
        was_idle = self._idle.pop(connection, None) is not None
        was_opening = self._opening.pop(connection, None) is not None
        self._quitting.discard(connection)
        passing = isinstance(error, Unreachable) and (was_idle or connection.proven)
        if error and not passing and not connection.may_log_in_again:
            slot.learn(self._back_off, now=self._loop.time())
            self._owner.failed(self, error, opening=was_opening)
        self._owner.wake()

    # Internals

    def _hang_up_on(self, connections: Iterable[Connection], reason: str) -> None:
        """Hang up at once, even while opening: we wait neither for the server nor for a token."""
        for connection in connections:
            opening = self._opening.get(connection)
            connection.hang_up(reason)
            if opening:
                opening.cancel()

    def _quit(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        self._quitting.add(connection)
        self._begin(connection.quit())

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._conclude)
        return task

    def _conclude(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._owner.fail(error)
