"""The forecast: how long a mailing takes, when it ends, and whether it fits into today's quota. Pure.

It runs copies of the meters that the mailing will use, and of those of each domain with many recipients. The last of
these may leave long after all others. It cannot know how fast the server is today, or who is deferred. So it is
approximate, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulletin.declaration.rates import Rate
from bulletin.delivery.limits.meter import LONGEST_WAIT, Meter

_MINUTE: Final = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortage:
    """A quota that is too small: `used` of `rate` are spent, so `room` can leave now."""

    rate: Rate
    used: int
    room: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """The `number` recipients at one domain, its limits (`meters`), and the connections that serve it at once."""

    domain: str
    number: int
    connections: int
    meters: Sequence[Meter]


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """How `number` messages will leave, from `now` on. Times are in ms since 1970.

    `today` of them leave before a quota ends the mailing for the day, at `pauses_at`; it can resume at `goes_on_at`.
    Without such a quota both are None. The last one leaves at `ends_at`. If the recipients at one domain cause this,
    they are `crowd`.
    """

    number: int
    now: int
    ends_at: int
    today: int
    pauses_at: int | None
    goes_on_at: int | None
    shortage: Shortage | None
    crowd: Crowd | None = None

    @property
    def spread(self) -> bool:
        """Whether it takes more than one run."""
        return self.shortage is not None


def foresee(
    number: int,
    meters: Sequence[Meter],
    *,
    now: int,
    latency: float,
    connections: int,
    crowds: Iterable[Crowd] = (),
) -> Forecast:
    """Forecast how `number` messages leave within the limits of `meters`, and what they have counted so far.

    The server takes `latency` ms for one message, on each of `connections`. `crowds` are the domains with the most
    recipients: these may have to wait while the others leave.
    """
    forecast = _foresee_all(number, meters, now=now, latency=latency, connections=connections)
    for crowd in crowds:
        few = min(connections, crowd.connections)
        alone = _foresee_all(crowd.number, crowd.meters, now=now, latency=latency, connections=few)
        if alone.ends_at > forecast.ends_at:
            forecast = replace(forecast, ends_at=alone.ends_at, crowd=crowd)
    return forecast


def _foresee_all(number: int, meters: Sequence[Meter], *, now: int, latency: float, connections: int) -> Forecast:
    slow, fast = (
        [meter.copy() for meter in meters if (meter.period < _MINUTE) is is_fast] for is_fast in (False, True)
    )
    gap = max([latency / connections, *(meter.longest / meter.rate.number for meter in fast)])  # ms between two
    step = max(1, int(min((meter.width for meter in slow), default=math.inf) / gap)) if slow else number
    time, left = float(now), number
    today: int = number
    pauses_at: int | None = None
    goes_on_at: int | None = None
    shortage: Shortage | None = None
    while left:
        moment = math.ceil(time)
        room = min([left, step, *(meter.room(moment) for meter in slow)])
        if room:
            for meter in slow:
                meter.add(room, moment)
            time, left = time + room * gap, left - room
            continue
        until = max(meter.next_room(moment) for meter in slow)
        if shortage is None and until - moment > LONGEST_WAIT:
            today, pauses_at, goes_on_at = number - left, moment, until
            shortage = _find_shortage(meters, now)
        time = until
    return Forecast(
        number=number,
        now=now,
        ends_at=math.ceil(time),
        today=today,
        pauses_at=pauses_at,
        goes_on_at=goes_on_at,
        shortage=shortage,
    )


def _find_shortage(meters: Sequence[Meter], now: int) -> Shortage:
    """The quota with the least room, of those that take longest to come back."""
    longest = max(meter.period for meter in meters)
    meter = min((meter for meter in meters if meter.period == longest), key=lambda meter: meter.room(now))
    return Shortage(rate=meter.rate, used=meter.used(now), room=meter.room(now))
