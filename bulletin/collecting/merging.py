"""Merge contributions into an issue, each in its place, with a signature above it, and none twice. Pure.

While the file has a signature, that content is not added again, even if the officer has edited it. Content that was
added and then removed is in the memory beside the contributions, and is not added again either.

Another version from the same sender with the same title is a correction, in any file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from bulletin.collecting.contribution import Contribution, Record
from bulletin.collecting.correction import Correction, carry_over, find_changes
from bulletin.collecting.entries import (
    find_leaves,
    is_same,
    is_same_group,
    list_name,
    lists_of,
    make_code,
    name_of,
    select_entries,
)
from bulletin.collecting.holding import HeldBack
from bulletin.collecting.memory import Collected, EntryRecord
from bulletin.collecting.signatures import OwnEntries, OwnEntry, write_signature
from bulletin.collecting.writing import write_data
from bulletin.declaration.source import Data, Place, Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.drafting.comments import read_data, tidy
from bulletin.drafting.layout import Add, Change, Drop, rewrite
from bulletin.drafting.placeholders import TO_WRITE
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.issue.sections import OwnKinds, section_kinds, with_kinds

_FRAME = ("kind", "title", "for", "items", "groups")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """An issue after a contribution: its file, and the outcome for each entry of the contribution, in words.

    `placed` names each new entry with its place, `new` has only the names. `known` are already there, `removed` are
    those that the officer has removed since. `corrected` are the corrections that were made, `open` those that were
    not, because no one agreed to them, and `outdated` those from an older file than the entry in the issue. `memory`
    is the memory from now on.
    """

    source: Source
    memory: EntryRecord
    placed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    corrected: tuple[Correction, ...] = ()
    open: tuple[Correction, ...] = ()
    outdated: tuple[Correction, ...] = ()


def _leave(_correction: Correction) -> bool:
    return False


def merge(
    source: Source,
    contribution: Contribution,
    *,
    context: ValidationContext,
    memory: EntryRecord | None = None,
    decide: Callable[[Correction], bool] = _leave,
) -> Merged:
    """The valid issue in `source` with every entry of the contribution that it doesn't have yet.

    `memory` has the entries that were put in so far. `decide` is asked about each correction.
    Raises FaultyFiles, about the contribution, if the issue would not be valid any more.
    """
    placing = _Placing(source, contribution, memory or EntryRecord(), decide, context.own_kinds)
    for section in contribution.sections:
        placing.place_section(section)
    merged = source
    if placing.changes:
        merged = parse_source("\n".join(rewrite(source, placing.changes)), shown_as=source.file)
        try:
            validate(merged, with_kinds(Issue, context.own_kinds), context=context)
        except FaultyFiles as error:
            raise FaultyFiles(_blame(contribution, fault, source.file) for fault in error.faults) from None
    return Merged(
        source=merged,
        memory=placing.memory.add(placing.collected),
        placed=tuple(placing.placed),
        new=tuple(placing.new),
        known=tuple(placing.known),
        removed=tuple(placing.removed),
        left_out=tuple(placing.left_out),
        corrected=tuple(placing.corrected),
        open=tuple(placing.open),
        outdated=tuple(placing.outdated),
    )


def merge_fitting(
    source: Source,
    contribution: Contribution,
    *,
    context: ValidationContext,
    memory: EntryRecord | None = None,
    decide: Callable[[Correction], bool] = _leave,
) -> tuple[Contribution, Merged]:
    """As `merge`, with only the entries that fit the issue. The contribution holds back the others.

    Raises FaultyFiles if none of them fits.
    """
    answers: dict[Correction, bool] = {}

    def decide_once(correction: Correction) -> bool:
        if correction not in answers:
            answers[correction] = decide(correction)
        return answers[correction]

    try:
        return contribution, merge(source, contribution, context=context, memory=memory, decide=decide_once)
    except FaultyFiles:
        fitting = _hold_unfit(source, contribution, context, memory)
        if not fitting.sections or fitting.held == contribution.held:  # no entry alone is at fault
            raise
        return fitting, merge(source, fitting, context=context, memory=memory, decide=decide_once)


def _hold_unfit(
    source: Source, contribution: Contribution, context: ValidationContext, memory: EntryRecord | None
) -> Contribution:
    """The contribution with each entry that fits the issue beside those before it, and the others held back."""
    fitting = replace(contribution, sections=())
    chosen: set[tuple[int, Place]] = set()
    held: list[HeldBack] = []
    for number, section in enumerate(contribution.sections):
        for place, entry in find_leaves(section, ()):
            more = {*chosen, (number, place)}
            attempt = replace(contribution, sections=tuple(select_entries(contribution.sections, more)))
            try:
                merge(source, attempt, context=context, memory=memory)
            except FaultyFiles as error:
                held.append(HeldBack(title=name_of(entry), faults=error.faults))
            else:
                fitting, chosen = attempt, more
    return replace(fitting, held=(*contribution.held, *held))


def _blame(contribution: Contribution, fault: Fault, issue: str) -> Fault:
    message = f"It doesn’t fit into {issue}: {fault.message}"
    return Fault(file=contribution.file, message=message, remedy=fault.remedy)


@dataclass(slots=True)
class _Placing:
    """The place of each entry of one contribution."""

    source: Source
    contribution: Contribution
    memory: EntryRecord
    decide: Callable[[Correction], bool]
    own_kinds: OwnKinds = ()
    changes: list[Change] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    corrected: list[Correction] = field(default_factory=list)
    open: list[Correction] = field(default_factory=list)
    outdated: list[Correction] = field(default_factory=list)
    collected: list[Collected] = field(default_factory=list)
    _own: OwnEntries = field(init=False)

    def __post_init__(self) -> None:
        self._own = OwnEntries(self.source, self.contribution, self.memory)

    def _sections(self) -> list[Record]:
        return cast("list[Record]", read_data(self.source, ("sections",)))

    def place_section(self, section: Record) -> None:
        """Add the new entries of a section to the issue's own section, or add it at the end as a new section."""
        new = self._select_new(section)
        if new is None:
            return
        place = self._find_section(new)
        name = list_name(new)
        if place and name:
            self._place_entries((*place, name), new, new)
            told = (field for field, value in new.items() if field not in _FRAME and value != TO_WRITE)
            self.left_out += [f"{field} of “{name_of(new)}”: the issue’s own section keeps its words" for field in told]
        else:
            self._append(("sections",), new, new, (), apart=True)
            self._say(new, f"as a new section “{name_of(new)}”")

    def _select_new(self, section: Record) -> Record | None:
        """The section with only the entries that the issue doesn't have; None if it has them all."""
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
        """Whether to add an entry. If not, its outcome is noted."""
        code, name = make_code(kind, entry), name_of(entry)
        key = self._own.make_key(kind, name)
        own = self._own.find(key)
        if code in self._own.codes:
            self.known.append(name)
            self._collect(code, kind, entry)
            return False
        if (earlier := self.memory.find(code)) and not (own and self._own.goes_back(own, earlier)):
            (self.known if key in self._own.keys else self.removed).append(name)
            return False
        if own:
            self._own.remove(own)
            self._correct(own, entry)
            return False
        if key not in self._own.keys and any(one.code not in self._own.sent for one in self.memory.find_versions(key)):
            self.left_out.append(f"“{name}” has changed, but you have removed it from the issue")
            return False
        self._own.codes.add(code)
        self._collect(code, kind, entry)
        return True

    def _collect(self, code: str, kind: str, entry: Data) -> None:
        sender = self.contribution
        self.collected.append(
            Collected(
                code=code,
                kind=kind,
                sender=sender.sender,
                title=name_of(entry),
                file=sender.file,
                saved=sender.saved,
                entry=entry,
            )
        )

    def _correct(self, own: OwnEntry, entry: Data) -> None:
        """Offer to replace an entry with a newer version."""
        code = make_code(own.kind, entry)
        result = carry_over(own.entry, own.sent.entry if own.sent else None, entry)
        correction = Correction(
            title=name_of(entry),
            line=self.source.values[own.place].line,
            changes=find_changes(own.entry, result),
            old_file=own.file,
            old_saved=own.sent.saved if own.sent else 0,
            new_file=self.contribution.file,
            new_saved=self.contribution.saved,
        )
        if not correction.changes:
            self.known.append(correction.title)
        elif correction.is_older:
            self.outdated.append(correction)
            return
        elif self.decide(correction):
            self.corrected.append(correction)
            signature = write_signature(self.contribution, own.kind, entry)
            lines = tuple(write_data(result))
            comments = (*self._own.keep_comments(own), signature)
            self.changes[:0] = [Drop(place=own.place), Add(place=own.place, lines=lines, comments=comments)]
        else:
            self.open.append(correction)
            return
        self._own.codes.add(code)
        self._collect(code, own.kind, entry)

    def _find_section(self, section: Record) -> Place:
        """The issue's section of this kind and title, or the only one if it is one of a kind. () if there is none.

        It must be for the same lists, so that only the intended readers get it.
        """
        same = [
            number
            for number, own in enumerate(self._sections())
            if own["kind"] == section["kind"] and lists_of(own) == lists_of(section)
        ]
        titled = [number for number in same if is_same(self._sections()[number]["title"], section["title"])]
        if not titled and section_kinds(self.own_kinds)[str(section["kind"])].traits.one_of_a_kind:
            titled = same[:1]
        has_list = [number for number in titled if self._sections()[number].get(list_name(section) or "")]
        return ("sections", has_list[0]) if has_list else ()

    def _place_entries(self, place: Place, holder: Record, section: Record) -> None:
        """Add the entries of a section, or of a group of resources, after those that are there."""
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
        """Add an entry after those at `place`, with a signature above each of its items."""
        last = len(cast("list[Data]", read_data(self.source, place))) - 1
        signed = {
            inner: write_signature(self.contribution, str(section["kind"]), leaf)
            for inner, leaf in find_leaves(entry, within)
        }
        own = (signed.pop(()),) if () in signed else ()
        lines = tuple(write_data(entry, comments=signed))
        self.changes.append(Add(place=(*place, last), lines=lines, comments=own, apart=apart))

    def _say(self, entry: Data, where: str) -> None:
        new = [name_of(leaf) for _, leaf in find_leaves(entry, ())]
        self.new += new
        self.placed += [f"“{name}” {where}" for name in new]
