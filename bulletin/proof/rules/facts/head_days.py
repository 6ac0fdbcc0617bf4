"""Find days in the subject, the preview text or the introduction that the entry they are about doesn't have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from bulletin.declaration.source import Place
from bulletin.issue.dates import WEEKDAYS, PartialDate
from bulletin.issue.item import Booking, Session
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import find_words
from bulletin.proof.reading.written_dates import Tense, WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rules.dates.found_dates import format_day, is_deadline, nearest_day

_HEADS = (("subject",), ("preview_text",), ("introduction",))
_SAME_EVENT = 20  # days between two days of one event; further away, it is the event of another month
_CLAUSE = re.compile(r"[,;:.!?–—\n]| and ")
_STEM = 6  # letters in which “supervision” and “supervisor” are the same
_NO_SUBJECT = frozenset(
    """
    book place join come goe live start end open close begin launch meet meeting event date day week month year time
    see plu also free online morning afternoon evening school children family people work training course team
    """.split()  # noqa: SIM905 -- words alone are read more easily
) | {day.lower() for day in WEEKDAYS}
"""Words that don't tell one entry from another."""


class _Entry(NamedTuple):
    """What an entry is called, the days that its fields or texts have, and where."""

    title: frozenset[str]
    words: frozenset[str]
    days: tuple[tuple[date, int], ...]


def find_wrong_days(context: Context) -> Iterator[Violation]:
    """A day at the head of the issue that is nowhere below, though the entry on it has another."""
    heads = [
        (passage, written)
        for passage, dates in context.dates
        if passage.place in _HEADS
        for written in dates
        if written.tense is not Tense.PAST and len(written.days) == 1
    ]
    if not heads:
        return
    if not (entries := list(_list_entries(context))):
        return
    told = {(day.month, day.day) for entry in entries for day, _ in entry.days} | set(_other_days(context))
    for passage, written in heads:
        day = nearest_day(written, context.issue.published)
        if day and (day.month, day.day) not in told and (other := _find_right(written, day, entries)):
            yield _tell(passage, written, f"line {other[1]} says {format_day(other[0])}")


def find_wrong_ranges(context: Context) -> Iterator[Violation]:
    """A range of days at the head of the issue, where what it is about has another range: “Carers Week (8–14 June)”."""
    ranges = [(passage, written) for passage, dates in context.dates for written in dates if written.is_range]
    below = [(passage, written) for passage, written in ranges if passage.place not in _HEADS]
    told = {(written.month, written.days) for _, written in below}
    for passage, written in ranges:
        if passage.place in _HEADS and (written.month, written.days) not in told:
            words = _read_clause(written)
            alike = [one for one in below if _is_about(words, *one) and _is_near(written, one[1])]
            if len({(one.month, one.days) for _, one in alike}) == 1:
                where, other = alike[0]
                text = where.prose.text[other.start : other.end]
                line = where.locate(other.start, other.end).line
                yield _tell(passage, written, f"line {line} says {text}")


def _is_about(words: frozenset[str], passage: Passage, written: WrittenDate) -> bool:
    """Whether the sentence of a range has `words` as well: one of them in a title, two elsewhere."""
    return len(words & _read_stems(written.sentence)) >= (1 if passage.field == "title" else 2)


def _is_near(one: WrittenDate, other: WrittenDate) -> bool:
    return one.month == other.month and len(one.days) == len(other.days) and one.days[0] != other.days[-1]


def _tell(passage: Passage, written: WrittenDate, other: str) -> Violation:
    text = passage.prose.text[written.start : written.end]
    message = f"This says {text}, but {other}."
    return violation_at(passage, (written.start, written.end), message, "Correct one of them.")


