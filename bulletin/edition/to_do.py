"""What readers need to do: gathered from the whole issue, by date, for the box at its top. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bulletin.edition.contents_list import ContentsEntry
from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Task
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection

MOST_TASKS = 7  # in the box: more of them are no longer a list of what matters
WITHOUT_DAY = "When you can"


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDo:
    """One line of the box: "By Fri 4 Dec", what to do, and where (an address, or `#` and a section's anchor).

    `language` is that of its section, where that has one of its own.
    """

    when: str
    words: str
    link: str
    language: str = ""


def gather_to_do(
    issue: Issue, contents: tuple[ContentsEntry, ...], speech: Speech = ENGLISH_SPEECH
) -> tuple[ToDo, ...]:
    """The first tasks by date, at most seven; those without a day come last. None if the issue wants no box."""
    if not issue.to_do:
        return ()
    year = issue.published.year
    found = [(task, entry) for entry in contents for task in list_tasks(entry.section)]
    found.sort(key=lambda each: _order(each[0], year))
    return tuple(_describe(task, entry, speech) for task, entry in found[:MOST_TASKS])


def sort_tasks(issue: Issue) -> tuple[Task, ...]:
    """All tasks of an issue by date, those without a day last: the box has the first of them."""
    found = (task for section in issue.sections for task in list_tasks(section))
    return tuple(sorted(found, key=lambda task: _order(task, issue.published.year)))


def list_tasks(section: BaseSection) -> Iterator[Task]:
    """Whatever in a section asks readers to act: the section itself, and its items."""
    for each in (section, *getattr(section, "items", ())):
        if isinstance(each, Task) and each.do:
            yield each


def find_last_day(task: Task) -> PartialDate | None:
    """The last day to act: its own `by`, or that of its booking, its closing or its end."""
    book = getattr(task, "book", None)
    found = (task.by, book and book.by, getattr(task, "closes", None), getattr(task, "ends", None))
    # An event's `ends` is a time of day.
    return next((day for day in found if isinstance(day, PartialDate)), None)


def _order(task: Task, year: int) -> date:
    day = task.from_ or find_last_day(task)
    return day.latest(year=year) if day else date.max


def _describe(task: Task, entry: ContentsEntry, speech: Speech) -> ToDo:
    book = getattr(task, "book", None)
    return ToDo(
        when=_say_when(task, speech),
        words=task.do or "",
        link=task.link or (book and book.link) or f"#{entry.anchor}",
        language=entry.section.language or "",
    )


def _say_when(task: Task, speech: Speech) -> str:
    if task.from_:
        return speech.say("From {date}", date=speech.last_day(task.from_), soft=speech.soft(task.from_))
    by = find_last_day(task)
    return speech.say("By {date}", date=speech.last_day(by)) if by else speech.say(WITHOUT_DAY)
