"""Whose turn it is: one rate for all who send, on any computer, in one SQL statement (GCRA, as in ATM networks).

The database keeps when the next message may leave. To take a turn moves that on, and tells how long to wait: so those
who wait are served in the order in which they asked, and two mailings share a rate by how often each asks.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.declaration.rates import Rate

LONGEST: Final = 60_000
"""ms: longer limits are counted instead (`pace`), so that a day's messages may leave at once."""

_NOW: Final = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_TAKE: Final = f"""
INSERT INTO turns AS t (key, next_at) VALUES (%(key)s, {_NOW} + %(cost)s)
ON CONFLICT (key) DO UPDATE SET next_at = greatest(t.next_at, {_NOW}) + %(cost)s
RETURNING next_at - %(cost)s - {_NOW}
"""  # noqa: S608 -- our own words only
# A turn that is lost with the server's power is lost to no one's harm.
_NO_WAIT: Final = "SET synchronous_commit = off"
_MARGIN: Final = 0.97
"""Part of a rate that is used. In ten seconds no more leave than may, though each turn may be used late (`_STALE`)."""

_PARTS: Final = 100
"""A turn is for this part of a rate's number, or for one message."""

_AHEAD: Final = 0.3
"""Seconds' worth of messages for which all together take turns ahead: a message takes a while from here to the relay.

Who pauses for a moment loses no more turns than it has taken.
"""

_STALE: Final = 300
"""ms after which a turn that was not used is lost: used later, it would come on top of those of others."""


class TurnTaker:
    """Takes turns by a session of its own. Closed by `close`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self, key: str, *, cost: float) -> float:
        """Take a turn that lasts `cost` seconds; in how many seconds it begins. Raises DatabaseError."""
        with database_errors():
            connection = self._connection = self._connection or self._connect()
            try:
                wait = connection.exec_driver_sql(_TAKE, {"key": key, "cost": int(cost * 1e6)}).scalar_one()
            except BaseException:
                self._connection = None
                connection.close()
                raise
        return float(max(0, wait)) / 1e6

    def close(self) -> None:
        """End the session."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connect(self) -> Connection:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        connection.exec_driver_sql(_NO_WAIT)
        return connection


class Turns:
    """The turns that one sender has taken of one rate. `key` names the rate for all. Times are in ms.

    A few are taken ahead. A sender that uses none has no need of them: it takes no more until it does (`wake`).
    """

    def __init__(self, taker: TurnTaker, key: str, rate: Rate) -> None:
        self._taker = taker
        self._key = key
        self._size = max(1, rate.number // _PARTS)
        self._each = rate.milliseconds / rate.number / _MARGIN
        self._taken: list[list[int]] = []  # [when it begins, how many messages are left of it]
        self._unused = False  # whether none was used since the last was lost
        self._rests = False
        self.shifts = 1
        """How many take turns of this rate."""
        self.weight = 1.0
        """How many times as many are taken ahead: so a mailing with fewer senders gets as much as another."""

    def wake(self) -> None:
        """A message is ready to leave: take turns again."""
        self._rests = self._unused = False

    def room(self, now: int) -> int:
        """How many messages may leave now. Takes more turns if few are left. Raises DatabaseError.

        One, while none are taken: ask again after `wake`.
        """
        self._drop_stale(now)
        if self._rests:
            return 1
        held = sum(left for _, left in self._taken)
        ahead = round(max(1.0, _AHEAD * 1000 / self._each / self.shifts) * self.weight)
        if held <= ahead // 2:
            self._take(ahead - held, now)
        return sum(left for at, left in self._taken if at <= now)

    def next_room(self, now: int) -> int:
        """When messages may leave again."""
        return now if self._rests else max(now, min((at for at, _ in self._taken), default=now))

    def use(self, number: int) -> None:
        """So many have left."""
        self._unused = False
        while number and self._taken:
            used = min(number, self._taken[0][1])
            self._taken[0][1] -= used
            number -= used
            if not self._taken[0][1]:
                del self._taken[0]

    def _take(self, messages: int, now: int) -> None:
        """Take turns for so many messages at once: each word with the database is waited for."""
        number, lasts = max(1, round(messages / self._size)), self._size * self._each
        asked = time.monotonic()
        wait = self._taker.take(self._key, cost=number * lasts / 1000)
        late = time.monotonic() - asked if wait else 0  # who has to wait does so from the answer on
        begins = now + (late + wait) * 1000
        self._taken += [[round(begins + place * lasts), self._size] for place in range(number)]

    def _drop_stale(self, now: int) -> None:
        stale = [turn for turn in self._taken if turn[0] < now - _STALE]
        if not stale:
            return
        self._taken = [turn for turn in self._taken if turn not in stale]
        self._rests |= self._unused
        self._unused = True
