"""When messages were taken, in stretches of equal length that a chart can show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_STRETCHES: Final = 16
"""So many columns a table can have beside them without becoming much longer."""

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86400
_LENGTHS: Final = (  # seconds
    *(seconds * _SECOND for seconds in (1, 2, 5, 10, 20, 30)),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 6, 12)),
    *(days * _DAY for days in (1, 2, 7, 14, 30, 90, 365)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeLine:
    """How many messages were taken in each stretch of `length` seconds; the first begins at `begins_at`.

    `begins_at` is in seconds since 1970, UTC. `numbers` has the empty stretches as well.
    """

    begins_at: int
    length: int
    numbers: tuple[int, ...]

    @property
    def lasts_a_minute(self) -> bool:
        """Whether it went on for so long that a rate by the minute is one, and no guess."""
        return len(self.numbers) * self.length >= _MINUTE

    @property
    def a_minute(self) -> float:
        """The most messages a minute, over any one stretch."""
        return max(self.numbers, default=0) * _MINUTE / self.length


def draw_up(numbers: Mapping[int, int], *, offset: int = 0) -> TimeLine | None:
    """The time line of messages by the second (since 1970, UTC) in which they were taken; None if there are none.

    Stretches begin at even times of a zone that is `offset` seconds ahead of UTC: on the hour, at midnight.
    """
    if not numbers:
        return None
    first, last = min(numbers) + offset, max(numbers) + offset
    length = next((length for length in _LENGTHS if last // length - first // length < MOST_STRETCHES), _LENGTHS[-1])
    stretches = [0] * (last // length - first // length + 1)
    for second, number in numbers.items():
        stretches[(second + offset) // length - first // length] += number
    return TimeLine(begins_at=first // length * length - offset, length=length, numbers=tuple(stretches))


def describe_length(seconds: int) -> str:
    """`10 seconds`, `minute`, `2 hours`: a stretch, behind “each”."""
    name, unit = next(
        (name, unit)
        for name, unit in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE), ("second", _SECOND))
        if seconds % unit == 0
    )
    number = seconds // unit
    return name if number == 1 else f"{number} {name}s"
