"""The sections and items of an issue that have an address of their own on its page. Pure.

The anchors themselves are made in `issue.anchors`, for the whole issue, before anything is left out for an audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.edition.markdown.markdown_text import render_inline_text
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records
from bulletin.issue.sections import Section


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchored:
    """A section or an item with its anchor.

    `place` is where it is in the whole issue, as in `sections.2.items.0`; `section` is the section that it is in.
    """

    place: str
    anchor: str
    record: Item
    section: Section

    @property
    def title(self) -> str:
        """Its title in plain words."""
        return tell_title(self.record)


def find_anchored(issue: Issue) -> tuple[Anchored, ...]:
    """Each section and item with an anchor, in the order of the issue."""
    anchors = issue.anchors
    return tuple(
        Anchored(
            place=".".join(map(str, issue.origin_of(found.place))),
            anchor=anchors[found.place],
            record=found.value,
            section=section,
        )
        for number, section in enumerate(issue.sections)
        for found in walk_records(section, ("sections", number))
        if isinstance(found.value, Item) and found.place in anchors
    )


def map_anchors(issue: Issue) -> Mapping[int, str]:
    """The anchor of each section and item in memory, by the `id()` of the record."""
    return {id(each.record): each.anchor for each in find_anchored(issue)}


def tell_title(record: object) -> str:
    """The title or the name of a record, in plain words; "" if it has neither."""
    title = getattr(record, "title", None) or getattr(record, "name", None)
    return render_inline_text(title) if title else ""
