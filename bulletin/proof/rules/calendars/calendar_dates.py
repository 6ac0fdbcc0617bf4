"""Calendars: dates without an end, dates that could be one, tasks that are over, dates that no page has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import takewhile

from bulletin.edition.calendar.entries import CalendarEntry, EntryKind, FoundEntry, find_entries
from bulletin.edition.phrases import describe_day, join_names
from bulletin.edition.to_do import list_to_do
from bulletin.issue.item import Session, Task
from bulletin.issue.to_do_rows import ToDoRows
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_TASK = "- {{kind: notice, title: Audit, text: It is due., do: Send your audit, by: {day}}}"
_FORUM = "{{title: Forum for families, date: {day}, starts: 10am, ends: midday, link: 'https://www.example.org/forum'}}"
_YEAR = timedelta(days=366)


def _events(*days: str) -> str:
    return f"- {{kind: events, title: Events, items: [{', '.join(_FORUM.format(day=day) for day in days)}]}}"


@rule(
    "CAL01",
    "task-already-over",
    severity=Severity.ERROR,
    reason="Readers are asked to do what they can no longer do.",
    wrong=[Example(sections=_TASK.format(day="30 April 2021"), at="30 April 2021")],
    right=[Example(sections=_TASK.format(day="4 May 2021")), Example(sections=_TASK.format(day="May 2021"))],
)
def task_already_over(context: Context) -> Iterator[Violation]:
    """A task whose last day is before the day on which the issue comes out."""
    published = context.issue.published
    for record in context.records:
        task = record.value
        if not (isinstance(task, Task) and task.do and task.last_day):
            continue
        if task.last_day.latest(year=published.year) < published:
            yield Violation(
                span=context.span(*record.place, *task.day_field),
                message=f"This task is over before the issue comes out ({describe_day(published)}).",
                remedy="Remove `do:`, or give a later day.",
            )


@rule(
    "CAL02",
    "no-end",
    severity=Severity.NOTE,
    reason="Without an end, calendars show an event as over at once, or for an hour. Readers can’t plan what follows.",
    wrong=[
        Example(
            sections="- {kind: events, title: Events, items: [{title: Forum, date: 9 June 2021, starts: 10am}]}",
            at="10am",
        )
    ],
    right=[Example(sections=_events("9 June 2021"))],
)
def no_end(context: Context) -> Iterator[Violation]:
    """An event, or a day of a course, that has a start and no end."""
    for record in context.records:
        session = record.value
        if isinstance(session, Session) and session.starts and not (session.ends or session.cancelled):
            day = session.date.exact
            if day and day >= context.issue.published:
                yield Violation(
                    span=context.span(*record.place, "starts"),
                    message="This has a start, and no end.",
                    remedy="Add `ends:`, so that readers’ calendars show how long it takes.",
                )


@rule(
    "CAL03",
    "which-date",
    severity=Severity.WARNING,
    reason="Readers who have a date in their calendar must see its changes there. So each needs a word of its own.",
    wrong=[
        Example(sections=_events("9 June 2021", "16 June 2021"), at="Forum for families"),
        Example(
            sections=_events("23 June 2021"), before=_events("9 June 2021", "16 June 2021"), at="Forum for families"
        ),
    ],
    right=[
        Example(sections=_events("9 June 2021"), before=_events("16 June 2021")),
        Example(sections=_events("9 June 2021"), before=_events("9 June 2021", "16 June 2021")),
        Example(
            sections="""
            - kind: events
              title: Events
              items:
                - {title: Forum, date: 9 June 2021, id: june-forum}
                - {title: Forum, date: 7 July 2021, id: july-forum}
            """
        ),
    ],
)
def which_date(context: Context) -> Iterator[Violation]:
    """A date that could be one of two with its title: in this issue, or in earlier ones."""
    found = [one for one in find_entries(context.issue) if _is_ahead(one.entry, context)]
    places = {id(record.value): record.place for record in context.records}
    seen: dict[str, object] = {}
    for one in found:
        item = one.record.record
        if item.id or one.entry.kind is EntryKind.STEP:
            continue
        first = seen.setdefault(one.entry.key, item)
        message = f"Another date here has the title “{one.entry.title}”, too." if first is not item else ""
        if message := message or _compare_earlier(one, found, context):
            yield Violation(
                span=context.span(*places[id(item)], "title"),
                message=message,
                remedy="Give it an `id:`, a word of its own. If an earlier issue has this date, write it there, too.",
            )


def _compare_earlier(one: FoundEntry, found: Sequence[FoundEntry], context: Context) -> str:
    """What to say of an entry that could continue two of earlier issues; "" if it is clear which one it does."""
    own = [other for other in found if other.entry.key == one.entry.key]
    if one is not own[0] or len(own) > 1:
        return ""
    days = {
        entry.first
        for entry in _list_earlier(context)
        if (entry.key, entry.kind) == (one.entry.key, one.entry.kind) and _is_ahead(entry, context)
    }
    if len(days) < 2 or one.entry.first in days:
        return ""
    named = join_names([describe_day(day) for day in sorted(days)])
    return f"Earlier issues have “{one.entry.title}” on {named}. This could be any of them, with another day."


def _list_earlier(context: Context) -> tuple[CalendarEntry, ...]:
    return context.gather(_read_earlier)


def _read_earlier(context: Context) -> tuple[CalendarEntry, ...]:
    """The entries of the issues of the last 12 months."""
    since = context.issue.published - _YEAR
    recent = takewhile(lambda parsed: parsed.issue.published >= since, context.earlier)
    return tuple(found.entry for parsed in recent for found in find_entries(parsed.issue))


def _is_ahead(entry: CalendarEntry, context: Context) -> bool:
    return entry.last >= context.issue.published


@rule(
    "CAL04",
    "no-page-for-dates",
    severity=Severity.NOTE,
    reason="“Add to calendar” beside a task leads to a file on your website.",
    wrong=[Example(sections=_TASK.format(day="1 June 2021"), at="Send your audit")],
    right=[
        Example(
            sections=_TASK.format(day="1 June 2021"), settings="website: {url: 'https://bulletin.anytown.example.org'}"
        )
    ],
)
def no_page_for_dates(context: Context) -> Iterator[Violation]:
    """The first task of an issue that readers can’t add to their calendars, because there is no website."""
    if context.settings.website or context.issue.to_do is ToDoRows.NONE:
        return
    if not any(row.last for row in list_to_do(context.issue)):
        return
    for record in context.records:
        if isinstance(record.value, Task) and record.value.do and record.value.last_day:
            yield Violation(
                span=context.span(*record.place, "do"),
                message="Readers can’t add this to their calendars: there is no website that has a file for it.",
                remedy="Set `website: url:` in bulletin.yaml once your pages are there.",
            )
            return


RULES: tuple[Rule, ...] = (task_already_over, no_end, which_date, no_page_for_dates)
