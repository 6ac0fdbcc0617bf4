"""Write an `id:` on each date that is carried forward, so that it stays the same date in readers' calendars. Pure.

It is the word by which the last issue names the item already. So its title may change from now on.
"""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.drafting.layout import AddField
from bulletin.drafting.rolling import Turn
from bulletin.issue.item import Item, Task, can_be_id
from bulletin.issue.model import Issue
from bulletin.issue.sections import traits_of
from bulletin.issue.traits import NextMonth


def write_ids(issue: Issue, turn: Turn) -> Iterator[AddField]:
    """An `id:` for each item whose day, to be there or to act, is still ahead when the next issue comes out.

    One of two with the same title gets none: the proof asks for a word of its own.
    """
    anchors = issue.anchors
    for number, section in enumerate(issue.sections):
        if traits_of(section).next_month is NextMonth.UPDATED:
            at = ("sections", number)
            for place, record in (
                (at, section),
                *(((*at, "items", n), each) for n, each in enumerate(section.entries)),
            ):
                if _is_ahead(record, turn) and not record.id and can_be_id(anchors.get(place, "")):
                    yield AddField(place=(*place, "title"), line=f"id: {anchors[place]}")


def _is_ahead(record: Item, turn: Turn) -> bool:
    if not isinstance(record, Task):
        return False
    days = [*(session.until or session.date for session in record.occasions), record.closing]
    return any(day and day.exact and day.exact >= turn.published for day in days)
