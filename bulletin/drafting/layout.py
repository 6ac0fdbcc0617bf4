"""Change some lines of a file, and keep all others with their comments, order and layout. Pure.

A comment directly above an entry of a list belongs to it. So do comments below it that are further in than its dash.
They go when the entry goes. Every other comment stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bulletin.declaration.source import Place, Source
from bulletin.drafting.comments import Comment, end_line, find_comments, is_collection, write_note
from bulletin.drafting.unfolding import find_folded, is_folded, unfold, unfold_all


@dataclass(frozen=True, kw_only=True, slots=True)
class Drop:
    """Remove the field or entry at `place`; `words` name it in the list of parts left out, "" hides it there."""

    place: Place
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replace:
    """Give the field at `place` another value: `value` as YAML, in one line."""

    place: Place
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Add a note above `place`. `task` names the thing to write there for the list at the top; "" if there is none."""

    place: Place
    words: str
    task: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Add:
    """Add an entry after the one at `place`: its notes, then its lines without dash and margin.

    `comments` go above it as they are.
    """

    place: Place
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    apart: bool = False  # by a blank line


@dataclass(frozen=True, kw_only=True, slots=True)
class AddField:
    """Add a field to a record, below its field at `place`: `line` is its key and value."""

    place: Place
    line: str


Change: TypeAlias = Drop | Replace | Note | Add | AddField


def is_beneath(place: Place, others: Iterable[Place]) -> bool:
    """Whether `place` is one of `others`, or inside one."""
    return any(place[: len(other)] == other for other in others)


def rewrite(source: Source, changes: Sequence[Change]) -> list[str]:
    """The file's lines after the changes. Changes inside a dropped part are skipped."""
    dropped = [change.place for change in changes if isinstance(change, Drop)]
    live = [change for change in changes if _is_live(change, dropped)]
    touched = [change.place for change in live if not isinstance(change, Note)]
    laid_out = unfold(source, touched)
    if not all(_is_plain(laid_out, place) for place in touched):
        laid_out = unfold_all(source)
    return _Layout(laid_out).apply(live)


def _is_live(change: Change, dropped: Sequence[Place]) -> bool:
    place = change.place
    if isinstance(change, Note | Replace):
        return not is_beneath(place, dropped)
    return not is_beneath(place[:-1], dropped)


_BEFORE_KEY = re.compile(r"\s*(?:-\s+)?")
_DASH = re.compile(r"\s*-\s+")
_DASH_ALONE = re.compile(r"\s*-\s*(?:#.*)?")


def _is_plain(source: Source, place: Place) -> bool:
    """Whether a field or entry begins a line, so that it can be changed by lines."""
    if isinstance(place[-1], str):
        return _BEFORE_KEY.fullmatch(_before_key(source, place)) is not None
    return _find_dash(source, place) > 0


def _before_key(source: Source, place: Place) -> str:
    span = source.keys[place]
    return source.lines[span.line - 1][: span.column - 1]


def _find_dash(source: Source, place: Place) -> int:
    """The line of an entry's dash; 0 if it has no dash of its own."""
    span = source.values[place]
    before = source.lines[span.line - 1][: span.column - 1]
    if _DASH.fullmatch(before):
        return span.line
    if before.strip():
        return 0
    line = span.line - 1
    while line > 0 and re.fullmatch(r"\s*(?:#.*)?", source.lines[line - 1]):
        line -= 1
    return line if line > 0 and _DASH_ALONE.fullmatch(source.lines[line - 1]) else 0


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _find_last_lines(source: Source) -> dict[Place, int]:
    """The last line of each field and entry, without the comments and blank lines after it."""
    lasts: dict[Place, int] = {}
    ends = [(place, span.line) for place, span in source.keys.items()]
    for place, span in source.values.items():
        if not is_collection(source, place) or is_folded(source, place):
            ends.append((place, end_line(source, span)))
    for place, end in ends:
        for depth in range(1, len(place) + 1):
            lasts[place[:depth]] = max(end, lasts.get(place[:depth], 0))
    return lasts


@dataclass(kw_only=True)
class _Edits:
    """The changes to lines, by their numbers."""

    gone: set[int] = field(default_factory=set)
    above: dict[int, list[str]] = field(default_factory=dict)
    below: dict[int, list[Add | AddField]] = field(default_factory=dict)


