"""An audience, and what of an issue is for it. Pure.

A record is visible to an audience if it, and everything that contains it, is: its `for:` is empty or names one of the
audience's lists; and if it has `marketing: yes`, the audience has consent.

Consent here is to direct marketing by email. Such email needs the reader's own consent (PECR regulation 22), and so
does a part of an email that is marketing: an appeal, a paid course, another body's offer. A reader has it through a
list of the mailing that they are on with `basis: consent`: its file, or the website, keeps when they agreed and to
what words. They also have it through a list with `basis: soft-opt-in`, which charities may use since February 2026 for
supporters who were offered a way out at the start and in each email (the Data (Use and Access) Act 2025). Any other
basis, such as a public task, covers what the organisation has to tell people, and never marketing. Consent to one list
is no consent to another, so a list that is not of the mailing never counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Final, Generic, TypeVar

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Place
from bulletin.issue.item import Item
from bulletin.issue.passages import walk_records

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """The readers of one edition: the lists that they are on, whether they consent to marketing, and their language.

    `language` is the one that they chose, where each reader gets a bilingual issue in theirs; "" for all of it.
    """

    lists: frozenset[str] = frozenset()
    consent: bool = False
    language: str = ""

    def sees(self, item: Item) -> bool:
        """Whether this very record is for them, and not taken away. What contains it may not be."""
        return not item.withdrawn and self.is_for(item)

    def is_for(self, item: Item) -> bool:
        """Whether this very record is for them, even if it was taken away."""
        return (not item.for_ or not self.lists.isdisjoint(item.for_)) and (self.consent or not item.marketing)


PUBLIC: Final = Audience()
"""Everyone: people on no list, and whatever is on the web."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveAudience(Audience):
    """The public on the web: where something was taken away, its heading stays and says so."""

    def sees(self, item: Item) -> bool:
        """Whether its heading at least is for them."""
        return self.is_for(item)


ON_THE_WEB: Final = ArchiveAudience()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned(Generic[T]):
    """What is left of a record, or of a list of records, for an audience; None for a record that is not for it.

    `origins`: the place that each record left had in the whole, by its place now.
    """

    value: T
    origins: Mapping[Place, Place] = field(default_factory=dict)


def prune(record: Declared, audience: Audience, *, before: Place, now: Place) -> Pruned[Declared | None]:
    """What `audience` sees of `record`, which was at the place `before` and is at `now`: itself, if that is all of it.

    A record goes with the last entry of a list that it can't be without: a section with its items, a group of
    resources with its resources.
    """
    if isinstance(record, Item) and not audience.sees(record):
        return Pruned(value=None)
    origins, changed = {now: before}, dict[str, Any]()
    for name, info in type(record).model_fields.items():
        value, key = getattr(record, name), info.alias or name
        pruned = _prune_value(value, audience, before=(*before, key), now=(*now, key))
        if value and info.is_required() and not pruned.value and isinstance(value, tuple):
            return Pruned(value=None)
        origins.update(pruned.origins)
        if pruned.value is not value:
            changed[name] = pruned.value
    return Pruned(value=record.model_copy(update=changed) if changed else record, origins=origins)


def _prune_value(value: Any, audience: Audience, *, before: Place, now: Place) -> Pruned[Any]:
    if isinstance(value, tuple):
        return prune_all(value, audience, before=before, now=now)
    return prune(value, audience, before=before, now=now) if isinstance(value, Declared) else Pruned(value=value)


def prune_all(entries: tuple[T, ...], audience: Audience, *, before: Place, now: Place) -> Pruned[tuple[T, ...]]:
    """Those of `entries` that `audience` sees. It is the very same tuple if that is all of them."""
    kept: list[T] = []
    origins: dict[Place, Place] = {}
    for number, entry in enumerate(entries):
        pruned = _prune_value(entry, audience, before=(*before, number), now=(*now, len(kept)))
        if pruned.value is not None:
            kept.append(pruned.value)
            origins.update(pruned.origins)
    same = len(kept) == len(entries) and all(map(is_, kept, entries))
    return Pruned(value=entries if same else tuple(kept), origins=origins)


def find_widest(record: Declared) -> Audience:
    """The audience that sees all of `record`: every list that a `for:` in it names, and consent if any is marketing."""
    items = [found.value for found in walk_records(record) if isinstance(found.value, Item)]
    lists = frozenset(name for item in items for name in item.for_)
    return Audience(lists=lists, consent=any(item.marketing for item in items))


def name_all(names: Sequence[str]) -> str:
    """`partners, champions and schools`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
