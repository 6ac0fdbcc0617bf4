"""Pair each item of an issue with the item of an earlier one that it continues, and find those that moved. Pure.

The pairs are the same whichever of the two issues is the earlier one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import TypeGuard

from bulletin.issue.item import Item, Point
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.kinds.resources import ResourceGroup
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import traits_of

MOST_IDENTITIES = 5
LEAST_LIKENESS = 0.7  # difflib's ratio: “… are moving” and “… have moved” reach 0.86, different subjects at most 0.65
LONGEST_COMPARED = (
    120  # characters; a first sentence is enough to recognise a text, and difflib's time grows with the square
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An item of the later issue with the `earlier` one that it continues (None: it is new).

    `move` is "moved up" or "moved down" if its place among the items of both issues has changed; else "".
    """

    item: Item
    earlier: Item | None
    move: str


def pair_up(before: Sequence[Item], after: Sequence[Item]) -> tuple[tuple[Placed, ...], tuple[Item, ...]]:
    """Each item of `after` in its order, with the one of `before` that it continues; then the items that are gone."""
    partners = _find_partners(before, after)
    moves = _find_moves(partners)
    placed = tuple(
        Placed(item=item, earlier=before[partners[at]] if at in partners else None, move=moves.get(at, ""))
        for at, item in enumerate(after)
    )
    continued = set(partners.values())
    return placed, tuple(item for at, item in enumerate(before) if at not in continued)


def _find_partners(before: Sequence[Item], after: Sequence[Item]) -> dict[int, int]:
    """From places in `after` to places in `before`. The surest identity is tried first, similar words last."""
    left, right = dict(enumerate(before)), dict(enumerate(after))  # those without a partner yet
    partners: dict[int, int] = {}
    for find_matches in _STAGES:
        for earlier, later in find_matches(left, right):
            partners[later] = earlier
            del left[earlier], right[later]
    return partners


def _match_identical(left: Mapping[int, Item], right: Mapping[int, Item], *, stage: int) -> list[tuple[int, int]]:
    """Pairs of places with equal identities at this stage. If several are equal, the first goes with the first."""
    waiting = defaultdict[Hashable, deque[int]](deque)
    for at, item in left.items():
        waiting[_identify(item)[stage]].append(at)
    return [
        (waiting[identity].popleft(), at)
        for at, item in right.items()
        if (identity := _identify(item)[stage]) is not None and waiting[identity]
    ]


def _identify(item: Item) -> tuple[Hashable | None, ...]:
    """The identities of an item, the surest first: all of it, its `id:`, then up to three marks of its own.

    An author gives an `id:` so that an item stays the same one, however it is reworded and wherever it is moved to.
    """
    marks = (item.title, "the only one") if _is_one_of_a_kind(item) else item.marks
    named = (type(item), "id", item.id) if item.id else None
    known = (item, named, *((type(item), mark) for mark in marks))
    return (*known, *[None] * (MOST_IDENTITIES - len(known)))


def _is_one_of_a_kind(item: Item) -> TypeGuard[BaseSection]:
    """Whether an issue has only one such section, so that it is the same section under another title."""
    return isinstance(item, BaseSection) and traits_of(item).one_of_a_kind


def _match_near(left: Mapping[int, Item], right: Mapping[int, Item]) -> list[tuple[int, int]]:
    """Pairs of places with similar words; the most similar and the nearest first."""
    candidates = sorted(
        (-likeness, abs(earlier - later), min(earlier, later), earlier, later)
        for earlier, old in left.items()
        for later, new in right.items()
        if (likeness := _measure_likeness(old, new)) >= LEAST_LIKENESS
    )
    matches: dict[int, int] = {}
    for *_, earlier, later in candidates:
        if later not in matches and earlier not in matches.values():
            matches[later] = earlier
    return [(earlier, later) for later, earlier in matches.items()]


def _measure_likeness(old: Item, new: Item) -> float:
    """From 0 to 1, the same both ways round (difflib's own ratio is not)."""
    first, second = sorted((_read_words(old), _read_words(new)))
    if type(old) is not type(new) or not first:
        return 0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else 0


def _read_words(item: Item) -> str:
    """The words that show which item it is after a rewording; "" if only its identity does."""
    match item:
        case BaseSection() | ResourceGroup():
            return item.title[:LONGEST_COMPARED]
        case Point() | Milestone():
            return item.text[:LONGEST_COMPARED]
        case _:
            return ""


_Matcher = Callable[[Mapping[int, Item], Mapping[int, Item]], list[tuple[int, int]]]
_STAGES: tuple[_Matcher, ...] = (
    *(partial(_match_identical, stage=stage) for stage in range(MOST_IDENTITIES)),
    _match_near,
)


def _find_moves(partners: Mapping[int, int]) -> dict[int, str]:
    """The moves of items that both issues have, by their place in the later one."""
    ranks = {earlier: rank for rank, earlier in enumerate(sorted(partners.values()))}
    order = [(later, ranks[partners[later]]) for later in sorted(partners)]
    matcher = SequenceMatcher(None, range(len(order)), [rank for _, rank in order], autojunk=False)
    resting = {block.b + step for block in matcher.get_matching_blocks() for step in range(block.size)}
    return {
        later: "moved up" if now < rank else "moved down"
        for now, (later, rank) in enumerate(order)
        if now not in resting and now != rank
    }
