"""Which part of an issue is in which edition: a table of parts and editions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from bulletin.declaration.prose import read_line, read_text
from bulletin.declaration.source import Place
from bulletin.edition.audiences import AudienceIssue, describe_lists
from bulletin.issue.audience import PUBLIC
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records

_LONGEST: Final = 60  # characters of what a row is called


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixRow:
    """A section, or a part of one that is not for everyone: its words, who it is for, and where it is.

    `depth` is 0 for a section. `seen` says for each edition, in their order, whether it has it; `public` the same of
    the website.
    """

    words: str
    readers: str
    depth: int
    seen: tuple[bool, ...]
    public: bool


def list_matrix(issue: Issue, parts: Sequence[AudienceIssue], *, titles: Mapping[str, str]) -> tuple[MatrixRow, ...]:
    """A row for each section of the whole `issue`, and for each part of it with a mark of its own.

    `parts` are what its editions have, `titles` those of the lists.
    """
    visible = [part.issue.origins for part in parts]
    public = issue.for_audience(PUBLIC).origins
    return tuple(
        MatrixRow(
            words=_name(record.value),
            readers=describe_readers(record.value, titles),
            depth=0 if len(record.place) == 2 else 1,
            seen=tuple(record.place in places for places in visible),
            public=record.place in public,
        )
        for record in walk_records(issue)
        if isinstance(record.value, Item) and _has_row(record.place, record.value)
    )


def describe_readers(item: Item, titles: Mapping[str, str]) -> str:
    """Who an item itself is for, in words: “everyone”, “schools”, “schools who agreed to marketing”."""
    words = describe_lists(tuple(dict.fromkeys(item.for_)), titles) or "everyone"
    return f"{words} who agreed to marketing" if item.marketing else words


def _has_row(place: Place, item: Item) -> bool:
    return len(place) == 2 or bool(item.for_) or item.marketing


def _name(item: Item) -> str:
    title = getattr(item, "title", None) or getattr(item, "name", None) or ""
    text = getattr(item, "text", None) or getattr(item, "label", None) or ""
    words = read_line(title).text or read_text(text).text or str(getattr(item, "date", ""))
    return shorten(words, _LONGEST, placeholder="…")
