"""A mailing: one issue going to a set of lists. Who is to get it is frozen when it starts.

Every function but `count_people` is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from bulletin.database.mark import MailingMark
from bulletin.database.reading import Source, read_from
from bulletin.database.tables import mailings
from bulletin.delivery.message.message_id import make_signed_key

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailing:
    """One issue going to a set of lists. `key` is part of every Message-ID; `began_at` is in ms since 1970, UTC."""

    id: int
    key: str
    issue: str
    lists: tuple[str, ...]
    began_at: int


def make_mailing_key() -> str:
    """A random key for a new mailing, whose Message-IDs are signed."""
    return make_signed_key(secrets.token_hex(6))


def find_mailings(source: Source, issue: str) -> tuple[Mailing, ...]:
    """The mailings of an issue, the earliest first."""
    query = select(mailings).where(mailings.c.issue == issue).order_by(mailings.c.id)
    with read_from(source) as connection:
        return tuple(read_mailing(row) for row in connection.execute(query))


def find_mailing(source: Source, number: int) -> Mailing:
    """The mailing with this id."""
    with read_from(source) as connection:
        return read_mailing(connection.execute(select(mailings).where(mailings.c.id == number)).one())


def has_mailings(connection: Connection) -> bool:
    """Whether anything was ever sent from this database. Within the caller's transaction."""
    return bool(connection.scalar(select(exists().select_from(mailings))))


def find_mailed_issues(source: Source) -> tuple[str, ...]:
    """The issues that have a mailing, in the order in which their first one began."""
    query = select(mailings.c.issue).group_by(mailings.c.issue).order_by(func.min(mailings.c.id))
    with read_from(source) as connection:
        return tuple(connection.scalars(query))


def mark_mailing(mailing: Mailing, *, gone: int = 0, accepted: int = 0) -> MailingMark:
    """How far a mailing is, for the mark beside the ledger: to how many it may have gone, how many were accepted."""
    return MailingMark(
        key=mailing.key,
        issue=mailing.issue,
        lists=mailing.lists,
        began_at=mailing.began_at,
        gone=gone,
        accepted=accepted,
    )


def read_mailing(row: Row[Any]) -> Mailing:
    """A mailing from its row of the table."""
    return Mailing(id=row.id, key=row.key, issue=row.issue, lists=tuple(row.lists), began_at=row.began_at)
