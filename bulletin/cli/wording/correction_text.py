"""Shows what contributors changed after it was imported, and offers to apply it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time
from bulletin.cli.terminal import confirm, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulletin.collecting.correction import Correction


@dataclass(slots=True)
class Offer:
    """Offers corrections of one issue. `open` counts those that no one could be asked about."""

    issue: str
    organisation: str = ""
    yes: bool = False
    dry_run: bool = False
    open: int = field(default=0, init=False)

    def decide(self, correction: Correction) -> bool:
        """Print a correction, and ask whether to apply it. A dry run does not ask."""
        say(f"“{correction.title}” from {self.organisation} has changed:")
        for line in describe(correction):
            say(f"  {line}")
        if self.dry_run:
            return False
        if not self.yes and not sys.stdin.isatty():
            self.open += 1
            say("  It was not changed in the issue, because there is no one to ask here.")
            return False
        question = f"Change it in issues/{self.issue}.yaml, line {correction.line}?"
        return confirm(question, yes=self.yes)


def describe(correction: Correction) -> Iterator[str]:
    """Which file is newer; then each field that differs."""
    from bulletin.comparison.rewording import describe_rewording

    yield compare_files(correction)
    for name, before, after in correction.changes:
        if not before or not after:
            yield f"{name}: “{' '.join((after or before).split())}” is {'new' if after else 'gone'}"
        else:
            yield from describe_rewording(name, before, after).splitlines()


def compare_files(correction: Correction) -> str:
    """Which of the two files was saved later, in words."""
    old, new = correction.old_file, correction.new_file
    was, now = format_time(correction.old_saved or None), format_time(correction.new_saved or None)
    if old == new:
        return f"{new} was saved again{f' on {now}' if now else ''}"
    if not was or not now or correction.old_saved == correction.new_saved:
        return f"{new} differs from {old}; their dates don't show which is newer"
    relation = "older" if correction.is_older else "newer"
    return f"{new} (saved on {now}) is {relation} than {old} (saved on {was})"
