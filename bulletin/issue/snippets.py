"""Snippets for editors: a section of each kind, ready to fill in, made from the models' examples. Pure.

A snippet has places to type, one after the other: `${1:Title}` (the syntax of VS Code and of the Language Server
Protocol).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from types import NoneType
from typing import Any, TypeAlias, get_args

from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.issue.sections import OwnKinds, section_kinds

Body: TypeAlias = "str | list[Body] | dict[str, Body]"


def find_model(field: FieldInfo) -> type[Declared] | None:
    """The model of the record, or of each record, that a field holds; None if it holds none."""
    annotation: Any = field.annotation
    while inner := [argument for argument in get_args(annotation) if argument not in (NoneType, Ellipsis)]:
        annotation = inner[0]
    return annotation if isinstance(annotation, type) and issubclass(annotation, Declared) else None


def make_snippet(model: type[Declared]) -> dict[str, Body]:
    """The required fields of a section of this kind, in the order that people write them."""
    fields = model.model_fields
    kind = get_args(fields["kind"].annotation)[0]
    required = (name for name, field in fields.items() if field.is_required() and name not in ("kind", "title"))
    examples = {"title": kind.replace("_", " ").capitalize()}
    examples |= {name: (fields[name].examples or [""])[0] for name in required}
    numbers = count(1)
    return {"kind": kind} | {name: _fill(example, numbers) for name, example in examples.items()}


def make_example(model: type[Declared]) -> Body:
    """A section of this kind with the examples of its required fields, as data."""
    return _remove_places(make_snippet(model))


def _remove_places(body: Body) -> Body:
    """The body with each place to type replaced by the words in it."""
    if isinstance(body, dict):
        return {name: _remove_places(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_remove_places(value) for value in body]
    return re.sub(r"\\([\\$}])", r"\1", re.sub(r"^\$\{\d+:(.*)\}$", r"\1", body, flags=re.DOTALL))


def _fill(example: Any, numbers: Iterator[int]) -> Body:
    """The example with each of its texts as a place to type."""
    if isinstance(example, dict):
        return {name: _fill(value, numbers) for name, value in example.items()}
    if isinstance(example, list):
        return [_fill(value, numbers) for value in example]
    escaped = re.sub(r"([\\$}])", r"\\\1", str(example))
    return f"${{{next(numbers)}:{escaped}}}"


def write_code_snippets(own: OwnKinds = ()) -> str:
    """The snippets of all kinds, `own` included, as the JSON of a VS Code `.code-snippets` file."""
    snippets = {
        f"{model.noun[0].upper()}{model.noun[1:]}": {
            "scope": "yaml",
            "prefix": kind,
            "description": model.__doc__,
            "body": list(_write_entry(make_snippet(model))),
        }
        for kind, model in section_kinds(own).items()
    }
    return json.dumps(snippets, indent=2, ensure_ascii=False) + "\n"


def _write_entry(body: Body) -> Iterator[str]:
    """The lines of YAML for an entry of a list: a dash, and its fields two spaces further in."""
    first, *others = _write(body)
    yield f"- {first}"
    yield from (f"  {line}" for line in others)


def _write(body: Body) -> Iterator[str]:
    if isinstance(body, str):
        yield f'"{body}"' if ": " in body else body
    elif isinstance(body, list):
        for entry in body:
            yield from _write_entry(entry)
    else:
        for name, value in body.items():
            first, *others = _write(value)
            if isinstance(value, str):
                yield f"{name}: {first}"
            else:
                yield f"{name}:"
                yield from (f"  {line}" for line in (first, *others))
