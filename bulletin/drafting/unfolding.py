"""Rewrite YAML in braces and brackets on lines of its own, so that lines can be removed and added. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from bulletin.declaration.source import Data, Place, Source, Span, parse_source
from bulletin.drafting.comments import Comment, find_comments, is_collection, read_data

_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()’“”/&=?%+–-]|:(?=\w|/))*(?<! )")
_NOTHING = ("null",)


def write_scalar(text: str | None) -> str:
    """A text as YAML, in one line: plain if that is safe, else in quotation marks."""
    if text is None:
        return ""
    if _PLAIN.fullmatch(text) and text not in _NOTHING:
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in json.dumps(text, ensure_ascii=False))


def _escape(char: str) -> str:
    return f"\\U{ord(char):08x}"


def is_folded(source: Source, place: Place) -> bool:
    """Whether a list or record is written in brackets or braces."""
    span = source.values[place]
    return is_collection(source, place) and source.lines[span.line - 1][span.column - 1 : span.column] in ("{", "[")


def unfold(source: Source, places: Iterable[Place]) -> Source:
    """The file with every folded list or record around `places` on lines of its own. Its data stay the same."""
    outermost = {folded for place in places if (folded := find_folded(source, place)) is not None}
    if () in outermost:
        return unfold_all(source)
    lines = list(source.lines)
    comments = find_comments(source)
    for place in sorted(outermost, key=lambda place: source.values[place].line, reverse=True):
        span = source.values[place]
        lines[span.line - 1 : span.end_line] = _unfold_one(source, place, comments)
    return parse_source("\n".join(lines), shown_as=source.file) if outermost else source


def find_folded(source: Source, place: Place) -> Place | None:
    """The outermost folded list or record that `place` is inside; None if there is none."""
    return next((place[:depth] for depth in range(len(place)) if is_folded(source, place[:depth])), None)


def unfold_all(source: Source) -> Source:
    """The whole file, each field and entry on a line of its own. Each comment stays before the same field or entry."""
    everywhere = Span(line=1, column=1, end_line=len(source.lines), end_column=len(source.lines[-1]) + 1)
    lines = _Writer(source, _within(everywhere, find_comments(source))).write((), indent=0)
    return parse_source("\n".join([*lines, ""]), shown_as=source.file)


def _within(span: Span, comments: Iterable[Comment]) -> list[Comment]:
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    return [comment for comment in comments if start <= (comment.line, comment.column) < end]


def _unfold_one(source: Source, place: Place, comments: Iterable[Comment]) -> list[str]:
    span = source.values[place]
    before = source.lines[span.line - 1][: span.column - 1]
    after = source.lines[span.end_line - 1][span.end_column - 1 :].strip()
    on_its_key = before.rstrip().endswith(":")
    indent = len(before) - len(before.lstrip()) + _dash_width(before) + 2 if on_its_key else len(before)
    written = _Writer(source, _within(span, comments)).write(place, indent=indent)
    margin = before[: len(before) - len(before.lstrip())]
    notes = [margin + after] if after else []
    while written and written[0].lstrip().startswith("#"):
        notes.append(margin + written.pop(0).lstrip())
    if on_its_key:
        return [*notes, before.rstrip(), *written]
    return [*notes, before + written[0][indent:], *written[1:]]


def _dash_width(before: str) -> int:
    """How far the first field of an entry is further in than its dash."""
    match = re.match(r"-\s+", before.lstrip())
    return match.end() if match else 0


class _Writer:
    """Writes data with one field or entry a line, and each comment before the same field or entry."""

    def __init__(self, source: Source, comments: list[Comment]) -> None:
        self._source = source
        self._comments = comments

    def write(self, place: Place, *, indent: int) -> list[str]:
        """The lines of a list or record, and the comments that are left at its end."""
        written = list(self._write(place, indent))
        return [*written, *(" " * indent + comment.text for comment in self._comments)]

    def _write(self, place: Place, indent: int) -> Iterator[str]:
        data, margin = read_data(self._source, place), " " * indent
        if isinstance(data, dict):
            for key in data:
                inner = (*place, key)
                yield from self._take_comments(self._source.keys[inner], margin)
                yield from self._write_value(f"{margin}{write_scalar(key)}:", inner, indent)
        elif isinstance(data, list):
            for index in range(len(data)):
                inner = (*place, index)
                yield from self._take_comments(self._source.values[inner], margin)
                yield from self._write_entry(inner, indent)

    def _write_value(self, start: str, place: Place, indent: int) -> Iterator[str]:
        data = read_data(self._source, place)
        if isinstance(data, dict | list) and data:
            yield start
            yield from self._write(place, indent + 2)
        else:
            yield f"{start} {_write_leaf(data)}".rstrip()

    def _write_entry(self, place: Place, indent: int) -> Iterator[str]:
        data = read_data(self._source, place)
        if not isinstance(data, dict | list) or not data:
            yield f"{' ' * indent}- {_write_leaf(data)}".rstrip()
            return
        lines = list(self._write(place, indent + 2))
        while lines[0].lstrip().startswith("#"):
            yield lines.pop(0)
        yield f"{' ' * indent}- {lines[0][indent + 2 :]}"
        yield from lines[1:]

    def _take_comments(self, span: Span, margin: str) -> Iterator[str]:
        while self._comments and (self._comments[0].line, self._comments[0].column) < (span.line, span.column):
            yield margin + self._comments.pop(0).text


def _write_leaf(data: Data) -> str:
    if isinstance(data, str | None):
        return write_scalar(data)
    return "[]" if isinstance(data, list) else "{}"
