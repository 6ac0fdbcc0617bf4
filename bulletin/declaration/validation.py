"""Compare a source's data with a model, and put every fault into words, at its place. Pure."""

from __future__ import annotations

import math
import types
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from difflib import get_close_matches
from enum import StrEnum
from inspect import get_annotations
from typing import Annotated, Any, Literal, TypeGuard, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bulletin.declaration.characters import is_odd
from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import Problem
from bulletin.declaration.source import Data, Place, Source, Span, describe_step
from bulletin.declaration.unseen import find_unseen
from bulletin.errors import Fault, FaultyFiles

M = TypeVar("M", bound=Declared)


def validate(source: Source, model: type[M], *, context: object = None) -> M:
    """The record that the source declares. Raises FaultyFiles with every fault, in the order of the file."""
    faults = list(source.faults)
    result: M | None = None
    if source.whole:
        if not isinstance(source.data, dict):
            raise FaultyFiles([*faults, _fault_of_whole_file(source, model)])
        unseen = list(find_unseen(source, strays=model.refuses_strays))
        faults += unseen
        try:
            result = model.model_validate(source.data, context=context)
        except ValidationError as error:
            told = {(fault.line, fault.column) for fault in unseen}
            faults += (fault for fault in _find_faults(source, model, error) if (fault.line, fault.column) not in told)
    if faults or result is None:
        raise FaultyFiles(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    return result


def _fault_of_whole_file(source: Source, model: type[Declared]) -> Fault:
    required = next(name for name, field in model.model_fields.items() if field.is_required())
    remedy = f"Begin it with a field, as in `{required}: …`."
    if source.data is None:
        return Fault(file=source.file, message="This file has nothing in it.", remedy=remedy)
    what = "a list" if isinstance(source.data, list) else "a text"
    return source.fault_at(source.values[()], f"This file is {what}, where fields belong.", remedy)


def _find_faults(source: Source, model: type[Declared], error: ValidationError) -> Iterator[Fault]:
    spots = [(_Spot.find(source, model, detail["loc"]), detail) for detail in error.errors(include_url=False)]
    misspelt = {(spot.place[:-1], _meant(spot)) for spot, detail in spots if detail["type"] == "extra_forbidden"}
    for spot, detail in spots:
        kind = detail["type"]
        if any(spot.place[: len(refused)] == refused for refused in source.refused):
            continue  # an alias, say: its fault is there already
        if kind == "extra_forbidden" and any(map(is_odd, str(spot.place[-1]))):
            continue  # `find_unseen` names the blank
        if kind == "missing" and _is_there_after_all(spot, source, misspelt):
            continue
        if kind == "too_short" and len(spot.data or ()) >= detail["ctx"]["min_length"]:
            continue  # entries there are, each with a fault of its own
        if kind == "declared":
            yield from _explain_problems(spot, detail["ctx"]["problems"], of_key=detail["loc"][-1:] == ("[key]",))
        else:
            yield _explain(spot, detail)


def find_places(source: Source, model: type[Declared], error: ValidationError) -> Iterator[tuple[Place, str]]:
    """The place and the type of each of pydantic's errors."""
    for detail in error.errors(include_url=False):
        yield _Spot.find(source, model, detail["loc"]).place, detail["type"]


def _is_there_after_all(spot: _Spot, source: Source, misspelt: set[tuple[Place, str]]) -> bool:
    """Whether a missing field is there misspelt, or in a merge key: that has a fault already."""
    parent = spot.place[:-1]
    return (parent, str(spot.place[-1])) in misspelt or (*parent, "<<") in source.refused


def _meant(spot: _Spot) -> str:
    """The field that an unknown one was probably meant to be; empty if none is near."""
    near = get_close_matches(str(spot.place[-1]), _field_names(spot.owner), n=1)
    return near[0] if near else ""


class _Spot:
    """Where an error is: its place in the data, the model that it belongs to, and its path in words."""

    def __init__(self, source: Source, model: type[Declared]) -> None:
        self.source = source
        self.place: Place = ()
        self.data: Data = source.data
        self.words: list[str] = []
        self.annotation: Any = model
        self.record = model  # the innermost on the way
        self.owner = model  # the one that the last step is a field of, also where that field is a record itself

    @classmethod
    def find(cls, source: Source, model: type[Declared], loc: tuple[str | int, ...]) -> _Spot:
        """Follow pydantic's `loc`, in which a section's kind is between its number and its fields."""
        spot = cls(source, model)
        for step in loc:
            if step == "[key]":
                break  # pydantic's word for "the key itself"
            if not spot._is_tag(step):
                spot._descend(step)
        return spot

    def follow(self, below: Place) -> _Spot:
        """The spot that so many steps lead to from here; this one if there are none."""
        spot = copy(self)
        spot.words = list(self.words)
        for step in below:
            spot._descend(step)  # noqa: SLF001 -- a copy of this very object
        return spot

    def _is_tag(self, step: str | int) -> bool:
        """Choose the member of a union that the tag names; a tag is no step in the data."""
        members = _union_members(self.annotation)
        for member in members:
            if step in get_args(member.model_fields["kind"].annotation):
                self.annotation = member
                self._enter_model()
                return True
        return False

    def _descend(self, step: str | int) -> None:
        self.place = (*self.place, step)
        self.data = _child(self.data, step)
        self.words.append(describe_step(step, self.data))
        self.owner = self.record
        self.annotation = _annotation_below(self.annotation, step)
        self._enter_model()

    def _enter_model(self) -> None:
        if _is_record(self.annotation):
            self.record = self.annotation

    @property
    def name(self) -> str:
        """The field, or the entry of a list: “items”, entry 2 of “items”."""
        last = self.place[-1] if self.place else ""
        if isinstance(last, int):
            return f"Entry {last + 1} of “{self.place[-2]}”"
        return f"“{last}”"

    @property
    def where(self) -> str:
        """The path in words: `sections › 2 (priorities) › items › 1 › status`."""
        return " › ".join(self.words)

    @property
    def span(self) -> Span:
        """The value; where there is none, its key; where there is neither, what they belong to."""
        span = self.source.values.get(self.place)
        if span and self.data is not None:
            return span
        return self.key_span

    @property
    def key_span(self) -> Span:
        return self.source.keys.get(self.place) or self.source.values.get(self.place) or self.parent_span

    @property
    def parent_span(self) -> Span:
        """The first field of the record that the place belongs to."""
        return self.first_key_span(self.place[:-1])

    def first_key_span(self, place: Place) -> Span:
        keys = (span for key, span in self.source.keys.items() if key[:-1] == place)
        return next(keys, None) or self.source.values.get(place) or self.source.values[()]


def _child(data: Data, step: str | int) -> Data:
    if isinstance(data, dict) and isinstance(step, str):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def describe_place(source: Source, place: Place) -> str:
    """A place of the data in words: `sections › 2 (priorities) › items › 1 › status`."""
    words, data = [], source.data
    for step in place:
        data = _child(data, step)
        words.append(describe_step(step, data))
    return " › ".join(words)


def _strip(annotation: Any) -> Any:
    """The annotation without Annotated[…] and `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        members = [arg for arg in get_args(annotation) if arg is not types.NoneType]
        if get_origin(annotation) in (Union, types.UnionType) and len(members) == 1:
            annotation = members[0]
            continue
        return annotation


def _union_members(annotation: Any) -> tuple[type[Declared], ...]:
    """The members of a union of records that `kind` tells apart; () for anything else."""
    annotation = _strip(annotation)
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()


def _is_record(annotation: Any) -> TypeGuard[type[Declared]]:
    return isinstance(annotation, type) and issubclass(annotation, Declared)


def _annotation_below(annotation: Any, step: str | int) -> Any:
    annotation = _strip(annotation)
    if _is_record(annotation):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return _strip(fields[step].annotation) if step in fields else None
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return _strip(arguments[1])
    return _strip(arguments[0]) if arguments else None


def _explain_problems(spot: _Spot, problems: Iterable[Problem], *, of_key: bool = False) -> Iterator[Fault]:
    """The faults for what a validator of ours refused. A message that begins with a verb is about the field.

    `of_key`: it refused the name of a field rather than its value.
    """
    for problem in problems:
        meant = spot.follow(problem.below)
        message = problem.message
        if message.startswith(("is ", "has ", "leads ")):
            message = f"{meant.name} {message}"
        whole = meant.key_span if of_key else meant.span
        span = spot.source.find_within(whole, problem.found.partition("\n")[0])
        yield spot.source.fault_at(span, message, problem.remedy, where=meant.where)


def _explain(spot: _Spot, detail: ErrorDetails) -> Fault:
    """The fault for one of pydantic's own errors."""
    kind, context = detail["type"], detail.get("ctx", {})
    span, where = spot.span, spot.where
    if kind == "missing":
        message, remedy = _explain_missing(spot)
        span, where = spot.parent_span, " › ".join(spot.words[:-1])
    elif kind == "extra_forbidden":
        message, remedy = _explain_unknown_field(spot)
        span = spot.key_span
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        message, remedy, span = _explain_kind(spot, context)
    elif kind in ("enum", "literal_error"):
        message, remedy = _explain_choice(spot)
    else:
        message, remedy = _explain_shape(spot, kind, context, detail["msg"])
        if detail["loc"][-1:] == ("[key]",):
            span = spot.key_span
    return spot.source.fault_at(span, message, remedy, where=where)


def _explain_missing(spot: _Spot) -> tuple[str, str]:
    model, name = spot.owner, str(spot.place[-1])
    field = next(field for key, field in model.model_fields.items() if name in (key, field.alias))
    example = (field.examples or ["…"])[0]
    shown = f"`{name}: {_as_written(example)}`" if isinstance(example, str | int | dict) else f"`{name}:`"
    what = (field.description or "").rstrip(".")
    return f"“{name}” is missing in {model.noun}: {what[:1].lower()}{what[1:]}.", f"Write {shown}."


def _as_written(example: str | int | dict[str, Any]) -> str:
    """The example as it must be written: a record in one line, a text in quotation marks if a colon would break it."""
    if isinstance(example, dict):
        return yaml.safe_dump(
            example, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf
        ).strip()
    return f'"{example}"' if ": " in str(example) else str(example)


def _explain_unknown_field(spot: _Spot) -> tuple[str, str]:
    model, name = spot.owner, str(spot.place[-1])
    known = _field_names(model)
    message = f"“{name}” is not a field of {model.noun}."
    if above := _empty_above(spot):
        return message, f"Put two more spaces before it, so that it belongs to “{above}” above."
    return message, f"{_nearest(name, known)}The fields are: {', '.join(known)}."


_MOST_SIBLINGS = 100  # no record has so many fields: it is not a slip of the indentation


def _empty_above(spot: _Spot) -> str:
    """The empty field above an unknown one that would have a place for it, were it indented further; "" for none."""
    name = str(spot.place[-1])
    siblings: Data = spot.source.data
    for step in spot.place[:-1]:
        siblings = _child(siblings, step)
    if not isinstance(siblings, dict) or len(siblings) > _MOST_SIBLINGS:
        return ""
    for above, value in reversed(siblings.items()):
        if spot.source.keys[*spot.place[:-1], above].line >= spot.key_span.line:
            continue
        below = _annotation_below(spot.owner, above)
        if below is not None:  # a field of the record
            holds = get_origin(below) is dict or (_is_record(below) and name in _field_names(below))
            return above if value is None and holds else ""
    return ""


def _field_names(model: type[Declared]) -> list[str]:
    """The model's fields as they are written: its own first, then those that it shares with others."""
    own = [name for ancestor in model.__mro__ for name in get_annotations(ancestor)]
    return [model.model_fields[name].alias or name for name in dict.fromkeys(own) if name in model.model_fields]


def _explain_kind(spot: _Spot, context: Mapping[str, Any]) -> tuple[str, str, Span]:
    kinds = [get_args(member.model_fields["kind"].annotation)[0] for member in _union_members(spot.annotation)]
    allowed = f"The kinds are: {', '.join(kinds)}."
    if "tag" not in context or not isinstance(spot.data, dict) or spot.data.get("kind") is None:
        return "“kind” is missing: it says what a section is.", allowed, spot.first_key_span(spot.place)
    span = spot.source.values.get((*spot.place, "kind"), spot.span)
    tag = spot.data["kind"]
    if not isinstance(tag, str):
        return "“kind” is not a word.", allowed, span
    return f"“{tag}” is not a kind of section.", (_name_kind(spot, tag) or _nearest(tag, kinds)) + allowed, span


def _name_kind(spot: _Spot, tag: str) -> str:
    """The kind that is called something else here: a `film` is a video."""
    word = tag.strip().lower().replace(" ", "_")
    for member in _union_members(spot.annotation):
        if word in member.also_called:
            return f"Did you mean “{get_args(member.model_fields['kind'].annotation)[0]}”? "
    return ""


def _explain_choice(spot: _Spot) -> tuple[str, str]:
    choices = [str(choice) for choice in _choices(spot.annotation)]
    name = str(spot.place[-1])
    remedy = f"Write {_either(choices)}."
    if not isinstance(spot.data, str):
        return _explain_wrong_shape(spot, "a word", remedy)
    article = "an" if name[0] in "aeiou" else "a"
    return f"“{spot.data}” is not {article} {name}.", _nearest(spot.data.lower(), choices) + remedy


def _choices(annotation: Any) -> tuple[Any, ...]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return tuple(annotation)
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"Did you mean “{near[0]}”? " if near else ""


_TEXTS = {
    "string_type",
    "int_type",
    "date_type",
    "float_type",
    "is_instance_of",
    "dataclass_type",
    "time_delta_type",
}
_YES_OR_NO = {"bool_type", "bool_parsing"}
_LISTS = {"tuple_type", "list_type"}
_RECORDS = {"model_type", "model_attributes_type", "dict_type", "mapping_type"}


def _explain_shape(spot: _Spot, kind: str, context: Mapping[str, Any], fallback: str) -> tuple[str, str]:
    if kind in _YES_OR_NO:
        return f"{spot.name} is a question with two answers.", "Write yes or no."
    if kind in _TEXTS:
        return _explain_wrong_shape(spot, "a text", "Write it after the colon, in one line or below a |.")
    if kind in _LISTS:
        return _explain_wrong_shape(spot, "a list", "Write each entry on a line of its own that begins with a dash.")
    if kind in _RECORDS:
        if _is_record(spot.annotation):
            remedy = f"Its fields are: {', '.join(_field_names(spot.annotation))}."
            return _explain_wrong_shape(spot, spot.annotation.noun, remedy)
        wanted = "a section" if _union_members(spot.annotation) else "a group of fields"
        return _explain_wrong_shape(spot, wanted, "Write its fields below it, as in `name: …`.")
    if kind == "too_short":
        return _explain_too_few(spot, context["min_length"])
    if kind == "too_long" and isinstance(spot.data, list):
        most = context["max_length"]
        return f"{spot.name} has {len(spot.data)} entries, and {most} is the most.", "Delete those that matter least."
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{spot.name} must be {bound}.", "Correct the number."
    if kind in ("string_too_long", "too_long"):
        return f"{spot.name} is too long: the most is {context['max_length']}.", "Shorten it."
    if kind == "string_pattern_mismatch":
        return f"“{spot.data if isinstance(spot.data, str) else spot.place[-1]}” cannot be used here.", _PATTERN_REMEDY
    return f"{spot.name}: {fallback}.", "Compare it with the example of the field."


def _explain_too_few(spot: _Spot, fewest: int) -> tuple[str, str]:
    count = len(spot.data or ())
    if not count:
        return f"{spot.name} has no entries.", "Write one at least." if fewest == 1 else f"Write {fewest} at least."
    entries = "entry" if count == 1 else "entries"
    return f"{spot.name} has {count} {entries}, and needs {fewest} at least.", f"Add {fewest - count} more."


_PATTERN_REMEDY = "Use small letters, figures and hyphens only (and dots where an address is meant)."


def _explain_wrong_shape(spot: _Spot, wanted: str, remedy: str) -> tuple[str, str]:
    if spot.data is None:
        return f"{spot.name} is empty.", remedy
    found = {list: "a list", dict: "a group of fields", str: "a text"}[type(spot.data)]
    return f"{spot.name} is {found}, where {wanted} belongs.", remedy
