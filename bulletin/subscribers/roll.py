"""Who is on a list, kept so that a later list can be compared with it, and no address can be read from it. Pure.

A roll has four octets of a salted hash for each person: 400,000 octets for 100,000 people. That tells how many joined
and left, and not who. So few octets fit many addresses, and each roll has a salt of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Final

from bulletin.errors import Fault
from bulletin.scratch import sort_records

if TYPE_CHECKING:
    from bulletin.subscribers.lists import ListFile

MOST_CHANGES: Final = 10
"""More people than these, joined and left together, are a large change."""
_ONE_IN: Final = 20  # more than this share of the list is large as well
_SMALLEST: Final = 40  # a list of fewer counts as one of so many: one address put right is a change of two

_MARK: Final = 4  # octets


@dataclass(frozen=True, kw_only=True, slots=True)
class Headcount:
    """How many people are on a list, and a digest of who they are."""

    people: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Roll:
    """The people on a list at one time, with a mark for each.

    `unusable` has a mark for each row of the list's file that could not be used.
    """

    count: Headcount
    salt: bytes
    marks: bytes
    unusable: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class RollChange:
    """How a list differs from its roll. `unusable` are the rows that cannot be used now and were not there then."""

    name: str
    before: int
    now: int
    joined: int
    left: int
    unusable: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} +{self.joined:,} −{self.left:,}"

    @property
    def is_large(self) -> bool:
        """Whether so many joined or left that it may be the wrong file, or no one is left."""
        changes = self.joined + self.left
        emptied = self.before and not self.now
        return bool(changes > MOST_CHANGES or changes * _ONE_IN > max(self.before, _SMALLEST) or emptied)


def call_roll(file: ListFile, *, salt: bytes) -> Roll:
    """The roll of the people in a list's file. `salt`: 16 random octets."""
    return Roll(
        count=count_heads(file),
        salt=salt,
        marks=_mark((entry.address.key for entry in file.entries), salt),
        unusable=_mark((fault.excerpt for fault in file.faults), salt),
    )


def count_heads(file: ListFile) -> Headcount:
    """The same for the same people: order, spelling and further columns do not count."""
    digest, separator = sha256(), b""
    from bulletin.subscribers.lists import read_entries

    for (key,) in sort_records((key.encode(),) for key, *_ in read_entries(file.entries)):
        digest.update(separator + key)
        separator = b"\n"
    return Headcount(people=len(file.entries), digest=digest.hexdigest())


def compare_roll(name: str, roll: Roll, file: ListFile) -> RollChange | None:
    """How the list called `name` has changed since its roll was called; None if it has not."""
    now = call_roll(file, salt=roll.salt)
    before, after = _count(roll.marks), _count(now.marks)
    joined, left = (after - before).total(), (before - after).total()
    if roll.count != now.count and not (joined or left):
        joined = left = 1  # at least: two people may have one mark
    unusable = _find_unusable(file, roll)
    if not (joined or left or unusable):
        return None
    return RollChange(
        name=name, before=roll.count.people, now=now.count.people, joined=joined, left=left, unusable=unusable
    )


def _find_unusable(file: ListFile, roll: Roll) -> tuple[Fault, ...]:
    known = _count(roll.unusable)
    return tuple(fault for fault in file.faults if _mark([fault.excerpt], roll.salt) not in known)


def _mark(texts: Iterable[str], salt: bytes) -> bytes:
    """A mark for each text. They are sorted, so their order says nothing of the file's."""
    return b"".join(sorted(blake2b(text.encode(), digest_size=_MARK, key=salt).digest() for text in texts))


def _count(marks: bytes) -> Counter[bytes]:
    return Counter(marks[at : at + _MARK] for at in range(0, len(marks), _MARK))
