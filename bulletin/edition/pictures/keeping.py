"""Keeps what was worked out of large files, so that the preview does not do it again at every save. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Keeper(Generic[K, V]):
    """Up to `most` values by their keys, for as long as the process lives; the least used go first.

    A key has the digest of a file, and not its bytes: those would fill the memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def find(self, key: K, make: Callable[[], V]) -> V:
        """The value, made now if it is not kept. Two threads may make one at the same time: it is the same."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value
