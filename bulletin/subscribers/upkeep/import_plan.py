"""What importing a file would do, worked out in one pass and shown before anything is done. Nothing is changed here.

Of one address that has several rows, a “no” in any of them counts for all. People are kept on the disk, not in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from bulletin.errors import BulletinError, Fault, FaultyFiles
from bulletin.scratch import Kept, KeySet, Record
from bulletin.subscribers.address import Address
from bulletin.subscribers.rows import Row
from bulletin.subscribers.tally import Group
from bulletin.subscribers.upkeep.column_guess import ExportColumns, guess_columns
from bulletin.subscribers.upkeep.export_file import ExportPart
from bulletin.subscribers.upkeep.import_rows import ImportedPerson, NoAddress, RowVerdict, judge_row
from bulletin.subscribers.upkeep.meaning import Meaning
from bulletin.subscribers.upkeep.programs import UNKNOWN

MOST_NAMED: Final = 20
"""So many of one kind are named; the others are counted."""

_SAMPLE: Final = 200  # rows by which columns are guessed


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRequest:
    """What a person asked for. `asks_consent`: the list's lawful basis is consent. `suppress`: no one is added.

    `may_all_be_written_to` and `without_opt_outs` are what they state, where the file doesn't say it.
    """

    list_name: str
    asks_consent: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    may_all_be_written_to: bool = False
    without_opt_outs: bool = False
    has_opt_outs: bool = False
    suppress: bool = False


@dataclass(kw_only=True)
class ImportPlan:
    """What an import would do. `people` are those whose rows say that they may be written to: see `find_added`.

    `counts` says why others aren't added, `unknown` has statuses that can't be understood, each with its rows;
    `faults` are the first rows that can't be used, of `faulty` in all; `headings` those of further columns.
    """

    request: ImportRequest
    parts: list[tuple[str, ExportColumns]] = field(default_factory=list)
    people: Kept[ImportedPerson] = field(default_factory=lambda: Kept(_make_person, _split_person))
    stops: Kept[tuple[str, str, Meaning]] = field(default_factory=lambda: Kept(_make_stop, _split_stop))
    stopped: KeySet = field(default_factory=KeySet)
    counts: Counter[str] = field(default_factory=Counter)
    meanings: Counter[Meaning] = field(default_factory=Counter)
    unknown: dict[tuple[str, str], Group] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    examples: list[ImportedPerson] = field(default_factory=list)
    headings: dict[str, None] = field(default_factory=dict)
    dates: list[tuple[str, int]] = field(default_factory=list)
    unnamed_parts: list[str] = field(default_factory=list)
    _seen: KeySet = field(default_factory=KeySet)

    def close(self) -> None:
        """Let go of what only reading needs: of a million people it takes 65 MB."""
        self._seen = KeySet()

    def find_added(self) -> Iterator[ImportedPerson]:
        """Those who are added to the list's file: no row says no, and they aren't there or suppressed."""
        return (one for one in self.people if one.address.key not in self.stopped)

    @property
    def number(self) -> int:
        """How many are added."""
        return sum(1 for _ in self.find_added()) if self.stopped else len(self.people)

    def read_part(self, part: ExportPart, *, known: KeySet, is_suppressed: Callable[[str], bool]) -> None:
        """Take in one table of the export. Raises FaultyFiles if it isn't one of people."""
        for row, verdict in self._judge(part):
            if isinstance(verdict, RowVerdict):
                self._take(verdict, row, known, is_suppressed)
            else:
                self._pass_over(verdict)
        columns = self.parts[-1][1]
        if columns.program.by_file and columns.program.judge_file(part.name) is None and not columns.statuses:
            self.unnamed_parts.append(part.shown_as)
        self.counts["hidden in the workbook, and read as the others"] += len(part.hidden)

    def stop_part(self, part: ExportPart, *, otherwise: Meaning, all_of_them: bool = False) -> None:
        """Take in a table of people who must not be emailed. `otherwise` is why, if the table doesn't say.

        Those who may be written to by the table itself aren't stopped, unless it is `all_of_them`. Raises as
        `read_part`.
        """
        for _, verdict in self._judge(part):
            if not isinstance(verdict, RowVerdict):
                self._pass_over(verdict)
            elif verdict.is_told and verdict.meaning is Meaning.KEPT and not all_of_them:
                self.counts["that may be written to, by the file itself"] += 1
            else:
                told = verdict.meaning if verdict.meaning > Meaning.LEFT_OUT else otherwise
                self._add_stop(verdict.person.address, told)

    def _judge(self, part: ExportPart) -> Iterator[tuple[Row | Fault, RowVerdict | NoAddress | Fault]]:
        first = next(part.rows, None)
        if not isinstance(first, Row):
            fault = first or Fault(file=part.shown_as, message="This file is empty.", remedy="Export it again.")
            raise FaultyFiles([fault])
        sample = list(islice(part.rows, _SAMPLE))
        rows = [row for row in sample if isinstance(row, Row)]
        columns = guess_columns(first, rows, given=self.request.columns, shown_as=part.shown_as)
        self.parts.append((part.shown_as, columns))
        by_file = columns.program.judge_file(part.name)
        begin: Iterable[Row | Fault] = [] if columns.has_headings else [first]
        for row in chain(begin, sample, part.rows):
            yield row, row if isinstance(row, Fault) else judge_row(row, columns, by_file=by_file)

    def _add_stop(self, address: Address, meaning: Meaning) -> None:
        self.stopped.add(address.key)
        self.meanings[meaning] += 1
        self.stops.add((address.key, address.written, meaning))

    def _pass_over(self, verdict: NoAddress | Fault) -> None:
        if isinstance(verdict, NoAddress):
            self.counts[verdict] += 1
            return
        self.faulty += 1
        if len(self.faults) < MOST_NAMED:
            self.faults.append(verdict)

    def _take(self, verdict: RowVerdict, row: Row | Fault, known: KeySet, is_suppressed: Callable[[str], bool]) -> None:
        if verdict.unknown and isinstance(row, Row):
            self._add_unknown(verdict.unknown, row)
        key = verdict.person.address.key
        if verdict.meaning > Meaning.LEFT_OUT:
            self._add_stop(verdict.person.address, verdict.meaning)
        elif verdict.meaning is Meaning.LEFT_OUT:
            self.stopped.add(key)
            self.counts["left out, because the file doesn’t say that they want email"] += 1
        elif reason := self._find_reason(key, known, is_suppressed):
            self.counts[reason] += 1
        else:
            self._add(verdict)

    def _find_reason(self, key: str, known: KeySet, is_suppressed: Callable[[str], bool]) -> str:
        """Why someone who may be written to isn't added; "" if they are."""
        if key in known:
            return "already in the list’s file"
        if not self._seen.add(key):
            return "twice in this file"
        return "suppressed: they stay so, and aren’t added" if is_suppressed(key) else ""

    def _add(self, verdict: RowVerdict) -> None:
        self.people.add(verdict.person)
        self.headings.update(dict.fromkeys(verdict.person.details))
        if len(self.examples) < 3:
            self.examples.append(verdict.person)
        if verdict.several:
            self.counts["with several addresses, of which the first is used"] += 1
        if verdict.date and len(self.dates) < 3:
            text, date = verdict.date
            self.dates.append((text, date.at))

    def _add_unknown(self, unknown: tuple[str, str], row: Row) -> None:
        if unknown not in self.unknown and len(self.unknown) >= MOST_NAMED:
            return
        group = self.unknown.setdefault(unknown, Group(row=row, index=0, found=unknown[1]))
        group.number += 1
        if len(group.lines) < 5:
            group.lines.append(row.line)

    def find_obstacles(self) -> Iterator[BulletinError]:
        """What keeps this from being applied: what the file doesn't say, or says in words that we don't know."""
        for (heading, text), group in self.unknown.items():
            yield BulletinError(
                f"“{heading}” says “{text}” for {group.readers}, and we don’t know whether they may be written to.",
                "Correct those cells, or delete the rows, and import the file again.",
            )
        if not self.request.suppress and self.people:
            yield from self._find_unsaid()

    def _find_unsaid(self) -> Iterator[BulletinError]:
        stated, asks_consent = self.request.may_all_be_written_to, self.request.asks_consent
        for shown_as, columns in () if stated else self.parts:
            if problem := _find_unsaid(columns, asks_consent=asks_consent):
                yield BulletinError(f"{shown_as}: {problem}", _STATE_IT)
        for shown_as in () if stated else self.unnamed_parts:
            yield BulletinError(
                f"{shown_as}: its name doesn’t say whether these people are subscribed, unsubscribed or cleaned.",
                f"Give it the name that it had, such as subscribed_….csv. {_STATE_IT}",
            )
        opt_outs = self.request.has_opt_outs or self.request.without_opt_outs
        for shown_as, columns in () if opt_outs else self.parts:
            if columns.program.lacks_opt_outs:
                yield BulletinError(
                    f"{shown_as}: {columns.program.name} doesn’t export who unsubscribed from a list.",
                    "Export those people too, and add --opt-outs FILE. Or add --without-opt-outs if there are none.",
                )


