"""The fields of a section as readers see them where no template says how. Pure.

A section of a kind that a workspace declares may have no template, or none for this kind of edition. Nothing of it may
be lost then, so its renderer goes through these parts in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from bulletin.declaration.declared import Declared
from bulletin.edition.phrases import describe_day, describe_days
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Booking, Contact, Feature, Figure, Image, Item, Link, Point, Session
from bulletin.issue.passages import TextFormat, find_format
from bulletin.issue.section import BaseSection, Quotation

_WITHOUT_LABEL = ("introduction", "text", "summary", "items")
"""Texts and lists that are read as they come, without words above them unless the field has a `label`."""

_SHAPES: dict[type[Declared], str] = {
    Image: "pictures",
    Contact: "contacts",
    Booking: "bookings",
    Session: "sessions",
    Figure: "figures",
    Quotation: "quotations",
    Point: "points",
    Link: "links",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPart:
    """One field, or several values in a row that are each one line.

    `shape` says what `values` are: "facts" (a label, words, and whether these may hold *emphasis*), "lines" (words, and
    the same), "texts" (Markdown), "addresses", "records" (each with parts of its own), or a record of ours: "pictures",
    "contacts", "bookings", "sessions", "figures", "quotations", "points", "links". `label` is "" if nothing is written
    above them.
    """

    shape: str
    values: tuple[Any, ...]
    label: str = ""


def list_parts(record: Declared) -> tuple[ShownPart, ...]:
    """What a section or a record shows of its own fields, in their order.

    What every section and every entry may have (a title, a picture, a button …) is left to who shows them.
    """
    parts = list(_read_fields(record))
    shown: list[ShownPart] = []
    for shape, group in groupby(parts, key=lambda part: part.shape):
        together = list(group)
        if shape == "facts":
            shown.append(ShownPart(shape=shape, values=tuple(pair for part in together for pair in part.values)))
        else:
            shown += together
    return tuple(shown)


def _read_fields(record: Declared) -> Iterator[ShownPart]:
    shared = next(model for model in (BaseSection, Feature, Item, Declared) if isinstance(record, model))
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if name in ("kind", "title", *shared.model_fields) or value is None or value == ():
            continue
        label = field.title or ("" if name in _WITHOUT_LABEL else name.replace("_", " ").capitalize())
        values = value if isinstance(value, tuple) else (value,)
        yield _read_values(values, label, find_format(field), is_list=isinstance(value, tuple))


def _read_values(values: tuple[Any, ...], label: str, text_format: TextFormat | None, *, is_list: bool) -> ShownPart:
    first = values[0]
    if isinstance(first, Declared):
        above = label if is_list else ""
        return ShownPart(shape=_SHAPES.get(type(first), "records"), values=values, label=above)
    if text_format is TextFormat.TEXT:
        return ShownPart(shape="texts", values=values, label=label)
    marked = text_format is TextFormat.LINE
    if text_format is TextFormat.ADDRESS:
        return ShownPart(shape="addresses", values=values, label=label)
    if type(first) is str and not marked:
        return ShownPart(shape="addresses", values=tuple(f"mailto:{value}" for value in values), label=label)
    words = tuple((describe_value(value), marked) for value in values)
    if is_list:
        return ShownPart(shape="lines", values=words, label=label)
    return ShownPart(shape="facts", values=((label, *words[0]),))


def describe_value(value: object) -> str:
    """A value of one line in words: `4 May 2021`, `Yes`, `1,200`, `9:30am`."""
    match value:
        case bool():
            return "Yes" if value else "No"
        case int():
            return f"{value:,}"
        case date():
            return describe_day(value)
        case PartialDate():
            return describe_days(value)
        case StrEnum():
            return value.value[:1].upper() + value.value[1:]
        case _:
            return str(value)
