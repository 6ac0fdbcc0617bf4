"""When temporary failures add up to a reason not to write any more: computed from deliveries, never counted. Pure.

So reading a report twice, or erasing a person, can't make it wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

MOST: Final = 3  # issues in a row
_DAY: Final = 24 * 60 * 60 * 1000  # ms
_LOOKED_AT: Final = 180 * _DAY
_APART: Final = 14 * _DAY  # the first and the third: a week of trouble at one server is no reason
_SETTLED: Final = 5 * _DAY  # as long as servers try: an accepted delivery may still bounce


class DeliveryEnd(StrEnum):
    """How a delivery ended, as far as this policy cares. Others (withdrawn, paused, ours) are not handed in."""

    ACCEPTED = "accepted"
    SOFT = "soft"


class EndedDelivery(NamedTuple):
    """A delivery of one person: of which issue, when it was sent (ms since 1970), and how it ended."""

    issue: str
    at: int
    end: DeliveryEnd


class SoftState(NamedTuple):
    """How many issues in a row have failed, 3 at most; `suppress` if that is a reason not to write any more."""

    failed: int
    suppress: bool

    @property
    def words(self) -> str:
        """`fine`, `1 of 3`, `2 of 3`, or `suppressed`."""
        if self.suppress:
            return "suppressed"
        return f"{min(self.failed, MOST - 1)} of {MOST}" if self.failed else "fine"


def find_soft_state(deliveries: Iterable[EndedDelivery], *, now: int) -> SoftState:
    """How a person is doing at `now` (ms since 1970), from their deliveries of any order and age.

    Of the last 180 days, the newest of each issue. Three in a row suppress if the first and the third are 14 days apart
    or more. An accepted one breaks the row once it is five days old.
    """
    times = list(_find_row(deliveries, now))[:MOST]
    return SoftState(len(times), len(times) == MOST and times[0] - times[-1] >= _APART)


def _find_row(deliveries: Iterable[EndedDelivery], now: int) -> Iterator[int]:
    """When the issues failed that nothing accepted follows, newest first."""
    seen: set[str] = set()
    recent = (one for one in deliveries if now - one.at <= _LOOKED_AT)
    for delivery in sorted(recent, key=lambda one: one.at, reverse=True):
        if delivery.issue in seen:
            continue
        seen.add(delivery.issue)
        if delivery.end is DeliveryEnd.SOFT:
            yield delivery.at
        elif now - delivery.at >= _SETTLED:
            return
