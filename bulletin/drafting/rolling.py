"""Carry each section forward to the next month: keep it, leave it out, or ask its writer. Pure.

The traits of its kind say which. Placeholders say TO WRITE, so that they can't be sent by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from bulletin.declaration.source import Place
from bulletin.drafting.carrying import describe_figure_age, describe_milestone_age
from bulletin.drafting.comments import tidy
from bulletin.drafting.following import find_months, first_day, last_day
from bulletin.drafting.layout import Change, Drop, Note, Replace
from bulletin.drafting.placeholders import TO_WRITE, empty_entries, empty_record, write_blank
from bulletin.drafting.unfolding import write_scalar
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.item import Figure, Item, Link, Session, Task
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.events import Event, Events
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.figures import Figures
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.priorities import Milestone, Priorities, Priority, PriorityStatus
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Course, Training
from bulletin.issue.kinds.vacancies import Vacancies
from bulletin.issue.model import Issue
from bulletin.issue.section import NO_KICKER, BaseSection
from bulletin.issue.sections import traits_of
from bulletin.issue.traits import NextMonth

_FIGURE_TO_WRITE = f"0 {TO_WRITE}"
"""The placeholder of a figure, which must have a number in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """The step from the issue published on `before` to the issue of `month`, published on `published`.

    `history` are the issues until then, the latest first.
    """

    before: date
    month: Month
    published: date
    history: Sequence[Issue] = ()

    def has_passed(self, day: PartialDate) -> bool:
        """Whether every day that a date can mean is past when the next issue is published."""
        return last_day(day, near=self.before) < self.published

    def is_over(self, session: Session) -> bool:
        """Whether the last day of a session is past when the next issue is published."""
        return self.has_passed(session.until or session.date)

    def is_due(self, start: PartialDate, end: PartialDate) -> bool:
        """Whether something begins or ends in the next issue's month."""
        days = (first_day(start, near=self.before), last_day(end, near=self.before))
        return any((day.year, day.month) == (self.month.year, self.month.month) for day in days)


def roll_section(section: BaseSection, place: Place, turn: Turn) -> Iterator[Change]:
    """The changes that carry the section at `place` forward, as its kind's traits say."""
    match traits_of(section).next_month:
        case NextMonth.LEFT_OUT:
            noun = section.noun.partition(" ")[2].removesuffix(" section").replace("_", " ")
            yield Drop(place=place, words=f"{noun} “{tidy(section.title)}”: was for last month only")
        case NextMonth.EMPTIED:
            yield from _drop_monthly(section, place)
            yield from _empty(section, place)
        case NextMonth.UPDATED:
            yield from _drop_monthly(section, place)
            yield from _update(section, place, turn)
        case NextMonth.KEPT:
            pass


_MONTHLY = ("top_story", "kicker", "teaser", "image", "quote", "do", "by", "from_")
"""The fields of sections and items that are for one month only."""

_SECTION_LINK = ("link", "button")
"""A section's link and its button: news where the section is emptied."""


def _drop_monthly(section: BaseSection, place: Place) -> Iterator[Change]:
    """Leave out what a section and its items show for one month only, and say so of its task and of the top story."""
    emptied = traits_of(section).next_month is NextMonth.EMPTIED
    yield from _drop_fields(section, place, (*_MONTHLY, *(_SECTION_LINK if emptied else ())))
    for number, item in enumerate(getattr(section, "items", ())):
        if isinstance(item, Task) and not emptied:
            yield from _drop_fields(item, (*place, "items", number), _MONTHLY)


def _drop_fields(record: Task, place: Place, names: Sequence[str]) -> Iterator[Change]:
    for name in names:
        value = getattr(record, name, None)
        field = type(record).model_fields.get(name)
        if field and field.is_required() is False and value and value != NO_KICKER:
            yield Drop(place=(*place, field.alias or name), words=_name_monthly(record, name))


def _name_monthly(record: Task, name: str) -> str:
    """What the list of parts left out says of a field; "" if it says nothing."""
    if name == "do":
        return f"task “{tidy(record.do or '')}”: was for last month only"
    return f"top story “{tidy(getattr(record, 'title', ''))}”: choose this month’s" if name == "top_story" else ""


@singledispatch
def _empty(section: BaseSection, place: Place) -> Iterator[Change]:
    """The changes that keep only a section's title, and ask for the rest again."""
    yield from empty_record(section, place, keep=("kind", "title", *Item.model_fields, *_MONTHLY, *_SECTION_LINK))


@_empty.register
def _(section: Figures, place: Place) -> Iterator[Change]:
    yield from _question_introduction(section.introduction, place)
    if section.date:
        yield Note(place=(*place, "date"), words=f"when were they counted? Last month: “{tidy(section.date)}”")
        yield Replace(place=(*place, "date"), value=TO_WRITE)
    for number, item in enumerate(section.items):
        at = (*place, "items", number)
        yield Note(place=at, words=f"this month’s number? Last month: “{tidy(item.value)}”")
        yield Replace(place=(*at, "value"), value=_FIGURE_TO_WRITE)


