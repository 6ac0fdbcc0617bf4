"""Take one person out of the ledger: what became of each message stays, and who got it doesn't.

A delivery loses the address, the name and the server's words, and gets a hash that is no one's. So every count stays,
and the condition that keeps erased people from being sent to (`withholding`) is a look at the empty address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, mailing_events, mailings
from bulletin.delivery.ledger.mailing_events import CANCELLED
from bulletin.delivery.ledger.resolution import BY_PERSON
from bulletin.delivery.smtp.classification import read_status

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)


def count_deliveries(connection: Connection, hash_: bytes) -> int:
    """How many deliveries to the address with this hash there are."""
    return connection.scalar(select(func.count()).where(deliveries.c.hash == hash_)) or 0


def find_waiting_issues(connection: Connection, hash_: bytes) -> tuple[str, ...]:
    """The issues that still wait to be sent to the address with this hash."""
    return _find_issues(connection, hash_, deliveries.c.state.in_(_WAITING))


def find_issues_in_flight(connection: Connection, hash_: bytes) -> tuple[str, ...]:
    """The issues that are being sent to the address with this hash. They can't be called back."""
    return _find_issues(connection, hash_, deliveries.c.state == DeliveryState.SENDING)


def withdraw_waiting(connection: Connection, hash_: bytes, *, now: int) -> None:
    """Withdraw what still waits to be sent to the address with this hash, at `now` (ms since 1970).

    No sender can claim it then: whichever comes first holds the row. So look for what is in flight after this.
    """
    waiting = (deliveries.c.hash == hash_) & deliveries.c.state.in_(_WAITING)
    values = {"state": DeliveryState.WITHDRAWN, "ended_at": now, "due_at": None, "reply": ""}
    connection.execute(update(deliveries).where(waiting).values(values))


def _find_issues(connection: Connection, hash_: bytes, which: ColumnElement[bool]) -> tuple[str, ...]:
    query = select(mailings.c.issue).join(deliveries, deliveries.c.mailing_id == mailings.c.id)
    return tuple(
        connection.scalars(query.where(deliveries.c.hash == hash_, which).distinct().order_by(mailings.c.issue))
    )


def forget_deliveries(connection: Connection, hash_: bytes, *, stranger: bytes) -> tuple[int, ...]:
    """Take the person with this hash out of their deliveries; the ids of these. `stranger`: 16 random octets.

    Of a server's words, its codes stay: the report counts why readers were refused. So does what this program wrote
    there, which names no one.
    """
    theirs = deliveries.c.hash == hash_
    ours = or_(BY_PERSON, deliveries.c.reply == CANCELLED, deliveries.c.reply == "")
    query = select(deliveries.c.id, deliveries.c.reply).where(theirs, ~ours)
    for row in connection.execute(query).all():
        shorter = {"reply": _keep_codes(row.reply)}
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(shorter))
    unknown = {"address": "", "name": "", "hash": stranger}
    return tuple(connection.scalars(update(deliveries).where(theirs).values(unknown).returning(deliveries.c.id)))


def forget_in_notes(connection: Connection, written: str) -> None:
    """Take an address, as it is `written`, out of what is noted of mailings: why one stopped may quote a server."""
    query = select(mailing_events.c.id, mailing_events.c.note)
    for id_, note in connection.execute(query.where(mailing_events.c.note.icontains(written, autoescape=True))).all():
        masked = re.sub(re.escape(written), "[address erased]", note, flags=re.IGNORECASE)
        connection.execute(update(mailing_events).where(mailing_events.c.id == id_).values(note=masked))


def _keep_codes(reply: str) -> str:
    """`550 5.1.1` of what a server said; "" if it gave no code."""
    status = read_status(reply)
    enhanced = ".".join(map(str, status.enhanced)) if any(status.enhanced) else ""
    return f"{status.code} {enhanced}".strip() if status.code else ""
