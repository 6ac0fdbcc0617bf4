"""Placeholders mark the texts that a draft still needs. Pure.

`new` adds them when it empties a section of any kind for the next month. A required text becomes a placeholder,
and a required list gets one entry to write. Optional fields are left out. A required value that can't hold a
placeholder, such as a date, stays, with a note that asks for the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Place, Source
from bulletin.drafting.layout import Add, Change, Drop, Note, Replace
from bulletin.drafting.unfolding import write_scalar
from bulletin.errors import Fault
from bulletin.issue.passages import TextFormat, find_format
from bulletin.issue.snippets import find_model

TO_WRITE = "TO WRITE"
"""The words that mark a text to write. An issue that has them can't be sent."""

LINK_TO_WRITE = "https://www.example.org/to-write"
"""The placeholder for a link, because an address can't say TO WRITE."""


def empty_record(record: Declared, place: Place, *, keep: Sequence[str] = ()) -> Iterator[Change]:
    """The changes that empty the record at `place`, except the fields in `keep`."""
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if name in keep or value is None or value == ():
            continue
        at = (*place, field.alias or name)
        if not field.is_required():
            yield Drop(place=at)
        elif isinstance(value, Declared):
            yield from empty_record(value, at)
        elif isinstance(value, tuple) and (model := find_model(field)):
            yield from empty_entries(at, len(value), tuple(write_blank(model)), note=_ask_for(field))
        else:
            yield from _empty_value(field, at)


def _empty_value(field: FieldInfo, place: Place) -> Iterator[Change]:
    text_format, is_list = find_format(field), bool(get_args(field.annotation))
    if text_format is None:
        yield Note(place=place, words=f"this is last month’s. {field.description}")
        return
    blank = LINK_TO_WRITE if text_format is TextFormat.ADDRESS else TO_WRITE
    yield Note(place=place, words=_ask_for(field))
    yield Replace(place=place, value=f"[{blank}]" if is_list else blank)


def _ask_for(field: FieldInfo) -> str:
    """A field's description as the words of a note."""
    words = field.description or ""
    return words[:1].lower() + words[1:]


def empty_entries(place: Place, count: int, entry: tuple[str, ...], *, note: str = "") -> Iterator[Change]:
    """Drop the `count` entries of the list at `place`, and add one to write: the lines of `entry`."""
    for number in range(count):
        yield Drop(place=(*place, number))
    yield Add(place=(*place, count - 1), lines=entry, notes=(note,) if note else ())


def write_blank(model: type[Declared]) -> Iterator[str]:
    """The lines of an entry to write: its required fields, with placeholders where possible."""
    for name, field in model.model_fields.items():
        if field.is_required():
            yield from _write_field(field.alias or name, field)


def _write_field(name: str, field: FieldInfo) -> Iterator[str]:
    text_format = find_format(field)
    inner = find_model(field)
    is_list = bool(get_args(field.annotation))
    if inner is None:
        blank = {None: _write_example(field), TextFormat.ADDRESS: LINK_TO_WRITE}.get(text_format, TO_WRITE)
        yield f"{name}: [{blank}]" if is_list else f"{name}: {blank}"
        return
    yield f"{name}:"
    first, *others = write_blank(inner)
    yield f"  - {first}" if is_list else f"  {first}"
    yield from (f"    {line}" if is_list else f"  {line}" for line in others)


def _write_example(field: FieldInfo) -> str:
    example: Any = (field.examples or [""])[0]
    return write_scalar(str(example[0] if isinstance(example, list) else example))


def find_placeholders(source: Source) -> list[Fault]:
    """A fault for each value of an issue that still says TO WRITE, in the order of the file."""
    texts = ((span, source.text_at(place)) for place, span in source.values.items())
    return [
        source.fault_at(
            source.find_within(span, TO_WRITE),
            "This is still to be written.",
            f"Write it, or delete the part it belongs to, so that nothing says {TO_WRITE}.",
        )
        for span, text in texts
        if TO_WRITE in text
    ]
