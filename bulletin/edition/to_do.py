"""What readers need to do: gathered from the whole issue, by date, for the box at its top. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bulletin.declaration.declared import Declared
from bulletin.edition.contents_list import ContentsEntry
from bulletin.edition.phrases import describe_last_day
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Task
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection

MOST_TASKS = 7  # in the box: more of them are no longer a list of what matters
WITHOUT_DAY = "When you can"


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDo:
    """One line of the box: "By Fri 4 Dec", what to do, and where (an address, or `#` and a section's anchor)."""

    when: str
    words: str
    link: str


def gather_to_do(issue: Issue, contents: tuple[ContentsEntry, ...]) -> tuple[ToDo, ...]:
    """The first tasks by date, at most seven; those without a day come last. None if the issue wants no box."""
    if not issue.to_do:
        return ()
    year = issue.published.year
    found = [(task, entry.anchor) for entry in contents for task in list_tasks(entry.section)]
    found.sort(key=lambda each: _order(each[0], year))
    return tuple(_describe(task, anchor) for task, anchor in found[:MOST_TASKS])


def sort_tasks(issue: Issue) -> tuple[Task, ...]:
    """All tasks of an issue by date, those without a day last: the box has the first of them."""
    found = (task for section in issue.sections for task in list_tasks(section))
    return tuple(sorted(found, key=lambda task: _order(task, issue.published.year)))


def list_tasks(section: BaseSection) -> Iterator[Task]:
    """Whatever in a section asks readers to act: the section itself, and all that is in it at any depth."""
    return (each for each in _list_records(section) if isinstance(each, Task) and each.do)


def _list_records(record: Declared) -> Iterator[Declared]:
    yield record
    for name in type(record).model_fields:
        value = getattr(record, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Declared):
                yield from _list_records(each)


def find_last_day(task: Task) -> PartialDate | None:
    """The last day to act: its own `by`, or that of its booking, its closing or its end."""
    book = getattr(task, "book", None)
    found = (task.by, book and book.by, getattr(task, "closes", None), getattr(task, "ends", None))
    # An event's `ends` is a time of day.
    return next((day for day in found if isinstance(day, PartialDate)), None)


def _order(task: Task, year: int) -> date:
    day = task.from_ or find_last_day(task)
    return day.latest(year=year) if day else date.max


def _describe(task: Task, anchor: str) -> ToDo:
    book = getattr(task, "book", None)
    from_, by = task.from_, find_last_day(task)
    when = f"From {describe_last_day(from_)}" if from_ else f"By {describe_last_day(by)}" if by else WITHOUT_DAY
    return ToDo(when=when, words=task.do or "", link=task.link or (book and book.link) or f"#{anchor}")
