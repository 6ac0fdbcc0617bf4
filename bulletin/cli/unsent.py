"""Which issues were sent, and which are still to be checked before they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.cli.clock import today
from bulletin.cli.opening import open_engine
from bulletin.cli.terminal import count, warn
from bulletin.errors import BulletinError, NotFound

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

LATER_ISSUES = 3
"""So many later issues of a bulletin must be out before one that we have no record of counts as past."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToCheck:
    """The issues to check, in order, and how many others there are."""

    names: tuple[str, ...]
    past: int = 0

    def describe_past(self) -> str:
        """How many issues were left out because they are past; "" for none."""
        if not self.past:
            return ""
        if not self.names:
            return "Nothing was checked, because every issue was sent or is past. To check all: bulletin check --all"
        were = "is past, so it was" if self.past == 1 else "are past, so they were"
        return f"{count(self.past, 'earlier issue')} {were} not checked. To check all: bulletin check --all"


def choose_issues(workspace: Workspace, asked: Sequence[str], *, all_: bool) -> ToCheck:
    """The issues that are asked for; without any, those that are not sent yet. Raises NotFound if there is none."""
    found = map(workspace.find_issue, asked or workspace.issue_ids())
    names = tuple(dict.fromkeys(found))  # a symbolic link to an issue is that issue
    if not names:
        raise NotFound("There is no issue yet.", "Write the first one: issues/2021-05.yaml, say.")
    return ToCheck(names=names) if asked or all_ else choose_unsent(workspace, names)


def choose_unsent(workspace: Workspace, names: Iterable[str]) -> ToCheck:
    """Those of the issues `names` that were not sent and are not past.

    An issue is past if a later one of its bulletin was sent, or if several later months have come. It may have been
    sent with another program.
    """
    asked = tuple(names)
    sent = _find_sent(workspace) if len(asked) > 1 else frozenset()
    unsent = tuple(name for name in asked if not _is_over(name, asked, sent))
    return ToCheck(names=unsent, past=len(asked) - len(unsent))


def _is_over(name: str, all_names: Collection[str], sent: Collection[str]) -> bool:
    from bulletin.issue.identity import read_identity

    own = read_identity(name)
    if name in sent or not own:
        return name in sent
    folder = name.rpartition("/")[0]
    others = ((other, read_identity(other)) for other in all_names if other.rpartition("/")[0] == folder)
    later = {other: identity.month for other, identity in others if identity and identity.month > own.month}
    present = (today().year, today().month)
    out = {month for month in later.values() if (month.year, month.month) <= present}
    return len(out) >= LATER_ISSUES or any(other in sent for other in later)


def _find_sent(workspace: Workspace) -> frozenset[str]:
    """The issues that were sent. If the record of that can't be read, a warning says so."""
    if not workspace.remembers:
        return frozenset()
    from bulletin.delivery.ledger.mailing import find_mailed_issues

    try:
        with open_engine(workspace) as engine:
            return frozenset(name for name in find_mailed_issues(engine) if find_sending_day(engine, name))
    except BulletinError as error:
        warn(f"We can't read which issues were sent, so none is left out: {error.message}")
        return frozenset()


def may_have_sent(workspace: Workspace) -> bool:
    """Whether anything may have been sent from this workspace. If not, its database need not be opened."""
    from bulletin.database.identity import MEMORY_FILE

    return workspace.remembers or (workspace.state_folder / MEMORY_FILE).exists()


def find_sending_day(engine: Engine, issue_id: str) -> date | None:
    """The day on which an issue was sent; None if it was not.

    A mailing that was cancelled before it reached anyone does not count. Raises DatabaseError if it can't be read.
    """
    from bulletin.delivery.ledger.counts import count_states
    from bulletin.delivery.ledger.mailing import find_mailings
    from bulletin.delivery.ledger.mailing_events import was_cancelled

    for mailing in find_mailings(engine, issue_id):
        counts = count_states(engine, [mailing])
        if counts.accepted + counts.uncertain + counts.bounced or not was_cancelled(engine, mailing.id):
            return today(mailing.began_at)
    return None
