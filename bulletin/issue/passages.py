"""Every text of an issue that a proofreader reads, from the subject to the last link, with its place. Pure.

The model knows what each field holds (one plain line, a line with emphasis, Markdown, an address); the source knows
where it is written. A passage brings both together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, Literal, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.declaration.prose import Prose, read_line, read_plain, read_text
from bulletin.declaration.source import Data, Place, Source, Span
from bulletin.declaration.source_map import trace_text
from bulletin.declaration.translated import SAME, is_translated
from bulletin.declaration.values import Line, LinkAddress, Plain, Text, WebAddress
from bulletin.issue.traits import NOT_SHOWN, find_marked
from bulletin.languages.known import ENGLISH


class TextFormat(StrEnum):
    """The way a field's text is written."""

    PLAIN = "plain"
    LINE = "line"
    TEXT = "text"
    ADDRESS = "address"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record of the model, and its place in the source."""

    place: Place
    value: Declared
    language: str = ENGLISH


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One text: its record and field, its format, its language, and its words.

    `place` is its place in the source. `most` limits how many characters are read. `english_only`: whether what it has
    in another language is left out of its prose. Two passages are equal only if they are the same object.
    """

    source: Source
    place: Place
    record: Declared
    field: str
    format: TextFormat
    most: int | None = None
    language: str = ENGLISH
    english_only: bool = False

    @property
    def written(self) -> str:
        """The text as YAML gives it, with its Markdown."""
        return self.source.text_at(self.place)[: self.most]

    @cached_property
    def prose(self) -> Prose:
        """The words as readers see them."""
        read = {TextFormat.TEXT: read_text, TextFormat.LINE: read_line}.get(self.format, read_plain)
        prose = read(self.written)
        return prose.without_other_languages() if self.english_only else prose

    @property
    def has_other_languages(self) -> bool:
        """Whether something in it is marked as another language than its own."""
        return self.format in (TextFormat.TEXT, TextFormat.LINE) and "[" in self.written and bool(self.prose.foreign)

    @property
    def section(self) -> int | None:
        """The number of its section, from 0; None if it comes before the sections."""
        inside = self.place[:1] == ("sections",) and len(self.place) > 1
        return self.place[1] if inside and isinstance(self.place[1], int) else None

    def locate(self, start: int, end: int) -> Span:
        """The span of the words `prose.text[start:end]` in the file."""
        offsets = self.prose.offsets
        return self.locate_written(offsets[start], offsets[end - 1] + 1 if end > start else offsets[start])

    def locate_written(self, start: int, end: int) -> Span:
        """The span of the characters `written[start:end]` in the file."""
        line, column = self._spots[start]
        end_line, end_column = self._spots[end - 1] if end > start else (line, column - 1)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column + 1)

    def find_written(self, line: int, column: int) -> int:
        """The index in `written` of the character at a line and column of the file; -1 if there is none."""
        spots = self._spots
        at = bisect_left(spots, (line, column))
        return at if at < len(spots) - 1 and spots[at] == (line, column) else -1

    @cached_property
    def _spots(self) -> tuple[tuple[int, int], ...]:
        return trace_text(self.source, self.place)


def walk_records(value: Declared, place: Place = (), language: str = ENGLISH) -> Iterator[Record]:
    """`value`, which is at `place`, and every record in it, in the order of its fields.

    `language` is that of what is around it; a record may have its own.
    """
    language = getattr(value, "language", None) or language
    yield Record(place=place, value=value, language=language)
    for name, inner in _follow(type(value)).items():
        found = getattr(value, name)
        entries = found if isinstance(found, tuple) else (found,)
        for index, entry in enumerate(entries):
            if isinstance(entry, Declared):
                step = (*place, inner, index) if isinstance(found, tuple) else (*place, inner)
                yield from walk_records(entry, step, language)


def find_passages(value: Declared, source: Source, place: Place = ()) -> tuple[Passage, ...]:
    """Every text of `value`, which is at `place`, in the order of the file."""
    found = [passage for record in walk_records(value, place) for passage in _read_record(record, source)]
    return tuple(sorted(found, key=lambda passage: _order(source.values[passage.place])))


def _order(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _read_record(record: Record, source: Source) -> Iterator[Passage]:
    for name, text_format in _find_formats(type(record.value)).items():
        found = getattr(record.value, name)
        if isinstance(found, str | tuple) and found:
            for place, language in _find_places(source, record.place, _follow(type(record.value))[name]):
                yield Passage(
                    source=source,
                    place=place,
                    record=record.value,
                    field=name,
                    format=text_format,
                    language=language or record.language,
                )


def _find_places(source: Source, place: Place, key: str) -> Iterator[tuple[Place, str]]:
    """The places of a field's text or texts, each with its language if it is in several.

    A point may be written as just its text.
    """
    whole: Place = (*place, key)
    if whole in source.values:
        data = _read(source.data, whole)
        entries = [((*whole, index), entry) for index, entry in enumerate(data)] if isinstance(data, list) else []
        for entry_place, entry in entries if isinstance(data, list) else [(whole, data)]:
            yield from _find_versions(entry_place, entry)
    elif source.text_at(place) or is_translated(_read(source.data, place)):
        yield from _find_versions(place, _read(source.data, place))


def _find_versions(place: Place, data: Data) -> Iterator[tuple[Place, str]]:
    if isinstance(data, dict):
        yield from (((*place, code), code) for code, text in data.items() if code != SAME and isinstance(text, str))
    else:
        yield place, ""


def _read(data: Data, place: Place) -> Data:
    for step in place:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return data


@cache
def _follow(kind: type[Declared]) -> dict[str, str]:
    """The fields of a record, each with its name in the file."""
    return {name: field.alias or name for name, field in kind.model_fields.items()}


@cache
def _find_formats(kind: type[Declared]) -> dict[str, TextFormat]:
    """The fields of a record that hold texts, each with its format."""
    found = {name: find_format(field) for name, field in kind.model_fields.items()}
    return {name: text_format for name, text_format in found.items() if text_format}


def find_format(field: FieldInfo) -> TextFormat | None:
    """The format of a field's text or texts; None if it holds no text."""
    return _find_format(field.annotation, field.metadata)


@cache
def find_unshown(model: type[Declared]) -> frozenset[str]:
    """The fields of a record that readers never see as they are written, by their names in the file.

    Those are marked fields, addresses, and fields with one possible value, such as a section's kind.
    """
    marked = find_marked(model, NOT_SHOWN)
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if name in marked or find_format(field) is TextFormat.ADDRESS or get_origin(field.annotation) is Literal
    )


def _find_format(annotation: Any, metadata: list[Any]) -> TextFormat | None:
    for validator, text_format in _BY_VALIDATOR:
        if annotation is str and validator in metadata:
            # The name of a picture or a list is one plain line too, but readers don't read it.
            named = text_format is TextFormat.PLAIN and any(isinstance(entry, AfterValidator) for entry in metadata)
            return None if named else text_format
    for inner in get_args(annotation):
        if hasattr(inner, "__metadata__"):
            if found := _find_format(inner.__origin__, list(inner.__metadata__)):
                return found
        elif found := _find_format(inner, []):
            return found
    return None


_BY_VALIDATOR = (
    (get_args(Text)[-1], TextFormat.TEXT),
    (get_args(Line)[-1], TextFormat.LINE),
    (get_args(LinkAddress)[-1], TextFormat.ADDRESS),
    (get_args(WebAddress)[-1], TextFormat.ADDRESS),
    (get_args(Plain)[-1], TextFormat.PLAIN),
)
