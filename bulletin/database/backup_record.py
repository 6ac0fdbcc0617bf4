"""Where the last back-ups of the ledger are, kept beside it: `bulletin doctor` tells if there is none, or an old one.

Nothing depends on it. A back-up that another program makes isn't known here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from bulletin.disk import write_state
from bulletin.errors import Unwritten

_NAME: Final = "backups.json"
_MOST: Final = 20


class BackupRecord(NamedTuple):
    """A back-up: its file, and when it was made (ms since 1970, UTC)."""

    file: str
    at: int


def keep_backup_record(folder: Path, file: Path, *, now: int) -> None:
    """Keep in the state folder that `file` was made at `now`, if the folder can be written."""
    records = [*read_backup_records(folder), BackupRecord(str(file.absolute()), now)][-_MOST:]
    with suppress(Unwritten):
        write_state(folder, _NAME, f"{json.dumps(records)}\n".encode())


def read_backup_records(folder: Path) -> tuple[BackupRecord, ...]:
    """The last back-ups, the earliest first; none if that isn't known."""
    try:
        rows = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        return tuple(BackupRecord(str(file), int(at)) for file, at in rows)
    except (OSError, ValueError, TypeError):
        return ()
