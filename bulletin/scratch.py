"""Records that don't fit into memory: kept in order in a file without a name, which is gone when it is let go of.

A few stay in memory. The file is the process's own: no one else can open it, and a crash leaves nothing of it behind.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Generic, TypeAlias, TypeVar
from weakref import finalize

T = TypeVar("T")
Several: TypeAlias = "tuple[T, ...] | Kept[T]"
"""Values in memory, or on the disk if they are many."""

FEW: Final = 20_000
"""So many values may be in memory at once."""

Record = tuple[Any, ...]
"""Plain values: text, numbers, bytes, None, and lists, tuples and dictionaries of them."""

_IN_MEMORY: Final = 4_000_000  # bytes
_AT_ONCE: Final = 1_000  # records written or read in one step
_RUN: Final = 20_000  # records sorted in memory
# Of a million there are fifty runs at once, each with what was read of it last.
_OF_A_RUN: Final = {"in_memory": 100_000, "at_once": 200}


class Scratch:
    """Records that are written once, and read in the same order as often as wanted."""

    def __init__(self, records: Iterable[Record] = (), *, in_memory: int = _IN_MEMORY, at_once: int = _AT_ONCE) -> None:
        """Up to `in_memory` bytes are kept in memory; `at_once` records are written or read in one step."""
        self._file = SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 -- closed with the object
        self._at_once = at_once
        finalize(self, self._file.close)
        self._tail: list[Record] = []  # not written yet
        self._blocks: list[tuple[int, int]] = []  # where each block begins, and its length
        self._written = 0
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Put a record at the end."""
        self._tail.append(record)
        if len(self._tail) >= self._at_once:
            block = marshal.dumps(self._tail)
            self._file.seek(0, 2)
            self._blocks.append((self._file.tell(), len(block)))
            self._file.write(block)
            self._written += len(self._tail)
            self._tail = []

    def __len__(self) -> int:
        return self._written + len(self._tail)

    def __iter__(self) -> Iterator[Record]:
        for start, length in tuple(self._blocks):
            self._file.seek(start)
            yield from marshal.loads(self._file.read(length))  # noqa: S302 -- our own
        yield from tuple(self._tail)


class Kept(Generic[T]):
    """Values of one kind, kept as records: counted, and made anew each time that they are read."""

    def __init__(self, make: Callable[[Record], T], split: Callable[[T], Record], values: Iterable[T] = ()) -> None:
        """`split` makes a record of a value, `make` a value of a record."""
        self._make, self._split = make, split
        self._records = Scratch(map(split, values))

    def add(self, value: T) -> None:
        """Put a value at the end."""
        self._records.add(self._split(value))

    def __len__(self) -> int:
        return len(self._records)

    @property
    def records(self) -> Scratch:
        """The values as records, which takes half as long to read."""
        return self._records

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._records)

    def __getitem__(self, index: int) -> T:
        return next(islice(iter(self), index, None))

    def settle(self, order: Callable[[T], Any] | None = None) -> Several[T]:
        """The values as a tuple, by `order` if it is given, if they are few; else as they are kept here."""
        if len(self) > FEW:
            return self
        return tuple(self) if order is None else tuple(sorted(self, key=order))


def sort_records(records: Iterable[Record]) -> Iterator[Record]:
    """The records by their first value; those with the same one in the order in which they came."""
    records, first = iter(records), itemgetter(0)
    runs: list[Iterable[Record]] = []
    while run := sorted(islice(records, _RUN), key=first):
        runs.append(Scratch(run, **_OF_A_RUN) if len(run) == _RUN else run)
    return merge(*runs, key=first)


class KeySet:
    """Which keys were met, each as 64 bits of its hash: a million take 65 MB.

    Two keys may be one here, of a million with a chance of one in forty million.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._hashes = set(map(hash, keys))

    def add(self, key: str) -> bool:
        """Whether the key is new here."""
        number, before = hash(key), len(self._hashes)
        self._hashes.add(number)
        return len(self._hashes) > before

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._hashes

    def __len__(self) -> int:
        return len(self._hashes)
