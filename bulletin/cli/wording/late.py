"""Handles contributions that arrive after their issue was sent: the issue stays as it is, and the next one is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.opening import open_engine
from bulletin.cli.terminal import say
from bulletin.cli.unsent import find_sending_day, may_have_sent
from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from bulletin.collecting.contribution import Contribution
    from bulletin.collecting.correction import Correction
    from bulletin.collecting.merging import Merged
    from bulletin.workspace.workspace import Workspace


def find_day_sent(workspace: Workspace, issue_id: str) -> date | None:
    """The day on which an issue was sent, from here or from another computer; None if it was not.

    Raises DatabaseError if it can't be read.
    """
    if not may_have_sent(workspace):
        return None
    with open_engine(workspace) as engine:
        return find_sending_day(engine, issue_id)


def find_late(
    merge: Callable[[Contribution, Callable[[Correction], bool]], Merged], sent: Sequence[Contribution]
) -> Iterator[tuple[str, str]]:
    """Find what arrived that the issue does not have: its file, and it in words. `merge` writes nothing."""
    from bulletin.collecting.arrivals import order_arrivals

    for contribution in order_arrivals(sent):
        try:
            merged = merge(contribution, lambda _: False)
        except FaultyFiles as error:
            yield contribution.file, error.faults[0].message
            continue
        yield from ((contribution.file, f"“{title}”") for title in merged.new)
        for correction in merged.open:
            changes = (f"{name} {before or '–'} → {after or '–'}" for name, before, after in correction.changes)
            yield contribution.file, f"“{correction.title}” has changed: {', '.join(changes)}"


def print_late(workspace: Workspace, issue_id: str, sent_on: date, late: Sequence[tuple[str, str]]) -> None:
    """Print what arrived too late, with its file; and the next issue to use it in, with what to run."""
    from bulletin.issue.dates import PartialDate

    day = PartialDate(sent_on.year, sent_on.month, sent_on.day)
    if not late:
        say(f"{issue_id} was sent on {day}, and has everything that arrived. Nothing was changed.")
        return
    say(f"{issue_id} was sent on {day}, so it was not changed. This arrived too late:")
    for file, words in late:
        say(f"  - {file}: {words}")
    following = find_following(workspace, issue_id)
    files = ", ".join(dict.fromkeys(file for file, _ in late))
    say(f"Use it in {following}: move {files} to issues/{following}/contributions/,")
    say(f"remove anything that {issue_id} already had, and run:")
    if following not in workspace.issue_ids():
        bulletin = issue_id.rpartition("/")[0]
        option = f" --bulletin {bulletin}" if bulletin else ""
        say(f"  bulletin new {following.rpartition('/')[2]}{option}")
    say(f"  bulletin collect {following}")


def find_following(workspace: Workspace, issue_id: str) -> str:
    """The id of the first later issue that was not sent yet. It need not have a file."""
    folder, month = issue_id.rpartition("/")[0], workspace.load_issue(issue_id).month
    while True:
        month += 1
        following = f"{folder}/{month.id}".lstrip("/")
        if find_day_sent(workspace, following) is None:
            return following
