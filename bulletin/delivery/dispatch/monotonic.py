"""A clock that never goes back, whatever becomes of the machine's own while a mailing goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class SteadyClock:
    """Tells ms since 1970 as `wall` does; where that is set back, it goes on as if it had not been.

    So nothing waits for a time that has been and comes again, and what ended never ended before it began. Set
    forward, or after the machine slept, it goes along.
    """

    wall: Callable[[], int]
    monotonic: Callable[[], float] = time.monotonic  # seconds
    _ahead: float = field(init=False)  # of `wall`, at the beginning

    def __post_init__(self) -> None:
        self._ahead = self.wall() - 1000 * self.monotonic()

    def __call__(self) -> int:
        measured = 1000 * self.monotonic()
        self._ahead = max(self._ahead, self.wall() - measured)
        return int(self._ahead + measured)
