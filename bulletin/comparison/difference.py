"""The difference between two issues in words: everything that is new, changed, gone and unchanged. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten

from bulletin.comparison.changes import describe_changes, describe_terms, holds_items
from bulletin.comparison.pairing import pair_up
from bulletin.issue.item import Item, Point, Session
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.figures import Statistic
from bulletin.issue.kinds.people import Person
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.kinds.vacancies import Vacancy
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records
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
    comparison = _Comparison(_find_named(before), _find_named(after))
    return IssueDifference(
        changes=tuple(describe_changes(before, after)),
        sections=comparison.compare_lists(before.sections, after.sections),
    )


_Key = tuple[type[Item], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """An item with an `id:`, and the title of its section."""

    item: Item
    section: str


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One comparison. `before` and `after` have the items of each issue that have an `id:`.

    So an item that is in another section now is the same one, and is told there.
    """

    before: Mapping[_Key, _Named]
    after: Mapping[_Key, _Named]

    def compare_lists(self, before: Sequence[Item], after: Sequence[Item]) -> tuple[ComparedPart, ...]:
        """The items of `after` in their order, then those of `before` that are gone."""
        old, new = ({_find_key(item) for item in items} for items in (before, after))
        stayed = [item for item in before if not self._is_elsewhere(item, self.after, new)]
        here = [item for item in after if not self._is_elsewhere(item, self.before, old)]
        placed, gone = pair_up(stayed, here)
        compared = {id(each.item): self._compare(each.item, each.earlier, each.move) for each in placed}
        return (
            *(compared.get(id(item)) or self._compare_moved(item) for item in after),
            *(self._make_unpaired(item, PartChange.GONE) for item in gone),
        )

    @staticmethod
    def _is_elsewhere(item: Item, others: Mapping[_Key, _Named], beside: Collection[_Key | None]) -> bool:
        """Whether the other issue has it, but not in the list that this one is compared with."""
        key = _find_key(item)
        return key in others and key not in beside

    def _compare_moved(self, item: Item) -> ComparedPart:
        known = self.before[type(item), item.id or ""]
        return self._compare(item, known.item, f"moved here from “{known.section}”" if known.section else "moved")

    def _compare(self, item: Item, earlier: Item | None, move: str) -> ComparedPart:
        if earlier is None:
            return self._make_unpaired(item, PartChange.NEW)
        changes = (*describe_changes(earlier, item), *([move] if move else []))
        parts = tuple(
            part
            for name in type(item).model_fields
            if holds_items(getattr(earlier, name)) or holds_items(getattr(item, name))
            for part in self.compare_lists(getattr(earlier, name), getattr(item, name))
        )
        changed = changes or any(part.fate != PartChange.UNCHANGED for part in parts)
        return ComparedPart(
            item=item,
            earlier=earlier,
            fate=PartChange.CHANGED if changed else PartChange.UNCHANGED,
            changes=changes,
            parts=parts,
        )

    def _make_unpaired(self, item: Item, fate: PartChange) -> ComparedPart:
        """A section or an item that only one of the issues has, with all that is in it."""
        lists = [value for name in type(item).model_fields if holds_items(value := getattr(item, name))]
        gone = fate == PartChange.GONE
        compare = [self.compare_lists(*((value, ()) if gone else ((), value))) for value in lists]
        return ComparedPart(
            item=item,
            earlier=item if gone else None,
            fate=fate,
            changes=tuple(describe_terms(item)),
            parts=tuple(part for parts in compare for part in parts),
        )


def _find_named(issue: Issue) -> dict[_Key, _Named]:
    return {
        (type(record.value), record.value.id): _Named(item=record.value, section=section.title or "")
        for number, section in enumerate(issue.sections)
        for record in walk_records(section, ("sections", number))
        if isinstance(record.value, Item) and record.value.id and record.value is not section
        if isinstance(record.place[-1], int)  # an entry of a list
    }


def _find_key(item: Item) -> _Key | None:
    return (type(item), item.id) if item.id else None


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
        if inner.fate == PartChange.CHANGED:  # it was in another section before
            yield from (f"  {line}" for line in inner.describe())
        else:
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
