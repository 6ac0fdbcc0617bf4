"""How far each mailbox has been read, and when: the table `mailboxes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from bulletin.bounces.mailbox.imap import ImapState
from bulletin.database.dialects import insert_into
from bulletin.database.tables import mailboxes

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LONGEST: Final = 255  # characters of a name


def read_progress(connection: Connection, name: str) -> ImapState:
    """How far the mailbox with this name was read; from its beginning if it never was."""
    query = select(mailboxes.c.uid_validity, mailboxes.c.last_uid).where(mailboxes.c.name == name[:_LONGEST])
    found = connection.execute(query).one_or_none()
    return ImapState(*found) if found else ImapState()


def keep_progress(connection: Connection, name: str, state: ImapState) -> None:
    """Remember that the mailbox was read as far as `state`. When it was read through is `keep_reading`'s."""
    _keep(connection, name, uid_validity=state.uidvalidity, last_uid=state.last_uid)


def keep_reading(connection: Connection, name: str, *, now: int) -> None:
    """Remember that the mailbox was read through, at `now` (ms since 1970)."""
    _keep(connection, name, read_at=now)


def find_last_reading(connection: Connection, name: str | None = None) -> int | None:
    """When the mailbox with this name, or else any, was last read through, in ms since 1970; None if it never was."""
    query = select(func.max(mailboxes.c.read_at)).where(mailboxes.c.read_at > 0)
    if name is not None:
        query = query.where(mailboxes.c.name == name[:_LONGEST])
    found: int | None = connection.scalar(query)
    return found


def _keep(connection: Connection, name: str, **values: int) -> None:
    named = {"name": name[:_LONGEST], "read_at": 0} | values
    connection.execute(insert_into(connection, mailboxes).on_conflict_do_nothing(), named)
    connection.execute(update(mailboxes).where(mailboxes.c.name == name[:_LONGEST]).values(**values))
