"""Why `bulletin run` could not continue an issue the last time, kept beside the database for `status`.

Nothing is decided by it. Where the file is missing (on another machine, say) there is only less to tell.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from bulletin.disk import write_state
from bulletin.errors import Unwritten


@dataclass(frozen=True, kw_only=True, slots=True)
class Setback:
    """What went wrong, in words, and when (ms since 1970, UTC)."""

    at: int
    words: str


def keep_setback(folder: Path, issue: str, setback: Setback) -> None:
    """Keep it in the workspace's state folder, in place of an earlier one; not at all where that cannot be written."""
    with suppress(Unwritten):
        write_state(folder, _name(issue), json.dumps(asdict(setback)).encode())


def find_setback(folder: Path, issue: str) -> Setback | None:
    """The last one, unless something went well since."""
    try:
        return Setback(**json.loads((folder / _name(issue)).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_setback(folder: Path, issue: str) -> None:
    """Forget it: the mailing continues."""
    with suppress(OSError):
        (folder / _name(issue)).unlink(missing_ok=True)


def _name(issue: str) -> str:
    return f"setbacks/{quote(issue, safe='')}.json"
