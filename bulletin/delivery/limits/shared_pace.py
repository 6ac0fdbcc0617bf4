"""The pace of one of several senders: limits of a minute or less in turns, longer ones counted by all together.

Only on PostgreSQL. A sender alone on an SQLite file keeps to `pace` as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bulletin.delivery.limits.domains import Domains
from bulletin.delivery.limits.pace import MeasuredPace, name_account
from bulletin.delivery.limits.turns import LONGEST, Turns, TurnTaker
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from bulletin.declaration.rates import Rate
    from bulletin.delivery.limits.provider_limits import Allowance
    from bulletin.delivery.transport.opening import AnyRelay

_LONGEST_KEY: Final = 320
_RETRY: Final = 1000  # ms after which turns are asked for again if the database did not answer


class SharedPace(MeasuredPace):
    """The pace of one shift at one relay. `note_others` says how many others there are."""

    def __init__(
        self,
        account: str,
        allowance: Allowance,
        domains: Domains,
        *,
        taker: TurnTaker,
        connections: int | None,
    ) -> None:
        """`connections` are this shift's own; None: its share of all."""
        long = tuple(rate for rate in allowance.limits if rate.milliseconds > LONGEST)
        super().__init__(account, replace(allowance, limits=long), domains)
        short = [rate for rate in allowance.limits if rate.milliseconds <= LONGEST]
        self._turns = [Turns(taker, f"{account} {rate}"[-_LONGEST_KEY:], rate) for rate in short]
        self._own = connections
        self._shifts = 1
        self._retry_at = 0

    @classmethod
    def share(
        cls,
        engine: Engine,
        relay: AnyRelay,
        allowance: Allowance,
        *,
        now: int,
        domains: Domains,
        taker: TurnTaker,
        connections: int | None = None,
    ) -> SharedPace:
        """As `MeasuredPace.load`. Raises DatabaseError."""
        pace = cls(name_account(relay), allowance, domains, taker=taker, connections=connections)
        pace.refresh(engine, now=now)
        return pace

    def note_others(self, shifts: int, *, ours: int, most: int) -> None:
        """There are so many shifts in all; `ours` of this mailing, and `most` of the one that has most."""
        self._shifts = max(1, shifts)
        for turns in self._turns:
            turns.weight, turns.shifts = max(1, most) / max(1, ours), self._shifts
        if isinstance(self.domains, SharedDomains):
            self.domains.shifts = self._shifts

    @property
    def connections(self) -> int:
        """The most connections that are useful now."""
        useful = super().connections
        return self._own or max(1, useful // self._shifts)

    def room(self, *, now: int) -> int:
        """How many messages may be sent now: none while the database does not answer."""
        room = super().room(now=now)
        if not room or now < self._retry_at:
            return 0
        try:
            return min([room, *(turns.room(now) for turns in self._turns)])
        except DatabaseError:
            self._retry_at = now + _RETRY
            return 0

    def next_room(self, *, now: int) -> int | None:
        """When messages may be sent again."""
        until = super().next_room(now=now)
        return until and max([until, self._retry_at, *(turns.next_room(now) for turns in self._turns)])

    def admit(self, connection: Connection, *, now: int) -> int:
        """As `room`, within the transaction that will claim."""
        for turns in self._turns:
            turns.wake()
        return super().admit(connection, now=now)

    def record(self, connection: Connection, number: int, *, now: int) -> None:
        """Count claimed messages."""
        super().record(connection, number, now=now)
        for turns in self._turns:
            turns.use(number)


class SharedDomains(Domains):
    """The limits of domains, for one of several shifts.

    Half of a limit is divided among all shifts, and is used without asking. Beyond its part, a shift takes turns with
    all others by the other half. So only domains with many readers cost anything, and no limit is ever exceeded.
    """

    def __init__(self, rates: Sequence[Rate], taker: TurnTaker) -> None:
        super().__init__(rates)
        self._taker = taker
        self._busy: dict[tuple[str, Rate], Turns] = {}
        self.shifts = 1

    def admit(self, domain: str, now: int) -> bool:
        """Reserve a place for a message to `domain`, if there is room now, and if it is our turn."""
        if not super().admit(domain, now):
            return False
        queues = [self._queue_at(domain, rate) for rate in self._find_used_up(domain)]
        try:
            for turns in queues:
                turns.wake()
            if all(turns.room(now) for turns in queues):
                for turns in queues:
                    turns.use(1)
                return True
        except DatabaseError:
            pass
        self.take_back(domain)
        return False

    def next_room(self, domain: str, now: int) -> int:
        """When a message may leave for `domain`."""
        turns = [queue for (name, _), queue in self._busy.items() if name == domain]
        return max([super().next_room(domain, now), *(queue.next_room(now) for queue in turns)], default=now)

    def _find_used_up(self, domain: str) -> list[Rate]:
        """The limits of which our part is used up, with the message that was just admitted."""
        return [tally.rate for tally in self._tallies if tally.used.get(domain, 0) > tally.number // (2 * self.shifts)]

    def _queue_at(self, domain: str, rate: Rate) -> Turns:
        if (domain, rate) not in self._busy:
            self._busy[domain, rate] = Turns(self._taker, f"@{domain} {rate}"[:_LONGEST_KEY], _halve(rate))
        return self._busy[domain, rate]


def _halve(rate: Rate) -> Rate:
    if rate.number > 1:
        return replace(rate, number=rate.number - rate.number // 2)
    return rate