def _list_entries(context: Context) -> Iterator[_Entry]:
    """The entries that have days to come, with the words of their texts."""
    below = [passage for passage in context.texts if passage.place not in _HEADS and passage.record is not None]
    dates = {id(passage): written for passage, written in context.dates}
    fields = {id(record.value): list(_field_days(context, record.place, record.value)) for record in context.records}
    for _, group in groupby(below, key=lambda passage: id(passage.record)):
        passages = list(group)
        days = [*fields.get(id(passages[0].record), ()), *_text_days(context, passages, dates)]
        coming = tuple((day, line) for day, line in days if day >= context.issue.published)
        if coming:
            title = frozenset(word for one in passages if one.field == "title" for word in _read_stems(one.prose.text))
            words = frozenset(word for one in passages for word in _read_stems(one.prose.text))
            yield _Entry(title, words, coming)


def _field_days(context: Context, place: Place, value: object) -> Iterator[tuple[date, int]]:
    """The days in the fields of an entry and of its sessions. Those by which to book are another rule's."""
    sessions = getattr(value, "sessions", None) or ()
    for index, session in enumerate(sessions):
        yield from _field_days(context, (*place, "sessions", index), session)
    for name in ("date", "until", "ends", "starts"):
        found = getattr(value, name, None)
        if isinstance(found, PartialDate) and found.exact:
            yield found.exact, context.span(*place, name).line


def _text_days(
    context: Context, passages: list[Passage], dates: dict[int, tuple[WrittenDate, ...]]
) -> Iterator[tuple[date, int]]:
    for passage in passages:
        for written in dates.get(id(passage), ()):
            day = nearest_day(written, context.issue.published)
            if day and not is_deadline(written):
                yield day, passage.locate(written.start, written.end).line


_LAST_DAYS = ("by", "from_", "closes", "interviews", "ends")
"""Fields of tasks, vacancies and campaigns that hold a day that the head of the issue may name."""


def _other_days(context: Context) -> Iterator[tuple[int, int]]:
    """Month and day of every date below the head, of each day that a range has, and of those by which to book."""
    for passage, dates in context.dates:
        if passage.place not in _HEADS:
            yield from ((written.month, day) for written in dates for day in written.days)
    for record in context.records:
        value = record.value
        booking = value if isinstance(value, Booking) else getattr(value, "book", None)
        days = [booking.by] if isinstance(booking, Booking) else []
        days += [getattr(value, name, None) for name in _LAST_DAYS]
        yield from ((day.month, day.day or 0) for day in days if isinstance(day, PartialDate) and day.month)
        if isinstance(value, Session) and value.until and value.until.exact and value.date.exact:
            first, last = value.date.exact.toordinal(), value.until.exact.toordinal()
            yield from ((day.month, day.day) for day in map(date.fromordinal, range(first, last + 1)))


def _find_right(written: WrittenDate, day: date, entries: list[_Entry]) -> tuple[date, int] | None:
    """The only day of the entry that the words beside a date are about: near, and another.

    An entry with two words of its title there is surely meant, so its other days, such as its last one, don't matter.
    """
    words = _read_clause(written)
    rated = sorted(((_rate(words, entry), number) for number, entry in enumerate(entries)), reverse=True)
    best = rated[0] if rated else (0, 0)
    if best[0] < _LEAST_RATE or (len(rated) > 1 and rated[1][0] == best[0]):
        return None
    found = dict(reversed(entries[best[1]].days))
    near = {other: line for other, line in found.items() if 0 < abs((other - day).days) <= _SAME_EVENT}
    is_sure = best[0] >= 2 * _LEAST_RATE and day not in found
    return next(iter(near.items())) if len(near) == 1 and (is_sure or len(found) == 1) else None


_LONGEST_CLAUSE = 200  # characters on either side of a date
_LEAST_RATE = 3  # a word of the title counts this, one of the text 1


def _rate(words: frozenset[str], entry: _Entry) -> int:
    return _LEAST_RATE * len(words & entry.title) + len(words & entry.words)


def _read_clause(written: WrittenDate) -> frozenset[str]:
    """The words of the clause that a date is in."""
    end = written.at + written.end - written.start
    before = _CLAUSE.split(written.before[-_LONGEST_CLAUSE:])[-1]
    after = _CLAUSE.split(written.sentence[end : end + _LONGEST_CLAUSE])[0]
    return _read_stems(f"{before} {after}")


def _read_stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in find_words(text) if word not in _NO_SUBJECT and not word.isdigit())
