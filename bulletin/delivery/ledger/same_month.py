"""What was sent for the month of an issue under other names, and to how many of its recipients.

One month of one bulletin is one issue. But a file may be renamed after it was sent, or a month may have a second issue.
People who have had one get the other only if a person agrees to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bulletin.database.errors import database_errors
from bulletin.database.tables import mailings
from bulletin.delivery.ledger.start import Recipients, count_people, count_reached
from bulletin.delivery.ledger.withholding import find_day
from bulletin.errors import NotFound, SentThatMonth
from bulletin.issue.dates import Month
from bulletin.issue.identity import find_month
from bulletin.subscribers.sync import compare_with_files, sync_lists

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Engine

    from bulletin.workspace.workspace import Workspace

_BEFORE: Final = timedelta(days=10)
"""How long before its month an issue may be sent. This decides if an old name does not say the month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """Another issue of the month: when its first mailing began (ms since 1970, UTC), and how many it `reached`."""

    issue: str
    began_at: int
    reached: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SameMonth:
    """What else was sent for an issue's month. Of the `people` who would get the issue now, `reached` have had one."""

    issue: str
    people: int
    reached: int
    others: tuple[Sent, ...]

    def describe(self) -> tuple[str, ...]:
        """A line for each other issue; none if no reader would get a second one."""
        return tuple(_describe(one, self.people) for one in self.others if one.reached)

    def covers(self, other: SameMonth) -> bool:
        """Whether agreement to this includes agreement to `other`."""
        known = {one.issue: one.reached for one in self.others}
        each = all(one.reached <= known.get(one.issue, 0) for one in other.others)
        return each and other.reached <= self.reached


def find_same_month(
    connection: Connection,
    workspace: Workspace,
    issue: str,
    lists: Sequence[str],
    *,
    recipients: Recipients = Recipients.NEW,
    today: date | None = None,
) -> SameMonth:
    """Find what else these recipients on `lists` were sent for the month of `issue`, in the caller's transaction.

    `today` is the day by which pauses count.
    """
    count = partial(count_people, connection, issue, lists, recipients=recipients, today=today)
    reach = partial(count_reached, connection, issue, lists, recipients=recipients, today=today)
    found = _find_others(connection, workspace, issue)
    others = tuple(
        Sent(
            issue=name,
            began_at=min(began for _, began in rows),
            reached=reach([number for number, _ in rows]),
        )
        for name, rows in found.items()
    )
    numbers = [number for rows in found.values() for number, _ in rows]
    return SameMonth(
        issue=issue,
        people=count().recipients if found else 0,
        reached=reach(numbers) if found else 0,
        others=others,
    )


def foresee_same_month(
    workspace: Workspace, engine: Engine, issue: str, lists: Sequence[str], *, now: int
) -> SameMonth:
    """As `find_same_month`, with the list files as they are at `now` (ms since 1970). Nothing changes."""
    with database_errors(), engine.connect() as connection:
        if _find_others(connection, workspace, issue):
            sync_lists(connection, workspace, compare_with_files(connection, workspace), now=now)
        found = find_same_month(connection, workspace, issue, lists, today=find_day(now))
        connection.rollback()
    return found


def require_agreed(workspace: Workspace, now: SameMonth, agreed: SameMonth | None, *, lists: Sequence[str]) -> None:
    """Raise SentThatMonth if readers on `lists` would get a second issue of a month without a person's agreement."""
    if now.reached and not (agreed and agreed.covers(now)):
        command = f"bulletin send {now.issue}{workspace.list_options(now.issue, lists)}"
        raise SentThatMonth(
            " ".join(now.describe()), f"{now.issue} isn't sent to them unless a person confirms that: {command}"
        )


def _find_others(connection: Connection, workspace: Workspace, issue: str) -> dict[str, list[tuple[int, int]]]:
    """Find the mailings (id, beginning) of each other issue of the same month and bulletin, the earliest first."""
    month = find_month(issue)
    query = select(mailings.c.id, mailings.c.issue, mailings.c.began_at).where(mailings.c.issue != issue)
    found: dict[str, list[tuple[int, int]]] = {}
    for row in connection.execute(query.order_by(mailings.c.id)):
        if month and _is_of(month, row.issue, row.began_at) and _may_share(workspace, issue, row.issue):
            found.setdefault(row.issue, []).append((row.id, row.began_at))
    return found


def _is_of(month: Month, issue: str, began_at: int) -> bool:
    """Whether an issue was for `month`. If its name has no month, the day on which it was sent decides."""
    if named := find_month(issue):
        return named == month
    sent = datetime.fromtimestamp(began_at / 1000).astimezone()
    return month in (Month(day.year, day.month) for day in (sent, sent + _BEFORE))


def _may_share(workspace: Workspace, issue: str, other: str) -> bool:
    """Whether two issues may be of one bulletin. If a folder is no bulletin any more, its issues may be of any."""
    try:
        return workspace.bulletin_of(other) == workspace.bulletin_of(issue)
    except NotFound:
        return True


def _describe(sent: Sent, people: int) -> str:
    day = datetime.fromtimestamp(sent.began_at / 1000).astimezone()
    these = "this 1 person" if people == 1 else f"these {people:,} people"
    return f"{sent.issue} was sent on {day.day} {day:%B %Y} to {sent.reached:,} of {these}."
