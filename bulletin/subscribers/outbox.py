"""Emails to one person that are no issue: confirmations, welcomes, acknowledgements, alerts. Put here, sent later.

What asks for one writes a row in its own transaction, so the email is sent if and only if that is committed. Sending
them is `delivery.outbox`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from bulletin.database.dialects import insert_into
from bulletin.database.states import OutboxKind, OutboxState
from bulletin.database.tables import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection


def put_email(
    connection: Connection,
    kind: OutboxKind,
    *,
    dedupe: str,
    details: Mapping[str, Any],
    now: int,
    sign_up_id: int | None = None,
    subscriber_id: int | None = None,
    recipient: str = "",
) -> bool:
    """Have an email sent, from `now` on (ms since 1970). False if one with the same `dedupe` was put here before.

    It goes to the address of the sign-up or the subscriber, or else to `recipient`. `details` is what its words need,
    without any address.
    """
    values = {
        "kind": kind,
        "dedupe": dedupe,
        "details": dict(details),
        "sign_up_id": sign_up_id,
        "subscriber_id": subscriber_id,
        "recipient": recipient,
        "state": OutboxState.QUEUED,
        "made_at": now,
        "due_at": now,
    }
    new = insert_into(connection, outbox).values(values).on_conflict_do_nothing()
    return connection.execute(new.execution_options(preserve_rowcount=True)).rowcount == 1


class WaitingEmails(NamedTuple):
    """How many of these emails wait to be sent, and since when the first could be (ms since 1970; None if none)."""

    number: int
    oldest_due: int | None


def count_waiting(connection: Connection, *, now: int) -> WaitingEmails:
    """Those that could be sent at `now` (ms since 1970)."""
    due = (outbox.c.state == OutboxState.QUEUED) & (outbox.c.due_at <= now)
    return WaitingEmails(*connection.execute(select(func.count(), func.min(outbox.c.due_at)).where(due)).one())
