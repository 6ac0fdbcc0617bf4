"""Hold back the entries of a contribution that have faults, so that all others can be used. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from bulletin.declaration.source import Data, Place, Source, Span
from bulletin.drafting.comments import tidy
from bulletin.errors import Fault

_LONGEST_TITLE = 60  # characters

_Position = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """An entry that can't be used until its faults are fixed. `title` is "" for a fault beside the entries."""

    title: str
    faults: tuple[Fault, ...]


def hold_back(
    source: Source, faults: Iterable[Fault], *, known: Mapping[Place, Iterable[Fault]] | None = None
) -> tuple[Source, tuple[HeldBack, ...], tuple[Fault, ...]]:
    """The source without the entries that have the faults; these entries; and the faults that are in none.

    A section without entries is one itself. So is a section or group with a fault beside its entries. `known` are
    further faults by the place of their entry, wherever they are.
    """
    extents = _measure(source)
    by_place: dict[Place, list[Fault]] = {place: list(found) for place, found in (known or {}).items()}
    outside: list[Fault] = []
    for fault in dict.fromkeys(faults):
        place = _find_place(extents, fault)
        (by_place.setdefault(place, []) if place else outside).append(fault)
    inner = {place for place in by_place if any(place[: len(one)] == one for one in by_place if len(one) < len(place))}
    for place in sorted(inner):  # an entry of a section that is held back as a whole
        outer = next(one for one in by_place if one not in inner and place[: len(one)] == one)
        by_place[outer] += by_place.pop(place)
    held = [
        HeldBack(title=name_entry(_look_up(source.data, at)), faults=tuple(by_place[at])) for at in sorted(by_place)
    ]
    return replace(_drop(source, set(by_place)), faults=()), tuple(held), tuple(outside)


def find_shared(source: Source, faults: Iterable[Fault]) -> Mapping[tuple[Place, ...], list[Fault]]:
    """The faults that are in a section or group beside its entries, if these are several, by the entries' places.

    What is wrong may be how they go together: two with one number, say.
    """
    extents, entries = _measure(source), tuple(_find_entries(source.data))
    shared: dict[tuple[Place, ...], list[Fault]] = {}
    for fault in faults:
        place = _find_place(extents, fault)
        inside = tuple(entry for entry in entries if entry[: len(place)] == place) if place else ()
        if len(inside) > 1:
            shared.setdefault(inside, []).append(fault)
    return shared


def keep_entries(source: Source, places: Iterable[Place]) -> Source:
    """The source with only the entries at these places."""
    return _drop(source, set(_find_entries(source.data)).difference(places))


def name_entry(entry: Data) -> str:
    """The title of an entry, valid or not, or the beginning of its first text; "" if it has none."""
    texts = [entry] if isinstance(entry, str) else []
    if isinstance(entry, dict):
        texts = [text for text in (entry.get("title"), entry.get("name"), *entry.values()) if isinstance(text, str)]
    words = next((words for text in texts if (words := tidy(text))), "")
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"


def count_entries(source: Source) -> int:
    """How many entries there are: items, or sections without any."""
    return sum(1 for _ in _find_entries(source.data))


def _find_entries(data: Data) -> Iterator[Place]:
    """The place of each item; of each section or group that has none."""
    for at, section in _enumerate(data, "sections"):
        place: Place = ("sections", at)
        items = [(*place, "items", number) for number, _ in _enumerate(section, "items")]
        for number, group in _enumerate(section, "groups"):
            within: Place = (*place, "groups", number)
            items += [(*within, "items", inner) for inner, _ in _enumerate(group, "items")] or [within]
        yield from items or [place]


def _enumerate(holder: Data, name: str) -> Iterator[tuple[int, Data]]:
    entries = holder.get(name) if isinstance(holder, dict) else None
    yield from enumerate(entries if isinstance(entries, list) else ())


def _look_up(data: Data, place: Place) -> Data:
    for step in place:
        data = cast("dict[str | int, Data]", data)[step]
    return data


def _measure(source: Source) -> dict[Place, tuple[_Position, _Position]]:
    """From where to where each entry goes, and each section and group around it; the innermost first."""
    whole = {step for place in _find_entries(source.data) for step in _list_steps(place)}
    extents: dict[Place, tuple[_Position, _Position]] = {}
    for places in (source.values, source.keys):
        for place, span in places.items():
            for step in _list_steps(place):
                if step in whole:
                    extents[step] = _widen(extents.get(step), span)
    return dict(sorted(extents.items(), key=lambda item: -len(item[0])))


def _widen(extent: tuple[_Position, _Position] | None, span: Span) -> tuple[_Position, _Position]:
    first, last = (span.line, span.column), (span.end_line, span.end_column)
    return (min(extent[0], first), max(extent[1], last)) if extent else (first, last)


def _find_place(extents: dict[Place, tuple[_Position, _Position]], fault: Fault) -> Place:
    """The innermost entry, group or section that a fault is in; () if it is in none."""
    at = (fault.line, fault.column)
    return next((place for place, (first, last) in extents.items() if first <= at < last), ()) if fault.line else ()


def _drop(source: Source, dropped: set[Place]) -> Source:
    """The source without these entries, and without the sections and groups that have no others."""
    entries = set(_find_entries(source.data))
    left = {place for place in entries if not any(step in dropped for step in _list_steps(place))}
    kept = {step for place in left for step in _list_steps(place)}
    gone = {step for place in entries for step in _list_steps(place)} - kept
    moved: dict[Place, Place] = {}
    data = _prune(source.data, (), (), gone, moved)
    return replace(
        source,
        data=data,
        values={moved[place]: span for place, span in source.values.items() if place in moved},
        keys={moved[place]: span for place, span in source.keys.items() if place in moved},
        refused=frozenset(moved[place] for place in source.refused if place in moved),
    )


def _list_steps(place: Place) -> Iterator[Place]:
    """The section, the group and the item on the way to a place."""
    return (place[:depth] for depth in range(2, len(place) + 1, 2))


def _prune(data: Data, place: Place, new: Place, gone: set[Place], moved: dict[Place, Place]) -> Data:
    """The data without what is gone. `moved` gets the new place of everything else."""
    moved[place] = new
    if isinstance(data, dict):
        return {name: _prune(value, (*place, name), (*new, name), gone, moved) for name, value in data.items()}
    if isinstance(data, list):
        kept: list[Data] = []
        for number, value in enumerate(data):
            if (*place, number) not in gone:
                kept.append(_prune(value, (*place, number), (*new, len(kept)), gone, moved))
        return kept
    return data
