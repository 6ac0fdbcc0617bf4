"""Random issues: every kind of section with any of its fields, each text a word of its own that can be looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.edition.to_do import MOST_TASKS
from bulletin.issue.dates import Month, TimeOfDay
from bulletin.issue.item import Contact, Feature, Point, Task
from bulletin.issue.kinds.about import Card
from bulletin.issue.kinds.training import Course
from bulletin.issue.passages import TextFormat, find_format
from bulletin.issue.sections import OwnKinds, section_kinds

_LEFT_OUT = {"follow_up", "for_", "top_story", "kind", "language", "withdrawn", "topics", "teaser"}
_FIXED: dict[str, str] = {"value": "87%", "phase": "1 of 2", "size": "half", "crop": "4:3", "focus": "top"}
_DAYS = ("4 June 2021", "June 2021", "13 April")


@dataclass
class Writer:
    """Gives each text a word of its own. `words` has all that it gave."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    words: list[str] = field(default_factory=list)
    tasks: int = 0
    ids: int = 0

    def write_section(self, kind: str, own: OwnKinds = ()) -> dict[str, Any]:
        return {"kind": kind} | self._write(section_kinds(own)[kind])

    def _write(self, model: type[Declared]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, info in model.model_fields.items():
            if name not in _LEFT_OUT and (info.is_required() or self.draw(st.booleans())):
                values[info.alias or name] = self._write_field(name, info)
        return self._repair(model, values)

    def _write_field(self, name: str, info: FieldInfo) -> Any:
        if name in _FIXED:
            return _FIXED[name]
        if name == "id":
            self.ids += 1
            return f"part-{self.ids}"
        if name == "file":
            return "poster.png"
        if name == "number":
            return str(len(self.words))
        if form := find_format(info):
            word = self._next_word()
            return f"https://{word}.example.org/" if form is TextFormat.ADDRESS else word
        return self._write_value(info.annotation, name)

    def _write_value(self, annotation: Any, name: str) -> Any:
        inner = [each for each in get_args(annotation) if each not in (type(None), Ellipsis)]
        if isinstance(annotation, type) and issubclass(annotation, Declared):
            return self._write(annotation)
        if isinstance(annotation, type) and issubclass(annotation, StrEnum):
            return self.draw(st.sampled_from(list(annotation))).value
        if get_origin(annotation) is tuple:
            return [self._write_value(inner[0], name) for _ in range(2)]
        if annotation is bool:
            return "no"
        if annotation is int:
            return "20"
        if annotation is str:
            return f"{self._next_word()}@example.org"
        if inner:
            return self._write_value(inner[0], name)
        fixed = {TimeOfDay: "9am", Month: "2021-06", date: "4 June 2021"}.get(annotation)
        return fixed or self.draw(st.sampled_from(_DAYS))

    def _next_word(self) -> str:
        self.words.append(f"word{len(self.words)}x")
        return self.words[-1]

    def _repair(self, model: type[Declared], values: dict[str, Any]) -> dict[str, Any]:
        """What the model asks of several fields together."""
        if issubclass(model, Task) and "do" in values:
            self.tasks += 1
            if self.tasks > MOST_TASKS:
                del values["do"]
        if issubclass(model, Task):
            if "by" in values and ("from" in values or "do" not in values):
                del values["by"]
            if "do" not in values:
                values.pop("from", None)
        if issubclass(model, Feature) and "button" in values:
            values.setdefault("link", f"https://{self._next_word()}.example.org/")
        if issubclass(model, Point) and "link" in values:
            values.setdefault("title", self._next_word())
        if issubclass(model, Contact):
            values.setdefault("telephone", self._next_word())
        if issubclass(model, Card) and "link_text" in values:
            values.setdefault("link", f"https://{self._next_word()}.example.org/")
        if issubclass(model, Course):
            values["on_demand"] = "no" if values.get("sessions") else "yes"
        return values


@st.composite
def random_sections(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[dict[str, Any]]:
    """A section of each kind, in any order, with any of their fields."""
    writer = Writer(draw=draw)
    return [writer.write_section(kind) for kind in draw(st.permutations(sorted(section_kinds())))]
