"""JSON Schema (draft 2020-12) for files that people edit, so that editors complete and check while you type. Pure.

pydantic's own schema doesn't know how a date may be written, or that a list of one needs no dash. It also gives an
editor one message for all kinds of section. So the models are read here. Two choices suit yaml-language-server: a
section's fields depend on its kind by `if` and `then`, not `oneOf`, so only the faults of that kind are shown; and a
value that may also be a text or nothing lists more types, instead of `anyOf`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import IN_LANGUAGES, SAME
from bulletin.declaration.values import one_or_more
from bulletin.issue.item import ListName, ListNames
from bulletin.issue.notation import Schema, describe_scalar
from bulletin.issue.sections import section_kinds
from bulletin.issue.snippets import make_snippet
from bulletin.languages.known import LANGUAGES

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_LIST_NAMES = get_args(ListNames)[0]


def build_schema(model: type[Declared], *, name: str, lists: Iterable[str] | None = None) -> Schema:
    """The schema of a whole file that holds a `model`.

    `name` identifies it (`urn:bulletin:NAME`); `lists` are the names that `for` and `lists` may have, if known.
    """
    writer = _Writer(lists)
    root = writer.describe_model(model)
    return {"$schema": DRAFT, "$id": f"urn:bulletin:{name}", **root, "$defs": dict(sorted(writer.definitions.items()))}


class _Writer:
    """Describes annotations; the models among them become definitions."""

    def __init__(self, lists: Iterable[str] | None) -> None:
        self.definitions: dict[str, Schema] = {}
        self._lists = None if lists is None else [value for name in lists for value in _as_editors_read(name)]

    def describe_model(self, model: type[Declared], *others: str) -> Schema:
        """A record's schema. `others` are the types allowed in place of the record: null, string."""
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        return {
            "title": model.noun,
            "description": (model.__doc__ or "").strip(),
            "type": ["object", *others] if others else "object",
            "properties": {name: self._describe_field(field) for name, field in fields.items()},
            "required": [name for name, field in fields.items() if field.is_required()],
            "additionalProperties": False,
        }

    def _describe_field(self, field: FieldInfo) -> Schema:
        schema = self._describe(field.annotation, field.metadata)
        examples = [self._lists] if self._lists and field.annotation == _LIST_NAMES else field.examples
        return {**schema, "description": field.description, "examples": examples}

    def _describe(self, annotation: Any, metadata: Iterable[object] = ()) -> Schema:
        if get_origin(annotation) is Annotated:
            annotation, *own = get_args(annotation)
            metadata = [*own, *metadata]
        known = list(_flatten(metadata))
        if written_as := _input_type(known):
            return self._describe(written_as)
        return self._describe_shape(annotation, known) | dict(_find_limits(known, get_origin(annotation) or annotation))

    def _describe_shape(self, annotation: Any, metadata: list[object]) -> Schema:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in (Union, UnionType):
            return self._describe_union(arguments)
        if origin is tuple:
            return self._describe_list(arguments[0], without_dash=BeforeValidator(one_or_more) in metadata)
        if origin is dict:
            names, record = (self._describe(argument) for argument in arguments)
            return {"type": "object", "propertyNames": {"pattern": names["pattern"]}, "additionalProperties": record}
        if origin is Literal:
            return {"type": "string", "const": arguments[0]}
        if issubclass(annotation, Declared):
            return self._refer(annotation)
        if issubclass(annotation, StrEnum):
            return {"enum": [str(choice) for choice in annotation]}
        if self._lists is not None and get_args(ListName)[-1] in metadata:
            return {"enum": self._lists}
        scalar = describe_scalar(annotation, metadata)
        return _in_languages(scalar) if IN_LANGUAGES in metadata else scalar

    def _describe_list(self, entry: Any, *, without_dash: bool) -> Schema:
        entries = self._describe(entry)
        array = {
            "type": "array",
            "items": entries,
            "errorMessage": "Begin each entry, on a line of its own, with a dash.",
        }
        return {"if": {"type": "array"}, "then": array, "else": entries} if without_dash else array

    def _describe_union(self, members: tuple[Any, ...]) -> Schema:
        """A section of any kind; or a value that may also be nothing, or a record that may also be a text."""
        if all(_is_model(member) for member in members):
            return self._describe_sections()
        types = [name for member in members for name in _also(member)]
        main = next(member for member in members if not _also(member))
        return self._refer(main, *types) if _is_model(main) else _widen(self._describe(main), types)

    def _refer(self, model: type[Declared], *others: str) -> Schema:
        name = "-or-".join([model.__name__, *others])
        if name not in self.definitions:
            self.definitions[name] = {}  # a model that holds itself would come back here
            self.definitions[name] = self.describe_model(model, *others)
        return {"$ref": f"#/$defs/{name}"}

    def _describe_sections(self) -> Schema:
        kinds = section_kinds()
        self.definitions["Section"] = {
            "title": "a section",
            "description": "A part of the issue. Its kind says which fields it has.",
            "type": "object",
            "properties": {
                "kind": {
                    "description": "The kind of section.",
                    "enum": list(kinds),
                    "enumDescriptions": [model.__doc__ for model in kinds.values()],
                }
            },
            "required": ["kind"],
            "allOf": [
                {"if": _object_with("kind", {"const": kind}), "then": self._refer(model)}
                for kind, model in kinds.items()
            ],
            "if": _object_with("kind", {}),
            "else": {
                "type": "object",
                "defaultSnippets": [
                    {"label": kind, "description": model.__doc__, "body": make_snippet(model)}
                    for kind, model in kinds.items()
                ],
            },
        }
        return {"$ref": "#/$defs/Section"}


