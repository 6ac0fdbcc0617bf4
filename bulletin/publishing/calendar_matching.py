"""Which published date an entry of an issue continues: in the same issue as it was before, or in another one. Pure.

A person who has put a date into their calendar must see a change there, not a second date. Where two published dates
could be meant, none is guessed at: the proof asks for an `id:`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bulletin.edition.calendar.entries import CalendarEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDate:
    """A published date: its UID, its entry as readers have it, and the names of its files in the issue at hand."""

    uid: str
    entry: CalendarEntry
    names: frozenset[str] = frozenset()


_Likeness = Callable[[CalendarEntry, KnownDate], bool]


def _is_item(entry: CalendarEntry, known: KnownDate) -> bool:
    return entry.key == known.entry.key and entry.kind is known.entry.kind


def _is_at(entry: CalendarEntry, known: KnownDate) -> bool:
    return (entry.first, entry.last, entry.starts) == (known.entry.first, known.entry.last, known.entry.starts)


def match_in_issue(entries: Sequence[CalendarEntry], known: Sequence[KnownDate]) -> dict[str, str]:
    """The UID of each entry that the issue had before, by the entry's name.

    First by what it is and when; then by its name, since its day was corrected; then by its day alone, if only one has
    that: its title was corrected.
    """
    found: dict[str, str] = {}
    _pair(entries, known, found, lambda entry, one: _is_item(entry, one) and _is_at(entry, one))
    _pair(entries, known, found, lambda entry, one: _is_item(entry, one) and entry.name in one.names)
    _pair(entries, known, found, _is_item, alone=True)
    _pair(
        entries,
        known,
        found,
        lambda entry, one: entry.kind is one.entry.kind and _is_at(entry, one),
        alone=True,
    )
    return found


def match_elsewhere(entries: Sequence[CalendarEntry], known: Sequence[KnownDate]) -> dict[str, str]:
    """The UID of each entry that other issues have too, by the entry's name: by what and when it is, or what alone."""
    found: dict[str, str] = {}
    _pair(entries, known, found, lambda entry, one: _is_item(entry, one) and _is_at(entry, one))
    _pair(entries, known, found, lambda entry, one: _is_item(entry, one) and entry.first == one.entry.first)
    _pair(entries, known, found, _is_item, alone=True)
    return found


def _pair(
    entries: Sequence[CalendarEntry],
    known: Sequence[KnownDate],
    found: dict[str, str],
    is_like: _Likeness,
    *,
    alone: bool = False,
) -> None:
    """Add a pair for each entry without one that is like a date without one. `alone`: only if each is like no other."""
    taken = set(found.values())
    open_entries = [entry for entry in entries if entry.name not in found]
    open_dates = [one for one in known if one.uid not in taken]
    for entry in open_entries:
        like = [one for one in open_dates if one.uid not in taken and is_like(entry, one)]
        rivals = [other for other in open_entries if like and is_like(other, like[0])]
        if like and not (alone and (len(like) > 1 or len(rivals) > 1)):
            found[entry.name] = like[0].uid
            taken.add(like[0].uid)
