"""What the program must know of a kind of section, and of a field, besides what they hold. Pure.

`Traits` are about a kind; each kind gives every one of them. A `Marker` is about a field: it is put into the field's
`Annotated[…]`, and a field without markers holds words that readers see.
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
    """What the draft of the next month does with a section."""

    LEFT_OUT = auto()  # it was for one month only
    EMPTIED = auto()  # the section stays, and its texts are to be written again
    UPDATED = auto()  # it stays, without what is over, and notes ask what has changed
    KEPT = auto()  # it is the same every month


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What the program does with a kind of section. No trait has a default: each kind must say it.

    `next_month`: what happens to it in the next draft. A KEPT one is never taken for news.
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
    """What the program must know of a field."""

    NAMES_SOMEBODY = auto()  # a name, a group or a place: it is spelt as its owners spell it
    NAMES_AN_ORGANISATION = auto()  # such a name, which is then right in every other text
    NOT_SHOWN = auto()  # readers never see it as it is written
    NOT_IN_TABLES = auto()  # contributors cannot give it in a table's cell


NAMES_SOMEBODY = Marker.NAMES_SOMEBODY
NAMES_AN_ORGANISATION = Marker.NAMES_AN_ORGANISATION
NOT_SHOWN = Marker.NOT_SHOWN
NOT_IN_TABLES = Marker.NOT_IN_TABLES


@cache
def find_marked(model: type[Declared], *markers: Marker) -> frozenset[str]:
    """The names of a model's fields that have one of the markers, wherever in their annotation it is."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(marker in (*field.metadata, *_find_metadata(field.annotation)) for marker in markers)
    )


def _find_metadata(annotation: Any) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _find_metadata(inner)