_STATE_IT: Final = "If all of them may be written to, add --all-may-be-written-to."


def _find_unsaid(columns: ExportColumns, *, asks_consent: bool) -> str:
    """What an export doesn't say of who may be written to; "" if it says enough."""
    program = columns.program
    if program is UNKNOWN:
        return "We don’t know which program this is from, so we can’t tell who may be written to."
    if columns.lacking:
        heading = columns.lacking[0].headings[0]
        return f"{program.name} exports who may be written to in the column “{heading}”, which isn’t here."
    if asks_consent and not program.says_who_agreed:
        return f"{program.name} has contacts, which says nothing of their consent. This list is for people who agreed."
    if asks_consent and program.asks_consent and columns.consent is None:
        return "Which question asks for consent? Name its column: --columns consent=QUESTION."
    return ""


def _split_person(one: ImportedPerson) -> Record:
    address = one.address
    parts = (address.written, address.key, address.envelope, address.needs_smtputf8)
    return (parts, one.line, one.name, one.first_name, one.last_name, one.since, one.network, one.details)


def _make_person(record: Record) -> ImportedPerson:
    (written, key, envelope, needs_smtputf8), line, name, first_name, last_name, since, network, details = record
    return ImportedPerson(
        address=Address(written=written, key=key, envelope=envelope, needs_smtputf8=needs_smtputf8),
        line=line,
        name=name,
        first_name=first_name,
        last_name=last_name,
        since=since,
        network=network,
        details=details,
    )


def _split_stop(stop: tuple[str, str, Meaning]) -> Record:
    key, written, meaning = stop
    return key, written, int(meaning)


def _make_stop(record: Record) -> tuple[str, str, Meaning]:
    key, written, meaning = record
    return key, written, Meaning(meaning)
