"""Why `bulletin run` could not go on with an issue the last time, kept beside the database for whoever looks later.

Nothing is decided by it. Where the file is missing (on another machine, say) there is only less to tell.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, kw_only=True, slots=True)
class Setback:
    """What went wrong, in words, and when (ms since 1970, UTC)."""

    at: int
    words: str


def keep_setback(folder: Path, issue: str, setback: Setback) -> None:
    """Keep it in the workspace's state folder, in place of an earlier one; not at all where that cannot be written."""
    path = _find_path(folder, issue)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(setback)), encoding="utf-8")


def find_setback(folder: Path, issue: str) -> Setback | None:
    """The last one, unless something went well since."""
    try:
        return Setback(**json.loads(_find_path(folder, issue).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_setback(folder: Path, issue: str) -> None:
    """The mailing goes on."""
    with suppress(OSError):
        _find_path(folder, issue).unlink(missing_ok=True)


def _find_path(folder: Path, issue: str) -> Path:
    return folder / "setbacks" / f"{quote(issue, safe='')}.json"
