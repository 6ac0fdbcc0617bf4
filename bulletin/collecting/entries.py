"""The entries of sections, as data: the name of each, and a code of its content. Pure."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from hashlib import sha256
from typing import cast

from bulletin.collecting.contribution import Record
from bulletin.declaration.source import Data, Place
from bulletin.drafting.comments import tidy


def list_name(section: Record) -> str | None:
    """The name of a section's list of entries; None for a section without one."""
    return next((name for name in ("items", "groups") if section.get(name)), None)


def find_leaves(entry: Data, within: Place) -> Iterator[tuple[Place, Data]]:
    """The parts that get their own signature, with their places: each item of a section or group, or a whole section.

    `within` is the list that the entry is in. An item is never split.
    """
    name = list_name(entry) if isinstance(entry, dict) else None
    if name is None or not isinstance(entry, dict) or within[-1:] == ("items",):
        yield (), entry
        return
    for number, inner in enumerate(cast("list[Data]", entry[name])):
        for place, leaf in find_leaves(inner, ("items",) if name == "items" else ("groups",)):
            yield (name, number, *place), leaf


def select_entries(sections: Sequence[Record], chosen: Container[tuple[int, Place]]) -> Iterator[Record]:
    """The sections with the chosen leaves alone: each is the number of its section, and its place there."""
    for number, section in enumerate(sections):
        places = [place for place, _ in find_leaves(section, ()) if (number, place) in chosen]
        name = list_name(section)
        if name is None and places:
            yield section
        elif name and places:
            yield {**section, name: list(_select(cast("list[Data]", section[name]), [place[1:] for place in places]))}


def _select(entries: Sequence[Data], places: Sequence[Place]) -> Iterator[Data]:
    for number, entry in enumerate(entries):
        inner = [place[1:] for place in places if place[0] == number]
        if () in inner:
            yield entry
        elif inner:
            group = cast("Record", entry)
            yield {**group, "items": list(_select(cast("list[Data]", group["items"]), [place[1:] for place in inner]))}


def find_codes(section: Record) -> set[str]:
    """The codes of all entries of a section."""
    return {make_code(str(section["kind"]), leaf) for _, leaf in find_leaves(section, ())}


def make_code(kind: str, entry: Data) -> str:
    """Eight hexadecimal digits for the content of an entry, the same for any layout."""
    record: Data = {"text": entry} if isinstance(entry, str) else entry
    return sha256(json.dumps([kind, _normal(record)], sort_keys=True).encode()).hexdigest()[:8]


def _normal(data: Data) -> Data:
    match data:
        case dict():
            return {name: _normal(value) for name, value in data.items()}
        case list():
            return [_normal(value) for value in data]
        case str():
            return " ".join(data.split())
    return None


def is_same_group(one: Record, other: Record) -> bool:
    """Whether these are groups of resources under one heading, for the same lists."""
    return is_same(one["title"], other["title"]) and lists_of(one) == lists_of(other)


def lists_of(holder: Record) -> set[str]:
    """The lists that a section or group is for; empty if it is for everyone."""
    written = holder.get("for") or []
    return {str(name).strip() for name in ([written] if isinstance(written, str) else written)}


def is_same(one: Data, other: Data) -> bool:
    """Whether two titles are the same, apart from capitals and spaces."""
    return tidy(str(one)).casefold() == tidy(str(other)).casefold()


def name_of(entry: Data) -> str:
    """The name of an entry in messages: its title, or the beginning of its text."""
    words = entry if isinstance(entry, str) else _find_words(cast("Record", entry))
    return tidy(words) if len(tidy(words)) <= 60 else tidy(words)[:59].rstrip() + "…"


def _find_words(entry: Record) -> str:
    texts = [entry.get("title"), entry.get("name"), entry.get("text"), *entry.values()]
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")
