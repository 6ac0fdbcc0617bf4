"""The comments of a file, and the notes that a draft leaves for its writer. Pure.

A note is a comment that begins with “write:”. The next draft leaves out all notes, and keeps every other comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from bulletin.declaration.source import Data, Place, Source, Span, parse_source

WIDEST = 110  # characters of a note's line

FIRST_ISSUE = "# Your first issue"
"""The beginning of the comment above the issue that a new workspace has."""

_NOTE = "# write: "
_CONTINUED = "#" + " " * (len(_NOTE) - 1)
_LAST_COLUMN = 10**9


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """A comment, from its # to the end of its line; `alone` if it has the line to itself. Counted from 1."""

    line: int
    column: int
    text: str
    alone: bool


def find_comments(source: Source) -> tuple[Comment, ...]:
    """All comments, in order. A # inside a text is not a comment."""
    covered = _cover_texts(source)
    found = []
    for number, line in enumerate(source.lines, start=1):
        for match in re.finditer(r"(?:^|(?<=\s))#", line):
            at = match.start() + 1
            if not any(start <= at < end for start, end in covered.get(number, ())):
                alone = not line[: at - 1].strip()
                found.append(Comment(line=number, column=at, text=line[at - 1 :].rstrip(), alone=alone))
                break
    return tuple(found)


def read_data(source: Source, place: Place) -> Data:
    """The data at a place."""
    data: Data = source.data
    for step in place:
        match data, step:
            case dict(), str():
                data = data[step]
            case list(), int():
                data = data[step]
    return data


def is_collection(source: Source, place: Place) -> bool:
    """Whether the data at a place is a list or a record."""
    return isinstance(read_data(source, place), dict | list)


def end_line(source: Source, span: Span) -> int:
    """The last line of a text. A block's span ends at the start of the line after it and after its blank lines."""
    last = span.end_line if span.end_column > 1 else span.end_line - 1
    while last > span.line and not source.lines[last - 1].strip():
        last -= 1
    return max(last, span.line)


def _cover_texts(source: Source) -> dict[int, list[tuple[int, int]]]:
    """For each line, the columns (end exclusive) that texts and field names cover."""
    covered: dict[int, list[tuple[int, int]]] = {}
    texts = [span for place, span in source.values.items() if not is_collection(source, place)]
    for span in (*texts, *source.keys.values()):
        for line, columns in _cover(source, span):
            covered.setdefault(line, []).append(columns)
    return covered


def _cover(source: Source, span: Span) -> Iterator[tuple[int, tuple[int, int]]]:
    header = re.match(r"[|>][-+0-9]*", source.lines[span.line - 1][span.column - 1 :])
    if header:  # a block: after | or >- on its first line there may be a comment
        yield span.line, (span.column, span.column + header.end())
        yield from ((line, (1, _LAST_COLUMN)) for line in range(span.line + 1, end_line(source, span) + 1))
    else:
        for line in range(span.line, span.end_line + 1):
            first = span.column if line == span.line else 1
            yield line, (first, span.end_column if line == span.end_line else _LAST_COLUMN)


def tidy(words: str) -> str:
    """The words in one line, without characters that a file can't have (a text may hold them escaped)."""
    return "".join(char for char in " ".join(words.split()) if char.isprintable())


def write_note(words: str, *, indent: int = 0) -> list[str]:
    """A note as the lines of a comment."""
    lines = wrap(tidy(words), max(40, WIDEST - indent - len(_NOTE)), break_long_words=False, break_on_hyphens=False)
    margin = " " * indent
    return [margin + (_CONTINUED if number else _NOTE) + line for number, line in enumerate(lines)]


def remove_first_words(source: Source) -> Source:
    """The file without the comment that explains the first issue of a new workspace: it is about that one alone."""
    gone: set[int] = set()
    for comment in find_comments(source):
        follows = comment.line - 1 in gone and comment.alone
        if follows or (comment.alone and comment.text.startswith(FIRST_ISSUE)):
            gone.add(comment.line)
    lines = [line for number, line in enumerate(source.lines, start=1) if number not in gone]
    return parse_source("\n".join(lines), shown_as=source.file) if gone else source


def remove_notes(source: Source) -> Source:
    """The file without the notes of an earlier draft."""
    ours = set(_find_notes(find_comments(source)))
    lines = [line for number, line in enumerate(source.lines, start=1) if number not in ours]
    return parse_source("\n".join(lines), shown_as=source.file)


def _find_notes(comments: Iterable[Comment]) -> Iterator[int]:
    """The lines of notes: each first line, and its continuation directly below."""
    last = 0
    for comment in comments:
        begins = comment.text.startswith(_NOTE.rstrip())
        goes_on = comment.line == last + 1 and re.match(rf"{_CONTINUED}\S", comment.text)
        if comment.alone and (begins or goes_on):
            last = comment.line
            yield last
