"""Traits of the kinds of section, and markers of their fields: what the program does with them. Pure.

Each kind gives all `Traits`. A `Marker` goes into a field's `Annotated[…]`. A field without markers holds words that
readers see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from bulletin.declaration.declared import Declared


class NextMonth(Enum):
    """The way a section goes into next month's draft."""

    LEFT_OUT = auto()  # the draft does not have it: it was for one month only
    EMPTIED = auto()  # the draft has the section with placeholders for its texts
    UPDATED = auto()  # the draft has it without anything that is over, and notes ask what has changed
    KEPT = auto()  # the draft has it unchanged


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """The way the program treats a kind of section. No trait has a default, so each kind must give them all.

    `next_month`: how it goes into the next draft. A KEPT section is never taken for news.
    `one_of_a_kind`: an issue has one at most, so it is the same section under another title.
    `links_recur`: its addresses may come again every month without being old news.
    `in_blank_forms`: contributors are offered it where `bulletin.yaml` doesn't say what they send.
    `headings`: a regular expression for the headings that it has in old bulletins; "" if none is typical.
    """

    next_month: NextMonth
    one_of_a_kind: bool
    links_recur: bool
    in_blank_forms: bool
    headings: str


class Marker(Enum):
    """A fact about a field."""

    NAMES_SOMEBODY = auto()  # the name of a person, a group or a place: the proof accepts its spelling
    NAMES_AN_ORGANISATION = auto()  # the proof then accepts that name in every other text too
    NOT_SHOWN = auto()  # readers never see the value as written
    NOT_IN_TABLES = auto()  # contributors can't give it in a table


NAMES_SOMEBODY = Marker.NAMES_SOMEBODY
NAMES_AN_ORGANISATION = Marker.NAMES_AN_ORGANISATION
NOT_SHOWN = Marker.NOT_SHOWN
NOT_IN_TABLES = Marker.NOT_IN_TABLES


@cache
def find_marked(model: type[Declared], *markers: Marker) -> frozenset[str]:
    """The names of a model's fields that have one of the markers, at any depth of their annotation."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(marker in (*field.metadata, *_find_metadata(field.annotation)) for marker in markers)
    )


def _find_metadata(annotation: Any) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _find_metadata(inner)
