"""The columns of a list's file: which has the addresses, the names, who has left; and which are only kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bulletin.errors import Fault, FaultyFiles
from bulletin.subscribers.rows import Row
from bulletin.subscribers.statuses import StatusKind, find_status_kind


@dataclass(frozen=True, kw_only=True, slots=True)
class ListColumns:
    """Where in a row the address is, and the name: in one column, or in `parts`, the first name before the last.

    `others` are all further columns with their headings, also those that say who has left: all are kept. `language` is
    the one of them that has the language that each person chose.
    """

    email: int
    name: int | None
    parts: tuple[int, ...]
    others: tuple[tuple[int, str, StatusKind], ...]
    count: int
    language: int | None = None


def read_columns(row: Row | Fault | None, headings: list[str], *, shown_as: str) -> ListColumns:
    """What the columns are by the first row and its cleaned `headings`. Raises FaultyFiles for what has none."""
    if row is None:
        raise FaultyFiles([Fault(file=shown_as, message="This file is empty.", remedy=_REMEDY)])
    if isinstance(row, Fault):
        raise FaultyFiles([row])
    words = [re.sub(r"[\W_]", "", heading).casefold() for heading in headings]
    places = _find_places(row, headings, words)
    if "email" not in places:
        raise _explain_headings(row, headings, words)
    name = _find_first(places, _WHOLE_NAMES)
    found = (_find_first(places, _FIRST_NAMES), _find_first(places, _LAST_NAMES))
    parts = tuple(index for index in found if index is not None)
    if name is None and not parts:
        name = _find_first(places, _OTHER_NAMES)
    used = {places["email"], name, *parts}
    others = tuple(
        (index, heading, find_status_kind(heading)) for index, heading in enumerate(headings) if index not in used
    )
    return ListColumns(
        email=places["email"],
        name=name,
        parts=parts,
        others=others,
        count=len(headings),
        language=_find_first(places, _LANGUAGES),
    )


_REMEDY = "Write email in the first line, as the heading of the column with the addresses: email,name"
_MEANINGS = {"emailaddress": "email", "fullname": "name"}
_WHOLE_NAMES = ("name",)
_FIRST_NAMES = ("firstname", "forename", "givenname", "knownas", "preferredname", "fname", "forenames", "firstnames")
_LANGUAGES = ("language", "preferredlanguage", "languagepreference", "iaith")
_LAST_NAMES = ("lastname", "surname", "familyname", "secondname", "lname")
_OTHER_NAMES = ("displayname", "contactname", "subscribername", "yourname", "readername", "contact", "first", "person")


def _find_places(row: Row, headings: list[str], words: list[str]) -> dict[str, int]:
    """The column of each heading, by its meaning. Raises FaultyFiles if two mean the same."""
    places: dict[str, int] = {}
    for index, word in enumerate(words):
        first = places.setdefault(_MEANINGS.get(word, word), index)
        if first != index:
            message = f"Two columns mean the same: “{headings[first]}” and “{headings[index]}”."
            raise _fault_in_heading(row, index, message, "Delete one of them, or give it a heading of its own.")
    return places


def _find_first(places: Mapping[str, int], words: Iterable[str]) -> int | None:
    return next((places[word] for word in words if word in places), None)


def _explain_headings(row: Row, headings: list[str], words: list[str]) -> FaultyFiles:
    for index, heading in enumerate(headings):
        if "@" in heading:
            message = f"The first line has an address, “{heading}”, and no headings."
            return _fault_in_heading(row, index, message, "Put a line above it: email,name")
    near = get_close_matches("email", words, n=1, cutoff=0.5) or get_close_matches("emailaddress", words, n=1)
    index = words.index(near[0]) if near else 0
    hint = f" Perhaps “{headings[index]}” is meant for it." if near else ""
    return _fault_in_heading(row, index, f"No column is headed “email”.{hint}", _REMEDY)


def _fault_in_heading(row: Row, index: int, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([row.fault_in_cell(index, row.cells[index].strip(), message, remedy)])
