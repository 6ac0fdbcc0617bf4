"""A section of any kind, made from the examples of its fields."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import yaml

from bulletin.issue.sections import section_kinds


def make_example(kind: str) -> dict[str, Any]:
    """What a section of this kind must have, as the examples of its fields say it."""
    fields = section_kinds()[kind].model_fields
    needed = {name: field for name, field in fields.items() if field.is_required()}
    return {name: (field.examples or [""])[0] for name, field in needed.items()} | {"kind": kind}


def write_example(section: dict[str, Any]) -> str:
    """A section as lines of an issue's file, as an entry of `sections:`."""
    return indent(yaml.safe_dump([section], sort_keys=False, allow_unicode=True), "  ")
