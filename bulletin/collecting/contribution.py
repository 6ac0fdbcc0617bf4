"""A contribution: the sections or items that one contributor sends for an issue. Pure, except for reading its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias, cast

from pydantic import Field

from bulletin.collecting.holding import HeldBack, count_entries, find_shared, hold_back, keep_entries
from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Data, Place, Source, Span, read_source
from bulletin.declaration.validation import validate
from bulletin.declaration.values import Plain
from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.issue.sections import OwnKinds, Section, section_kinds, with_kinds
from bulletin.settings.organisation import Contributor

Record: TypeAlias = dict[str, Data]

_MOST_COMPARED = 100  # entries of a section; each is validated with all that come before it


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
    """A contribution: its sender, its file, and its valid sections as written.

    `saved` is when its file was last saved, in ms since 1970; 0 if unknown. `held` are the entries with faults, which
    `sections` does not have. `remarks` tell what else the file holds.
    """

    file: str
    sender: str
    organisation: str
    sections: tuple[Record, ...]
    saved: int = 0
    held: tuple[HeldBack, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its sections."""
        return frozenset(str(section["kind"]) for section in self.sections)


def read_yaml(path: Path, *, shown_as: str, own: OwnKinds = ()) -> Source:
    """A YAML contribution as data with places. A single section, or its items alone, become `sections`.

    Placeholders that are left are among its faults. Raises FaultyFiles if it can't be read.
    """
    source = read_source(path, shown_as=shown_as)
    source = replace(source, faults=(*source.faults, *find_placeholders(source)))
    if not isinstance(source.data, dict) or "kind" not in source.data or "sections" in source.data:
        return source
    section = {name: value for name, value in source.data.items() if name != "from"}
    data: Record = {name: value for name, value in source.data.items() if name == "from"}
    data["sections"] = [complete(section, own)]
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


def complete(section: Record, own: OwnKinds = ()) -> Record:
    """A section that has only a kind and items, completed with its required fields: a title, and placeholders."""
    model = section_kinds(own).get(str(section.get("kind")))
    if model is None:
        return section
    needed = {name for name, field in model.model_fields.items() if field.is_required()} - {"kind", "items", "groups"}
    if not {"items", "groups"} & set(section):
        return section  # without entries, no required field may be missing
    missing: Record = {name: TO_WRITE for name in model.model_fields if name in needed - {"title"}}
    return {"title": str(section["kind"]).replace("_", " ").capitalize(), **missing, **section}


def check_contribution(
    source: Source,
    contributors: Mapping[str, Contributor],
    *,
    context: ValidationContext,
    faulty: Mapping[Place, Sequence[Fault]] | None = None,
) -> Contribution:
    """The contribution that `source` declares, without the entries that have faults: these are held back.

    `faulty` are faults that are known already, by the place of their entry. Raises FaultyFiles with every fault, in the
    order of the file, if no entry is left or a fault is in none.
    """
    stranger = list(_find_stranger(source, contributors))
    left, held = _hold_faulty(source, context, but_first=stranger, known=faulty or {})
    sender = left.text_at(("from",)).strip()
    known = contributors.get(sender)
    sections = cast("dict[str, list[Record]]", left.data)["sections"]  # the model has just validated it
    return Contribution(
        file=Path(source.file).name,
        sender=sender,
        organisation=known.organisation if known else sender,
        sections=tuple(sections),
        held=held,
    )


def _hold_faulty(
    source: Source,
    context: ValidationContext,
    *,
    but_first: Sequence[Fault],
    known: Mapping[Place, Sequence[Fault]],
) -> tuple[Source, tuple[HeldBack, ...]]:
    """The source with its valid entries alone, and the others. Raises FaultyFiles, with `but_first` in front."""
    if not source.whole:
        raise FaultyFiles([*but_first, *_find_faults(source, context)])
    left, held = replace(source, faults=()), list[HeldBack]()
    faults = [*source.faults, *(_find_faults(left, context) if known else ())]
    told = [*faults, *(fault for found in known.values() for fault in found)]
    while True:
        known, faults = _single_out(left, context, known, faults)
        left, more, outside = hold_back(left, faults, known=known)
        known = {}
        held += more
        faults = _find_faults(left, context) if count_entries(left) or not more else []
        told = [*told, *faults]
        if outside or not count_entries(left) or (but_first and not faults):
            told.sort(key=lambda fault: (fault.line, fault.column))
            raise FaultyFiles(dict.fromkeys([*but_first, *told]))
        if not faults:
            return left, tuple(held)


def _single_out(
    source: Source, context: ValidationContext, known: Mapping[Place, Sequence[Fault]], faults: Sequence[Fault]
) -> tuple[Mapping[Place, Sequence[Fault]], list[Fault]]:
    """The known faults with those of entries that don't go with the ones before them; and all other faults.

    Where that explains nothing, the fault is the section's own.
    """
    left, found = list(faults), dict(known)
    for places, shared in find_shared(source, faults).items():
        misfits = _find_misfits(source, context, places) if len(places) <= _MOST_COMPARED else {}
        if 0 < len(misfits) < len(places):
            found |= {place: [*found.get(place, ()), *misfit] for place, misfit in misfits.items()}
            left = [fault for fault in left if fault not in shared]
    return found, left


def _find_misfits(source: Source, context: ValidationContext, places: Sequence[Place]) -> dict[Place, list[Fault]]:
    """The faults of each of these entries beside those before it that have none."""
    kept: list[Place] = []
    misfits: dict[Place, list[Fault]] = {}
    for place in places:
        if faults := _find_faults(keep_entries(source, [*kept, place]), context):
            misfits[place] = faults
        else:
            kept.append(place)
    return misfits


def _find_faults(source: Source, context: ValidationContext) -> list[Fault]:
    try:
        validate(source, with_kinds(Snippet, context.own_kinds), context=context)
    except FaultyFiles as error:
        return list(error.faults)
    return []


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
