"""Facts of the kinds of section, of every field of an issue, and of every setting: from the models themselves. Pure.

A record that is part of several others is told of once, at the first of its places; the other places lead there.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.explain.fact import Fact, write_yaml
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import OwnKinds, section_kinds
from bulletin.issue.snippets import find_model, make_example
from bulletin.issue.traits import NextMonth
from bulletin.settings.settings import Settings

A_KIND: Final = "a kind of section"
A_FIELD: Final = "a field"
A_SETTING: Final = "a setting"

_NEXT_MONTH: Final = {
    NextMonth.LEFT_OUT: "Next month: left out, since it was for one month only.",
    NextMonth.EMPTIED: "Next month: kept without its texts, to be written again.",
    NextMonth.UPDATED: "Next month: kept without what is over; notes ask what has changed.",
    NextMonth.KEPT: "Next month: kept as it is.",
}
_DEEPEST: Final = 6  # records inside records


def list_kind_facts(own: OwnKinds = ()) -> Iterator[Fact]:
    """The kinds of section: the product's, then a workspace's `own`."""
    for kind, model in section_kinds(own).items():
        required = [f"{name}*" for name, field in model.model_fields.items() if field.is_required() and name != "kind"]
        others = [name for name in model.model_fields if name != "kind" and name not in BaseSection.model_fields]
        optional = [name for name in others if f"{name}*" not in required]
        yield Fact(
            word=kind,
            sort=A_KIND,
            summary=_read_summary(model),
            details=(
                f"Fields: {', '.join([*required, *optional])}. * is required.",
                f"Any section can also have: {', '.join(_list_common())}.",
                _NEXT_MONTH[model.traits.next_month],
            ),
            example=write_yaml([make_example(model)]),
            see=tuple(f"{kind}.{name}" for name in ("items",) if name in model.model_fields),
            also=tuple(sorted(model.also_called)),
            page="writing.md",
        )


def _list_common() -> list[str]:
    return [field.alias or name for name, field in BaseSection.model_fields.items() if not field.is_required()]


def list_field_facts(own: OwnKinds = ()) -> Iterator[Fact]:
    """The fields of an issue, of its sections and of what is in them."""
    head = {name: field for name, field in Issue.model_fields.items() if name != "sections"}
    walk = _Walk(A_FIELD, page="writing.md")
    walk.follow_fields(Issue, head, (), ())
    common = BaseSection.model_fields
    walk.follow_fields(BaseSection, common, ("section",), ())
    for kind, model in section_kinds(own).items():
        own_fields = {name: field for name, field in model.model_fields.items() if name not in common}
        walk.follow_fields(model, own_fields, (kind,), ())
    yield from walk.write_facts()


def list_setting_facts() -> Iterator[Fact]:
    """All of bulletin.yaml."""
    walk = _Walk(A_SETTING, page="")
    walk.follow_fields(Settings, Settings.model_fields, (), ())
    yield from walk.write_facts()


class _Walk:
    """Goes through the fields of models, and into the records that they hold."""

    def __init__(self, sort: str, *, page: str) -> None:
        self._sort, self._page = sort, page
        self._found: dict[tuple[type[Declared], str], tuple[FieldInfo, list[str]]] = {}

    def follow_fields(
        self, model: type[Declared], fields: dict[str, FieldInfo], path: tuple[str, ...], above: tuple[type, ...]
    ) -> None:
        for name, field in fields.items():
            if name == "kind" and issubclass(model, BaseSection):
                continue
            shown = field.alias or name
            inner = _find_record(field)
            place = (*path, f"{shown}[]" if inner and _is_list(field) else shown)
            key = (_find_owner(model, name), name)
            self._found.setdefault(key, (field, []))[1].append(".".join(place))
            if inner and inner not in above and len(above) < _DEEPEST:
                below = (*place, "NAME") if _is_mapping(field) else place
                self.follow_fields(inner, inner.model_fields, below, (*above, inner))

    def write_facts(self) -> Iterator[Fact]:
        for (owner, _), (field, places) in self._found.items():
            word, *others = dict.fromkeys(places)
            yield Fact(
                word=word,
                sort=self._sort,
                summary=field.description or "",
                details=(_describe_need(field),) + ((_describe_places(others),) if others else ()),
                example=_write_example(word, field, whole=self._sort == A_SETTING),
                see=_list_above(word, owner),
                also=tuple(others),
                page=self._page,
            )


def _find_record(field: FieldInfo) -> type[Declared] | None:
    """The model of the record that a field holds, or of each: in a list, or under names."""
    annotation: Any = field.annotation
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is dict:
        record = get_args(annotation)[1]
        return record if isinstance(record, type) and issubclass(record, Declared) else None
    return find_model(field)


def _find_owner(model: type[Declared], name: str) -> type[Declared]:
    """The class that declares a field, so that what many inherit is told of once."""
    declaring = [each for each in model.__mro__ if name in getattr(each, "__annotations__", {})]
    return declaring[0] if declaring else model


def _is_mapping(field: FieldInfo) -> bool:
    return "dict[" in str(field.annotation)


def _is_list(field: FieldInfo) -> bool:
    return "tuple[" in str(field.annotation).lower()


def _read_summary(model: type[Declared]) -> str:
    return " ".join((model.__doc__ or "").strip().partition("\n\n")[0].split())


def _describe_need(field: FieldInfo) -> str:
    if field.is_required():
        return "Required."
    default = _write_default(field.default)
    return f"Optional. Left out, it is {default}." if default else "Optional."


def _write_default(value: Any) -> str:
    """A default in the words of a file; "" for nothing, and for what has no short words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:.0%}"  # all fractions among the settings are shares
    return str(value) if isinstance(value, int | str) and value else ""


def _describe_places(others: list[str]) -> str:
    shown = ", ".join(others[:3])
    return f"Also: {shown}" + (f" and {len(others) - 3} more places." if len(others) > 3 else ".")


def _write_example(word: str, field: FieldInfo, *, whole: bool) -> str:
    """The field with its example; with all that is around it if `whole`."""
    value: Any = (field.examples or [""])[0]
    for step in reversed(word.split(".") if whole else [word.rpartition(".")[2]]):
        name = step.removesuffix("[]")
        inside = [value] if step.endswith("[]") and not isinstance(value, list) else value
        value = {"news" if name == "NAME" else name: inside}
    return write_yaml(_as_texts(value))


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _as_texts(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_texts(each) for each in value]
    return str(value)


def _list_above(word: str, owner: type[Declared]) -> tuple[str, ...]:
    above = word.rpartition(".")[0].removesuffix(".NAME")
    return (above,) if above and above != "section" and owner is not BaseSection else ()
