"""The model of a kind of section, made of the file that declares it. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from enum import StrEnum
from operator import getitem
from types import new_class
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, cast

from pydantic import BeforeValidator, Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import one_or_more
from bulletin.issue.item import Feature, Item
from bulletin.issue.own_kinds.kind_file import (
    FieldDeclaration,
    KindFile,
    find_article,
    make_example,
)
from bulletin.issue.own_kinds.value_types import VALUE_TYPES, FieldType
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import Traits

M = TypeVar("M", bound=Declared)


class DeclaredPart(Item):
    """A record in an entry of a declared kind. What it shows is what its fields declare."""

    noun: ClassVar[str] = "a part"

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return _find_marks(self)


class DeclaredEntry(Feature):
    """An entry of a list in a section of a declared kind. It may have a task, a picture and a link."""

    noun: ClassVar[str] = "an entry"

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return _find_marks(self)


def _find_marks(entry: Item) -> tuple[Hashable, ...]:
    """Its title, or the first of its own fields, since that is what people tell entries apart by."""
    own = [name for name in type(entry).model_fields if name not in Feature.model_fields]
    first = getattr(entry, "title" if "title" in own else own[0], None) if own else None
    return (first,) if first else ()


def make_model(kind: str, declared: KindFile) -> type[BaseSection]:
    """The model of the sections of a kind: its messages and checks are those of the product's own kinds."""
    traits = Traits(
        next_month=declared.next_month.trait,
        one_of_a_kind=declared.one_of_a_kind,
        links_recur=declared.links_recur,
        in_blank_forms=declared.in_blank_forms,
        headings="",
    )
    tag = (Literal[kind], Field(description="The kind of section.", examples=[kind]))
    values = {
        "traits": (ClassVar[Traits], traits),
        "also_called": (
            ClassVar[frozenset[str]],
            frozenset(re.sub(r"[\W_]+", "_", word.lower()).strip("_") for word in declared.words),
        ),
    }
    noun = f"{find_article(declared.noun_ or kind.replace('_', ' '))} section"
    fields = {"kind": tag} | _make_fields(kind, declared.fields)
    return _make_class(kind, BaseSection, noun=noun, doc=declared.description, fields=values | fields)


def _make_class(name: str, base: type[M], *, noun: str, doc: str, fields: Mapping[str, tuple[Any, Any]]) -> type[M]:
    """A subclass of `base` with these fields, each an annotation and its `Field` or value."""
    members = {"noun": (ClassVar[str], noun), **fields}
    namespace: dict[str, Any] = {"__module__": __name__, "__qualname__": name, "__doc__": doc}
    namespace["__annotations__"] = {key: annotation for key, (annotation, _) in members.items()}
    namespace |= {key: value for key, (_, value) in members.items()}
    return cast("type[M]", new_class(name, (base,), exec_body=lambda body: body.update(namespace)))


def _make_fields(within: str, fields: Mapping[str, FieldDeclaration]) -> dict[str, tuple[Any, Any]]:
    return {name: _make_field(f"{within}.{name}", name, field) for name, field in fields.items()}


def _make_field(path: str, name: str, field: FieldDeclaration) -> tuple[Any, Any]:
    """A field's annotation, and what pydantic is told of it. Lists are never None."""
    annotation = _find_annotation(path, name, field)
    told: dict[str, Any] = {"description": field.description, "examples": [make_example(field)], "title": field.label}
    if field.list_:
        entries: Any = tuple
        annotation = entries[annotation, ...]
        if field.type is not FieldType.RECORD:
            annotation = getitem(Annotated, (annotation, BeforeValidator(one_or_more)))
        return (annotation, Field(min_length=1, **told)) if field.required else (annotation, Field(default=(), **told))
    if field.required:
        return annotation, Field(**told)
    return getitem(Union, (annotation, None)), Field(default=None, **told)


def _find_annotation(path: str, name: str, field: FieldDeclaration) -> Any:
    if field.type is FieldType.RECORD:
        noun = find_article(field.noun_ or name.replace("_", " "))
        base: type[Item] = DeclaredEntry if field.list_ and "." not in path.partition(".")[2] else DeclaredPart
        return _make_class(path, base, noun=noun, doc=field.description, fields=_make_fields(path, field.fields))
    if field.type is FieldType.CHOICE:
        return StrEnum(path, {f"CHOICE_{number}": choice for number, choice in enumerate(field.choices)})
    return VALUE_TYPES[field.type].annotation
