"""Deletes old lines of the log for programs. They name deliveries by number, and a number is someone's for a while."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.disk import write_whole


def count_old_lines(path: Path, *, before: int) -> int:
    """How many lines at the head of the log are older than `before` (ms since 1970). 0 if it isn't there."""
    try:
        with path.open("rb") as file:
            number = 0
            for line in file:
                if not _is_older(line, before):
                    break
                number += 1
    except OSError:
        return 0
    return number


def trim_log(path: Path, *, before: int) -> int:
    """Delete the lines at the head of the log that are older than `before` (ms since 1970); how many.

    Another program that writes to it opens the new file by itself. What it appends while the file is copied is lost: so
    this is for a time at which no issue is being sent. Raises Unwritten.
    """
    if not (number := count_old_lines(path, before=before)):
        return 0
    content = path.read_bytes()
    write_whole(path, b"".join(content.splitlines(keepends=True)[number:]))
    return number


def _is_older(line: bytes, before: int) -> bool:
    """Whether it was written before then. A line that isn't ours is as old as the next one that is: it stays."""
    with suppress(ValueError, TypeError, KeyError):
        found: Any = json.loads(line)
        return datetime.fromisoformat(found["time"]).timestamp() * 1000 < before
    return False
