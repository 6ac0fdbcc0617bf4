"""What of an issue becomes an entry of a calendar: events, the days of courses, deadlines, steps that are ahead. Pure.

Only what has a whole day does. A month, a year, a day without its year, and what is on demand do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from bulletin.edition.calendar.deadlines import DayPurpose, Deadline, list_deadlines
from bulletin.edition.calendar.records import DatedRecord, list_records, make_word
from bulletin.edition.markdown.markdown_text import render_blocks_text, render_inline_text
from bulletin.edition.phrases import describe_when, end_sentence, lend_year
from bulletin.edition.typography.typesetting import NO_BREAK, TypeStyle
from bulletin.issue.dates import PartialDate, TimeOfDay
from bulletin.issue.item import Session, Task
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.model import Issue

_UNBROKEN = 10_000  # characters: calendars wrap lines themselves
_LAST_DAYS = {
    DayPurpose.BOOKING: "Last day to book: {}",
    DayPurpose.APPLICATION: "Last day to apply: {}",
    DayPurpose.END: "Last day: {}",
}


class EntryKind(StrEnum):
    """What an entry is."""

    OCCASION = "occasion"  # takes place, and takes up readers' time
    DEADLINE = "deadline"
    STEP = "step"  # of a priority: in the files of an issue and of a bulletin only


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """One entry: what, when, where.

    `key` names it in every issue of a bulletin, and `name` in this one: its file is called so. `anchor` is its place on
    the issue's page. Without `starts` it takes whole days, from `first` to `last`. With it, it is on at these hours on
    each of them; it ends on the next day if `ends` is not after `starts`.
    """

    key: str
    name: str
    anchor: str
    kind: EntryKind
    title: str
    first: date
    last: date
    starts: TimeOfDay | None = None
    ends: TimeOfDay | None = None
    place: str = ""
    text: str = ""
    cancelled: bool = False

    @property
    def has_file(self) -> bool:
        """Whether it has a file of its own."""
        return self.kind is not EntryKind.STEP


Part: TypeAlias = Session | Deadline | Milestone


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundEntry:
    """An entry, and the part of a record that it is made of."""

    entry: CalendarEntry
    record: DatedRecord
    part: Part


def list_entries(issue: Issue, *, style: TypeStyle | None = None) -> tuple[CalendarEntry, ...]:
    """The entries of an issue in its order, each with a name of its own. `style` is how its words are set."""
    return tuple(found.entry for found in find_entries(issue, style=style))


def list_withdrawn(issue: Issue) -> frozenset[str]:
    """The keys of the entries that were taken away from the website."""
    say = _Words(None)
    records = list_records(issue, withdrawn=True)
    return frozenset(entry.key for record in records for entry, _ in _list_own(record, say, issue.published))


def find_entries(issue: Issue, *, style: TypeStyle | None = None) -> tuple[FoundEntry, ...]:
    """The same, each with the part of the issue that it is made of."""
    say = _Words(style)
    seen: Counter[str] = Counter()
    named = []
    for record in list_records(issue):
        for entry, part in _list_own(record, say, issue.published):
            name = f"{entry.name}__date" if entry.name == "all" else entry.name  # all.ics is the file of the issue
            seen[name] += 1
            own = replace(entry, name=f"{name}__{seen[name]}" if seen[name] > 1 else name)
            named.append(FoundEntry(entry=own, record=record, part=part))
    return tuple(named)


class _Words:
    """Words as a calendar shows them: plain, and set by the typographic rules."""

    def __init__(self, style: TypeStyle | None) -> None:
        self._line = partial(render_inline_text, style=style)
        self._text = partial(render_blocks_text, width=_UNBROKEN, style=style)

    def line(self, words: str | None) -> str:
        return self._line(words).replace(NO_BREAK, " ") if words else ""

    def text(self, words: str | None) -> str:
        return self._text(words).replace(NO_BREAK, " ").strip() if words else ""


_Own: TypeAlias = Iterator[tuple[CalendarEntry, Part]]


def _list_own(record: DatedRecord, say: _Words, published: date) -> _Own:
    yield from _list_occasions(record, say, published.year)
    yield from _list_deadlines(record, say, published.year)
    yield from _list_steps(record, say, published)


def _find_days(first: PartialDate, last: PartialDate | None) -> tuple[date, date] | None:
    """The first and the last whole day; None if one isn't known, or they are the wrong way round."""
    begins, ends = lend_year(first, last or first).exact, (last or first).exact
    return (begins, ends) if begins and ends and begins <= ends else None


