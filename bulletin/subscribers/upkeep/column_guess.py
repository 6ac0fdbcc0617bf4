"""Which columns of an export have the address, the names, the date, and who may be written to. Pure.

Guessed by the headings, then by what is in the cells. What a person says of a column counts before both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bulletin.errors import BulletinError, Fault, FaultyFiles, InvalidAddress
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.rows import Row
from bulletin.subscribers.statuses import StatusKind, find_status_kind
from bulletin.subscribers.upkeep.programs import UNKNOWN, Program, StatusColumn, find_program, squeeze

ROLES: Final = ("email", "name", "first_name", "last_name", "date", "consent")
"""What a person may say that a column is."""

_SHARE: Final = 0.9  # of a column's cells that are addresses, for it to be the one with the addresses
_ANSWERS: Final = frozenset(("yes", "no", "y", "n", "true", "false", "1", "0"))


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportColumns:
    """Where in a row is what, by its place from 0.

    `further` are columns that may say something of a status, though no program's table has them; `kept` go into the
    list's file.
    """

    program: Program
    headings: tuple[str, ...]
    email: int
    whole_name: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    since: tuple[int, ...] = ()
    network: tuple[int, ...] = ()
    consent: int | None = None
    statuses: tuple[tuple[int, StatusColumn], ...] = ()
    further: tuple[tuple[int, str, StatusKind], ...] = ()
    kept: tuple[tuple[int, str], ...] = ()
    has_headings: bool = True

    @property
    def lacking(self) -> tuple[StatusColumn, ...]:
        """The columns without which it can't be told who may be written to."""
        there = {id(column) for _, column in self.statuses}
        return tuple(column for column in self.program.statuses if column.needed and id(column) not in there)

    def describe(self) -> Iterator[tuple[str, str]]:
        """Each column that is used, by its heading, with what it is taken for."""
        named = {
            "email address": self.email,
            "name": self.whole_name,
            "first name": self.first_name,
            "last name": self.last_name,
            "consent": self.consent,
        }
        yield from ((self.headings[index], meaning) for meaning, index in named.items() if index is not None)
        yield from ((self.headings[index], "date") for index in self.since[:1])
        yield from ((self.headings[index], "who may be written to") for index, _ in self.statuses)


def guess_columns(
    first: Row, sample: Sequence[Row], *, given: Mapping[str, str] | None = None, shown_as: str
) -> ExportColumns:
    """What the columns of an export are, by its first row and some more. `given` are headings by role.

    Raises FaultyFiles if no column has addresses, and BulletinError for a heading in `given` that isn't there.
    """
    headings, has_headings = _read_headings(first, sample)
    words = [squeeze(heading) for heading in headings]
    chosen = {role: _find_given(heading, headings) for role, heading in (given or {}).items()}
    program = find_program(set(words)) if has_headings else UNKNOWN
    rows = sample if has_headings else (first, *sample)
    least = _SHARE if has_headings else 0.0
    email = chosen["email"] if "email" in chosen else _find_email(program, words, rows, least=least)
    if email is None:
        raise _explain_no_addresses(first, headings, shown_as)
    find = _Finder(words, taken={email, *chosen.values()})
    whole, first_name, last_name = _find_names(program, find, chosen)
    statuses = tuple(
        (index, column) for column in program.statuses if (index := find.first(column.headings)) is not None
    )
    consent = chosen.get("consent")
    if consent is None and program.asks_consent:
        consent = _find_question(headings, rows, taken=find.taken)
        find.take(consent)
    since = (chosen["date"],) if "date" in chosen else find.all(program.since)
    network = find.all(program.network)
    others = [index for index in range(len(headings)) if index not in find.taken]
    return ExportColumns(
        program=program,
        headings=tuple(headings),
        email=email,
        whole_name=whole,
        first_name=first_name,
        last_name=last_name,
        since=since,
        network=network,
        consent=consent,
        statuses=statuses,
        further=tuple(
            (index, headings[index], kind)
            for index in others
            if (kind := find_status_kind(headings[index])) is StatusKind.REMARK or words[index] not in program.dropped
        ),
        kept=tuple((index, headings[index]) for index in others if _is_kept(program, headings[index])),
        has_headings=has_headings,
    )


