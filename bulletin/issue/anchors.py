"""The anchors of an issue: the word that a link to a section or an item ends with, as in `#the-big-ask`. Pure.

They are made for the whole issue, before anything is left out of it for an audience. So an item has the same anchor in
every edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from bulletin.declaration.prose import read_line
from bulletin.declaration.source import Place
from bulletin.issue.item import Item
from bulletin.issue.passages import walk_records


def make_anchors(sections: Sequence[Item]) -> dict[Place, str]:
    """The anchor of each section, and of each item in it that has a title or a name, by its place in the issue.

    Sections come first, so that no item takes the anchor that a section had before. A record with an `id:` has that as
    its anchor.
    """
    whole: dict[Place, Item] = {("sections", number): section for number, section in enumerate(sections)}
    items = {place: item for start, section in whole.items() for place, item in _list_items(section, start)}
    records = {**whole, **items}
    chosen = {place: word for place, record in records.items() if (word := _find_id(record))}
    seen = Counter(chosen.values())
    return {place: chosen.get(place) or _count(_make_word(record), seen) for place, record in records.items()}


def _list_items(section: Item, start: Place) -> Iterator[tuple[Place, Item]]:
    for record in walk_records(section, start):
        if isinstance(record.value, Item) and record.place != start and _find_words(record.value):
            yield record.place, record.value


def _find_id(record: Item) -> str:
    return getattr(record, "id", None) or ""


def _find_words(record: Item) -> str:
    return getattr(record, "title", None) or getattr(record, "name", None) or ""


def _make_word(record: Item) -> str:
    plain = unicodedata.normalize("NFKD", read_line(_find_words(record)).text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"


def _count(word: str, seen: Counter[str]) -> str:
    seen[word] += 1
    # Two underscores occur in no anchor by themselves, so a counted one cannot meet a title.
    return f"{word}__{seen[word]}" if seen[word] > 1 else word
