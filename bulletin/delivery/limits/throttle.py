"""The throttle: halve the rate when the server asks us to slow down; recover linearly (AIMD, as in TCP). Pure.

Without such a request there is no throttle. The first request halves the measured rate, and each further one halves
what is left. While messages are accepted, half of the first rate is added each minute. At twice that rate, the throttle
ends.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

BURST: Final = 5_000
"""ms within which several requests count as one: all messages in flight get the same reply."""

CLIMB: Final = 60_000
"""ms in which half of the first rate is recovered."""

SLOWEST: Final = 1 / 30_000
"""Messages a ms: one in half a minute is always tried."""

MEASURED: Final = 10_000
"""ms over which the rate is measured."""


class Throttle:
    """The throttle of one relay. Times are in ms; if the clock stops or is set back, nothing recovers meanwhile."""

    def __init__(self, connections: int, *, slowest: float = SLOWEST) -> None:
        """`connections` are the most at once. `slowest` is the lowest rate, in messages a ms."""
        self._most = connections
        self._slowest = slowest
        self._recent: deque[tuple[int, int]] = deque()
        self._speed = math.inf  # messages a ms
        self._first_speed = math.inf  # the speed when the server first asked
        self._slowed_at: int | None = None
        self._climbed_at = 0
        self._credit = 0.0  # messages that may leave at once
        self._credited_at = 0

    @property
    def active(self) -> bool:
        """Whether messages are held back."""
        return self._speed < math.inf

    @property
    def connections(self) -> int:
        """How many connections are useful at this speed."""
        if not self.active:
            return self._most
        return max(1, min(self._most, math.ceil(self._most * self._speed / self._first_speed)))

    def room(self, now: int, *, most: int) -> int:
        """How many messages may leave at `now`, up to `most`."""
        if not self.active:
            return most
        self._earn(now)
        return max(0, min(most, int(self._credit)))  # negative after more have left than there was room for

    def next_room(self, now: int) -> int:
        """When a message may leave again."""
        if not self.active:
            return now
        self._earn(now)
        missing = 1 - self._credit
        return now if missing <= 0 else now + max(1, math.ceil(missing / self._speed))

    def note_departures(self, number: int, now: int) -> None:
        """Count `number` departures at `now`."""
        self._recent.append((now, number))
        while self._recent[0][0] < now - MEASURED:
            self._recent.popleft()
        if self.active:
            self._earn(now)
            self._credit -= number

    def slow_down(self, now: int) -> None:
        """Halve the rate, because the server asked us to slow down."""
        if self._slowed_at is not None and 0 <= now - self._slowed_at < BURST:
            return
        self._slowed_at = now
        if not self.active:
            self._first_speed = max(self._slowest, self._measure(now))
        self._speed = max(self._slowest, min(self._speed, self._first_speed) / 2)
        self._climbed_at = self._credited_at = now
        self._credit = 0.0

    def speed_up(self, now: int) -> None:
        """Recover, because the server accepted a message."""
        if not self.active:
            return
        self._earn(now)
        climbed = min(max(0, now - self._climbed_at), CLIMB)
        self._climbed_at = now
        self._speed += self._first_speed / 2 * climbed / CLIMB
        if self._speed >= 2 * self._first_speed:
            self._speed = math.inf

    def _measure(self, now: int) -> float:
        """The recent rate in messages a ms, measured over at least a second."""
        recent = [(at, number) for at, number in self._recent if now - MEASURED <= at <= now]
        if not recent:
            return self._slowest
        return sum(number for _, number in recent) / max(1_000, now - recent[0][0])

    def _earn(self, now: int) -> None:
        """Add credit for the time that has passed: at most a second's worth, or one message."""
        passed = max(0, now - self._credited_at)
        self._credit = min(max(1.0, self._speed * 1_000), self._credit + self._speed * passed)
        self._credited_at = now