@_empty.register
def _(section: ExecutiveUpdates, place: Place) -> Iterator[Change]:
    yield Note(place=(*place, "lead"), words="a one-line summary.")
    yield Replace(place=(*place, "lead"), value=TO_WRITE)
    yield from _empty_points(place, len(section.items))
    if section.outlook:
        yield Note(
            place=(*place, "outlook"), words=f"what comes next? Last month you looked ahead to: {section.outlook}"
        )
        yield Replace(place=(*place, "outlook"), value=TO_WRITE)


@_empty.register
def _(section: GroupUpdate, place: Place) -> Iterator[Change]:
    yield from _question_introduction(section.introduction, place)
    yield from _empty_points(place, len(section.items))


@_empty.register
def _(section: Resources, place: Place) -> Iterator[Change]:
    yield from _question_introduction(section.introduction, place)
    for number, group in enumerate(section.groups):
        group_place = (*place, "groups", number)
        yield Note(
            place=group_place,
            words=f"what is new for “{group.title}”, with its own link. If nothing is, delete the group.",
        )
        yield from empty_entries((*group_place, "items"), len(group.items), tuple(write_blank(Link)))


@singledispatch
def _update(section: BaseSection, place: Place, turn: Turn) -> Iterator[Change]:  # noqa: ARG001 -- all kinds alike
    """The changes that ask for news in a section, and leave out past items."""
    yield Note(place=place, words="what has changed since last month? Update this.")


@_update.register
def _(section: Campaign, place: Place, turn: Turn) -> Iterator[Change]:
    name = f"campaign “{tidy(section.title)}”"
    if section.status is CampaignStatus.FINISHED:
        yield Drop(place=place, words=f"{name}: finished")
    elif section.ends and turn.has_passed(section.ends):
        yield Drop(place=place, words=f"{name}: it ended on {section.ends}")
    else:
        asked = _ask_after(section)
        yield Note(place=place, words=asked, task=f"{name}: {asked}" if section.phase else "")


def _ask_after(campaign: Campaign) -> str:
    """The question about a campaign that is still planned or running."""
    asked = "has it begun?" if campaign.status is CampaignStatus.PLANNED else "what has happened since?"
    phase = campaign.phase
    if phase and phase.number == phase.total:
        return f"{asked} It was in its last phase ({phase}): is it over? Then write `status: finished`."
    if phase:
        return f"{asked} It was in phase {phase.number}: has phase {phase.number + 1} begun? Then correct `phase:`."
    return asked


@_update.register
def _(section: Priorities, place: Place, turn: Turn) -> Iterator[Change]:
    closed = [item.status is PriorityStatus.CLOSED for item in section.items]
    names = [f"priority {item.number} “{tidy(item.title)}”: closed" for item in section.items]
    yield from _drop_past(section, place, [name if over else "" for name, over in zip(names, closed, strict=True)])
    yield Note(
        place=place,
        words="update each priority: status, summary, steps and next step. Close those that are done.",
    )
    for number, item in enumerate(section.items):
        if not closed[number]:
            yield from _ask_after_priority(item, (*place, "items", number), turn)


def _ask_after_priority(priority: Priority, place: Place, turn: Turn) -> Iterator[Change]:
    for number, milestone in enumerate(priority.milestones):
        yield from _ask_after_milestone(priority, milestone, (*place, "milestones", number), turn)
    now = turn.month
    if priority.next and any(month <= now for month in find_months(priority.next, near=turn.before)):
        yield Note(place=(*place, "next"), words=f"this was due by now. Did it happen? What’s next from {now}?")


def _ask_after_milestone(priority: Priority, milestone: Milestone, place: Place, turn: Turn) -> Iterator[Change]:
    end = milestone.until or milestone.date
    aged = describe_milestone_age(priority, milestone, turn.history, month=turn.month, near=turn.before)
    if aged:
        task = f"priority {priority.number}: “{tidy(milestone.text)}” is done: {aged}"
        yield Note(place=place, words=f"this is done: {aged}. Delete it, unless readers still need it.", task=task)
    elif turn.has_passed(end) and milestone.done is None:
        yield Note(place=place, words=f"{end} has passed: did it happen? Add `done: yes` or `done: no`.")
    elif turn.is_due(milestone.date, end) and not milestone.done:
        task = f"priority {priority.number}: “{tidy(milestone.text)}” is due in {turn.month}"
        yield Note(place=place, words="this is due this month: add a progress update.", task=task)


@_update.register
def _(section: Training, place: Place, turn: Turn) -> Iterator[Change]:
    past = [bool(course.sessions) and all(_list_past(course, turn)) for course in section.items]
    words = [
        _name_occasion("training", course) if over else "" for course, over in zip(section.items, past, strict=True)
    ]
    yield from _drop_past(section, place, words)
    for number, course in enumerate(section.items):
        if not past[number]:
            yield from _roll_course(course, (*place, "items", number), turn)


