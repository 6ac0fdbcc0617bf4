"""A corrected version of an entry in an issue: the sender's changes, and the officer's. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from bulletin.collecting.contribution import Record
from bulletin.declaration.source import Data, Place
from bulletin.issue.dates import parse_date, parse_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A newer version of an entry, which is in `line` of the issue.

    `changes` are the fields that would change in the issue: name, text now, text then ("" for none). Each version has
    its file, and when that was last saved, in ms since 1970; 0 if unknown.
    """

    title: str
    line: int
    changes: tuple[tuple[str, str, str], ...]
    old_file: str
    old_saved: int
    new_file: str
    new_saved: int

    @property
    def is_older(self) -> bool:
        """Whether the contribution has the older version of the two."""
        return 0 < self.new_saved < self.old_saved and self.new_file != self.old_file


def carry_over(own: Data, sent: Data, anew: Data) -> Data:
    """The issue's own version of an entry with its sender's changes since: `sent` before, `anew` now.

    An officer's change stays, unless the sender changed the same field. If it is unknown what was sent before (None),
    every difference counts as a change, and no field is removed.
    """
    mine, new = _as_record(own), _as_record(anew)
    old = _as_record(sent) if sent is not None else {}
    kept = {name: value for name, value in mine.items() if name in new or name not in old}
    changed = {name: value for name, value in new.items() if not (name in old and _is_alike(old[name], value))}
    result: Record = {**kept, **{name: value for name, value in changed.items() if not _has(mine, name, value)}}
    return result["text"] if isinstance(own, str) and set(result) == {"text"} else result


def _has(record: Record, name: str, value: Data) -> bool:
    return name in record and _is_alike(record[name], value)


def find_changes(before: Data, after: Data) -> tuple[tuple[str, str, str], ...]:
    """The fields in which two versions of an entry differ, those inside a field as `book.link`: name, before, after."""
    old, new = dict(_flatten(_as_record(before), ())), dict(_flatten(_as_record(after), ()))
    found = []
    for place in dict.fromkeys([*old, *new]):
        was, is_ = old.get(place, ""), new.get(place, "")
        if not _is_alike(was, is_):
            found.append((_name(place), was, is_))
    return tuple(found)


def _as_record(entry: Data) -> Record:
    return entry if isinstance(entry, dict) else {"text": entry}


def _flatten(data: Data, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _flatten(value, (*place, name))
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from _flatten(value, (*place, number))
    else:
        yield place, data or ""


def _name(place: Place) -> str:
    """`book.link`, `sessions 2 date`."""
    words = "".join(f" {step} " if isinstance(step, int) else f".{step}" for step in place)
    return words.replace(" .", " ").strip(" .")


def _is_alike(one: Data, other: Data) -> bool:
    """Whether two values say the same: laid out differently, or the same day or time written in another way."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.split()) == " ".join(other.split()) or _read(one) == _read(other) != one
    return one == other


def _read(text: str) -> object:
    """The day or the time of day that a text says; the text itself if it is neither."""
    for parse in (parse_date, parse_time):
        try:
            return parse(text.strip())
        except PydanticCustomError:
            continue
    return text
