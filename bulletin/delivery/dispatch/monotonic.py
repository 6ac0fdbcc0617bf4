"""A clock that never goes back, even if the machine's own clock does during a mailing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class SteadyClock:
    """Tells ms since 1970 as `wall` does; if that is set back, this clock continues as before.

    So nothing waits for the same time twice, and no message ends before it began. If `wall` is set forward, or the
    machine slept, this clock follows.
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
