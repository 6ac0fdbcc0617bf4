"""A section of any kind, made from the examples of its fields."""

from __future__ import annotations

from typing import Any

from bulletin.issue.sections import section_kinds


def make_example(kind: str) -> dict[str, Any]:
    """What a section of this kind must have, as the examples of its fields say it."""
    fields = section_kinds()[kind].model_fields
    needed = {name: field for name, field in fields.items() if field.is_required()}
    return {name: (field.examples or [""])[0] for name, field in needed.items()} | {"kind": kind}
