"""The read-ahead queue: who comes next. It reads a thousand candidates at a time from the ledger, and claims none.

It keeps the messages under way to one recipient domain within a limit. A candidate over the limit is set aside until
another to that domain has ended. It also keeps to the rate limits of domains: a candidate over these is set aside until
there is room. So no candidate is examined twice for nothing, however many wait.

Candidates are read in the order of the ledger, so that those claimed together are close together on disk. But
neighbours in a list often share a domain. If this holds up many of the candidates, the mailing is cut into id ranges,
which are read in turn.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final

from bulletin.delivery.ledger.ledger import Candidate, Ledger
from bulletin.delivery.limits.domains import Domains

AHEAD: Final = 1000
"""How many candidates are read at once."""

MAX_RANGES: Final = 8
"""The most id ranges that a mailing is cut into."""

_MANY_ASIDE: Final = AHEAD // 2
"""When so many are set aside, the next are read from another range."""

_MOST_ASIDE: Final = 20 * AHEAD
"""When so many are set aside, no more are read until some of them have been sent: about 10 MB."""


class ReadAhead:
    """The queue of one mailing. A candidate that was taken has to be given back: `end` or `put_back`."""

    def __init__(self, ledger: Ledger, domains: Domains | None = None) -> None:
        """`domains` has the rate limits of domains; None: no limits."""
        self._ledger = ledger
        self._domains = domains or Domains()
        self._ranges: deque[_IdRange] | None = None  # ranges of untried candidates; None: not known yet
        self._reread = True  # whether the ledger may have candidates that were put back
        self._due: int | None = 0  # when to ask the ledger for deferred ones: ms since 1970; None: never
        self._next: deque[Candidate] = deque()
        self._back: deque[Candidate] = deque()
        self._aside: defaultdict[str, deque[Candidate]] = defaultdict(deque)
        self._number_aside = 0
        self._full: dict[str, int] = {}  # domains at their rate limit, and when each has room again
        self._relief = 0  # the earliest of these times
        self._under_way: dict[str, int] = {}  # how many to each domain; one with a follower counts as one
        self._behind: dict[int, int] = {}  # each one's follower to the same domain, while both are under way; by id
        self._ahead: dict[int, int] = {}  # the reverse
        self._departed: set[int] = set()  # those already counted for the domain; by id
        self._known: dict[int, str] = {}  # the domains of all candidates that are queued or taken, by id

    @property
    def due(self) -> int | None:
        """When the next retry is due, in ms since 1970; None if there is none."""
        return self._due

    @property
    def waits_for_room(self) -> bool:
        """Whether a candidate waits for the rate limit of its domain."""
        return bool(self._full)

    def take(self, *, limit: int, now: int, behind: Candidate | None = None) -> Candidate | None:
        """Take the next whose domain has fewer than `limit` messages under way (0: no limit); None if none can go now.

        `behind` is under way, and the next one will follow on its connection. If both are to one domain, they count as
        one, since the server never has both at the same time. Only the first follower counts so.
        """
        same = self._known[behind.id] if behind and behind.id not in self._behind else None
        if same is not None and same in self._aside and same not in self._full:
            self._bring_back(same, 1)
        while candidate := self._pop(now):
            domain = self._known[candidate.id]
            under_way = self._under_way.get(domain, 0)
            if not limit or under_way - (domain == same) < limit:
                if self._domains.admit(domain, now):
                    if behind and domain == same:
                        self._behind[behind.id] = candidate.id
                        self._ahead[candidate.id] = behind.id
                    else:
                        self._under_way[domain] = under_way + 1
                    return candidate
                self._note_full(domain, now)
            self._aside[domain].append(candidate)
            self._number_aside += 1
        return None

    def count(self, *, now: int) -> int:
        """About how many could be taken now: an upper bound, and 0 only if there is none."""
        self._relieve(now)
        if not self._next and self._number_aside < _MOST_ASIDE:
            self._read(now)
        return len(self._next) + len(self._back)

    def depart(self, candidate: Candidate, *, now: int) -> None:
        """Count a candidate that was claimed and leaves now."""
        if self._domains.rates:
            self._domains.depart(self._known[candidate.id], now)
            self._departed.add(candidate.id)

    def end(self, candidate: Candidate) -> None:
        """Forget a candidate that is done with in this run."""
        domain = self._known.pop(candidate.id)
        if self._domains.rates:
            self._release(candidate, domain)
        self._leave(candidate, domain)

    def put_back(self, candidate: Candidate, *, first: bool) -> None:
        """Queue a candidate again that was not sent: as the next (`first`), or after all others."""
        if first:
            self._next.appendleft(candidate)
        else:
            self._back.append(candidate)
        domain = self._known[candidate.id]
        if self._domains.rates:
            self._release(candidate, domain)
        self._leave(candidate, domain)

    def let_go(self, *, now: int) -> int:
        """Let go of those who have unsubscribed since they were read: they need not wait for room. How many."""
        gone = self._ledger.withdraw_left(self._next, now=now)
        self._next = deque(candidate for candidate in self._next if candidate.id not in gone)
        for id_ in gone:
            del self._known[id_]
        return len(gone)

    def read_again(self) -> None:
        """Ask the ledger again: some candidates in it were deferred, or not sent."""
        self._reread = True
        self._due = 0

    def _release(self, candidate: Candidate, domain: str) -> None:
        """Release the candidate's place at its domain, unless it has left."""
        if candidate.id in self._departed:
            self._departed.remove(candidate.id)
            return
        self._domains.take_back(domain)
        self._full.pop(domain, None)

    def _leave(self, candidate: Candidate, domain: str) -> None:
        if (behind := self._behind.pop(candidate.id, None)) is not None:
            del self._ahead[behind]
            return
        if (ahead := self._ahead.pop(candidate.id, None)) is not None:
            del self._behind[ahead]
            return
        under_way = self._under_way.pop(domain) - 1
        if under_way:
            self._under_way[domain] = under_way
        if domain in self._aside and domain not in self._full:
            self._bring_back(domain, 1)

    def _bring_back(self, domain: str, most: int) -> None:
        """Move up to `most` of those set aside to the front, in their order."""
        waiting = self._aside[domain]
        number = min(most, len(waiting))
        self._next.extendleft(reversed([waiting.popleft() for _ in range(number)]))
        self._number_aside -= number
        if not waiting:
            del self._aside[domain]

    def _note_full(self, domain: str, now: int) -> None:
        if domain not in self._full:
            self._full[domain] = self._domains.next_room(domain, now)
            self._relief = min(self._full.values())

    def _relieve(self, now: int) -> None:
        """Bring back as many as may leave for the domains that have room again."""
        if not self._full or now < self._relief:
            return
        for domain in [domain for domain, until in self._full.items() if until <= now]:
            del self._full[domain]
            if domain in self._aside:
                self._bring_back(domain, self._domains.room(domain, now) or 1)
        self._relief = min(self._full.values(), default=0)

    def _pop(self, now: int) -> Candidate | None:
        if self._full:
            self._relieve(now)
        if not self._next and self._number_aside < _MOST_ASIDE:
            self._read(now)
        if self._next:
            return self._next.popleft()
        return self._back.popleft() if self._back else None

    def _read(self, now: int) -> None:
        """Read from the ledger: untried candidates first, then due retries, last those that others put back."""
        if self._ranges is None:
            ids = self._ledger.find_fresh()
            self._ranges = deque([_IdRange(after=ids[0] - 1, upto=ids[1])] if ids else [])
        while self._ranges and not self._next:
            self._read_fresh(self._ranges, now)
        if not self._next and self._due is not None and self._due <= now:
            most = AHEAD + len(self._known)
            due = self._ledger.read_due(most=most, now=now)
            self._add(due)
            if len(due) < most:  # these are all that are due
                self._due = self._ledger.next_due(after=now)
        if not self._next and not self._back and self._reread:
            self._add(self._ledger.read_put_back(most=AHEAD + len(self._known), now=now))
            self._reread = bool(self._next)

    def _read_fresh(self, ranges: deque[_IdRange], now: int) -> None:
        """Read from the next range."""
        if self._number_aside >= _MANY_ASIDE and len(ranges) < MAX_RANGES:
            _cut_longest(ranges)
        id_range = ranges.popleft()
        candidates, last = self._ledger.read_fresh(after=id_range.after, upto=id_range.upto, most=AHEAD, now=now)
        self._add(candidates)
        if last is not None:
            id_range.after = last
            ranges.append(id_range)

    def _add(self, candidates: list[Candidate]) -> None:
        for candidate in candidates:
            if candidate.id not in self._known:
                self._known[candidate.id] = candidate.domain
                self._next.append(candidate)


@dataclass(slots=True)
class _IdRange:
    """A range of ids of the mailing, read up to `after`."""

    after: int
    upto: int

    @property
    def length(self) -> int:
        """How many ids are left in it: about as many as candidates."""
        return self.upto - self.after


def _cut_longest(ranges: deque[_IdRange]) -> None:
    """Split the longest range in two if it is long enough, and put the second half first."""
    longest = max(ranges, key=lambda id_range: id_range.length)
    if longest.length > AHEAD:
        middle = longest.after + longest.length // 2
        ranges.appendleft(_IdRange(after=middle, upto=longest.upto))
        longest.upto = middle
