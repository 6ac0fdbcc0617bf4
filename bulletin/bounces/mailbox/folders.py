"""Reads a Maildir or an mbox file, and changes nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from mailbox import mbox
from pathlib import Path

from bulletin.bounces.mailbox.letter import KEPT_OF_LONGER, LONGEST_READ, Letter
from bulletin.errors import MailboxUnreadable


def read_maildir(folder: Path) -> Iterator[Letter]:
    """The emails in a Maildir's `new` and `cur`, by the time at which they came.

    One that is moved meanwhile is left for the next reading. Raises MailboxUnreadable if the folder is no Maildir, or
    can't be read.
    """
    places = [folder / "new", folder / "cur"]
    if not all(place.is_dir() for place in places):
        raise MailboxUnreadable(f"{folder} is not a Maildir: it has no “new” and “cur” in it.", "Name another folder.")
    try:
        files = [file for place in places for file in place.iterdir() if not file.name.startswith(".")]
    except OSError as error:
        raise _explain(folder, error) from error
    for file in sorted(files, key=lambda file: file.name):
        try:
            if file.is_file():
                yield Letter(file.name, _read_start(file))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise _explain(file, error) from error


def _read_start(file: Path) -> bytes:
    size = file.stat().st_size
    with file.open("rb") as opened:
        return opened.read(size if size <= LONGEST_READ else KEPT_OF_LONGER)


def read_mbox(file: Path) -> Iterator[Letter]:
    """The emails in an mbox file, in its order. Raises MailboxUnreadable."""
    if not file.is_file():
        raise MailboxUnreadable(f"{file} is not an mbox file.", "Name another file.")
    try:
        box = mbox(file, create=False)
        try:
            for key in box.iterkeys():
                with box.get_file(key) as opened:
                    content = opened.read(LONGEST_READ + 1)
                yield Letter(str(key), content if len(content) <= LONGEST_READ else content[:KEPT_OF_LONGER])
        finally:
            box.close()
    except OSError as error:
        raise _explain(file, error) from error


def _explain(path: Path, error: OSError) -> MailboxUnreadable:
    return MailboxUnreadable(f"{path} can’t be read: {error.strerror}.", "Check who may read it.")
