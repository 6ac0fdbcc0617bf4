"""The meter of a limit: never more than so many messages in any stretch of time of that length. Pure.

Departures are counted in buckets of a sixtieth of the period, or a tenth of a second. A bucket counts in full until its
last moment is a whole period ago, so a limit works as if its period were that much longer, and never lets through too
much; nor does the server see more, as long as messages take about equally long to reach it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulletin.declaration.rates import Rate

BUCKETS: Final = 60
"""How many there are to a period of some length."""

SHORTEST_BUCKET: Final = 100
"""ms: more than what one message takes longer than another from its claim to the server."""

LONGEST_WAIT: Final = 2 * 60 * 60 * 1000
"""ms that a mailing waits for room by itself: a quota by the hour comes back in that time, one by the day does not."""


class Meter:
    """What has left within one limit. Times are in ms since 1970; the clock may be set back."""

    def __init__(self, rate: Rate) -> None:
        self.rate: Final = rate
        self.period: Final = rate.milliseconds
        self.width: Final = max(SHORTEST_BUCKET, self.period // BUCKETS)
        self._buckets: dict[int, int] = {}  # the earliest first
        self._total = 0

    def copy(self) -> Meter:
        """Another with the same departures, to try something out on."""
        twin = Meter(self.rate)
        twin._buckets, twin._total = dict(self._buckets), self._total
        return twin

    @property
    def departures(self) -> Mapping[int, int]:
        """How many left in the bucket that begins at each time, the earliest first."""
        return self._buckets

    def restore(self, departures: Mapping[int, int], *, now: int) -> None:
        """Take over `departures`, as written down by `bucket`, for what is here."""
        self._buckets = dict(sorted(departures.items()))
        self._total = sum(self._buckets.values())
        self._settle(now)

    def bucket(self, now: int) -> int:
        """When the bucket begins that a departure at `now` counts in."""
        return now - now % self.width

    def horizon(self, now: int) -> int:
        """Buckets that begin at this time or earlier count no more."""
        return now - self.period - self.width

    @property
    def longest(self) -> int:
        """For how long a departure counts at most, in ms."""
        return self.period + self.width

    def used(self, now: int) -> int:
        """How many departures count at `now`."""
        self._settle(now)
        return self._total

    def room(self, now: int) -> int:
        """How many may leave at `now`."""
        return max(0, self.rate.number - self.used(now))

    def next_room(self, now: int) -> int:
        """When somebody may leave again: `now`, if there is room."""
        surplus = self.used(now) - self.rate.number + 1
        for begin, number in self._buckets.items():
            if surplus <= 0:
                break
            surplus -= number
            now = begin + self.longest
        return now

    def add(self, number: int, now: int) -> None:
        """`number` leave at `now`."""
        self._settle(now)
        bucket = self.bucket(now)
        in_order = not self._buckets or bucket >= next(reversed(self._buckets))
        self._buckets[bucket] = self._buckets.get(bucket, 0) + number
        self._total += number
        if not in_order:  # the clock was set back a little
            self._buckets = dict(sorted(self._buckets.items()))

    def _settle(self, now: int) -> None:
        """Let go of what counts no more.

        What seems to leave later than a whole period from now left before the clock was set back, nobody knows when:
        it counts from now on, so that nothing waits for the wrong time to come again.
        """
        horizon = self.horizon(now)
        while self._buckets and (earliest := next(iter(self._buckets))) <= horizon:
            self._total -= self._buckets.pop(earliest)
        lost = 0
        while self._buckets and (latest := next(reversed(self._buckets))) > now + self.period:
            lost += self._buckets.pop(latest)
        if lost:
            self._total -= lost
            self.add(lost, now)
