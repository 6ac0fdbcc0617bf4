"""What leaves for each recipient domain, so that none gets more in a time than it should from us. Pure.

As in `meter`, departures are counted in buckets that count a little longer than they must. Here one bucket counts all
domains, so that a message costs a few look-ups, however many domains there are.

A place is kept for a message from the time it is admitted (`admit`), and counts from the time it leaves (`depart`): a
server that answers an envelope late does not make room for others meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bulletin.declaration.rates import Rate
from bulletin.delivery.limits.meter import BUCKETS, SHORTEST_BUCKET, Meter


def read_domain(address: str) -> str:
    """The domain of an address, as all who have theirs there have it."""
    return address.rpartition("@")[2].lower()


class Domains:
    """The limits that each domain has for itself. Times are in ms since 1970, and do not go back."""

    def __init__(self, rates: Sequence[Rate] = ()) -> None:
        """As if nothing had left yet; see `restore`."""
        self.rates: Final = tuple(rates)
        self._tallies = tuple(_Tally(rate) for rate in rates)

    @property
    def longest(self) -> int:
        """For how long a departure counts at most, in ms; 0 without limits."""
        return max((tally.longest for tally in self._tallies), default=0)

    def restore(self, departed: Iterable[tuple[str, int]], *, now: int) -> None:
        """Take over what has left: to which domain, and when. What seems to leave later than now counts as of now."""
        times = sorted((min(at, now), domain) for domain, at in departed)
        for tally in self._tallies:
            for at, domain in times:
                tally.keep(domain)
                tally.depart(domain, at)
            tally.settle(now)

    def admit(self, domain: str, now: int) -> bool:
        """Keep a place for one that is to leave for `domain`, if there is room now; then `depart` or `take_back`."""
        for tally in self._tallies:
            if now >= tally.due:
                tally.settle(now)
            if tally.used.get(domain, 0) >= tally.number:
                return False
        for tally in self._tallies:
            tally.keep(domain)
        return True

    def depart(self, domain: str, now: int) -> None:
        """One that was admitted leaves now."""
        for tally in self._tallies:
            tally.depart(domain, now)

    def take_back(self, domain: str) -> None:
        """One that was admitted does not leave."""
        for tally in self._tallies:
            tally.give_up(domain)

    def room(self, domain: str, now: int) -> int | None:
        """How many may leave for `domain` now; None for any number."""
        for tally in self._tallies:
            tally.settle(now)
        return min((max(0, tally.number - tally.used.get(domain, 0)) for tally in self._tallies), default=None)

    def next_room(self, domain: str, now: int) -> int:
        """When one may leave for `domain` again: `now`, if there is room. Those admitted count as if they left now."""
        meters = self.meters(domain, now)
        for meter, tally in zip(meters, self._tallies, strict=True):
            meter.add(tally.used.get(domain, 0) - sum(meter.departures.values()), now)
        return max((meter.next_room(now) for meter in meters), default=now)

    def meters(self, domain: str, now: int) -> tuple[Meter, ...]:
        """A meter for each of the limits, as it stands for `domain`: to ask it more."""
        meters = tuple(Meter(rate) for rate in self.rates)
        for meter, tally in zip(meters, self._tallies, strict=True):
            meter.restore(tally.departures(domain), now=now)
        return meters


class _Tally:
    """What has left within one limit: `used` says how many count for each domain, with those that are admitted.

    A bucket is a list of domains: nothing costs less to add to, and it is gone through once, when it counts no more.
    """

    def __init__(self, rate: Rate) -> None:
        self.number: Final = rate.number
        self.used: dict[str, int] = {}
        self.due = 0  # when the next bucket begins
        self._width: Final = max(SHORTEST_BUCKET, rate.milliseconds // BUCKETS)
        self.longest: Final = rate.milliseconds + self._width
        self._present: list[str] = []  # the bucket of now
        self._buckets: dict[int, list[str]] = {}  # the earliest first

    def keep(self, domain: str) -> None:
        self.used[domain] = self.used.get(domain, 0) + 1

    def depart(self, domain: str, now: int) -> None:
        if now >= self.due:
            self.settle(now)
        self._present.append(domain)

    def give_up(self, domain: str) -> None:
        self.used[domain] -= 1
        if not self.used[domain]:
            del self.used[domain]

    def departures(self, domain: str) -> dict[int, int]:
        return {begin: bucket.count(domain) for begin, bucket in self._buckets.items() if domain in bucket}

    def settle(self, now: int) -> None:
        """Let go of what counts no more, and count in the bucket of `now`."""
        while self._buckets and (earliest := next(iter(self._buckets))) <= now - self.longest:
            for domain in self._buckets.pop(earliest):
                self.give_up(domain)
        begin = now - now % self._width
        self._present = self._buckets.setdefault(begin, [])
        self.due = begin + self._width
