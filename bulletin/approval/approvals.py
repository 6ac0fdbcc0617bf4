"""Approvals as the database keeps them. They are never changed: content that changes needs a new one.

Each function that takes an engine is one transaction, and raises DatabaseError if that fails.
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
from bulletin.database.reading import Source, read_from
from bulletin.database.tables import approvals, mailing_approvals
from bulletin.errors import DatabaseError
from bulletin.settings.approval import fold_name
from bulletin.times import format_time

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A named person's approval of what has this digest. `approved_at` is in ms since 1970, UTC.

    `confirmed` are the findings that the person read and accepted, in words.
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
    """Record that `name` approves exactly this at `now` (ms since 1970) and accepts the findings `confirmed`.

    If this person approved the same before, and accepted the same findings, their earlier approval is returned.
    """
    contents = snapshot.contents
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, approvals)  # or one person could approve the same twice at once
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
    """The first approval that each person gave. Pure."""
    found: dict[str, Approval] = {}
    for one in approvals:
        found.setdefault(fold_name(one.name), one)
    return tuple(found.values())


def find_approvals(engine: Engine, issue: str) -> tuple[Approval, ...]:
    """All approvals that an issue was ever given, of any version; the earliest first."""
    with database_errors(), engine.begin() as connection:
        return tuple(_find(connection, issue))


def load_snapshot(engine: Engine, approval: Approval) -> Snapshot:
    """What was approved. Raises DatabaseError if it no longer has the approval's digest."""
    snapshot = read_snapshot(engine, approval)
    if snapshot is None:
        raise DatabaseError(
            f"Someone has altered what {approval.name} approved of {approval.issue} in the database.",
            f"Ask for a new approval: bulletin approve {approval.issue} --by NAME.",
        )
    return snapshot


def read_snapshot(engine: Engine, approval: Approval) -> Snapshot | None:
    """What was approved; None if it no longer has the approval's digest."""
    query = select(approvals.c.contents).where(approvals.c.id == approval.id)
    with database_errors(), engine.begin() as connection:
        kept = connection.execute(query).scalar_one()
    try:
        snapshot = Snapshot.from_bytes(kept)
    except (zlib.error, ValueError, LookupError, TypeError, AttributeError):  # what altered bytes may lead to
        return None
    return snapshot if snapshot.contents.digest == approval.digest else None


def attach_approvals(connection: Connection, mailing_id: int, signed: Iterable[Approval]) -> None:
    """Record the approvals that a mailing was sent with. Within the caller's transaction."""
    if rows := [{"mailing_id": mailing_id, "approval_id": one.id} for one in signed]:
        connection.execute(insert(mailing_approvals), rows)


def find_approvals_of(source: Source, mailing_id: int) -> tuple[Approval, ...]:
    """The approvals that a mailing was sent with; the earliest first."""
    query = select(*_COLUMNS).join(mailing_approvals).where(mailing_approvals.c.mailing_id == mailing_id)
    with read_from(source) as connection:
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
