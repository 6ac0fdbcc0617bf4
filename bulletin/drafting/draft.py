"""The next month's draft, made from the last issue's own lines. Pure.

Carried-over parts keep their words, comments, order and layout. Notes (`# write: …`) say what to do, and placeholders
mark each text to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bulletin.declaration.source import Place, Source
from bulletin.drafting.comments import remove_first_words, remove_notes, tidy, write_note
from bulletin.drafting.ids import write_ids
from bulletin.drafting.layout import Add, Change, Drop, Note, Replace, is_beneath, rewrite
from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
from bulletin.drafting.promises import FollowUp, find_follow_ups
from bulletin.drafting.rolling import Turn, roll_section
from bulletin.drafting.unfolding import write_scalar
from bulletin.issue.archiving import ARCHIVE_ONLY
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.holidays import Nation, describe_day_off
from bulletin.issue.item import Item, Point
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records
from bulletin.issue.section import BaseSection

SCHEMA_LINE = "# yaml-language-server: $schema="


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A new draft: its text, the parts of the last issue that it leaves out, and the things to write, in words.

    `unwritten` says how many places of the last issue are still to be written: above 0, that is a draft itself.
    """

    text: str
    dropped: tuple[str, ...]
    to_write: tuple[str, ...]
    unwritten: int = 0


def draft_next(
    source: Source,
    issue: Issue,
    *,
    month: Month,
    published: date,
    follow_ups: Sequence[FollowUp] = (),
    earlier: Sequence[Issue] = (),
    nation: Nation | None = None,
) -> Draft:
    """The draft of `month`, to be published on `published`, made from the last issue in `source`.

    `follow_ups` are the open promises of all issues. Those for `month` or earlier become items to write. `earlier` are
    the issues before the last one, the latest first: they tell how long something has been carried along. `nation`
    says whose bank holidays count (default: those of all nations).
    """
    due = [promise for promise in follow_ups if promise.month <= month]
    turn = Turn(before=issue.published, month=month, published=published, history=(issue, *earlier))
    rolled = [*_roll(issue, turn), *_leave_out_archived(issue)]
    dropped = [change.place for change in rolled if isinstance(change, Drop)]
    kept_promises = [change for promise in due for change in _place_follow_up(promise, source, issue, dropped)]
    changes = [*_write_header(source, issue, turn, nation), *kept_promises, *rolled, *write_ids(issue, turn)]
    changes += _clear_follow_ups(source, issue, month)
    if _is_emptied(issue, changes):
        changes.append(_start_afresh(issue))
    plain = remove_first_words(remove_notes(source))
    lines = rewrite(plain, changes)
    to_write = (*(_tell(promise, month) for promise in due), *_list_tasks(source, changes, dropped))
    unwritten = len(find_placeholders(source))
    return Draft(
        text="\n".join(_put_on_top(lines, source, month, to_write, unwritten)).rstrip("\n") + "\n",
        dropped=tuple(_name_dropped(rolled, dropped)),
        to_write=to_write,
        unwritten=unwritten,
    )


def _name_dropped(changes: Sequence[Change], dropped: Sequence[Place]) -> Iterator[str]:
    """The parts that are left out, in words. A field goes without a word where its item goes."""
    for change in changes:
        goes_with_item = isinstance(change.place[-1], str) and is_beneath(change.place[:-1], dropped)
        if isinstance(change, Drop) and change.words and not goes_with_item:
            yield change.words


def _roll(issue: Issue, turn: Turn) -> Iterator[Change]:
    for number, section in enumerate(issue.sections):
        yield from roll_section(section, ("sections", number), turn)


def _leave_out_archived(issue: Issue) -> Iterator[Drop]:
    """What the web archive alone shows of the last issue, and what was taken away from it."""
    for name in sorted(ARCHIVE_ONLY):
        if getattr(issue, name):
            yield Drop(place=(name,))
    for record in walk_records(issue):
        if isinstance(record.value, Item) and record.value.withdrawn:
            title = getattr(record.value, "title", None) or getattr(record.value, "name", None) or "an item"
            yield Drop(place=record.place, words=f"“{title}”: taken away from the archive")


def _write_header(source: Source, issue: Issue, turn: Turn, nation: Nation | None) -> Iterator[Change]:
    month, published = turn.month, turn.published
    day = source.data["published"] if isinstance(source.data, dict) else ""
    in_figures = re.match(r"\s*[0-9]{4}-", str(day))
    written = PartialDate(published.year, published.month, published.day)
    yield Replace(place=("month",), value=month.id)
    yield Replace(place=("published",), value=published.isoformat() if in_figures else str(written))
    off = describe_day_off(published, nation)
    warning = f"It is {off}." if off else "Mind bank holidays."
    yield Note(place=("published",), words=f"is {written.weekday} {written} right? {warning}")
    yield Note(place=("subject",), words=f"the subject, as an inbox shows it.{_quote_last(issue.subject)}")
    yield Replace(place=("subject",), value=write_scalar(f"{month}: {TO_WRITE}"))
    yield Note(place=("preview_text",), words=f"the line after the subject.{_quote_last(issue.preview_text)}")
    yield Replace(place=("preview_text",), value=TO_WRITE)
    if issue.author:
        yield Note(place=("author",), words="who writes this one? Their approval alone won’t be enough.")
    if issue.introduction:
        yield Note(place=("introduction",), words=f"a few words of welcome.{_quote_last(issue.introduction)}")
        yield Replace(place=("introduction",), value=TO_WRITE)
    if issue.signed and issue.signed.text:
        yield Note(place=("signed", "text"), words=f"a last word.{_quote_last(issue.signed.text)}")
        yield Replace(place=("signed", "text"), value=TO_WRITE)


