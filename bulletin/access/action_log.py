"""What was done with which token, when. It names no reader: what was done to one is in their own record.

Within the caller's transaction, so that an action is done and written down, or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bulletin.database.states import TokenAction
from bulletin.database.tables import token_actions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedAction:
    """What was done with the token called `token`, at a time in ms since 1970, UTC.

    `status` is what was answered (RFC 9110); 0 for what a person did to the token itself, who is named in `by`.
    """

    token: str
    action: TokenAction
    at: int
    status: int = 0
    by: str = ""


def log_action(connection: Connection, done: LoggedAction) -> None:
    """Write it down."""
    values = {"token": done.token, "action": done.action, "at": done.at, "status": done.status, "by": done.by}
    connection.execute(insert(token_actions).values(values))


def find_actions(connection: Connection, *, token: str = "", most: int) -> tuple[LoggedAction, ...]:
    """The last actions, at most so many, the earliest first; of one token, or of all for ""."""
    query = select(token_actions).order_by(token_actions.c.id.desc()).limit(most)
    chosen = query.where(token_actions.c.token == token) if token else query
    rows = connection.execute(chosen).all()
    return tuple(
        LoggedAction(token=row.token, action=TokenAction(row.action), at=row.at, status=row.status, by=row.by)
        for row in reversed(rows)
    )
