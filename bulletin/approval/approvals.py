"""Sign-offs as the database remembers them. None is ever changed: content that changes has none.

Every function that takes an engine is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bulletin.approval.contents import Snapshot
from bulletin.database.dialects import lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.tables import approvals, mailing_approvals
from bulletin.errors import DatabaseError
from bulletin.settings.approval import fold_name
from bulletin.times import format_time

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A named person's approval of what has this digest. `approved_at` is in ms since 1970, UTC.

    `confirmed` are the findings that the person has read and let stand, in words.
    """

    id: int
    issue: str
    digest: str
    name: str
    approved_at: int
    confirmed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({format_time(self.approved_at)})"


_COLUMNS = [column for column in approvals.c if column.name != "contents"]


def record_approval(
    engine: Engine, snapshot: Snapshot, *, name: str, now: int, confirmed: Sequence[str] = ()
) -> Approval:
    """Keep that `name` approves of exactly this at `now` (ms since 1970), letting the findings `confirmed` stand.

    Whoever has signed the same before, and let the same stand, has signed already: that sign-off is returned.
    """
    contents = snapshot.contents
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, approvals)  # else two of one person could pass each other
        of_person = [one for one in _find(connection, contents.issue) if fold_name(one.name) == fold_name(name)]
        same = [one for one in of_person if one.digest == contents.digest]
        if same and {finding for one in same for finding in one.confirmed}.issuperset(confirmed):
            return same[0]
        record = insert(approvals).values(
            issue=contents.issue,
            digest=contents.digest,
            name=name,
            approved_at=now,
            contents=snapshot.to_bytes(),
            confirmed=list(confirmed),
        )
        return _read(connection.execute(record.returning(*_COLUMNS)).one())


def first_of_each(approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The first that each person gave. Pure."""
    found: dict[str, Approval] = {}
    for one in approvals:
        found.setdefault(fold_name(one.name), one)
    return tuple(found.values())


def find_approvals(engine: Engine, issue: str) -> tuple[Approval, ...]:
    """Every sign-off that was ever given to an issue, whatever it was of; the earliest first."""
    with database_errors(), engine.begin() as connection:
        return tuple(_find(connection, issue))


def load_snapshot(engine: Engine, approval: Approval) -> Snapshot:
    """What was signed. Raises DatabaseError if that is not what has the sign-off's digest any more."""
    snapshot = read_snapshot(engine, approval)
    if snapshot is None:
        raise DatabaseError(
            f"What {approval.name} signed off of {approval.issue} has been altered in the database.",
            f"Let it be signed off again: bulletin approve {approval.issue} --by NAME.",
        )
    return snapshot


def read_snapshot(engine: Engine, approval: Approval) -> Snapshot | None:
    """What was signed; None if what is kept does not have the sign-off's digest any more."""
    query = select(approvals.c.contents).where(approvals.c.id == approval.id)
    with database_errors(), engine.begin() as connection:
        kept = connection.execute(query).scalar_one()
    try:
        snapshot = Snapshot.from_bytes(kept)
    except (zlib.error, ValueError, LookupError, TypeError, AttributeError):  # whatever other bytes make of it
        return None
    return snapshot if snapshot.contents.digest == approval.digest else None


def attach_approvals(connection: Connection, mailing_id: int, signed: Iterable[Approval]) -> None:
    """Record what a mailing was sent on the strength of. Within the caller's transaction."""
    if rows := [{"mailing_id": mailing_id, "approval_id": one.id} for one in signed]:
        connection.execute(insert(mailing_approvals), rows)


def find_approvals_of(engine: Engine, mailing_id: int) -> tuple[Approval, ...]:
    """What a mailing was sent on the strength of; the earliest first."""
    query = select(*_COLUMNS).join(mailing_approvals).where(mailing_approvals.c.mailing_id == mailing_id)
    with database_errors(), engine.begin() as connection:
        return tuple(_read(row) for row in connection.execute(query.order_by(approvals.c.id)))


def _find(connection: Connection, issue: str) -> list[Approval]:
    query = select(*_COLUMNS).where(approvals.c.issue == issue).order_by(approvals.c.id)
    return [_read(row) for row in connection.execute(query)]


def _read(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        issue=row.issue,
        digest=row.digest,
        name=row.name,
        approved_at=row.approved_at,
        confirmed=tuple(row.confirmed),
    )
