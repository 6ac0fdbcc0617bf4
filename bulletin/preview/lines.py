"""The lines of the file as they are now, and which lines of the last good version they were. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def trace_lines(now: Sequence[str], good: Sequence[str]) -> list[int]:
    """For each line of `now`, its number in `good`, from 1; 0 for one that is new or changed."""
    if now == good:
        return list(range(1, len(now) + 1))
    traced = [0] * len(now)
    for block in SequenceMatcher(None, now, good, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            traced[block.a + step] = block.b + step + 1
    return traced
