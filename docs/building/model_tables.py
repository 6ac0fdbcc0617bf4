"""The fields of a record as a table: name, meaning, and an example. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic.fields import FieldInfo


def write_fields(fields: Mapping[str, FieldInfo]) -> str:
    """A Markdown table. A star after a name says that the field is required."""
    rows = [_write_row(field.alias or name, field) for name, field in fields.items() if name != "kind"]
    if not rows:
        return "It has no fields of its own."
    star = "\n\n\\* is required." if any("\\*" in row for row in rows) else ""
    return "| field | meaning | example |\n|---|---|---|\n" + "\n".join(rows) + star


def _write_row(name: str, field: FieldInfo) -> str:
    star = "\\*" if field.is_required() else ""
    example = _write_value((field.examples or [""])[0])
    shown = f"`{example}`" if example else ""
    return f"| `{name}`{star} | {_escape(field.description or '')} | {shown} |"


def _write_value(value: Any) -> str:
    """A value on one line, as YAML."""
    if isinstance(value, str):
        return _escape(" ".join(value.split())).replace("`", "")
    flow = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return _escape(flow.removesuffix("\n").removesuffix("\n...").replace("\n", " ")).replace("`", "")


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
