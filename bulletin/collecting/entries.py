"""What sections are made up of, as data: their entries, what to call each, and a code for what each says. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import cast

from bulletin.collecting.contribution import Record
from bulletin.declaration.source import Data, Place
from bulletin.drafting.comments import tidy


def list_name(section: Record) -> str | None:
    """The name of the list that makes up a section; None for one that is a whole."""
    return next((name for name in ("items", "groups") if section.get(name)), None)


def find_leaves(entry: Data, within: Place) -> Iterator[tuple[Place, Data]]:
    """What gets a signature of its own: each item of a section or group, or a section that has none; and its place.

    `within` is the list that the entry is in: an item is never taken apart.
    """
    name = list_name(entry) if isinstance(entry, dict) else None
    if name is None or not isinstance(entry, dict) or within[-1:] == ("items",):
        yield (), entry
        return
    for number, inner in enumerate(cast("list[Data]", entry[name])):
        for place, leaf in find_leaves(inner, ("items",) if name == "items" else ("groups",)):
            yield (name, number, *place), leaf


def find_codes(section: Record) -> set[str]:
    """The codes of all entries of a section."""
    return {make_code(str(section["kind"]), leaf) for _, leaf in find_leaves(section, ())}


def make_code(kind: str, entry: Data) -> str:
    """Eight figures for what an entry says, however it is laid out."""
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
    """The lists that a section or group is for; none where it is for everyone."""
    written = holder.get("for") or []
    return {str(name).strip() for name in ([written] if isinstance(written, str) else written)}


def is_same(one: Data, other: Data) -> bool:
    """Whether two titles are the same, but for capitals and spaces."""
    return tidy(str(one)).casefold() == tidy(str(other)).casefold()


def name_of(entry: Data) -> str:
    """What to call an entry: its title, or the beginning of its text."""
    words = entry if isinstance(entry, str) else _find_words(cast("Record", entry))
    return tidy(words) if len(tidy(words)) <= 60 else tidy(words)[:59].rstrip() + "…"


def _find_words(entry: Record) -> str:
    texts = [entry.get("title"), entry.get("text"), *entry.values()]
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")
