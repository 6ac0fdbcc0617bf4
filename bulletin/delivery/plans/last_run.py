"""When `bulletin run` last ran, kept beside the database: `bulletin doctor` tells if no timer calls it.

Nothing depends on it. If the file is missing, it is as if it never ran on this computer.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from bulletin.disk import write_state
from bulletin.errors import Unwritten

_NAME: Final = "last-run"


def keep_last_run(folder: Path, *, now: int) -> None:
    """Keep in the state folder that it runs at `now` (ms since 1970), if the folder can be written."""
    with suppress(Unwritten):
        write_state(folder, _NAME, f"{now}\n".encode())


def read_last_run(folder: Path) -> int | None:
    """When it last ran, in ms since 1970; None if that isn't known."""
    try:
        return int((folder / _NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
