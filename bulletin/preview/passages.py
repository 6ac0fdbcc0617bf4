"""The passages of an issue: each paragraph, heading, entry and short value, and the lines it is written in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import read_blocks, read_inline
from bulletin.declaration.source import Place, Source, Span
from bulletin.edition.phrases import (
    describe_days,
    describe_hours,
    describe_last_day,
    describe_step_days,
    describe_when,
    describe_when_short,
)
from bulletin.issue.dates import Month, PartialDate, TimeOfDay
from bulletin.issue.item import Task
from bulletin.issue.model import Issue
from bulletin.issue.passages import find_unshown, walk_records

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPassage:
    """Words as readers see them, the value that they belong to, and its lines from `first` to `last`, from 1.

    `is_task` is true for what is in the box “What you need to do”, away from its section.
    """

    words: str
    place: Place
    part: int  # which passage of the value it is, from 0
    first: int
    last: int
    is_task: bool = False


def list_passages(source: Source, issue: Issue) -> list[ShownPassage]:
    """Every passage of an issue's file, in the order of the file; then what its dates and times are written as."""
    unseen = _find_unseen(issue)
    written = [
        passage
        for place, span in source.values.items()
        if (text := source.text_at(place)).strip() and not {place, place[:-1]} & unseen
        for passage in _cut(source, place, span, text)
    ]
    known = {(passage.place, passage.words) for passage in written}
    dates = (it for it in _list_dates(source, issue) if (it.place, it.words) not in known)
    return [*written, *dates, *_list_task_days(source, issue)]


def normalise(words: str) -> str:
    """`words` with one space for all white space."""
    return " ".join(words.split())


def _find_unseen(issue: Issue) -> set[Place]:
    """The places of the fields that readers never see as they are written."""
    records = walk_records(issue)
    return {(*record.place, name) for record in records for name in find_unshown(type(record.value))}


def _cut(source: Source, place: Place, span: Span, text: str) -> Iterator[ShownPassage]:
    lines = list(_lines_of_words(source, span)) or [span.line]
    counts = [0, *accumulate(len(line.split()) for line in text.split("\n"))]
    for part, (words, begin, end) in enumerate(_read(text)):
        yield ShownPassage(
            words=words,
            place=place,
            part=part,
            first=lines[min(counts[begin], len(lines) - 1)],
            last=lines[min(max(counts[end] - 1, counts[begin]), len(lines) - 1)],
            is_task=place[-1:] == ("do",),
        )


def _list_task_days(source: Source, issue: Issue) -> Iterator[ShownPassage]:
    """The day of each task, as its box names it: “By Fri 4 Dec”."""
    for record in walk_records(issue):
        task = record.value
        if isinstance(task, Task) and task.do and (day := task.from_ or task.last_day):
            place = (*record.place, *task.day_field)
            if span := source.values.get(place):
                words = f"{'From' if task.from_ else 'By'} {describe_last_day(day)}"
                yield ShownPassage(words=words, place=place, part=0, first=span.line, last=span.line, is_task=True)


def _list_dates(source: Source, issue: Issue) -> Iterator[ShownPassage]:
    """What the issue's dates and times become for readers, each in every form that there is."""
    for place, words in _name_dates(issue, (), year=issue.published.year):
        if span := source.values.get(place):
            yield ShownPassage(words=words, place=place, part=0, first=span.line, last=span.line)


def _name_dates(value: object, place: Place, *, year: int) -> Iterator[tuple[Place, str]]:
    if isinstance(value, tuple | list):
        for number, entry in enumerate(value):
            yield from _name_dates(entry, (*place, number), year=year)
    elif isinstance(value, Declared):
        for name, field in type(value).model_fields.items():
            yield from _name_dates(getattr(value, name), (*place, field.alias or name), year=year)
        yield from (((*place, name), words) for name, words in _name_days(value, year) if words)
    elif isinstance(value, Month):
        yield place, str(value)


def _name_days(record: Declared, year: int) -> Iterator[tuple[str, str]]:
    first, last = getattr(record, "date", None), getattr(record, "until", None)
    if isinstance(first, PartialDate):
        yield from (("date", words) for words in _write_days(first, last, year))
    for name, field in type(record).model_fields.items():
        day = getattr(record, name)
        if isinstance(day, PartialDate) and name not in ("date", "until"):
            yield from ((field.alias or name, words) for words in _write_days(day, None, year))
    starts, ends = getattr(record, "starts", None), getattr(record, "ends", None)
    if isinstance(starts or ends, TimeOfDay):
        yield "starts" if starts else "ends", describe_hours(starts, ends)


def _write_days(first: PartialDate, last: PartialDate | None, year: int) -> Iterator[str]:
    """Each form in which a day, or a run of days, can be shown."""
    yield describe_days(first, last)
    yield describe_when(first, last)
    yield describe_when(first, last, year=year)
    yield describe_when_short(first, last)
    yield describe_step_days(first, last)
    if last is None:
        yield describe_last_day(first)


def _lines_of_words(source: Source, span: Span) -> Iterator[int]:
    """The line of each word of a value. YAML changes the white space of a value, and never the order of its words."""
    opening = source.lines[span.line - 1][span.column - 1 : span.column]
    for number in range(span.line, min(span.end_line, len(source.lines)) + 1):
        line = source.lines[number - 1]
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(line)
        if number == span.line and opening in ("|", ">"):
            continue  # how to fold the text that begins in the next line
        yield from (number for _ in _unescape_space(line[start:end], quoted=opening == '"').split())


def _unescape_space(line: str, *, quoted: bool) -> str:
    """In double quotation marks a line break, a tab or a space can be written with a backslash."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\[nt ]", r"\1 ", line) if quoted else line


@lru_cache(maxsize=4096)  # a save changes one value of hundreds
def _read(text: str) -> tuple[tuple[str, int, int], ...]:
    """The passages of a value: their words, and the lines of the value that they begin and end (exclusive) in."""
    lines = len(text.split("\n"))
    blocks = [
        (_words(token), min(token.map[0], lines), min(token.map[1], lines))
        for token in read_blocks(text)
        if token.map and token.type in ("inline", "fence", "code_block")
    ]
    if "\n" not in text.strip():  # it may be a title, in which there are no lists and headings
        line = (normalise("".join(_spell(read_inline(text)))), 0, 1)
        if line not in blocks:
            blocks.insert(0, line)
    return tuple(block for block in blocks if block[0])


def _words(token: Token) -> str:
    return normalise("".join(_spell(token.children)) if token.type == "inline" else token.content)


def _spell(tokens: Iterable[Token] | None) -> Iterator[str]:
    for token in tokens or ():
        yield " " if token.type in ("softbreak", "hardbreak") else token.content
