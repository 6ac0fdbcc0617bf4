"""The columns of a table of items: the fields of an item's model, those inside a field as `book.link`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.issue.dates import PartialDate, TimeOfDay
from bulletin.issue.sections import OwnKinds, has_entries, section_kinds
from bulletin.issue.traits import NOT_IN_TABLES, find_marked


class Shape(Enum):
    """The shape of a column's values."""

    TEXT = auto()
    DAY = auto()
    TIME = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class TableColumn:
    """A column: its name, its purpose, and the place of its cell in an item.

    `place` is the path in the item: a 0 in it is the only entry of a list. `several` texts in a cell are separated by
    semicolons. `choices` are the allowed values, if only some are. `shape` says if it is a day or a time.
    """

    name: str
    place: tuple[str | int, ...]
    description: str
    example: str
    required: bool
    several: bool = False
    choices: tuple[str, ...] = ()
    shape: Shape = Shape.TEXT


def has_items(kind: str, own: OwnKinds = ()) -> bool:
    """Whether sections of this kind are made of entries, so that a row is an entry, not a section."""
    return has_entries(section_kinds(own)[kind])


def has_groups(kind: str, own: OwnKinds = ()) -> bool:
    """Whether the entries of this kind are in groups, each with a heading."""
    return "groups" in section_kinds(own)[kind].model_fields


@lru_cache(maxsize=128)
def columns_of(kind: str, own: OwnKinds = ()) -> Mapping[str, TableColumn]:
    """The columns of a table of this kind, by their names; the required ones first."""
    found = list(_find_columns(_row_model(kind, own), (), required=True))
    if has_groups(kind, own):
        found.append(_GROUP)
    if not has_items(kind, own):
        found = [column for column in found if column.name != "kind"]
    return {column.name: column for column in sorted(found, key=lambda column: not column.required)}


_GROUP = TableColumn(
    name="group",
    place=("group",),
    description="The heading it goes under.",
    example="Government guidance",
    required=False,
)


def _row_model(kind: str, own: OwnKinds) -> type[Declared]:
    model: type[Declared] = section_kinds(own)[kind]
    for name in ("groups", "items"):
        if name in model.model_fields:
            model = _strip(model.model_fields[name].annotation)
    return model


def _find_columns(model: type[Declared], place: tuple[str | int, ...], *, required: bool) -> Iterator[TableColumn]:
    own = [name for ancestor in model.__mro__ for name in vars(ancestor).get("__annotations__", {})]
    for key in dict.fromkeys(name for name in own if name in model.model_fields):
        field = model.model_fields[key]
        name = field.alias or key
        if key in find_marked(model, NOT_IN_TABLES):
            continue
        inner, is_list = _strip(field.annotation), _is_list(field.annotation)
        needed = required and field.is_required()
        if not isinstance(inner, type) or not issubclass(inner, Declared):
            yield _make_column(field, (*place, name), inner, several=is_list, required=needed)
        elif not place:
            yield from _find_columns(inner, (name, 0) if is_list else (name,), required=needed)


def _make_column(
    field: FieldInfo, place: tuple[str | int, ...], inner: Any, *, several: bool, required: bool
) -> TableColumn:
    example = (field.examples or [""])[0]
    return TableColumn(
        name=".".join(str(step) for step in place if step != 0),
        place=place,
        description=field.description or "",
        example="; ".join(example) if isinstance(example, list) else str(example),
        required=required,
        several=several,
        choices=_choices(inner),
        shape=_SHAPES.get(inner, Shape.TEXT),
    )


_SHAPES = {PartialDate: Shape.DAY, date: Shape.DAY, TimeOfDay: Shape.TIME}


def _choices(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("yes", "no")
    is_choice = isinstance(annotation, type) and issubclass(annotation, StrEnum)
    return tuple(str(choice) for choice in annotation) if is_choice else ()


def _strip(annotation: Any) -> Any:
    """The type inside `Annotated[…]`, `… | None` and `tuple[…, ...]`, at any depth."""
    while get_origin(annotation) in (Annotated, Union, UnionType, tuple):
        inner = [arg for arg in get_args(annotation) if arg not in (NoneType, Ellipsis)]
        annotation = inner[0]
    return annotation


def _is_list(annotation: Any) -> bool:
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = get_args(annotation)[0]
    return get_origin(annotation) is tuple
