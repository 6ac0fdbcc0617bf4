"""What readers need to do: gathered from the whole issue, by date, for the box at its top. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bulletin.edition.calendar.addresses import ALL_DATES, find_entry_file
from bulletin.edition.calendar.deadlines import Deadline, list_deadlines
from bulletin.edition.calendar.entries import Part, find_entries, list_entries
from bulletin.edition.calendar.records import DatedRecord, list_records
from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.edition.milestones import StepState, judge_step
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

    `language` is that of its section, where that has one of its own. `calendar` is the address of the file for readers'
    calendars, or "". `last` is the last day that the row is for,
    and `day` says that day in words; both are empty if the row has none. `begins`: from that day it holds.
    """

    when: str
    words: str
    link: str
    language: str = ""
    calendar: str = ""
    last: date | None = None
    day: str = ""
    begins: bool = False
    past: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDoBox:
    """The box: its heading and rows. `more` is how many dates it leaves out; `more_link` where they are, or "".

    The heading is in English, for `phrase`.
    """

    heading: str = HEADING
    rows: tuple[ToDo, ...] = ()
    more: int = 0
    more_link: str = ""
    speech: Speech = ENGLISH_SPEECH

    @property
    def more_words(self) -> str:
        """`3 more dates`; "" if it leaves out none, or no page has them."""
        if not self.more or not self.more_link:
            return ""
        return self.speech.say_number("{n} more date", "{n} more dates", self.more)


def gather_to_do(
    issue: Issue, speech: Speech = ENGLISH_SPEECH, *, page: str = "", own_anchors: bool = False
) -> ToDoBox:
    """The first rows, at most seven: tasks by date, then the other dates if the issue wants them.

    `page` is the address of the issue's page, with a slash at its end; without a website it is "", and no row has a
    file for calendars. `own_anchors`: a row without an address leads to its item, as on a page; else to its section.
    The box has no rows if the issue wants none.
    """
    rows = list_to_do(issue, speech, page=page, own_anchors=own_anchors)
    more = len(rows) - MOST_TASKS
    link = f"{page}#{ALL_DATES}" if page else ""
    return ToDoBox(rows=rows[:MOST_TASKS], more=max(0, more), more_link=link if more > 0 else "", speech=speech)


def list_to_do(
    issue: Issue, speech: Speech = ENGLISH_SPEECH, *, page: str = "", own_anchors: bool = False
) -> tuple[ToDo, ...]:
    """All rows, however many: the list of all dates on the issue's page."""
    if issue.to_do is ToDoRows.NONE:
        return ()
    rows = list(_merge(_sort(issue, speech)))
    names = _name_files(issue) if page and rows else {}
    return tuple(_describe(found, names, page, own_anchors=own_anchors) for found in rows)


def sort_tasks(issue: Issue) -> tuple[Task, ...]:
    """The records whose `do:` has a row, by date, those without a day last: the box has the first of them."""
    return tuple(found.record.record for found in _merge(_sort(issue, ENGLISH_SPEECH)) if found.is_task)


def mark_past(rows: Sequence[ToDo], speech: Speech = ENGLISH_SPEECH, *, today: date) -> tuple[ToDo, ...]:
    """The rows as a page shows them on `today`: what is past says so, and no longer offers a file for calendars.

    What began on a day is never past: it still holds.
    """
    return tuple(_age(row, speech) if row.last and row.last < today else row for row in rows)


def _age(row: ToDo, speech: Speech) -> ToDo:
    if row.begins:
        return replace(row, calendar="")
    return replace(row, when=speech.say("Past: {date}", date=row.day), calendar="", past=True)


def list_turning_days(rows: Sequence[ToDo]) -> tuple[date, ...]:
    """The last day of each row: from the day after, its page differs."""
    return tuple(sorted({row.last for row in rows if row.last}))


def age_box(box: ToDoBox, *, today: date) -> ToDoBox:
    """The box as a page shows it on `today`. Where all of it is past, its heading says so."""
    rows = mark_past(box.rows, box.speech, today=today)
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


def _sort(issue: Issue, speech: Speech) -> list[_Found]:
    """Tasks first, then the other dates that are ahead; each by its day, and by its place in the issue."""
    records = list(list_records(issue))
    year = issue.published.year
    tasks = [row for record in records for row in _list_tasks(record, year, speech)]
    wanted = records if issue.to_do is ToDoRows.ALL else []
    others = [row for record in wanted for row in _list_others(record, issue, speech)]
    ahead = [row for row in others if row.last and row.last >= issue.published]
    return [*sorted(tasks, key=_order), *sorted(ahead, key=_order)]


def _order(row: _Found) -> date:
    return row.first or date.max


def _list_tasks(record: DatedRecord, year: int, speech: Speech) -> Iterator[_Found]:
    found = _list_deadlines(record, speech)
    return (_row(record, one, year, speech, is_task=True) for one in found if one.purpose.is_task)


def _list_others(record: DatedRecord, issue: Issue, speech: Speech) -> Iterator[_Found]:
    """The dates of a record that no `do:` asks for: bookings and the like that end, events, steps that are ahead."""
    year, item = issue.published.year, record.record
    if not item.do:
        found = _list_deadlines(record, speech)
        yield from (_row(record, one, year, speech) for one in found if not one.purpose.is_task)
        if isinstance(item, Event) and (session := _find_next(item, issue.published)):
            yield _dated(record, session, speech.say("Go to {title}", title=record.title), year, speech)
    for step in item.milestones if isinstance(item, Priority) else ():
        if judge_step(step, published=issue.published) is StepState.AHEAD:
            yield _dated(record, step, step.text, year, speech)


def _list_deadlines(record: DatedRecord, speech: Speech) -> Iterator[Deadline]:
    return list_deadlines(record.record, speech, title=record.title)


def _find_next(event: Event, published: date) -> Session | None:
    """The first day of an event that isn't over when the issue comes out, and isn't cancelled."""
    year = published.year
    ahead = [
        session
        for session in event.occasions
        if not session.cancelled and (session.until or session.date).latest(year=year) >= published
    ]
    return min(ahead, key=lambda session: session.date.latest(year=year), default=None)


def _row(record: DatedRecord, deadline: Deadline, year: int, speech: Speech, *, is_task: bool = False) -> _Found:
    day = deadline.day
    latest, words = (day.latest(year=year), speech.last_day(day)) if day else (None, "")
    when = _say_when(deadline, speech)
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


def _say_when(deadline: Deadline, speech: Speech) -> str:
    if not deadline.day:
        return speech.say(WITHOUT_DAY)
    words = speech.last_day(deadline.day)
    if deadline.begins:
        return speech.say("From {date}", date=words, soft=speech.soft(deadline.day))
    return speech.say("By {date}", date=words)


def _dated(record: DatedRecord, part: Session | Milestone, words: str, year: int, speech: Speech) -> _Found:
    when = speech.short_when(part.date, part.until, year=year)
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
        language=row.record.section.language or "",
        calendar=find_entry_file(page, name) if name else "",
        last=row.last,
        day=row.day,
        begins=isinstance(row.part, Deadline) and row.part.begins,
    )