def _quote_last(words: str) -> str:
    """Last month's words, unless they were still to be written."""
    return "" if TO_WRITE in words else f" Last month: “{words}”"


def _place_follow_up(promise: FollowUp, source: Source, issue: Issue, dropped: Sequence[Place]) -> Iterator[Note | Add]:
    """The place to keep a promise: at an item that carries over, as a point of its section, or as a new section."""
    promised = f"promised for {promise.month}: {promise}"
    own = promise.file == source.file
    if own and not is_beneath(promise.place, dropped):
        yield Note(place=promise.place, words=promised)
        return
    place = promise.place[:2] if own else _find_section(promise, issue)
    section = issue.sections[int(place[1])] if place and not is_beneath(place, dropped) else None
    if section and (points := _find_points(section)):
        titled = promise.titles[1:] and _write_title(promise)
        entry = (*titled, *_write_lists(promise), f"text: {TO_WRITE}")
        yield Add(place=(*place, "items", len(points) - 1), lines=entry, notes=(promised,))
    elif section and not own:
        yield Note(place=place, words=promised)
    else:
        after = place or ("sections", len(issue.sections) - 1)
        entry = ("kind: article", *_write_title(promise), *_write_lists(promise), f"text: {TO_WRITE}")
        yield Add(place=after, lines=entry, notes=(promised,), apart=True)


def _find_points(section: BaseSection) -> tuple[Point, ...]:
    """The points of a section; () if it has other entries or none."""
    entries = getattr(section, "items", ())
    return tuple(entry for entry in entries if isinstance(entry, Point))


def _find_section(promise: FollowUp, issue: Issue) -> Place:
    """The section of the same kind and title as the one that promises; () if it is gone."""
    for number, section in enumerate(issue.sections):
        if section.kind == promise.kind and promise.titles[:1] == (tidy(section.title),):
            return ("sections", number)
    return ()


def _write_title(promise: FollowUp) -> tuple[str, ...]:
    return (f"title: {write_scalar(promise.titles[-1])}",)


def _write_lists(promise: FollowUp) -> tuple[str, ...]:
    return (f"for: [{', '.join(promise.lists)}]",) if promise.lists else ()


def _clear_follow_ups(source: Source, issue: Issue, month: Month) -> Iterator[Change]:
    """Remove the promises that are due: an issue can only promise for a later month."""
    for promise in find_follow_ups(source, made_in=issue.month):
        if promise.month <= month:
            yield Drop(place=(*promise.place, "follow_up"))


def _is_emptied(issue: Issue, changes: Sequence[Change]) -> bool:
    """Whether no section is left, and none is added."""
    sections = {("sections", number) for number in range(len(issue.sections))}
    added = any(isinstance(change, Add) and change.place in sections for change in changes)
    return not added and sections <= {change.place for change in changes if isinstance(change, Drop)}


def _start_afresh(issue: Issue) -> Add:
    entry = ("kind: article", f"title: {TO_WRITE}", f"text: {TO_WRITE}")
    place = ("sections", len(issue.sections) - 1)
    return Add(
        place=place, lines=entry, notes=("the first section; nothing carries over from the last issue.",), apart=True
    )


def _tell(promise: FollowUp, month: Month) -> str:
    return f"promised for {promise.month}{', overdue' if promise.month < month else ''}: {promise}"


def _list_tasks(source: Source, changes: Sequence[Change], dropped: Sequence[Place]) -> Iterator[str]:
    """The things to write besides promises: steps due in the month, campaigns with phases."""
    for change in changes:
        if isinstance(change, Note) and change.task and not is_beneath(change.place, dropped):
            yield f"{change.task} ({source.file}:{source.values[change.place].line})"


def _put_on_top(
    lines: Sequence[str], source: Source, month: Month, to_write: Sequence[str], unwritten: int
) -> Iterator[str]:
    """The lines, below the schema line and the list of things to write."""
    rest = list(lines)
    if rest[0].startswith(SCHEMA_LINE.rstrip("=")):
        yield rest.pop(0)
    elif not any(SCHEMA_LINE in line for line in rest):
        yield f"{SCHEMA_LINE}{'../' * source.file.count('/')}.bulletin/issue.schema.json"
    places = "1 place" if unwritten == 1 else f"{unwritten:,} places"
    unfilled = f", which was still a draft: it said {TO_WRITE} in {places}" if unwritten else ""
    yield from write_note(
        f"this draft of {month} is made from {source.file}{unfilled}. Lines like this one say what to do. Delete each "
        f"one when it is done; the next draft leaves them out anyway. Replace each {TO_WRITE} with your own words."
    )
    for words in to_write:
        yield from write_note(words)
    yield ""
    while rest and not rest[0].strip():
        rest.pop(0)
    yield from rest
