"""Why the last `bulletin run` failed for an issue, kept beside the database for `bulletin status`.

Nothing depends on it. If the file is missing (on another computer, say), there is only less to show.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bulletin.disk import write_state
from bulletin.errors import Unwritten


@dataclass(frozen=True, kw_only=True, slots=True)
class LastFailure:
    """What went wrong, in a sentence, and when (ms since 1970, UTC); and when a person was last told of it.

    `schedule` is the number of the schedule that was due; 0 if none was. What is new for another one is told again.
    """

    at: int
    words: str
    told_at: int = 0
    schedule: int = 0

    def repeats(self, earlier: LastFailure | None) -> bool:
        """Whether a person was told the same less than a day before. Times and numbers in it may be other ones."""
        if earlier is None or earlier.schedule != self.schedule or _strip(earlier.words) != _strip(self.words):
            return False
        return 0 <= self.at - earlier.told_at < _DAY


_FOLDER: Final = "setbacks"
_DAY: Final = 24 * 3_600_000  # ms


def _strip(words: str) -> str:
    """The words without what changes from one attempt to the next: times, numbers, days, lengths."""
    return re.sub(r"\d[\d:,.]*|\b(?:today|tomorrow|\w+day|hours?|minutes?|seconds?|h|min)\b", "", words)


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


def forget_failures_with(folder: Path, text: str) -> None:
    """Remove every last failure whose words have this text, in capitals or not: it may quote a line of a list."""
    for path in (folder / _FOLDER).glob("*.json"):
        with suppress(OSError, ValueError):
            if text.lower() in LastFailure(**json.loads(path.read_text(encoding="utf-8"))).words.lower():
                path.unlink()


def _name(issue: str) -> str:
    return f"{_FOLDER}/{quote(issue, safe='')}.json"
