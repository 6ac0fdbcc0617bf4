"""When returned emails would suppress so many readers at once that a person must look first. Pure.

A forged flood, a provider's outage or a domain that is set up wrongly all look like hundreds of dead mailboxes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

_MOST: Final = 20  # readers of a mailing, and …
_MOST_OF_MAILING: Final = 0.05
_MOST_OF_DOMAIN: Final = 0.8
FEWEST_OF_DOMAIN: Final = 5
_MOST_AT_EDGE: Final = 2  # of one domain: Exchange Online's “access denied”
_NONE: Final[Mapping[str, int]] = {}


class PlannedSuppression(NamedTuple):
    """A reader that this reading would suppress. `at_edge`: the reason is Exchange Online's “access denied”."""

    subscriber: int
    mailing: int
    domain: str
    at_edge: bool = False


@dataclass(frozen=True, kw_only=True)
class GuardedReading:
    """What a reading may do. `reasons` says, in a line each, why nothing is applied; empty if `applied` may be.

    `held` are readers for a person to decide about, whether or not the rest is applied. `stormy` are those that are not
    suppressed because of the reasons.
    """

    applied: tuple[PlannedSuppression, ...]
    held: tuple[PlannedSuppression, ...]
    reasons: tuple[str, ...]
    stormy: frozenset[PlannedSuppression] = frozenset()

    def holds(self, subscriber: int, mailing: int) -> bool:
        """Whether a person is to decide about this reader of this mailing."""
        return any((one.subscriber, one.mailing) == (subscriber, mailing) for one in self.held)

    @cached_property
    def _left(self) -> frozenset[tuple[int, int]]:
        return frozenset((one.subscriber, one.mailing) for one in self.stormy)

    def leave(self) -> GuardedReading:
        """The same, if a person has looked, and no one in the storm is to be suppressed: then the rest is applied."""
        return replace(self, reasons=())

    def leaves(self, subscriber: int, mailing: int) -> bool:
        """Whether this reader of this mailing is left as they are."""
        return (subscriber, mailing) in self._left


def guard_reading(
    planned: Sequence[PlannedSuppression],
    *,
    sent: Mapping[int, int],
    sent_to_domain: Mapping[tuple[int, str], int],
    at_edge_before: Mapping[str, int] = _NONE,
    confirmed: bool = False,
) -> GuardedReading:
    """Decide what a reading may do. `sent` is how many got each mailing, `sent_to_domain` how many at each domain.

    With more than 20 readers and 5 % of a mailing, or 80 % of a domain (five or more), nothing is applied until a
    person has `confirmed` it. Three or more at one domain with Exchange Online’s “access denied” are held in any case;
    `at_edge_before` has how many there were at each domain of late.
    """
    unique = tuple(dict.fromkeys(planned))
    edges = Counter(at_edge_before)
    edges.update(domain for _, domain in {(one.subscriber, one.domain) for one in unique if one.at_edge})
    held = {one: None for one in unique if one.at_edge and not confirmed and edges[one.domain] > _MOST_AT_EDGE}
    rest = tuple(one for one in unique if one not in held)
    reasons = () if confirmed else (*_find_crowded_mailings(rest, sent), *_find_crowded_domains(rest, sent_to_domain))
    return GuardedReading(
        applied=() if reasons else rest,
        held=tuple(held),
        reasons=reasons,
        stormy=frozenset(rest) if reasons else frozenset(),
    )


def _find_crowded_mailings(planned: tuple[PlannedSuppression, ...], sent: Mapping[int, int]) -> list[str]:
    numbers = Counter(mailing for mailing, _ in {(one.mailing, one.subscriber) for one in planned})
    return [
        f"{number} of {sent.get(mailing, 0)} readers of one mailing would be suppressed at once."
        for mailing, number in numbers.items()
        if number > _MOST and number > _MOST_OF_MAILING * sent.get(mailing, 0)
    ]


def _find_crowded_domains(
    planned: tuple[PlannedSuppression, ...], sent_to_domain: Mapping[tuple[int, str], int]
) -> list[str]:
    numbers = Counter(place for place, _ in {((one.mailing, one.domain), one.subscriber) for one in planned})
    return [
        f"{number} of {sent_to_domain.get(place, 0)} readers at {place[1]} would be suppressed at once."
        for place, number in numbers.items()
        if number >= FEWEST_OF_DOMAIN and number >= _MOST_OF_DOMAIN * sent_to_domain.get(place, 0)
    ]
