"""What a sync of the list files changes, as it is shown to a person before it is done. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.errors import Fault
from bulletin.subscribers.roll import Headcount


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One person on one list; `hash` is the address's (see `address_hash`)."""

    hash: bytes
    address: str
    name: str
    details: dict[str, str]

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ListDifference:
    """What a sync changes on one list; `str` is its summary.

    `count` is of the people in the file. `suppressed` are declared, stay members and are never written to (they
    count among the others too); `invalid` are the rows of the file that cannot be used, and `notes` what is worth a
    look in it. `left_out` are so many rows of people who get no email, because a column says so; `unused` the headings
    of columns that are only kept.
    """

    name: str
    count: Headcount
    added: tuple[Member, ...] = ()
    removed: tuple[Member, ...] = ()
    changed: tuple[Change, ...] = ()
    suppressed: tuple[Member, ...] = ()
    invalid: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    left_out: int = 0
    unused: tuple[str, ...] = ()
    unchanged: int = 0

    def __str__(self) -> str:
        return _summarise([self])

    def describe(self) -> Iterator[str]:
        """A line for each person who is added, removed, changed or suppressed."""
        yield from (f"+ {member}" for member in self.added)
        yield from (f"− {member}" for member in self.removed)
        yield from (f"~ {change}" for change in self.changed)
        yield from (f"suppressed: {member}" for member in self.suppressed)


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
