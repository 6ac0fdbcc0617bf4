"""The difference between two issues in words: everything that is new, changed, gone and unchanged. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten

from bulletin.comparison.changes import describe_changes, describe_terms, holds_items
from bulletin.comparison.pairing import Placed, pair_up
from bulletin.issue.item import Item, Point, Session
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.figures import Statistic
from bulletin.issue.kinds.people import Person
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection


class PartChange(StrEnum):
    """The fate of a section or an item from one issue to a later one."""

    NEW = "new"
    CHANGED = "changed"  # itself, its place, or something in it
    GONE = "gone"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedPart:
    """A section, an item or a detail of one (a milestone, a session), and its fate.

    `item` is the version of the later issue, or of the earlier one if it is gone. `earlier` is the earlier version,
    None if it is new. `changes` are in words, some of several lines; of a new or gone part they give its readers and
    its promise. `parts` are the items in it, in the later issue's order, then the gone ones.
    """

    item: Item
    earlier: Item | None
    fate: PartChange
    changes: tuple[str, ...]
    parts: tuple[ComparedPart, ...]

    def walk(self) -> Iterator[ComparedPart]:
        """This part and every one in it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def describe(self) -> Iterator[str]:
        """Lines for a person to read. Items inside are indented by two spaces."""
        if self.fate in (PartChange.NEW, PartChange.GONE):
            yield f"{self.fate.capitalize()} {_describe_alone(self)}"
            yield from _list_inside(self)
            return
        yield f"{self.fate.capitalize()} {_call(self.item)}"
        yield from _indent_changes(self.changes)
        if self.fate == PartChange.CHANGED:
            yield from _describe_inside(self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueDifference:
    """The difference between two issues: `changes` of the header (month, subject …) in words, and every section."""

    changes: tuple[str, ...]
    sections: tuple[ComparedPart, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes) or any(section.fate != PartChange.UNCHANGED for section in self.sections)

    @property
    def summary(self) -> str:
        """How many sections and items are new, changed, gone and unchanged. Milestones and sessions are not counted."""
        parts = [part for section in self.sections for part in section.walk()]
        items = [part for part in parts if not isinstance(part.item, BaseSection) and not _is_detail(part.item)]
        return f"Sections: {_count(self.sections)}. Items: {_count(items)}."

    def describe(self) -> Iterator[str]:
        """Lines for a person to read: the summary, the header, then section by section, the gone ones last."""
        yield self.summary
        if self.changes:
            yield from ("", "Changed header", *_indent_changes(self.changes))
        for section in self.sections:
            yield from ("", *section.describe())


def compare_issues(before: Issue, after: Issue) -> IssueDifference:
    """The fate of each section and item of `before`, and everything that is new in `after`."""
    return IssueDifference(
        changes=tuple(describe_changes(before, after)), sections=_compare_lists(before.sections, after.sections)
    )


def _compare_lists(before: Sequence[Item], after: Sequence[Item]) -> tuple[ComparedPart, ...]:
    placed, gone = pair_up(before, after)
    return (*(_compare(item) for item in placed), *(_make_unpaired(item, PartChange.GONE) for item in gone))


def _compare(placed: Placed) -> ComparedPart:
    item, earlier = placed.item, placed.earlier
    if earlier is None:
        return _make_unpaired(item, PartChange.NEW)
    changes = (*describe_changes(earlier, item), *([placed.move] if placed.move else []))
    parts = tuple(
        part
        for name in type(item).model_fields
        if holds_items(getattr(earlier, name)) or holds_items(getattr(item, name))
        for part in _compare_lists(getattr(earlier, name), getattr(item, name))
    )
    changed = changes or any(part.fate != PartChange.UNCHANGED for part in parts)
    return ComparedPart(
        item=item,
        earlier=earlier,
        fate=PartChange.CHANGED if changed else PartChange.UNCHANGED,
        changes=changes,
        parts=parts,
    )


def _make_unpaired(item: Item, fate: PartChange) -> ComparedPart:
    """A section or an item that only one of the issues has, with all that is in it."""
    lists = (getattr(item, name) for name in type(item).model_fields)
    return ComparedPart(
        item=item,
        earlier=item if fate == PartChange.GONE else None,
        fate=fate,
        changes=tuple(describe_terms(item)),
        parts=tuple(_make_unpaired(part, fate) for value in lists if holds_items(value) for part in value),
    )


def _is_detail(item: Item) -> bool:
    return isinstance(item, Milestone) or (isinstance(item, Session) and not isinstance(item, Event))


def _count(parts: Iterable[ComparedPart]) -> str:
    counts = Counter(part.fate for part in parts)
    return ", ".join(f"{counts[fate]:,} {fate}" for fate in PartChange)


def _indent_changes(changes: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for change in changes for line in change.split("\n"))


def _describe_inside(parts: Sequence[ComparedPart]) -> Iterator[str]:
    """The changed parts of a section or item; the unchanged ones are named together at the end."""
    for part in parts:
        if part.fate != PartChange.UNCHANGED:
            yield from (f"  {line}" for line in part.describe())
    if unchanged := [_name(part.item) for part in parts if part.fate == PartChange.UNCHANGED]:
        yield f"  Unchanged: {'; '.join(unchanged)}"


def _list_inside(part: ComparedPart) -> Iterator[str]:
    for inner in part.parts:
        yield f"  {_describe_alone(inner)}"
        yield from (f"  {line}" for line in _list_inside(inner))


def _describe_alone(part: ComparedPart) -> str:
    return _call(part.item) + (f" ({', '.join(part.changes)})" if part.changes else "")


def _call(item: Item) -> str:
    """An item's noun and name: `milestone: “First phase ends”, June 2021`."""
    return f"{item.noun.partition(' ')[2].replace('_', ' ')}: {_name(item)}"


def _name(item: Item) -> str:
    match item:
        case Priority():
            return f"{item.number}, “{item.title}”"
        case Milestone():
            return f"“{item.text}”, {item.date}"
        case Event():
            return f"“{item.title}”, {item.date}"
        case Statistic():
            return f"{item.value} {item.label}"
        case Person():
            return f"“{item.name}”"
        case Vacancy():
            return f"“{item.title}”, closing on {item.closes}"
        case Session():
            return f"{item.date}, {item.starts}" if item.starts else str(item.date)
        case Point():
            return f"“{item.title or shorten(item.text, 70, placeholder=' …')}”"
        case _:
            return f"“{getattr(item, 'title', None) or shorten(_find_text(item), 70, placeholder=' …')}”"


def _find_text(item: Item) -> str:
    """The first text of an item that has no title."""
    values = (getattr(item, name) for name in type(item).model_fields)
    return next((value for value in values if isinstance(value, str)), "")
