"""Anchors that were published are kept: after a new title, a link to the old one still leads to its item. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptAnchor:
    """An anchor that a page had, the one that it leads to ("" if its item is gone), and that one's place."""

    anchor: str
    leads_to: str
    place: str


def keep_anchors(before: Iterable[KeptAnchor], now: Mapping[str, str]) -> tuple[KeptAnchor, ...]:
    """All anchors from `before` and those of `now` (anchor → place), each with where it leads to now.

    An anchor that is gone leads to what is at its place now, if that is new itself: it is the same item with another
    title. Else it leads to the top of the page.
    """
    former = tuple(before)
    known = {each.anchor for each in former}
    new_at = {place: anchor for anchor, place in now.items() if anchor not in known}
    kept = [KeptAnchor(anchor=anchor, leads_to=anchor, place=place) for anchor, place in now.items()]
    for each in former:
        if each.anchor in now:
            continue
        leads_to = each.leads_to if each.leads_to in now else new_at.get(each.place, "")
        kept.append(KeptAnchor(anchor=each.anchor, leads_to=leads_to, place=now.get(leads_to, each.place)))
    return tuple(kept)


def list_former(kept: Iterable[KeptAnchor]) -> dict[str, tuple[str, ...]]:
    """The old anchors by the anchor that they lead to; "" has those whose item is gone."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in kept:
        if each.anchor != each.leads_to:
            found[each.leads_to].append(each.anchor)
    return {leads_to: tuple(sorted(anchors)) for leads_to, anchors in found.items()}
