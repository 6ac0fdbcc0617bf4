"""What readers need to do, on a page that is read for years: what is past is said to be past. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bulletin.edition.phrases import describe_last_day
from bulletin.edition.to_do import MOST_TASKS, WITHOUT_DAY, find_last_day, list_tasks
from bulletin.issue.item import Task
from bulletin.issue.model import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRow:
    """One line of the box: when, what to do, where, and the address of its calendar file or ""."""

    when: str
    words: str
    link: str
    past: bool
    calendar: str = ""


def gather_tasks(
    issue: Issue, *, today: date, find_anchor: Callable[[object], str], find_calendar: Callable[[object], str]
) -> tuple[TaskRow, ...]:
    """The rows as in the email, seen from `today`. What begins on a day is never past: it still holds."""
    if not issue.to_do:
        return ()
    found = [(task, find_anchor(task) or find_anchor(section)) for task, section in _list_all(issue)]
    found.sort(key=lambda each: _order(each[0], issue.published.year))
    return tuple(
        _describe(task, anchor, find_calendar(task), year=issue.published.year, today=today)
        for task, anchor in found[:MOST_TASKS]
    )


def list_last_days(issue: Issue) -> tuple[date, ...]:
    """The last days of its tasks: after each of them its page differs."""
    last = (find_last_day(task) for task, _ in _list_all(issue) if not task.from_)
    return tuple(sorted({day.latest(year=issue.published.year) for day in last if day}))


def _list_all(issue: Issue) -> Iterator[tuple[Task, object]]:
    for section in issue.sections:
        for task in list_tasks(section):
            if not (section.withdrawn or task.withdrawn):
                yield task, section


def _order(task: Task, year: int) -> date:
    day = task.from_ or find_last_day(task)
    return day.latest(year=year) if day else date.max


def _describe(task: Task, anchor: str, calendar: str, *, year: int, today: date) -> TaskRow:
    book = getattr(task, "book", None)
    from_, by = task.from_, find_last_day(task)
    past = bool(by and not from_ and by.latest(year=year) < today)
    words = f"From {describe_last_day(from_)}" if from_ else f"By {describe_last_day(by)}" if by else WITHOUT_DAY
    return TaskRow(
        when=f"Past: {describe_last_day(by)}" if past and by else words,
        words=task.do or "",
        link=task.link or (book and book.link) or f"#{anchor}",
        past=past,
        calendar=calendar,
    )
