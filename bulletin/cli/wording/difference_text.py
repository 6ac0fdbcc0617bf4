"""Shows what a sync changes in the lists, and asks about lists that are older than the last sync."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import typer

from bulletin.cli.terminal import confirm, count, say, warn

if TYPE_CHECKING:
    from bulletin.subscribers.difference import Difference, ListDifference
    from bulletin.subscribers.provenance import OlderList

MOST_SHOWN = 20
_FEW = 5
ALARMING_SHARE = 0.2  # of a list leaving at once: probably a wrong file


def show_difference(difference: Difference, *, most_faults: int | None = None) -> None:
    """Print what a sync changes, list by list, with the first readers of each; and warn of rows with faults.

    With `most_faults`, before a mailing, only so many are shown, and columns that are only kept are not named.
    """
    for part in difference:
        _show_part(part)
        if part.unused and most_faults is None:
            say(f"  Kept, but not used in emails: {', '.join(f'“{heading}”' for heading in part.unused)}.")
        faults = (*part.invalid, *part.notes)
        for fault in faults[:most_faults]:
            warn(f"{fault}\n")
        if most_faults is not None and len(faults) > most_faults:
            warn(f"… and {len(faults) - most_faults:,} more. See them all: bulletin subscribers sync --dry-run\n")


def _show_part(part: ListDifference) -> None:
    members = part.unchanged + len(part.changed) + len(part.added)
    say(f"{part.name}: {count(members, 'reader')} ({part})")
    for kind in () if _is_new(part) else part.describe():
        for line in islice(kind.lines, MOST_SHOWN):
            say(f"  {line}")
        if kind.number > MOST_SHOWN:
            say(f"  … and {kind.number - MOST_SHOWN:,} more {kind.name}")
    before = part.unchanged + len(part.changed) + len(part.removed)
    if before and len(part.removed) > ALARMING_SHARE * before:
        say(f"  Careful: {len(part.removed):,} of {before:,} would leave this list. Is it the right file?")


def agree_to_jumps(difference: Difference, *, yes: bool) -> bool:
    """Whether a person agrees once more, if more than a fifth of a list and more than a few would join or leave it."""
    jumps = [text for part in difference for text in _describe_jumps(part)]
    return not jumps or confirm(f"{' '.join(jumps)} Is that right?", yes=yes)


def _describe_jumps(part: ListDifference) -> Iterator[str]:
    before = part.unchanged + len(part.changed) + len(part.removed)
    for number, verb in ((len(part.removed), "leave"), (len(part.added), "join")):
        if before and number > max(ALARMING_SHARE * before, _FEW):
            yield f"{part.name} had {count(before, 'reader')}, and {number:,} would {verb} it."


def _is_new(part: ListDifference) -> bool:
    """Whether the list is read for the first time. Then everyone is new and no one is named."""
    return bool(part.added) and not (part.unchanged or part.changed or part.removed or part.suppressed)


def agree_to_older(
    older: Collection[OlderList], *, dry_run: bool = False, otherwise: str = "Nothing was changed."
) -> None:
    """Warn of list files that are older than what another computer synced last, and ask. --yes does not answer this.

    Raises BulletinError if there is no one to ask, and Exit after a no.
    """
    for one in older:
        say(f"Careful: {one}")
    if not older or dry_run:
        return
    remedy = f"{otherwise} Copy the newer file here. If this one is right, run the same command in a terminal."
    if not confirm("Go back to this older version?", yes=False, otherwise=otherwise, remedy=remedy):
        say(otherwise)
        raise typer.Exit(1)