def _is_kept(program: Program, heading: str) -> bool:
    """Whether a column says something about the person that the list may keep: no status, and no address of theirs."""
    return squeeze(heading) not in program.dropped and find_status_kind(heading) is StatusKind.REMARK


class _Finder:
    """Columns by their squeezed headings, each found once."""

    def __init__(self, words: Sequence[str], *, taken: Iterable[int]) -> None:
        self._words = words
        self.taken = set(taken)

    def first(self, wanted: Iterable[str]) -> int | None:
        """The column with the first of these headings that is there and free."""
        for word in wanted:
            for index, one in enumerate(self._words):
                if one == word and index not in self.taken:
                    self.taken.add(index)
                    return index
        return None

    def all(self, wanted: Iterable[str]) -> tuple[int, ...]:
        """The columns with these headings, in that order."""
        return tuple(index for word in wanted if (index := self.first((word,))) is not None)

    def take(self, index: int | None) -> None:
        """Let no one else find a column."""
        self.taken |= set() if index is None else {index}


def _find_names(
    program: Program, find: _Finder, chosen: Mapping[str, int]
) -> tuple[int | None, int | None, int | None]:
    """The columns of the whole name, the first and the last one. Those that a person names are all that count."""
    if named := {role for role in chosen if role.endswith("name")}:
        return tuple(chosen.get(role) if role in named else None for role in ROLES[1:4])  # type: ignore[return-value]
    first_name, last_name = find.first(program.first_name), find.first(program.last_name)
    return find.first(program.whole_name), first_name, last_name


def _read_headings(first: Row, sample: Sequence[Row]) -> tuple[list[str], bool]:
    """The headings, each once; and whether there are any: a file of addresses alone begins with one."""
    has_headings = not any(_is_address(cell) for cell in first.cells)
    width = max(len(row.cells) for row in (first, *sample))
    cells = [" ".join(cell.split()).strip("\ufeff") for cell in first.cells] if has_headings else []
    cells += [""] * (width - len(cells))
    headings: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell or f"column {number}"
        headings.append(name if squeeze(name) not in map(squeeze, headings) else f"{name} {number}")
    return headings, has_headings


def _find_given(wanted: str, headings: Sequence[str]) -> int:
    for index, heading in enumerate(headings):
        if wanted == heading or (squeeze(wanted) and squeeze(wanted) == squeeze(heading)):
            return index
    near = get_close_matches(wanted, headings, n=1)
    hint = f"Did you mean “{near[0]}”? " if near else ""
    raise BulletinError(f"The file has no column “{wanted}”.", f"{hint}Its columns are: {', '.join(headings)}.")


def _find_email(program: Program, words: Sequence[str], rows: Sequence[Row], *, least: float) -> int | None:
    """By its heading, if there are addresses below it, else the first column with this share of addresses."""
    shares = [_measure_share(rows, index) for index in range(len(words))]
    for word in program.email:
        for index, one in enumerate(words):
            if one == word and (shares[index] > 0 or not rows):
                return index
    return next((index for index, share in enumerate(shares) if share and share >= least), None)


def _measure_share(rows: Sequence[Row], index: int) -> float:
    """How many of a column's filled cells have an address, of 1."""
    cells = [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index].strip()]
    return sum(map(_is_address, cells)) / len(cells) if cells else 0.0


def _is_address(cell: str) -> bool:
    if "@" not in cell:
        return False
    try:
        parse_address(cell)
    except InvalidAddress:
        return False
    return True


def _find_question(headings: Sequence[str], rows: Sequence[Row], *, taken: Iterable[int]) -> int | None:
    """The one question that all who answered it answered with yes or no; None if there are several, or none."""
    found = []
    for index in range(len(headings)):
        answers = {squeeze(row.cells[index]) for row in rows if index < len(row.cells) and squeeze(row.cells[index])}
        if index not in set(taken) and answers and answers <= _ANSWERS:
            found.append(index)
    return found[0] if len(found) == 1 else None


def _explain_no_addresses(first: Row, headings: Sequence[str], shown_as: str) -> FaultyFiles:
    message = "No column has email addresses."
    remedy = f"Name it: --columns email=HEADING. The columns are: {', '.join(headings[:20])}."
    return FaultyFiles([Fault(file=shown_as, line=first.line, column=1, message=message, remedy=remedy)])
