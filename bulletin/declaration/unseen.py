"""Invisible characters in the texts of a file, found once escapes are decoded. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bulletin.declaration.characters import (
    describe_odd,
    find_hidden,
    find_strays,
    is_odd,
    mark_hidden,
    name_character,
)
from bulletin.declaration.source import Data, Place, Source, Span, describe_step
from bulletin.declaration.source_map import trace_text
from bulletin.errors import Fault


def find_unseen(source: Source, *, strays: bool = False) -> Iterator[Fault]:
    """A fault for each text and each field's name that has an invisible character (the first of them is told).

    A soft hyphen or a blank that isn't a space is one in a name, since the name looks right. `strays`: in texts too.
    """
    for text in _list_texts(source.data, (), ()):
        if hidden := next(find_hidden(text.value), None):
            yield _explain(source, text, *hidden)
        elif odd := _find_stray(text, strays=strays):
            yield _explain_stray(source, text, *odd)


def _find_stray(text: _Text, *, strays: bool) -> tuple[int, str] | None:
    if text.value.isascii():
        return None
    if text.is_name:
        return next(((index, char) for index, char in enumerate(text.value) if is_odd(char)), None)
    return next(find_strays(text.value), None) if strays else None


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, or a field's name, with its place; and its path in words."""

    value: str
    place: Place
    words: tuple[str, ...]
    is_name: bool = False

    def span(self, source: Source) -> Span:
        spans = source.keys if self.is_name else source.values
        return spans.get(self.place) or source.values[()]


def _list_texts(data: Data, place: Place, words: tuple[str, ...]) -> Iterator[_Text]:
    if isinstance(data, str):
        yield _Text(data, place, words)
        return
    if isinstance(data, dict):
        yield from (_Text(name, (*place, name), words, is_name=True) for name in data)
    steps = data.items() if isinstance(data, dict) else enumerate(data or ())
    for step, value in steps:
        yield from _list_texts(value, (*place, step), (*words, describe_step(step, value)))


def _explain_stray(source: Source, text: _Text, index: int, char: str) -> Fault:
    """The fault for a soft hyphen, or a blank that looks like a space."""
    fault = _explain(source, text, index, char)
    return replace(fault, message=describe_odd(char), remedy="Delete it, and type a space if one belongs here.")


def _explain(source: Source, text: _Text, index: int, char: str) -> Fault:
    """The fault, at the character itself or at the escape that it is written as."""
    span = text.span(source)
    spot = source.find_within(span, char)
    remedy = "Delete it, and type the text around it again."
    if spot == span and not text.is_name and text.place in source.values:
        spots = trace_text(source, text.place)
        (line, column), (end_line, end_column) = spots[index], spots[index + 1]
        spot = Span(line=line, column=column, end_line=end_line, end_column=end_column)
        written = source.lines[line - 1][column - 1 : end_column - 1] if line == end_line else ""
        if written.startswith("\\"):
            remedy = f"Delete {written} here."
    message = f"There is an invisible character here: {name_character(char)}."
    fault = source.fault_at(spot, message, remedy, where=" › ".join(text.words))
    return replace(fault, excerpt=mark_hidden(fault.excerpt))
