"""The meter of a rate limit: never more than a number of messages in any period of its length. Pure.

Departures are counted in buckets of a two-hundredth of the period, or 5 ms. A bucket counts in full until its last
moment is a whole period ago. So the limit works as if its period were longer by one bucket, and never lets too many
through: a mailing keeps 99.5 % of its rate. The server sees no more either, as long as messages take about equally long
to reach it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulletin.declaration.rates import Rate

BUCKETS: Final = 200
"""How many buckets a period has, unless it is very short."""

SHORTEST_BUCKET: Final = 5
"""ms: more than the differences between messages in how long they take from the claim to the server."""

LONGEST_WAIT: Final = 2 * 60 * 60 * 1000
"""ms that a mailing waits for room: an hourly quota comes back in that time, a daily one does not."""


class Meter:
    """The departures within one limit. Times are in ms since 1970; the clock may be set back."""

    def __init__(self, rate: Rate) -> None:
        self.rate: Final = rate
        self.period: Final = rate.milliseconds
        self.width: Final = max(SHORTEST_BUCKET, self.period // BUCKETS)
        self._buckets: dict[int, int] = {}  # the earliest first
        self._total = 0

    def copy(self) -> Meter:
        """Copy the meter with its departures, for a trial."""
        twin = Meter(self.rate)
        twin._buckets, twin._total = dict(self._buckets), self._total
        return twin

    @property
    def departures(self) -> Mapping[int, int]:
        """The departures by the beginning of their bucket, the earliest first."""
        return self._buckets

    def restore(self, departures: Mapping[int, int], *, now: int) -> None:
        """Replace the departures by these, keyed as in `departures`."""
        self._buckets = dict(sorted(departures.items()))
        self._total = sum(self._buckets.values())
        self._settle(now)

    def bucket(self, now: int) -> int:
        """The beginning of the bucket for a departure at `now`."""
        return now - now % self.width

    def horizon(self, now: int) -> int:
        """The time up to which the beginnings of expired buckets lie."""
        return now - self.period - self.width

    @property
    def longest(self) -> int:
        """The longest time for which a departure counts, in ms."""
        return self.period + self.width

    def used(self, now: int) -> int:
        """How many departures count at `now`."""
        self._settle(now)
        return self._total

    def room(self, now: int) -> int:
        """How many messages may leave at `now`."""
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
        """Count `number` departures at `now`."""
        self._settle(now)
        bucket = self.bucket(now)
        in_order = not self._buckets or bucket >= next(reversed(self._buckets))
        self._buckets[bucket] = self._buckets.get(bucket, 0) + number
        self._total += number
        if not in_order:  # the clock was set back a little
            self._buckets = dict(sorted(self._buckets.items()))

    def _settle(self, now: int) -> None:
        """Drop expired departures.

        A departure dated more than a period ahead happened before the clock was set back, at an unknown time. It counts
        from now on, so that nothing waits for the wrong time to come again.
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
