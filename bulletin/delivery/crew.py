"""The crew: several connections at work at once, each in a thread of its own and with one claim at a time.

The threads only deliver. Whoever opened the crew hands claims out and collects what became of them, and is the only
one that touches the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final, Self

from bulletin.delivery.ledger import Claim, Result
from bulletin.delivery.smtp import Fate, Mailer, Outcome
from bulletin.errors import RelayError

RESTS: Final = (0, 1, 2, 4, 8, 16, 30)
"""Seconds that a connection rests after so many deliveries in a row that could not leave by it: a server may allow
fewer connections than there are, and must not be pestered; one that only closes connections from time to time is
gone on with at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A delivery that has ended, and the error that ended it, if one did."""

    result: Result
    error: BaseException | None


@dataclass(slots=True)
class _Connection:
    mailer: Mailer
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "delivery"))
    setbacks: int = 0  # deliveries in a row that could not leave by it
    rests_until: int = 0

    def learn(self, fate: Fate, now: int) -> None:
        self.setbacks = self.setbacks + 1 if fate is Fate.UNSENT else 0
        if self.setbacks:
            self.rests_until = now + 1000 * RESTS[min(self.setbacks, len(RESTS)) - 1]


class Crew:
    """Mailers at work. `deliver` sends one claim's message by one mailer; it runs in that mailer's thread.

    A context manager: leaving it waits for what is in flight, then closes the mailers. `clock` tells ms since 1970.
    """

    def __init__(
        self, mailers: Sequence[Mailer], *, deliver: Callable[[Mailer, Claim], Outcome], clock: Callable[[], int]
    ) -> None:
        self._deliver = deliver
        self._clock = clock
        self._connections = tuple(_Connection(mailer) for mailer in mailers)
        self._idle = list(self._connections)
        self._in_flight: dict[Future[Outcome], tuple[_Connection, Claim]] = {}
        self._done: SimpleQueue[Future[Outcome]] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        # All at once, and each behind what its thread is still about.
        closings = [connection.thread.submit(connection.mailer.close) for connection in self._connections]
        for connection, closing in zip(self._connections, closings, strict=True):
            connection.thread.shutdown()
            closing.result()

    @property
    def size(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    @property
    def free(self) -> int:
        """How many claims can be handed out now."""
        now = self._clock()
        return sum(connection.rests_until <= now for connection in self._idle)

    @property
    def busy(self) -> bool:
        """Whether anything is in flight."""
        return bool(self._in_flight)

    @property
    def rest(self) -> float | None:
        """Seconds until a resting connection is free; None if none rests."""
        now = self._clock()
        rests = [connection.rests_until - now for connection in self._idle if connection.rests_until > now]
        return min(rests) / 1000 if rests else None

    def hand_out(self, claims: Sequence[Claim]) -> None:
        """Begin to deliver `claims`: no more than were `free`."""
        self._idle.sort(key=lambda connection: connection.rests_until)
        for claim in claims:
            connection = self._idle.pop(0)
            future = connection.thread.submit(self._deliver, connection.mailer, claim)
            self._in_flight[future] = connection, claim
            future.add_done_callback(self._done.put)

    def collect(self) -> list[Ended]:
        """All that has ended by now. Waits for the first, but no longer than until a resting connection is free."""
        ended = []
        timeout = self.rest
        with suppress(Empty):
            while self._in_flight:
                ended.append(self._end(self._done.get(timeout=timeout)))
                timeout = 0
        return ended

    def finish(self) -> list[Ended]:
        """All that was in flight, once it has ended."""
        wait(self._in_flight)
        return [self._end(future) for future in tuple(self._in_flight)]

    def _end(self, future: Future[Outcome]) -> Ended:
        connection, claim = self._in_flight.pop(future)
        error = future.exception()
        outcome = future.result() if error is None else _explain(error)
        connection.learn(outcome.fate, self._clock())
        self._idle.append(connection)
        return Ended(result=Result(claim=claim, outcome=outcome), error=error)


def _explain(error: BaseException) -> Outcome:
    """A relay that turns us away has not taken the message. After any other error nobody knows."""
    if isinstance(error, RelayError):
        return Outcome(fate=Fate.UNSENT, reply=str(error))
    return Outcome(fate=Fate.UNCERTAIN, reply=f"Sending failed within this program: {type(error).__name__}.")
