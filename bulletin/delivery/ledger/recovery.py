"""What a sender that died left in flight: made uncertain, so that it is named and a person can decide."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from bulletin.database.errors import database_errors
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.ledger import Ledger, bring_forward, leave_out_rest
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import CANCELLED, CANCELLED_MAILINGS
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing


def clamp_retry_times(engine: Engine, *, retries: Sequence[timedelta], now: int) -> None:
    """Bring far-off retry times forward after the clock was set back, and withdraw the rest of cancelled mailings.

    (Earlier versions queued people again in one that was cancelled.) `retries` are the settings', `now` is in ms since
    1970. Raises DatabaseError.
    """
    # Each mailing by its number, and not simply all: only so is this found by the index.
    with database_errors(), engine.begin() as connection:
        bring_forward(connection, deliveries.c.mailing_id.in_(select(mailings.c.id)), retries=retries, now=now)
        leave_out_rest(connection, deliveries.c.mailing_id.in_(CANCELLED_MAILINGS), now=now, reply=CANCELLED)


def recover_lost(engine: Engine, folder: Path, issue: str, *, now: int) -> None:
    """Make uncertain what a dead sender of `issue` left in flight; nothing if a sender may still be alive.

    `folder` is the workspace's state folder, `now` in ms since 1970. Raises DatabaseError.
    """
    lost = [mailing for mailing in find_mailings(engine, issue) if count_states(engine, [mailing]).sending]
    if not lost:
        return
    with suppress(MailingError), hold_issue(engine, folder, issue, now=now):
        for mailing in lost:
            with Ledger(engine, mailing, run="", retries=()) as ledger:
                ledger.recover(now=now)


def make_waiting_uncertain(connection: Connection, issue: str, *, now: int, reply: str) -> int:
    """Make uncertain all who still wait for `issue`, and return how many. Within the caller's transaction.

    `now` in ms since 1970; `reply` is recorded in place of a server's words.
    """
    of_issue = deliveries.c.mailing_id.in_(select(mailings.c.id).where(mailings.c.issue == issue))
    return _make_uncertain(connection, of_issue & deliveries.c.state.in_(_WAITING), now=now, reply=reply)


def make_one_uncertain(connection: Connection, mailing: Mailing, *, now: int, reply: str) -> int:
    """As `make_waiting_uncertain`, for all who still wait for one mailing."""
    waiting = (deliveries.c.mailing_id == mailing.id) & deliveries.c.state.in_(_WAITING)
    return _make_uncertain(connection, waiting, now=now, reply=reply)


def make_flying_uncertain(connection: Connection, mailing: Mailing, *, now: int, reply: str) -> int:
    """As `make_one_uncertain`, for those on their way alone; the others still wait."""
    flying = (deliveries.c.mailing_id == mailing.id) & (deliveries.c.state == DeliveryState.SENDING)
    return _make_uncertain(connection, flying, now=now, reply=reply)


def make_waiting_accepted(connection: Connection, mailing: Mailing, *, now: int, reply: str) -> int:
    """Record all who wait for a mailing as accepted, and return how many: another record says so."""
    waiting = (deliveries.c.mailing_id == mailing.id) & deliveries.c.state.in_(_WAITING)
    values = {"state": DeliveryState.ACCEPTED, "run": None, "due_at": None, "ended_at": now, "reply": reply}
    return connection.execute(update(deliveries).where(waiting).values(**values)).rowcount


def make_all_uncertain(connection: Connection, mailing: Mailing, *, now: int, reply: str) -> int:
    """As `make_waiting_uncertain`, for everyone in a mailing that was restored: each counts as tried once."""
    of_mailing = deliveries.c.mailing_id == mailing.id
    return _make_uncertain(connection, of_mailing, now=now, reply=reply, attempts=1)


def _make_uncertain(connection: Connection, which: ColumnElement[bool], *, now: int, reply: str, **values: Any) -> int:
    unknown = {"state": DeliveryState.UNCERTAIN, "run": None, "due_at": None, "ended_at": now, "reply": reply}
    return connection.execute(update(deliveries).where(which).values(**unknown, **values)).rowcount


_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING)
