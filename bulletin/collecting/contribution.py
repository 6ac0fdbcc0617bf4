"""A contribution: the sections or items that one contributor sends for an issue. Pure, except for reading its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias, cast

from pydantic import Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Data, Place, Source, Span, read_source
from bulletin.declaration.validation import validate
from bulletin.declaration.values import Plain
from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.issue.sections import Section, section_kinds
from bulletin.settings.organisation import Contributor

Record: TypeAlias = dict[str, Data]


class Snippet(Declared):
    """The sections that a contributor sends, as their file declares them."""

    noun: ClassVar[str] = "a contribution"

    from_: Plain = Field(
        alias="from", description="Your short name, as in bulletin.yaml of the bulletin.", examples=["health"]
    )
    sections: Annotated[tuple[Section, ...], Field(min_length=1)] = Field(
        description="The sections that you contribute.",
        examples=[[{"kind": "notice", "title": "Office hours", "text": "We are closed on 3 May 2021."}]],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """A valid contribution: its sender, its file, and its sections as written.

    `saved` is when its file was last saved, in ms since 1970; 0 if unknown. `remarks` tell what else the file holds.
    """

    file: str
    sender: str
    organisation: str
    sections: tuple[Record, ...]
    saved: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its sections."""
        return frozenset(str(section["kind"]) for section in self.sections)


def read_yaml(path: Path, *, shown_as: str) -> Source:
    """A YAML contribution as data with places. A single section, or its items alone, become `sections`.

    Raises FaultyFiles if it can't be read, or is a form with placeholders left.
    """
    source = read_source(path, shown_as=shown_as)
    if unwritten := find_placeholders(source):
        raise FaultyFiles([*source.faults, *unwritten])
    if not isinstance(source.data, dict) or "kind" not in source.data or "sections" in source.data:
        return source
    section = {name: value for name, value in source.data.items() if name != "from"}
    data: Record = {name: value for name, value in source.data.items() if name == "from"}
    data["sections"] = [complete(section)]
    return replace(
        source,
        data=data,
        values={_in_section(place): span for place, span in source.values.items()} | _frame(source),
        keys={_in_section(place): span for place, span in source.keys.items()},
        refused=frozenset(_in_section(place) for place in source.refused),
    )


def _in_section(place: Place) -> Place:
    return place if place in ((), ("from",)) else ("sections", 0, *place)


def _frame(source: Source) -> dict[Place, Span]:
    whole = source.values[()]
    return {("sections",): whole, ("sections", 0): whole}


def complete(section: Record) -> Record:
    """A section that has only a kind and items, completed with its required fields: a title, and placeholders."""
    model = section_kinds().get(str(section.get("kind")))
    if model is None:
        return section
    needed = {name for name, field in model.model_fields.items() if field.is_required()} - {"kind", "items", "groups"}
    if not {"items", "groups"} & set(section):
        return section  # without entries, no required field may be missing
    missing: Record = {name: TO_WRITE for name in model.model_fields if name in needed - {"title"}}
    return {"title": str(section["kind"]).replace("_", " ").capitalize(), **missing, **section}


def check_contribution(
    source: Source, contributors: Mapping[str, Contributor], *, context: ValidationContext
) -> Contribution:
    """The contribution that `source` declares. Raises FaultyFiles with every fault, in the order of the file."""
    stranger = list(_find_stranger(source, contributors))
    try:
        sender = validate(source, Snippet, context=context).from_
    except FaultyFiles as error:
        raise FaultyFiles(dict.fromkeys([*stranger, *error.faults])) from None
    if stranger:
        raise FaultyFiles(stranger)
    known = contributors.get(sender)
    sections = cast("dict[str, list[Record]]", source.data)["sections"]  # the model has just validated it
    return Contribution(
        file=Path(source.file).name,
        sender=sender,
        organisation=known.organisation if known else sender,
        sections=tuple(sections),
    )


def _find_stranger(source: Source, contributors: Mapping[str, Contributor]) -> Iterable[Fault]:
    name = source.text_at(("from",)).strip() if isinstance(source.data, dict) else ""
    if name and contributors and name not in contributors:
        near = get_close_matches(name, contributors, n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        yield source.fault_at(
            source.values[("from",)],
            f"“{name}” is not a contributor.",
            f"The contributors are: {', '.join(contributors)}.{hint}",
        )
