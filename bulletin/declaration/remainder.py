"""What is left of a file with faults, once the values at fault are left out. Pure.

One wrong date must not hide all that a check would say about the other entries. So the smallest part around each
fault is left out: an optional field, else its entry, else its section. What is left keeps its places in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from pydantic import ValidationError

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Data, Place, Source
from bulletin.declaration.validation import find_places

M = TypeVar("M", bound=Declared)

_MOST_ROUNDS = 12  # each leaves out what is around the parts of the last one; no record is nested as deeply


def validate_rest(
    source: Source, model: type[M], *, given: Mapping[str, str], context: object = None
) -> tuple[M, Source] | None:
    """The record without the values at fault, and the source without them; None if too little is left.

    `given` are values for required fields of the whole file, which are used in place of wrong or missing ones. They
    have no place in the source.
    """
    if not source.whole or not isinstance(source.data, dict):
        return None
    rest = source
    for _ in range(_MOST_ROUNDS):
        try:
            return model.model_validate(rest.data, context=context), rest
        except ValidationError as error:
            wrong = {_find_smallest(place, kind) for place, kind in find_places(rest, model, error)}
        if any(not place or (len(place) == 1 and _is_hopeless(rest, place, given)) for place in wrong):
            return None
        rest = _leave_out(rest, wrong)
        filled: dict[str, Data] = {
            str(place[0]): given[str(place[0])] for place in wrong if len(place) == 1 and place[0] in given
        }
        data: dict[str, Data] = rest.data if isinstance(rest.data, dict) else {}
        rest = replace(rest, data=data | filled)
    return None


def _find_smallest(place: Place, kind: str) -> Place:
    """The part to leave out: the value itself, or the record that lacks a field."""
    return place[:-1] if kind == "missing" and len(place) > 1 else place


def _is_hopeless(source: Source, place: Place, given: Mapping[str, str]) -> bool:
    """Whether a field of the whole file is missing, and nothing can take its place."""
    return place[0] not in given and isinstance(source.data, dict) and place[0] not in source.data


def _leave_out(source: Source, places: Iterable[Place]) -> Source:
    """The source without the values at `places`, or around them where they are not in it, and without its faults."""
    gone: dict[Place, set[str | int]] = {}
    for place in {_find_present(source.data, place) for place in places}:
        gone.setdefault(place[:-1], set()).add(place[-1])
    moved = {place: _move(place, gone) for place in (*source.values, *source.keys)}
    return replace(
        source,
        data=_copy(source.data, (), gone),
        values={new: span for place, span in source.values.items() if (new := moved[place]) is not None},
        keys={new: span for place, span in source.keys.items() if (new := moved[place]) is not None},
        faults=(),
        refused=frozenset(),
    )


_NOTHING = object()


def _read_step(data: Data, step: str | int) -> object:
    if isinstance(data, dict) and isinstance(step, str):
        return data.get(step, _NOTHING)
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else _NOTHING


def _find_present(data: Data, place: Place) -> Place:
    """The place, or the nearest around it that is in the data."""
    for depth, step in enumerate(place):
        below = _read_step(data, step)
        if below is _NOTHING:
            return place[: max(depth, 1)]
        data = cast("Data", below)
    return place


def _move(place: Place, gone: Mapping[Place, set[str | int]]) -> Place | None:
    """A place once the others are gone: entries move up. None if it is gone itself."""
    moved: list[str | int] = []
    for depth, step in enumerate(place):
        steps = gone.get(place[:depth], set())
        if step in steps:
            return None
        before = sum(isinstance(other, int) and isinstance(step, int) and other < step for other in steps)
        moved.append(step - before if isinstance(step, int) else step)
    return tuple(moved)


def _copy(data: Data, place: Place, gone: Mapping[Place, set[str | int]]) -> Data:
    steps = gone.get(place, set())
    if isinstance(data, dict):
        return {key: _copy(value, (*place, key), gone) for key, value in data.items() if key not in steps}
    if isinstance(data, list):
        return [_copy(value, (*place, at), gone) for at, value in enumerate(data) if at not in steps]
    return data
