"""How far the ledger is: written beside it after each commit, so that a ledger that has lost something is noticed.

The file `ledger.mark` in the state folder has one line of JSON. It is changed in place, under a lock of the operating
system, after each commit and before anything leaves that was claimed in it. So whatever was sent, the mark knows of it:
a process may be killed at any moment. At least once a second it is also on the disk. Then only a power failure that
takes the last second of the mark and the ledger's `-wal` at once can pass unnoticed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from bulletin.disk import make_private_file, make_private_folder
from bulletin.errors import DatabaseError
from bulletin.rights import find_rights

MARK_FILE: Final = "ledger.mark"
"""In the state folder."""

MOST_MAILINGS: Final = 12
"""The latest: whatever is being sent is among them."""
_MOST: Final = 1 << 20  # octets; it has one or two thousand
_SYNC_EVERY: Final = 1.0  # seconds


class MailingMark(NamedTuple):
    """How far one mailing had come: to how many its message may have gone, and how many were accepted.

    `key` is that of the mailing, which no other one has. `began_at` is in ms since 1970, UTC.
    """

    key: str
    issue: str
    lists: tuple[str, ...]
    began_at: int
    gone: int = 0
    accepted: int = 0

    def raise_to(self, other: MailingMark) -> MailingMark:
        """The further of the two."""
        if other.gone >= self.gone and other.accepted >= self.accepted:
            return other
        return self._replace(gone=max(self.gone, other.gone), accepted=max(self.accepted, other.accepted))


class Mark(NamedTuple):
    """How far the ledger with the id `ledger` had come: how many commits had changed it, the last one at `at` (ms)."""

    ledger: str
    commits: int
    at: int
    mailings: tuple[MailingMark, ...] = ()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises ValueError, KeyError or TypeError for anything but a mark."""
        data: dict[str, Any] = json.loads(text)
        mailings = tuple(MailingMark(**{**one, "lists": tuple(one["lists"])}) for one in data["mailings"])
        return cls(ledger=str(data["ledger"]), commits=int(data["commits"]), at=int(data["at"]), mailings=mailings)

    def raise_to(self, other: Mark) -> Mark:
        """The further of two marks of the same ledger."""
        mailings = {one.key: one for one in self.mailings}
        for one in other.mailings:
            before = mailings.get(one.key)
            mailings[one.key] = before.raise_to(one) if before else one
        latest = tuple(mailings.values())
        if len(latest) > len(self.mailings):
            latest = tuple(sorted(latest, key=lambda one: one.began_at)[-MOST_MAILINGS:])
        return Mark(
            ledger=self.ledger, commits=max(self.commits, other.commits), at=max(self.at, other.at), mailings=latest
        )


class MarkFile:
    """The mark in a state folder. Several processes may raise it at once: it never goes back."""

    def __init__(self, folder: Path) -> None:
        self.path: Final = folder / MARK_FILE
        self._file: int | None = None
        self._last: bytes = b""  # as this process wrote it, and what that was
        self._mark: Mark | None = None
        self._written: dict[str, tuple[MailingMark, str]] = {}  # each mailing as JSON, by its key
        self._synced = float("-inf")

    def read(self) -> Mark | None:
        """The mark; None if there is none, or none that can be read."""
        try:
            return _parse(self.path.read_bytes())
        except OSError:
            return None

    def raise_to(self, mark: Mark) -> None:
        """Write `mark` down, unless the file is further. Raises DatabaseError if it cannot be written."""
        try:
            if self._file is not None and not os.fstat(self._file).st_nlink:  # somebody has deleted it
                self.close()
            if self._file is None:
                self._file = self._open()
            with _locked(self._file):
                self._write(mark, self._file)
            if time.monotonic() - self._synced >= _SYNC_EVERY:
                self.sync()
        except OSError as error:
            raise DatabaseError(
                f"{self.path} cannot be written: {error.strerror}. It has to say how far the ledger is.",
                "Check the room on that disk, and the permissions of that folder. Then run the same command again.",
            ) from error

    def sync(self) -> None:
        """Bring it to the disk."""
        if self._file is not None:
            os.fsync(self._file)
            self._synced = time.monotonic()

    def close(self) -> None:
        """Let go of the file, which is on the disk then."""
        if self._file is not None:
            try:
                self.sync()
            finally:
                os.close(self._file)
                self._file, self._last, self._mark = None, b"", None

    def _open(self) -> int:
        make_private_folder(self.path.parent)
        make_private_file(self.path, find_rights(self.path.parent))
        return os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))

    def _write(self, mark: Mark, file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        found = os.read(file, len(self._last) + 1)
        before = self._mark
        if found != self._last:  # another process has written
            os.lseek(file, 0, os.SEEK_SET)
            found = os.read(file, _MOST)
            before = _parse(found)
        if before and before.ledger == mark.ledger:
            mark = before.raise_to(mark)
        text = self._make_json(mark)
        if text != found:
            os.lseek(file, 0, os.SEEK_SET)
            _write_whole(file, text)
            if len(found) > len(text):
                os.ftruncate(file, len(text))
        self._last, self._mark = text, mark

    def _make_json(self, mark: Mark) -> bytes:
        """The mark as JSON. Of the mailings only one has changed, as a rule."""
        written = self._written
        self._written = {}
        for one in mark.mailings:
            known = written.get(one.key)
            self._written[one.key] = known if known and known[0] is one else (one, json.dumps(one._asdict()))
        mailings = ", ".join(text for _, text in self._written.values())
        head = json.dumps({"ledger": mark.ledger, "commits": mark.commits, "at": mark.at})
        return f'{head[:-1]}, "mailings": [{mailings}]}}\n'.encode()


def _write_whole(file: int, text: bytes) -> None:
    while text:
        text = text[os.write(file, text) :]


def _parse(text: bytes) -> Mark | None:
    try:
        return Mark.from_json(text.partition(b"\n")[0])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _locked(file: int) -> Iterator[None]:
        """One process at a time: the octet behind everything is locked."""
        os.lseek(file, _MOST, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(file, _MOST, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    @contextmanager
    def _locked(file: int) -> Iterator[None]:
        """One process at a time."""
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
