"""What readers need to do: gathered from the whole issue, by date, for the box at its top. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bulletin.edition.calendar.addresses import ALL_DATES, find_entry_file
from bulletin.edition.calendar.deadlines import Deadline, list_deadlines
from bulletin.edition.calendar.entries import Part, find_entries, list_entries
from bulletin.edition.calendar.records import DatedRecord, list_records
from bulletin.edition.milestones import StepState, judge_step
from bulletin.edition.phrases import describe_last_day, describe_when_short
from bulletin.issue.audience import PUBLIC
from bulletin.issue.item import Session, Task
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.model import Issue
from bulletin.issue.to_do_rows import ToDoRows

MOST_TASKS = 7  # in the box: more of them are no longer a list of what matters
WITHOUT_DAY = "When you can"
HEADING = "What you need to do"
HEADING_WHEN_PAST = "What readers were asked to do"


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDo:
    """One row of the box: "By Fri 4 Dec", what to do, and where (an address, or `#` and a section's anchor).

    `calendar` is the address of the file for readers' calendars, or "". `last` is the last day that the row is for,
    and `day` says that day in words; both are empty if the row has none. `begins`: from that day it holds.
    """

    when: str
    words: str
    link: str
    calendar: str = ""
    last: date | None = None
    day: str = ""
    begins: bool = False
    past: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDoBox:
    """The box: its heading and rows. `more` is how many dates it leaves out; `more_link` where they are, or ""."""

    heading: str = HEADING
    rows: tuple[ToDo, ...] = ()
    more: int = 0
    more_link: str = ""

    @property
    def more_words(self) -> str:
        """`3 more dates`; "" if it leaves out none, or no page has them."""
        return f"{self.more} more date{'s' if self.more != 1 else ''}" if self.more and self.more_link else ""


def gather_to_do(issue: Issue, *, page: str = "", own_anchors: bool = False) -> ToDoBox:
    """The first rows, at most seven: tasks by date, then the other dates if the issue wants them.

    `page` is the address of the issue's page, with a slash at its end; without a website it is "", and no row has a
    file for calendars. `own_anchors`: a row without an address leads to its item, as on a page; else to its section.
    The box has no rows if the issue wants none.
    """
    rows = list_to_do(issue, page=page, own_anchors=own_anchors)
    more = len(rows) - MOST_TASKS
    link = f"{page}#{ALL_DATES}" if page else ""
    return ToDoBox(rows=rows[:MOST_TASKS], more=max(0, more), more_link=link if more > 0 else "")


def list_to_do(issue: Issue, *, page: str = "", own_anchors: bool = False) -> tuple[ToDo, ...]:
    """All rows, however many: the list of all dates on the issue's page."""
    if issue.to_do is ToDoRows.NONE:
        return ()
    names = _name_files(issue) if page else {}
    return tuple(_describe(found, names, page, own_anchors=own_anchors) for found in _merge(_sort(issue)))


def sort_tasks(issue: Issue) -> tuple[Task, ...]:
    """The records whose `do:` has a row, by date, those without a day last: the box has the first of them."""
    return tuple(found.record.record for found in _merge(_sort(issue)) if found.is_task)


def mark_past(rows: Sequence[ToDo], *, today: date) -> tuple[ToDo, ...]:
    """The rows as a page shows them on `today`: what is past says so, and no longer offers a file for calendars.

    What began on a day is never past: it still holds.
    """
    return tuple(_age(row) if row.last and row.last < today else row for row in rows)


def _age(row: ToDo) -> ToDo:
    return replace(row, calendar="") if row.begins else replace(row, when=f"Past: {row.day}", calendar="", past=True)


def list_turning_days(rows: Sequence[ToDo]) -> tuple[date, ...]:
    """The last day of each row: from the day after, its page differs."""
    return tuple(sorted({row.last for row in rows if row.last}))


def age_box(box: ToDoBox, *, today: date) -> ToDoBox:
    """The box as a page shows it on `today`. Where all of it is past, its heading says so."""
    rows = mark_past(box.rows, today=today)
    past = bool(rows) and all(row.past for row in rows)
    return replace(box, rows=rows, heading=HEADING_WHEN_PAST if past else HEADING)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A row before it is put into words: a task or another date of a record. `first` sorts it, `last` ends it."""

    record: DatedRecord
    part: Part
    when: str
    words: str
    first: date | None
    last: date | None
    day: str
    is_task: bool = False
    link: str = field(default="")


def _sort(issue: Issue) -> list[_Found]:
    """Tasks first, then the other dates that are ahead; each by its day, and by its place in the issue."""
    records = list(list_records(issue))
    year = issue.published.year
    tasks = [row for record in records for row in _list_tasks(record, year)]
    others = [row for record in records for row in _list_others(record, issue)] if issue.to_do is ToDoRows.ALL else []
    ahead = [row for row in others if row.last and row.last >= issue.published]
    return [*sorted(tasks, key=_order), *sorted(ahead, key=_order)]


def _order(row: _Found) -> date:
    return row.first or date.max


def _list_tasks(record: DatedRecord, year: int) -> Iterator[_Found]:
    return (_row(record, one, year, is_task=True) for one in _list_deadlines(record) if one.purpose.is_task)


def _list_others(record: DatedRecord, issue: Issue) -> Iterator[_Found]:
    """The dates of a record that no `do:` asks for: bookings and the like that end, events, steps that are ahead."""
    year, item = issue.published.year, record.record
    if not item.do:
        yield from (_row(record, one, year) for one in _list_deadlines(record) if not one.purpose.is_task)
        if isinstance(item, Event) and (session := _find_next(item, issue.published)):
            yield _dated(record, session, f"Go to {record.title}", year)
    for step in item.milestones if isinstance(item, Priority) else ():
        if judge_step(step, published=issue.published) is StepState.AHEAD:
            yield _dated(record, step, step.text, year)


def _list_deadlines(record: DatedRecord) -> Iterator[Deadline]:
    return list_deadlines(record.record, title=record.title)


def _find_next(event: Event, published: date) -> Session | None:
    """The first day of an event that isn't over when the issue comes out, and isn't cancelled."""
    year = published.year
    ahead = [
        session
        for session in event.occasions
        if not session.cancelled and (session.until or session.date).latest(year=year) >= published
    ]
    return min(ahead, key=lambda session: session.date.latest(year=year), default=None)


def _row(record: DatedRecord, deadline: Deadline, year: int, *, is_task: bool = False) -> _Found:
    day = deadline.day
    latest, words = (day.latest(year=year), describe_last_day(day)) if day else (None, "")
    when = f"{'From' if deadline.begins else 'By'} {words}" if day else WITHOUT_DAY
    return _Found(
        record=record,
        part=deadline,
        when=when,
        words=deadline.words,
        first=latest,
        last=latest,
        day=words,
        is_task=is_task,
        link=record.record.target or f"#{record.section_anchor}",
    )


def _dated(record: DatedRecord, part: Session | Milestone, words: str, year: int) -> _Found:
    when = describe_when_short(part.date, part.until, year=year)
    return _Found(
        record=record,
        part=part,
        when=when,
        words=words,
        first=part.date.latest(year=year),
        last=(part.until or part.date).latest(year=year),
        day=when,
        link=record.record.target or f"#{record.section_anchor}",
    )


def _merge(rows: Iterable[_Found]) -> Iterator[_Found]:
    """The rows, each address once for a day: two of them would ask for the same."""
    seen = set()
    for row in rows:
        at = (row.link, row.last)
        if row.last and not row.link.startswith("#"):
            if at in seen:
                continue
            seen.add(at)
        yield row


def _name_files(issue: Issue) -> dict[tuple[int, object], str]:
    """The name of the file of each part that has one on the website, by its record and itself.

    A part has none if it isn't for everyone, or if what is around it isn't.
    """
    there = {entry.name for entry in list_entries(issue.for_audience(PUBLIC)) if entry.has_file}
    return {
        (id(found.record.record), _mark(found.part)): found.entry.name
        for found in find_entries(issue)
        if found.entry.name in there
    }


def _mark(part: Part) -> object:
    return part.purpose if isinstance(part, Deadline) else id(part)


def _describe(row: _Found, names: dict[tuple[int, object], str], page: str, *, own_anchors: bool) -> ToDo:
    at_item = own_anchors and row.link.startswith("#")
    name = names.get((id(row.record.record), _mark(row.part)), "")
    return ToDo(
        when=row.when,
        words=row.words,
        link=f"#{row.record.anchor}" if at_item else row.link,
        calendar=find_entry_file(page, name) if name else "",
        last=row.last,
        day=row.day,
        begins=isinstance(row.part, Deadline) and row.part.begins,
    )
