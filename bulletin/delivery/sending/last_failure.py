"""Why the last `bulletin run` failed for an issue, kept beside the database for `bulletin status`.

Nothing depends on it. If the file is missing (on another computer, say), there is only less to show.
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
class LastFailure:
    """What went wrong, in a sentence, and when (ms since 1970, UTC)."""

    at: int
    words: str


def keep_last_failure(folder: Path, issue: str, last_failure: LastFailure) -> None:
    """Keep it in the workspace's state folder, replacing an earlier one, if the folder can be written."""
    with suppress(Unwritten):
        write_state(folder, _name(issue), json.dumps(asdict(last_failure)).encode())


def read_last_failure(folder: Path, issue: str) -> LastFailure | None:
    """Find the last failure, unless a run has succeeded since."""
    try:
        return LastFailure(**json.loads((folder / _name(issue)).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_last_failure(folder: Path, issue: str) -> None:
    """Remove it, because the mailing continues."""
    with suppress(OSError):
        (folder / _name(issue)).unlink(missing_ok=True)


def _name(issue: str) -> str:
    return f"setbacks/{quote(issue, safe='')}.json"
