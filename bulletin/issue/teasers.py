"""Teasers: a section or an item that emails begin, and that a page of its own has in full. What may be one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.declaration.markup import Problem
from bulletin.declaration.source import Place
from bulletin.declaration.values import invalid_each
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Feature, Item, Task
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.passages import walk_records
from bulletin.issue.section import BaseSection

TEXT_FIELDS: Final = ("text", "summary", "lead", "introduction")
"""Where a teaser's first sentences come from: the first of them that has words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why a record can't be a teaser, and what to do."""

    message: str
    remedy: str


def find_text_field(record: Item) -> str:
    """The field that has its main text; "" if it has none."""
    return next((name for name in TEXT_FIELDS if getattr(record, name, None)), "")


def refuse_teaser(record: Item, around: Sequence[Item] = ()) -> Refusal | None:
    """Why `record`, which is inside `around`, can't be a teaser; None if it can.

    Nothing that readers must not miss may be on another page alone: a notice, a task, a date. And that page is public.
    """
    inside = [found.value for found in walk_records(record)]
    items = [each for each in (*around, *inside) if isinstance(each, Item)]
    if isinstance(record, Notice):
        return Refusal(
            message="is a notice, which readers must see whole.", remedy="Shorten it, or make it an article."
        )
    if any(each.for_ or each.marketing for each in items):
        return Refusal(
            message="is for some readers only, or has a part that is. Its own page would be public.",
            remedy="Take out `teaser:`, or make all of it for everyone.",
        )
    if any(isinstance(each, Task) and each.do for each in items):
        return Refusal(
            message="has a task, and readers would miss what it depends on.",
            remedy="Keep it whole, or move `do:` to another part of the issue.",
        )
    if any(_has_date(each) for each in inside):
        return Refusal(
            message="has dates, which readers would miss.",
            remedy="Keep it whole, or move the dates to another part of the issue.",
        )
    if not find_text_field(record):
        return Refusal(message="has no text to begin with.", remedy="Write its text, or take out `teaser:`.")
    return None


def _has_date(record: object) -> bool:
    fields = getattr(type(record), "model_fields", {})
    return any(isinstance(getattr(record, name), PartialDate) for name in fields)


def find_teasers(sections: Sequence[BaseSection]) -> Iterator[tuple[Place, Feature]]:
    """Each teaser that was not taken away, with its place in the issue: sections, and items of sections."""
    for number, section in enumerate(sections):
        place: Place = ("sections", number)
        if section.teaser and not section.withdrawn:
            yield place, section
        for index, item in enumerate(section.entries):
            if isinstance(item, Feature) and item.teaser and not item.withdrawn:
                yield (*place, "items", index), item


def check_teasers(sections: tuple[BaseSection, ...]) -> None:
    """Raises PydanticCustomError with a problem for each `teaser:` that can't be one."""
    problems = [
        Problem(message=f"This part {refusal.message}", remedy=refusal.remedy, below=(*place, "teaser"))
        for place, record, around in _list_teasers(sections)
        if (refusal := _refuse_place(record, around) or refuse_teaser(record, around))
    ]
    if problems:
        raise invalid_each(problems)


def _refuse_place(record: Feature, around: Sequence[BaseSection]) -> Refusal | None:
    """Only a section or one of its items has an address of its own."""
    if not around or any(record is item for section in around for item in section.entries):
        return None
    return Refusal(message="is neither a section nor one of its items.", remedy="Write `teaser:` on its section.")


def _list_teasers(sections: tuple[BaseSection, ...]) -> Iterator[tuple[Place, Feature, Sequence[BaseSection]]]:
    for number, section in enumerate(sections):
        for found in walk_records(section, (number,)):
            record = found.value
            if isinstance(record, Feature) and record.teaser:
                yield found.place, record, () if record is section else (section,)