class _Layout:
    """The lines of a file, the part that each belongs to, and the changes to them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._comments = find_comments(source)
        self._alone = {comment.line for comment in self._comments if comment.alone}
        self._lasts = _find_last_lines(source)
        self._edits = _Edits()
        self._followed: set[Place] = set()  # the entries that get another one after them

    def apply(self, changes: Iterable[Change]) -> list[str]:
        """The lines, changed. Of several entries put after the same line, those further in come first."""
        inner_first = sorted(changes, key=lambda change: -len(change.place))
        self._followed = {change.place for change in inner_first if isinstance(change, Add)}
        for change in inner_first:
            match change:
                case Drop(place=(*_, str())):
                    self._replace(change.place, "")
                case Drop():
                    self._drop_entry(change.place)
                case Replace():
                    self._replace(change.place, change.value)
                case Note():
                    self._note(change)
                case AddField():
                    self._edits.below.setdefault(self._lasts[change.place], []).append(change)
                case Add():
                    self._edits.below.setdefault(self._end(change.place), []).append(change)
        return self._write()

    def _line(self, place: Place) -> int:
        """The line on which a field or an entry begins."""
        return self._source.keys[place].line if isinstance(place[-1], str) else _find_dash(self._source, place)

    def _end(self, place: Place) -> int:
        """The last line of an entry, with the comments that belong to it."""
        last, margin = self._lasts[place], _margin(self._source.lines[self._line(place) - 1])
        while last + 1 in self._alone and _margin(self._source.lines[last]) > margin:
            last += 1
        return last

    def _drop_entry(self, place: Place) -> None:
        lines = self._source.lines
        first, last = self._line(place), self._end(place)
        margin = _margin(lines[first - 1])
        while first - 1 in self._alone and _margin(lines[first - 2]) <= margin:
            first -= 1
        if place not in self._followed and (self._is_first_of_several(place) or not lines[first - 2].strip()):
            while last < len(lines) and not lines[last].strip():
                last += 1  # keep the blank lines before the entry, drop those after it
        self._edits.gone.update(range(first, last + 1))

    def _is_first_of_several(self, place: Place) -> bool:
        return place[-1] == 0 and (*place[:-1], 1) in self._source.values

    def _replace(self, place: Place, value: str) -> None:
        """Give a field a new value, or remove it if `value` is empty. Comments inside it stay, above or at its end."""
        first, last = self._line(place), self._lasts[place]
        before = _before_key(self._source, place)
        inside = [comment for comment in self._comments if first <= comment.line <= last]
        kept = [comment for comment in inside if comment.line == first and value]
        margin = " " * _margin(self._source.lines[first - 1])
        written = [margin + comment.text for comment in inside if comment not in kept]
        if value:
            written.append(f"{before}{self._key(place)}: {value}{_at_the_end(kept)}")
        elif before.strip():
            written.append(before.rstrip())  # the entry's dash
        self._edits.above.setdefault(first, []).extend(written)
        self._edits.gone.update(range(first, last + 1))

    def _key(self, place: Place) -> str:
        span = self._source.keys[place]
        return self._source.lines[span.line - 1][span.column - 1 : span.end_column - 1]

    def _note(self, note: Note) -> None:
        folded = find_folded(self._source, note.place)
        place = note.place if folded is None else folded
        line = self._line(place) if place and _is_plain(self._source, place) else 1
        indent = _margin(self._source.lines[line - 1])
        # The line may be replaced already: the note goes above its replacement.
        above = self._edits.above.setdefault(line, [])
        at = next((index for index, text in enumerate(above) if not text.lstrip().startswith("#")), len(above))
        above[at:at] = write_note(note.words, indent=indent)

    def _write(self) -> list[str]:
        out: list[str] = []
        for number, line in enumerate(self._source.lines, start=1):
            out += self._edits.above.get(number, [])
            if number not in self._edits.gone:
                out.append(line)
            for add in self._edits.below.get(number, []):
                out += self._write_field(add) if isinstance(add, AddField) else self._write_entry(add, after=out)
        return out

    def _write_field(self, added: AddField) -> list[str]:
        column = self._source.keys[added.place].column
        return [f"{' ' * (column - 1)}{added.line}"]

    def _write_entry(self, add: Add, *, after: Sequence[str]) -> list[str]:
        indent = _margin(self._source.lines[self._line(add.place) - 1])
        margin = " " * indent
        notes = [line for words in add.notes for line in write_note(words, indent=indent)]
        lines = [f"{margin}- {add.lines[0]}", *(f"{margin}  {line}".rstrip() for line in add.lines[1:])]
        comments = [f"{margin}{comment}" for comment in add.comments]
        return [*([""] if add.apart and after and after[-1].strip() else []), *notes, *comments, *lines]


def _at_the_end(comments: Sequence[Comment]) -> str:
    return "".join(f"  {comment.text}" for comment in comments)
