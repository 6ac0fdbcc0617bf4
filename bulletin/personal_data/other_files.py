"""Other files of the workspace that have someone's address: issues, contributions, what was saved beside them.

Nothing is deleted there. They are named, so that a person can. Files in hidden folders aren't looked at, other than our
own state folder, nor is the database, which is asked otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from bulletin.workspace.workspace import STATE_FOLDER, Workspace

MOST_FILES: Final = 20_000
"""So many files are looked at: a workspace has hundreds."""

_LARGEST: Final = 50_000_000  # octets; nothing larger is anyone's text
_DATABASE: Final = ("ledger.db", "ledger.db-wal", "ledger.db-shm")


def find_mentions(workspace: Workspace, written: str, *, known: Collection[str] = ()) -> tuple[str, ...]:
    """The files that have the address as it is `written`, in capitals or not, by their path in the workspace.

    `known` are files that were dealt with. In archives (.docx, .xlsx, .zip) and PDFs it can't be seen.
    """
    wanted = tuple(written.lower().encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
    found = []
    for number, path in enumerate(_list_files(workspace.root)):
        if number >= MOST_FILES:
            break
        shown = path.relative_to(workspace.root).as_posix()
        if shown not in known and _has(path, wanted):
            found.append(shown)
    return tuple(found)


def _list_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith(".") or one == STATE_FOLDER)
        yield from (Path(folder) / name for name in sorted(files) if name not in _DATABASE)


def _has(path: Path, wanted: tuple[bytes, ...]) -> bool:
    """Whether a file has one of these octets. One that may not be read has none that we know of."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        content = path.read_bytes().lower()
    except OSError:
        return False
    return any(one in content for one in wanted)
