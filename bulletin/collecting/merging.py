"""Put contributions where they belong in an issue, each signed by a comment, and none twice. Pure.

The signature, `# from Health, health.yaml (1f3a9c2e)`, ends in a code of the content as it was sent. While it stands in
the file that content is not placed again, however the officer has edited it since, or deleted it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from bulletin.collecting.contribution import Contribution, Record
from bulletin.collecting.entries import (
    find_codes,
    find_leaves,
    is_same,
    is_same_group,
    list_name,
    lists_of,
    make_code,
    name_of,
)
from bulletin.collecting.writing import write_data
from bulletin.declaration.source import Data, Place, Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.drafting.comments import find_comments, read_data, tidy
from bulletin.drafting.layout import Add, rewrite
from bulletin.drafting.placeholders import TO_WRITE
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import Surroundings
from bulletin.issue.model import Issue

_ONE_OF_A_KIND = ("executive_updates", "priorities", "training", "events", "resources", "links")
_FRAME = ("kind", "title", "for", "items", "groups")
_SIGNATURE = re.compile(r"# from .*, (?P<file>.+) \((?P<code>[0-9a-f]{8})\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """An issue after a contribution: its file, and in words what was placed, was there already, and was left out."""

    source: Source
    placed: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def merge(source: Source, contribution: Contribution, *, surroundings: Surroundings) -> Merged:
    """The issue in `source`, which is in order, with whatever of the contribution it does not have yet.

    Raises FaultyFiles, about the contribution, if the issue would not be in order any more.
    """
    placing = _Placing(source, contribution)
    for section in contribution.sections:
        placing.place_section(section)
    if not placing.changes:
        return Merged(source=source, known=tuple(placing.known), left_out=tuple(placing.left_out))
    merged = parse_source("\n".join(rewrite(source, placing.changes)), shown_as=source.file)
    try:
        validate(merged, Issue, context=surroundings)
    except FaultyFiles as error:
        raise FaultyFiles(_blame(contribution, fault, source.file) for fault in error.faults) from None
    return Merged(
        source=merged,
        placed=tuple(placing.placed),
        known=tuple(placing.known),
        left_out=tuple(placing.left_out),
    )


def _blame(contribution: Contribution, fault: Fault, issue: str) -> Fault:
    message = f"It does not go together with {issue}: {fault.message}"
    return Fault(file=contribution.file, message=message, remedy=fault.remedy)


@dataclass(slots=True)
class _Placing:
    """Where each entry of one contribution goes."""

    source: Source
    contribution: Contribution
    changes: list[Add] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _codes: set[str] = field(default_factory=set)
    _superseded: dict[str, int] = field(default_factory=dict)  # what the file no longer says so: title, line

    def __post_init__(self) -> None:
        signatures = {comment.line: _SIGNATURE.fullmatch(comment.text) for comment in find_comments(self.source)}
        self._codes |= {match["code"] for match in signatures.values() if match}
        sent = {code for section in self.contribution.sections for code in find_codes(section)}
        for number, section in enumerate(self._sections()):
            self._codes |= find_codes(section)
            for place, entry in find_leaves(section, ()):
                line = self.source.values["sections", number, *place].line
                match = signatures.get(line - 1)
                if match and match["file"] == tidy(self.contribution.file) and match["code"] not in sent:
                    self._superseded[name_of(entry).casefold()] = line

    def _sections(self) -> list[Record]:
        return cast("list[Record]", read_data(self.source, ("sections",)))

    def place_section(self, section: Record) -> None:
        """Put what is new of a section into the issue's own one, or at the end as a section of its own."""
        new = self._select_new(section)
        if new is None:
            return
        place = self._find_section(new)
        name = list_name(new)
        if place and name:
            self._place_entries((*place, name), new, new)
            told = (field for field, value in new.items() if field not in _FRAME and value != TO_WRITE)
            self.left_out += [
                f"{field} of “{name_of(new)}”: the issue has a section with words of its own" for field in told
            ]
        else:
            self._append(("sections",), new, new, (), apart=True)
            self._say(new, f"as a new section “{name_of(new)}”")

    def _select_new(self, section: Record) -> Record | None:
        """The section with those entries only that the issue does not have; None if it has them all."""
        kind, name = str(section["kind"]), list_name(section)
        if name is None:
            return section if self._is_new(kind, section) else None
        kept: list[Data] = []
        for entry in cast("list[Data]", section[name]):
            if name == "groups":
                group = cast("Record", entry)
                items = [item for item in cast("list[Data]", group["items"]) if self._is_new(kind, item)]
                kept += [{**group, "items": items}] if items else []
            elif self._is_new(kind, entry):
                kept.append(entry)
        return {**section, name: kept} if kept else None

    def _is_new(self, kind: str, entry: Data) -> bool:
        code = make_code(kind, entry)
        if code in self._codes:
            self.known.append(name_of(entry))
            return False
        if line := self._superseded.get(name_of(entry).casefold()):
            self.left_out.append(f"“{name_of(entry)}” says something else now than when it was placed, in line {line}")
            return False
        self._codes.add(code)
        return True

    def _find_section(self, section: Record) -> Place:
        """The issue's section of this kind and title; of most kinds the first will do. () if there is none.

        It must be for the same lists: nobody is to read what was not meant for them.
        """
        same = [
            number
            for number, own in enumerate(self._sections())
            if own["kind"] == section["kind"] and lists_of(own) == lists_of(section)
        ]
        titled = [number for number in same if is_same(self._sections()[number]["title"], section["title"])]
        if not titled and section["kind"] in _ONE_OF_A_KIND:
            titled = same[:1]
        has_list = [number for number in titled if self._sections()[number].get(list_name(section) or "")]
        return ("sections", has_list[0]) if has_list else ()

    def _place_entries(self, place: Place, holder: Record, section: Record) -> None:
        """Put the entries of a section, or of a group of resources, after those that are there."""
        own = cast("list[Data]", read_data(self.source, place))
        for entry in cast("list[Data]", holder[str(place[-1])]):
            group = cast("Record", entry) if place[-1] == "groups" else None
            at = next((n for n, one in enumerate(own) if group and is_same_group(cast("Record", one), group)), None)
            if group and at is not None:
                self._place_entries((*place, at, "items"), group, section)
            else:
                self._append(place, entry, section, place, apart=False)
                title = tidy(str(read_data(self.source, (*place[:2], "title"))))
                self._say({**section, str(place[-1]): [entry]} if group else entry, f"at “{title}”")

    def _append(self, place: Place, entry: Data, section: Record, within: Place, *, apart: bool) -> None:
        """Put an entry after those at `place`, each of its items signed by a comment above it."""
        last = len(cast("list[Data]", read_data(self.source, place))) - 1
        signed = {
            inner: self._write_signature(str(section["kind"]), leaf) for inner, leaf in find_leaves(entry, within)
        }
        own = (signed.pop(()),) if () in signed else ()
        lines = tuple(write_data(entry, comments=signed))
        self.changes.append(Add(place=(*place, last), lines=lines, comments=own, apart=apart))

    def _write_signature(self, kind: str, entry: Data) -> str:
        sender = self.contribution
        return f"# from {tidy(sender.organisation)}, {tidy(sender.file)} ({make_code(kind, entry)})"

    def _say(self, entry: Data, where: str) -> None:
        self.placed += [f"“{name_of(leaf)}” {where}" for _, leaf in find_leaves(entry, ())]
