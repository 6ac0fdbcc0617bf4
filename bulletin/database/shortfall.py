"""What a ledger lacks that was in it before: it was put back from an older copy, say, or lost its `-wal`.

It is recorded in the ledger (the column `lacking`), so that every computer that uses it knows. Nothing else is recorded
then: whatever was, would be lost when the right copy is put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import ColumnElement, func, select, update

from bulletin.database.dialects import take_greater
from bulletin.database.mark import MOST_MAILINGS, MailingMark, Mark
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, identity, kept_counts, mailings
from bulletin.errors import LedgerBehind
from bulletin.times import format_second

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING)
_HAVE_IT: Final = (DeliveryState.ACCEPTED, DeliveryState.BOUNCED)
_GONE: Final = (*_HAVE_IT, DeliveryState.SENDING, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """A mailing of which the ledger may lack something: `known` of the people it had `gone` to.

    `mailing` is None for one that the mark did not know: others may have gone on with it.
    """

    issue: str
    known: int
    mailing: MailingMark | None
    is_there: bool  # whether the ledger has it at all

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        mailing = MailingMark._make(data["mailing"]) if data["mailing"] else None
        return cls(**{**data, "mailing": mailing and mailing._replace(lists=tuple(mailing.lists))})

    def __str__(self) -> str:
        if self.mailing is None:
            return f"{self.issue} may have gone to more than the {self.known:,} people that it knows of"
        return f"{self.issue} had gone to {self.mailing.gone:,} people, but it knows of {self.known:,}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortfall:
    """A ledger had `commits` by `until`, and lacks those after `since` (ms since 1970, UTC).

    `from_backup`: it is a back-up of that time. Then `until` is 0, unless a mark tells.
    """

    commits: int
    since: int
    until: int
    lost: tuple[Lost, ...]
    from_backup: bool = False

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "lost": tuple(Lost.from_data(one) for one in data["lost"])})

    @property
    def issues(self) -> tuple[str, ...]:
        """The issues about which a person has to decide."""
        return tuple(dict.fromkeys(one.issue for one in self.lost))

    def explain(self, place: str) -> LedgerBehind:
        """What a person is told."""
        ends = f"It ends at {format_second(self.since)}, but" if self.since else "It"
        what = f"{'. '.join(map(str, self.lost))}." if self.lost else "No mailing is missing in it."
        if self.from_backup:
            return self._explain_backup(place, what if self.lost else "")
        commands = "; ".join(f"bulletin resolve {issue} --unknown" for issue in self.issues or ("ISSUE",))
        return LedgerBehind(
            f"The ledger {place} is older than it was. {ends} was in use until {format_second(self.until)}. {what} "
            "Nothing is sent from it or recorded in it: people could get an issue twice, or after they unsubscribed.",
            "Put the newest copy back, whole (with its -wal file, if it has one). If there is none, type: "
            f"{commands}. Then everyone who may have had the issue is uncertain, and you decide. If anyone has "
            "unsubscribed since, remove them again: bulletin subscribers remove ADDRESS.",
        )

    def _explain_backup(self, place: str, what: str) -> LedgerBehind:
        head = f"The ledger {place} is a back-up. It ends at {format_second(self.since)}.{what and f' {what}'}"
        return LedgerBehind(
            f"{head} Nothing is sent from it or recorded in it: people could get an issue twice, or after they "
            "unsubscribed.",
            "If there is a newer copy, put that in its place. If not, type: bulletin database restore. Then everyone "
            "who may have had an issue is uncertain, and you decide.",
        )


def find_shortfall(connection: Connection) -> Shortfall | None:
    """What the ledger lacks, as it was recorded; None if it lacks nothing."""
    found = connection.scalar(select(identity.c.lacking))
    return Shortfall.from_data(found) if found else None


def compare_with_mark(connection: Connection, mark: Mark | None) -> Mark:
    """How far the ledger is; and if `mark` is further, that is recorded in it.

    What was recorded before stays: a person may have settled part of it.
    """
    reached = read_mark(connection)
    is_behind = mark is not None and mark.ledger == reached.ledger and mark.commits > reached.commits
    known = find_shortfall(connection)
    if mark and is_behind and not (known and known.until):
        lost = _find_lost(connection, mark.mailings)
        since = known.since if known else reached.at
        _record(
            connection,
            Shortfall(commits=mark.commits, since=since, until=mark.at, lost=lost, from_backup=known is not None),
        )
    return reached


def mark_as_backup(connection: Connection, *, now: int) -> None:
    """Record in a copy of the ledger that it is one, made at `now` (ms since 1970), unless it lacks more than that."""
    if find_shortfall(connection) is None:
        commits = connection.scalar(select(identity.c.commits)) or 0
        _record(
            connection,
            Shortfall(commits=commits, since=now, until=0, lost=_find_lost(connection, ()), from_backup=True),
        )


def keep_missing(
    connection: Connection, missing: Sequence[MailingMark], *, commits: int, since: int, until: int
) -> None:
    """Record that the ledger, which was put back from a copy, has no trace of these mailings; nothing without any.

    What it lacked before is settled, and no mark of up to so many `commits` is further from now on.
    """
    lost = tuple(Lost(issue=one.issue, known=0, mailing=one, is_there=False) for one in missing)
    connection.execute(update(identity).values(commits=take_greater(connection, identity.c.commits, commits)))
    if lost:
        _record(connection, Shortfall(commits=commits, since=since, until=until, lost=lost))
    else:
        connection.execute(update(identity).values(lacking=None))


def _record(connection: Connection, shortfall: Shortfall) -> None:
    connection.execute(update(identity).values(lacking=asdict(shortfall)))


def settle_shortfall(connection: Connection, issue: str) -> Shortfall | None:
    """A person has decided about `issue`. What is left; None once nothing is, and the ledger is whole again."""
    shortfall = find_shortfall(connection)
    if shortfall is None:
        return None
    rest = tuple(one for one in shortfall.lost if one.issue != issue)
    if rest:
        left = replace(shortfall, lost=rest)
        _record(connection, left)
        return left
    # No mark that was taken for the furthest is further from now on.
    commits = take_greater(connection, identity.c.commits, shortfall.commits)
    connection.execute(update(identity).values(lacking=None, commits=commits))
    return None


def read_mark(connection: Connection) -> Mark:
    """How far the ledger is; of its latest mailings only which they are."""
    row = connection.execute(select(identity)).one_or_none()
    if row is None:  # somebody has deleted it
        return Mark(ledger="", commits=0, at=0)
    latest = connection.execute(select(mailings).order_by(mailings.c.id.desc()).limit(MOST_MAILINGS))
    marks = (MailingMark(key=one.key, issue=one.issue, lists=tuple(one.lists), began_at=one.began_at) for one in latest)
    return Mark(ledger=row.id, commits=row.commits, at=row.changed_at, mailings=tuple(marks))


def _find_lost(connection: Connection, marks: Sequence[MailingMark]) -> tuple[Lost, ...]:
    """Mailings that had gone further, are missing, or may have gone further since others may have sent them."""
    lost: list[Lost] = []
    for one in marks:
        number = connection.scalar(select(mailings.c.id).where(mailings.c.key == one.key))
        gone, accepted = (_count(connection, number, states) for states in (_GONE, _HAVE_IT))
        if number is None or gone < one.gone or accepted < one.accepted or _count(connection, number, _WAITING):
            lost.append(Lost(issue=one.issue, known=gone, mailing=one, is_there=number is not None))
    others = mailings.c.key.not_in([one.key for one in marks])
    lost.extend(
        Lost(issue=row.issue, known=_count(connection, row.id, _GONE), mailing=None, is_there=True)
        for row in connection.execute(select(mailings).where(others).order_by(mailings.c.id)).all()
        if _count(connection, row.id, _WAITING)
    )
    return tuple(lost)


def _count(connection: Connection, mailing_id: int | None, states: tuple[DeliveryState, ...]) -> int:
    """How many are in one of these states, with those that were deleted because they were old."""
    of_mailing: ColumnElement[bool] = deliveries.c.mailing_id == mailing_id
    query = select(func.count()).select_from(deliveries).where(of_mailing, deliveries.c.state.in_(states))
    kept = select(func.sum(kept_counts.c.number)).where(
        kept_counts.c.mailing_id == mailing_id, kept_counts.c.state.in_(states)
    )
    return (connection.scalar(query) or 0) + int(connection.scalar(kept) or 0)
