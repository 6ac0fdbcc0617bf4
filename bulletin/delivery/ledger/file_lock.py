"""The hold on an issue's mailings: one process sends them at a time.

The kernel keeps the lock, so it is gone the moment its process is, however that ended. A small file beside it says
who holds it, for people; nothing is decided by what it says.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from bulletin.disk import make_private_file, make_private_folder, write_state
from bulletin.errors import MailingError, MailingHeld, Unwritten
from bulletin.origin import name_user
from bulletin.rights import find_rights
from bulletin.times import format_clock_first

_MOMENT = 0.5  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """The process that sends. `since` is in ms since 1970, UTC."""

    pid: int
    user: str
    host: str
    since: int

    def __str__(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid}, since {format_clock_first(self.since)})"


@contextmanager
def hold_mailing(folder: Path, issue: str, *, now: int, wait: float = 0) -> Iterator[None]:
    """Keep every other process on this machine from sending `issue` while the `with` block runs.

    `folder` is where all of them look for the lock, `now` in ms since 1970. Raises MailingHeld if another process is
    sending it and has not ended after `wait` seconds, MailingError if that cannot be ensured in `folder`.
    """
    lock_file, note = (folder / f"{quote(issue, safe='')}{suffix}" for suffix in (".lock", ".json"))
    lock = _take_lock(lock_file, note, issue, wait)
    try:
        with suppress(Unwritten):  # a full disk, say
            write_state(folder, note.name, json.dumps(asdict(identify_ourselves(now))).encode())
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _take_lock(lock_file: Path, note: Path, issue: str, wait: float) -> FileLock:
    # No fall-back to a lock that is only a file: that would outlive a process that is killed.
    lock = FileLock(lock_file, fallback_to_soft=False)
    try:
        make_private_folder(lock_file.parent)
        make_private_file(lock_file, find_rights(lock_file.parent))
        lock.acquire(timeout=wait)
    except Timeout:
        raise describe_hold(issue, _find_holder(note)) from None
    except OSError as error:
        raise MailingError(
            f"{issue} cannot be kept to one sender at a time: {lock_file}: {error.strerror}.",
            "Check the permissions of that folder, which must be on a disk that can lock files. Where several users of "
            "this computer send, let a group of theirs share it: `state_group` in bulletin.yaml.",
        ) from error
    return lock


def find_sender(folder: Path, issue: str) -> Holder | None:
    """Who is sending `issue` on this machine now; None if no one is, as far as can be told.

    Does not disturb anyone who is about to take the lock: it is tried only where a note says that someone has it.
    """
    lock_file, note = (folder / f"{quote(issue, safe='')}{suffix}" for suffix in (".lock", ".json"))
    holder = _read_holder(note)
    if holder is None or not lock_file.exists():
        return None
    lock = FileLock(lock_file, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return holder
    except OSError:
        return None
    lock.release()  # the note was left by a process that was killed
    return None


def describe_hold(issue: str, holder: Holder | None) -> MailingHeld:
    """The error for a `send` while another holds the issue; None: the holder is not known."""
    return MailingHeld(
        f"{issue} is being sent already, by {holder or 'another process'}.",
        f"Wait until that is done, or stop it (bulletin pause {issue}); then run the same command again.",
    )


def identify_ourselves(now: int) -> Holder:
    """This process, since `now`."""
    return Holder(pid=os.getpid(), user=name_user(), host=socket.gethostname(), since=now)


def _find_holder(note: Path) -> Holder | None:
    """Who left the note; None if there is none after a while. It is written a moment after the lock is taken."""
    until = time.monotonic() + _MOMENT
    while (holder := _read_holder(note)) is None and time.monotonic() < until:
        time.sleep(_MOMENT / 50)
    return holder


def _read_holder(note: Path) -> Holder | None:
    try:
        return Holder(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
