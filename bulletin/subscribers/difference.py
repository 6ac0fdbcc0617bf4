"""What a sync of the list files changes, as it is shown to a person before it is done. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bulletin.errors import Fault
from bulletin.scratch import Kept, Record, Several
from bulletin.subscribers.roll import Headcount


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One person on one list; `hash` is the address's (see `address_hash`), `line` where the file has them, or 0."""

    hash: bytes
    address: str
    name: str
    details: dict[str, str]
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.address} ({self.name})" if self.name else self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A member of a list whose name, details or spelling of the address the files now declare otherwise."""

    before: Member
    after: Member

    def __str__(self) -> str:
        old, new = _read_facts(self.before), _read_facts(self.after)
        facts = (fact for fact in {**old, **new} if old.get(fact, "") != new.get(fact, ""))
        changes = ", ".join(f"{fact} “{old.get(fact, '')}” → “{new.get(fact, '')}”" for fact in facts)
        return f"{self.before.address}: {changes}"


def _read_facts(member: Member) -> dict[str, str]:
    # No detail is called email or name: those headings are the address's and the name's own.
    return {"email": member.address, "name": member.name, **member.details}


def keep_members() -> Kept[Member]:
    """Room for any number of members."""
    return Kept(_make_member, _split_member)


def keep_changes() -> Kept[Change]:
    """Room for any number of changes."""
    return Kept(_make_change, _split_change)


def _split_member(member: Member) -> Record:
    return member.hash, member.address, member.name, member.details, member.line


def _make_member(record: Record) -> Member:
    hash_, address, name, details, line = record
    return Member(hash=hash_, address=address, name=name, details=details, line=line)


def _split_change(change: Change) -> Record:
    return _split_member(change.before), _split_member(change.after)


def _make_change(record: Record) -> Change:
    before, after = record
    return Change(before=_make_member(before), after=_make_member(after))


def _place(member: Member) -> str:
    return f"{member}{_number(member)}"


def _number(member: Member) -> str:
    return f", line {member.line}" if member.line else ""


class DifferenceKind(NamedTuple):
    """One kind of difference: its name, of how many people, and a line about each."""

    name: str
    number: int
    lines: Iterator[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListDifference:
    """What a sync changes on one list; `str` is its summary.

    `count` is of the people in the file. `suppressed` are declared, stay members and are never written to (they
    count among the others too); `invalid` are the rows of the file that cannot be used, and `notes` what is worth a
    look in it. There may be a million people of each kind: see `scratch`. `left_out` are so many rows of people who get
    no email, because a column says so; `unused` the headings of columns that are only kept, `language` that of the
    column with the language that each person chose, or "".
    """

    name: str
    count: Headcount
    added: Several[Member] = ()
    removed: Several[Member] = ()
    changed: Several[Change] = ()
    suppressed: Several[Member] = ()
    invalid: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    left_out: int = 0
    unused: tuple[str, ...] = ()
    language: str = ""
    unchanged: int = 0

    def __str__(self) -> str:
        return _summarise([self])

    def describe(self) -> Iterator[DifferenceKind]:
        """Who is added, removed, changed or suppressed: each kind with a line for each of its people."""
        lines = (
            ("new", self.added, (f"+ {_place(member)}" for member in self.added)),
            ("gone", self.removed, (f"− {member}" for member in self.removed)),
            ("changed", self.changed, (f"~ {change}{_number(change.after)}" for change in self.changed)),
            ("suppressed", self.suppressed, (f"suppressed: {_place(member)}" for member in self.suppressed)),
        )
        yield from (DifferenceKind(name, len(people), of_it) for name, people, of_it in lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What a sync changes, list by list; `str` is the summary of all: `+12 −3, 2 suppressed, 1 invalid`."""

    lists: tuple[ListDifference, ...]

    def __iter__(self) -> Iterator[ListDifference]:
        return iter(self.lists)

    @property
    def counts(self) -> dict[str, Headcount]:
        """By list, the people in its file."""
        return {part.name: part.count for part in self.lists}

    def __bool__(self) -> bool:
        """Whether the sync would change anything."""
        return any(part.added or part.removed or part.changed for part in self.lists)

    def __str__(self) -> str:
        return _summarise(self.lists)


def _summarise(parts: Sequence[ListDifference]) -> str:
    """Memberships are counted: somebody who is new on two lists counts twice."""
    summary = f"+{sum(len(part.added) for part in parts):,} −{sum(len(part.removed) for part in parts):,}"
    for word in ("changed", "suppressed", "invalid"):
        if count := sum(len(getattr(part, word)) for part in parts):
            summary += f", {count:,} {word}"
    left_out = sum(part.left_out for part in parts)
    return f"{summary}, {left_out:,} left out" if left_out else summary
