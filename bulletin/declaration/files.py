"""Files that people put into a workspace: which of them count, and how they are opened without waiting for anything.

A pipe, a device or a socket looks like a file until it is opened, and then blocks its reader. So check what it is,
open it without waiting, and check again.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_UNFINISHED = (".tmp", ".part", ".crdownload", "~")  # of an editor or a browser
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotAFile(OSError):
    """Something that isn't a file. `strerror` says what it is."""


def find_remedy(error: OSError) -> str:
    """What to do about a file that cannot be read."""
    if isinstance(error, NotAFile):
        return "Move it away, and put an ordinary file in its place."
    return "Check its permissions."


def counts(name: str) -> bool:
    """Whether a file or folder of this name is one that a person has put there.

    Not: hidden ones (`.git`, `._2026-12.yaml`, Emacs's lock `.#2026-12.yaml`), what Emacs keeps aside
    (`#2026-12.yaml#`), Excel's locks (`~$health.xlsx`), and what a program has not finished yet.
    """
    kept_aside = name.startswith("#") and name.endswith("#")
    return not (name.startswith((".", "~$")) or kept_aside or name.lower().endswith(_UNFINISHED))


def find_files(folder: Path) -> Iterator[Path]:
    """What is in `folder` and counts, by name; no folders. It may still not be a file: reading it tells."""
    return (path for path in _list(folder) if not is_folder(path))


def find_folders(folder: Path) -> Iterator[Path]:
    """The folders in `folder` that count, by name."""
    return (path for path in _list(folder) if is_folder(path))


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if counts(path.name))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        if error.errno == errno.ELOOP:
            return []
        raise


def is_file(path: Path) -> bool:
    """Whether there is an ordinary file. Any name is fine, even one that is too long."""
    return stat.S_ISREG(_find_mode(path))


def is_folder(path: Path) -> bool:
    """Whether there is a folder. Any name is fine."""
    return stat.S_ISDIR(_find_mode(path))


def _find_mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):  # not there, not allowed, a name that cannot be
        return 0


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, with its links followed, is in `folder`. A link that leads back to itself is where it is."""
    try:
        return _resolve(path).is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that leads back to itself: which of them, depends on Python's version
        return path.parent.resolve() / path.name


def open_file(path: Path) -> BinaryIO:
    """Open the file for reading. Raises NotAFile if it isn't a file, FileNotFoundError, any other OSError."""
    try:
        _refuse_others(path.stat().st_mode)
        handle = os.open(path, _READ)
    except FileNotFoundError:
        if path.is_symlink():
            raise NotAFile(errno.ENOENT, "it is a link to a file that is not there") from None
        raise
    except ValueError:  # a name with a null character in it
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotAFile(errno.ELOOP, "it is a link that leads back to itself") from None
        raise
    try:
        _refuse_others(os.fstat(handle).st_mode)  # it may have been replaced just now
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _refuse_others(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NotAFile(errno.EINVAL, f"it is {_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file")


def read_file(path: Path, *, most: int = -1) -> bytes:
    """Its bytes, at most so many. Raises as `open_file` does."""
    with open_file(path) as file:
        return file.read(most)