def _list_past(course: Course, turn: Turn) -> list[bool]:
    """For each session of a course, whether it is over."""
    return [turn.is_over(session) for session in course.sessions]


def _roll_course(course: Course, place: Place, turn: Turn) -> Iterator[Change]:
    for number, (session, over) in enumerate(zip(course.sessions, _list_past(course, turn), strict=True)):
        if over:
            words = f"training “{tidy(course.title)}” on {session.date}: past"
            yield Drop(place=(*place, "sessions", number), words=words)
    if course.figure:
        yield _ask_after_figure(course.title, course.figure, (*place, "figure"), turn)


def _ask_after_figure(title: str, figure: Figure, place: Place, turn: Turn) -> Note:
    aged = describe_figure_age(figure, turn.history, month=turn.month, near=turn.before)
    if not aged:
        return Note(place=place, words="is this number still right? Update it and its date.")
    words = f"is this number still right? {aged[:1].upper()}{aged[1:]}. Update it and its date, or delete it."
    return Note(place=place, words=words, task=f"training “{tidy(title)}”: the number {tidy(figure.value)}: {aged}")


@_update.register
def _(section: Events, place: Place, turn: Turn) -> Iterator[Change]:
    past = [all(turn.is_over(day) for day in _list_days(event)) for event in section.items]
    words = [_name_occasion("event", event) if over else "" for event, over in zip(section.items, past, strict=True)]
    yield from _drop_past(section, place, words)
    yield from _question_introduction(section.introduction, place)
    for number, event in enumerate(section.items):
        if event.sessions and not past[number]:
            yield from _roll_dates(event, (*place, "items", number), turn)


def _list_days(occasion: Course | Event) -> Sequence[Session]:
    """All dates of a course or an event; an event is on its own date, and on its further ones."""
    return (occasion, *occasion.sessions) if isinstance(occasion, Event) else occasion.sessions


def _roll_dates(event: Event, place: Place, turn: Turn) -> Iterator[Change]:
    """Leave out the further dates that are over; the next one takes the place of the event's own, if that is."""
    over = {number for number, session in enumerate(event.sessions) if turn.is_over(session)}
    if turn.is_over(event):
        left = (number for number in range(len(event.sessions)) if number not in over)
        following = min(left, key=lambda number: first_day(event.sessions[number].date, near=turn.before))
        yield from _move_to(event, event.sessions[following], place)
        over.add(following)
    if len(over) == len(event.sessions):
        yield Drop(place=(*place, "sessions"))
    else:
        yield from (Drop(place=(*place, "sessions", number)) for number in sorted(over))


def _move_to(event: Event, session: Session, place: Place) -> Iterator[Change]:
    """Give the event the date, hours and place of one of its further dates."""
    missing = []
    for name in ("date", "until", "starts", "ends", "place"):
        old, new = getattr(event, name), getattr(session, name)
        if old and new:
            yield Replace(place=(*place, name), value=write_scalar(new) if isinstance(new, str) else str(new))
        elif old:
            yield Drop(place=(*place, name))
        elif new:
            missing.append(f"`{name}: {tidy(str(new))}`")
    asked = f" Add {' and '.join(missing)}." if missing else ""
    words = f"{event.date} is past, so this is its next date, {session.date}.{asked}"
    yield Note(place=place, words=words, task=f"event “{tidy(event.title)}”: {words}" if missing else "")


@_update.register
def _(section: Vacancies, place: Place, turn: Turn) -> Iterator[Change]:
    closed = [turn.has_passed(vacancy.closes) for vacancy in section.items]
    words = [f"vacancy “{tidy(item.title)}”: closed on {item.closes}" for item in section.items]
    yield from _drop_past(section, place, [name if over else "" for name, over in zip(words, closed, strict=True)])
    yield from _question_introduction(section.introduction, place)
    for number, vacancy in enumerate(section.items):
        if not closed[number]:
            words_of_one = f"this is open until {vacancy.closes}. Is it still right?"
            yield Note(place=(*place, "items", number), words=words_of_one)


def _name_occasion(noun: str, occasion: Course | Event) -> str:
    dates = [str(session.date) for session in _list_days(occasion)]
    return f"{noun} “{tidy(occasion.title)}” on {', '.join(dates)}: past"


def _drop_past(section: BaseSection, place: Place, words: Sequence[str]) -> Iterator[Change]:
    """Drop the items that have words, and the section too if no item is left."""
    for number, said in enumerate(words):
        if said:
            yield Drop(place=(*place, "items", number), words=said)
    if all(words):
        yield Drop(place=place, words=f"section “{tidy(section.title)}”: no items left")


def _empty_points(place: Place, count: int) -> Iterator[Change]:
    yield from empty_entries((*place, "items"), count, (f"text: {TO_WRITE}",), note="the points, one by one.")


def _question_introduction(introduction: str | None, place: Place) -> Iterator[Change]:
    if introduction:
        yield Note(place=(*place, "introduction"), words="is this still right?")
