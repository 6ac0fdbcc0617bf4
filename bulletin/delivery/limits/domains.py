"""The rate limits of recipient domains, so that none gets too many messages from us at a time. Pure.

As in `meter`, departures are counted in buckets, which count a little longer than they must. Here one bucket counts all
domains, so that a message costs a few look-ups, however many domains there are.

A message reserves a place when it is admitted (`admit`), and counts from when it leaves (`depart`). So a server that is
slow to answer an envelope does not make room for others meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bulletin.declaration.rates import Rate
from bulletin.delivery.limits.meter import BUCKETS, SHORTEST_BUCKET, Meter


def read_domain(address: str) -> str:
    """The domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()


class Domains:
    """The limits of each domain. Times are in ms since 1970, and never go back."""

    def __init__(self, rates: Sequence[Rate] = ()) -> None:
        """Begin without departures; see `restore`."""
        self.rates: Final = tuple(rates)
        self._tallies = tuple(_Tally(rate) for rate in rates)

    @property
    def longest(self) -> int:
        """The longest time for which a departure counts, in ms; 0 without limits."""
        return max((tally.longest for tally in self._tallies), default=0)

    def restore(self, departed: Iterable[tuple[str, int]], *, now: int) -> None:
        """Load earlier departures, each a domain and a time. A time in the future counts as now."""
        times = sorted((min(at, now), domain) for domain, at in departed)
        for tally in self._tallies:
            for at, domain in times:
                tally.keep(domain)
                tally.depart(domain, at)
            tally.settle(now)

    def admit(self, domain: str, now: int) -> bool:
        """Reserve a place for a message to `domain`, if there is room now; call `depart` or `take_back` afterwards."""
        for tally in self._tallies:
            if now >= tally.due:
                tally.settle(now)
            if tally.used.get(domain, 0) >= tally.number:
                return False
        for tally in self._tallies:
            tally.keep(domain)
        return True

    def depart(self, domain: str, now: int) -> None:
        """Count the departure of an admitted message."""
        for tally in self._tallies:
            tally.depart(domain, now)

    def take_back(self, domain: str) -> None:
        """Release the place of an admitted message that does not leave."""
        for tally in self._tallies:
            tally.give_up(domain)

    def room(self, domain: str, now: int) -> int | None:
        """How many messages may leave for `domain` now; None for any number."""
        for tally in self._tallies:
            tally.settle(now)
        return min((max(0, tally.number - tally.used.get(domain, 0)) for tally in self._tallies), default=None)

    def next_room(self, domain: str, now: int) -> int:
        """When a message may leave for `domain`: `now` if there is room. Admitted ones count as if they left now."""
        meters = self.meters(domain, now)
        for meter, tally in zip(meters, self._tallies, strict=True):
            meter.add(tally.used.get(domain, 0) - sum(meter.departures.values()), now)
        return max((meter.next_room(now) for meter in meters), default=now)

    def meters(self, domain: str, now: int) -> tuple[Meter, ...]:
        """A meter of each limit with the departures to `domain`."""
        meters = tuple(Meter(rate) for rate in self.rates)
        for meter, tally in zip(meters, self._tallies, strict=True):
            meter.restore(tally.departures(domain), now=now)
        return meters


class _Tally:
    """The departures within one limit; `used` counts them and the admitted messages for each domain.

    A bucket is a list of domains: it is the cheapest to append to, and is read once, when it expires.
    """

    def __init__(self, rate: Rate) -> None:
        self.rate: Final = rate
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
        """Drop expired buckets, and open the bucket of `now`."""
        while self._buckets and (earliest := next(iter(self._buckets))) <= now - self.longest:
            for domain in self._buckets.pop(earliest):
                self.give_up(domain)
        begin = now - now % self._width
        self._present = self._buckets.setdefault(begin, [])
        self.due = begin + self._width