def _list_occasions(record: DatedRecord, say: _Words, year: int) -> _Own:
    item, base = record.record, _find_base(record)
    for number, session in enumerate(item.occasions):
        days = _find_days(session.date, session.until)
        if days:
            own = number == 0 and isinstance(item, Event)
            entry = CalendarEntry(
                key=base,
                name=record.name if own else f"{record.name}__{_name_day(days[0], session.starts)}",
                anchor=record.anchor,
                kind=EntryKind.OCCASION,
                title=say.line(record.title),
                first=days[0],
                last=days[1],
                starts=session.starts,
                ends=session.ends if session.starts else None,
                place=say.line(session.place),
                text=_describe(record, session, say, year),
                cancelled=session.cancelled or item.is_off,
            )
            yield entry, session


def _name_day(day: date, starts: TimeOfDay | None) -> str:
    """`2027-01-13-0930`. No number: it would be another one where an earlier day is left out for an audience."""
    return f"{day.isoformat()}-{starts.hour:02}{starts.minute:02}" if starts else day.isoformat()


def _list_deadlines(record: DatedRecord, say: _Words, year: int) -> _Own:
    item, base = record.record, _find_base(record)
    deadlines = list(list_deadlines(item, title=record.title))
    for deadline in deadlines:
        if deadline.day and (day := deadline.day.exact):
            alone = not item.takes_place and len(deadlines) == 1
            entry = CalendarEntry(
                key=f"{base}__{deadline.purpose}",
                name=record.name if alone else f"{record.name}__{deadline.purpose}",
                anchor=record.anchor,
                kind=EntryKind.DEADLINE,
                title=_title_deadline(deadline, say, record.title),
                first=day,
                last=day,
                text=_describe(record, None, say, year),
            )
            yield entry, deadline


def _title_deadline(deadline: Deadline, say: _Words, title: str) -> str:
    if deadline.purpose is DayPurpose.TASK:
        return f"{'From' if deadline.begins else 'By'} today: {say.line(deadline.words)}"
    return _LAST_DAYS[deadline.purpose].format(say.line(title))


def _list_steps(record: DatedRecord, say: _Words, published: date) -> _Own:
    priority = record.record
    for step in priority.milestones if isinstance(priority, Priority) else ():
        days = _find_days(step.date, step.until)
        if days and not step.done and days[1] >= published:
            word = f"step-{step.id or make_word(step.text)}"
            entry = CalendarEntry(
                key=f"{_find_base(record)}__{word}",
                name=f"{record.name}__{word}",
                anchor=record.anchor,
                kind=EntryKind.STEP,
                title=f"{say.line(record.title)}: {say.line(step.text)}",
                first=days[0],
                last=days[1],
            )
            yield entry, step


def _find_base(record: DatedRecord) -> str:
    """The word of a record that another issue gives it too: its `id:`, or its title without a count."""
    titled = record.name == record.anchor
    return record.record.id or (record.name.partition("__")[0] if titled else record.name)


def _describe(record: DatedRecord, session: Session | None, say: _Words, year: int) -> str:
    """What an entry says below its title: the first paragraph of its text, and how to take part."""
    item = record.record
    blocks = [say.text(record.summary).partition("\n\n")[0]]
    if not item.is_off and not (session and session.cancelled):
        blocks.append(_describe_booking(item, say, year))
    return "\n\n".join(filter(None, blocks))


def _describe_booking(item: Task, say: _Words, year: int) -> str:
    booking = item.booking
    address = (booking.link if booking else None) or ""
    last = f" by {describe_when(booking.by, year=year)}" if booking and booking.by else ""
    call = f"Book{last}: {address}" if address else end_sentence(f"Book{last}") if last else ""
    return "\n".join(filter(None, [say.text(booking.how) if booking else "", call]))