def _also(member: Any) -> list[str]:
    """The types that a member of a union allows besides those of the main one."""
    if member is NoneType:
        return ["null"]
    return ["string", "number"] if member is str else []


def _object_with(name: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {name: schema}, "required": [name]}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Declared)


def _flatten(metadata: Iterable[object]) -> Iterator[object]:
    """All metadata of a type, also from a `Field(…)` inside it."""
    for entry in metadata:
        yield from entry.metadata if isinstance(entry, FieldInfo) else [entry]


def _input_type(metadata: Iterable[object]) -> Any:
    """The type that a validator says it reads (`json_schema_input_type`); None if none says so."""
    types = (entry.json_schema_input_type for entry in metadata if isinstance(entry, BeforeValidator))
    return next((each for each in types if each is not PydanticUndefined), None)


def _find_limits(metadata: Iterable[object], kind: Any) -> Iterator[tuple[str, Any]]:
    counted = {tuple: "Items", dict: "Properties"}.get(kind, "Length")
    for entry in metadata:
        match entry:
            case Ge(ge=least):
                yield "minimum", least
            case Le(le=most):
                yield "maximum", most
            case MinLen(min_length=fewest):
                yield f"min{counted}", fewest
            case MaxLen(max_length=most):
                yield f"max{counted}", most
            case _:
                if pattern := getattr(entry, "pattern", None):
                    yield "pattern", pattern


def _in_languages(scalar: Schema) -> Schema:
    """The schema of a text that may also be written in each language, below it: `cy:` and `en:`."""
    return {
        **scalar,
        "type": [*scalar["type"], "object"],
        "propertyNames": {"enum": [*LANGUAGES, SAME]},
        "properties": {SAME: {"description": "yes if it is meant to be the same in both.", "examples": ["yes"]}},
        "additionalProperties": scalar,
    }


def _widen(schema: Schema, types: list[str]) -> Schema:
    """The schema, for values that may also be of these types."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    own = schema["type"]
    return {**schema, "type": [*([own] if isinstance(own, str) else own), *types]}


def _as_editors_read(name: str) -> list[str | int]:
    """A list's name, and the number that an editor reads if it is all digits."""
    return [name, int(name)] if name.isdigit() else [name]
