"""When messages were taken, in stretches that a chart can show. Pure: what clocks show is handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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
    """How many messages were accepted during each stretch of `length` seconds, the empty ones as well.

    `begins` is what the clock on the wall showed when each began: a local time, without a zone.
    """

    begins: tuple[datetime, ...]
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


def draw_up(numbers: Mapping[int, int], *, ahead: Callable[[int], int]) -> TimeLine | None:
    """The time line of messages by the second (since 1970, UTC) in which they were taken; None if there are none.

    `ahead` says how many seconds the clock on the wall is ahead of UTC at such a second. Stretches begin at even times
    of that clock: on the hour, at midnight. Days are days of the calendar there, also where the clock is changed
    meanwhile. Shorter ones have the same length all along, so that an hour which comes twice is not told as one.
    """
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)

    def place(second: int, length: int) -> int:
        return (second + ahead(second if length >= _DAY else first)) // length

    length = next((one for one in _LENGTHS if place(last, one) - place(first, one) < MOST_STRETCHES), _LENGTHS[-1])
    stretches: Counter[int] = Counter()
    for second, number in numbers.items():
        stretches[place(second, length)] += number
    found = range(min(stretches), max(stretches) + 1)
    begins = [one * length for one in found]  # by the clock, as it was at first
    if length < _DAY:
        begins = [begin - ahead(first) + ahead(begin - ahead(first)) for begin in begins]
    return TimeLine(
        begins=tuple(datetime.fromtimestamp(begin, tz=UTC).replace(tzinfo=None) for begin in begins),
        length=length,
        numbers=tuple(stretches[one] for one in found),
    )
