"""Pause or cancel a mailing that is being sent, perhaps by another process.

That process looks at the events of its mailing once a second, and the database decides in between: a withdrawn
delivery can't be claimed.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.ledger import Ledger, leave_out_rest
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.mailing_events import CANCELLED, add_event, find_last_record, lock_events
from bulletin.errors import MailingHeld
from bulletin.origin import name_user

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SETTLING: Final = 3.0
"""Seconds in which a sender lets go of its mailing, unless its server is slow: it looks at least once a second."""


def pause_mailings(engine: Engine, issue: str, *, now: int, note: str) -> tuple[Mailing, ...]:
    """Pause the unfinished mailings of `issue` until a person resumes them, and return those newly paused.

    `now` in ms since 1970; `note` says who asked, and why. Raises DatabaseError.
    """
    return tuple(
        mailing
        for mailing in find_mailings(engine, issue)
        if _intervene(engine, mailing, MailingEvent.PAUSED, now=now, note=note)
    )


def cancel_mailings(engine: Engine, issue: str, *, now: int, note: str) -> tuple[Mailing, ...]:
    """Cancel the unfinished mailings of `issue`, and return them. Readers still to be tried are withdrawn.

    `now` and `note` as in `pause_mailings`. Raises DatabaseError.
    """
    return tuple(
        mailing
        for mailing in find_mailings(engine, issue)
        if _intervene(engine, mailing, MailingEvent.CANCELLED, now=now, note=note)
    )


def resume_mailings(engine: Engine, issue: str, *, now: int, note: str) -> tuple[Mailing, ...]:
    """Let the mailings of `issue` that a person paused continue, and return them.

    One that stopped by itself, or was cancelled, needs `bulletin send`, which says what to look at first. `now` and
    `note` as in `pause_mailings`. Raises DatabaseError.
    """
    resumed = []
    with database_errors(), engine.begin() as connection:
        lock_events(connection)
        for mailing in find_mailings(connection, issue):
            last = find_last_record(connection, mailing.id)
            if last and last.event is MailingEvent.PAUSED and _count_unfinished(connection, mailing):
                add_event(connection, mailing.id, MailingEvent.RESUMED, now=now, note=note)
                resumed.append(mailing)
    return tuple(resumed)


def await_stop(
    engine: Engine, folder: Path, mailings: Iterable[Mailing], *, now: int, wait: float = SETTLING, cancelled: bool
) -> bool:
    """Whether every sender of these mailings of one issue has stopped within `wait` seconds.

    If they were `cancelled`, deliveries that a dead sender left in flight become uncertain. `folder` is the
    workspace's state folder. Raises MailingError if that cannot hold locks, DatabaseError.
    """
    mailings = tuple(mailings)
    issue = mailings[0].issue
    with suppress(MailingHeld), hold_issue(engine, folder, issue, now=now, wait=wait):
        for mailing in mailings if cancelled else ():
            with Ledger(engine, mailing, run="", retries=()) as ledger:
                ledger.recover(now=now)
                ledger.withdraw_rest(now=now, reply=CANCELLED)
        return True
    return False


def name_person(why: str = "") -> str:
    """The note of an event: who asks, as this computer knows them, and `why`."""
    return f"by {name_user()} on {socket.gethostname()}" + (f": {why}" if why else "")


def _intervene(engine: Engine, mailing: Mailing, event: MailingEvent, *, now: int, note: str) -> bool:
    """Whether there was anything to stop. In one transaction, so that no claim comes between."""
    with database_errors(), engine.begin() as connection:
        last = find_last_record(connection, mailing.id)
        at_rest = last is not None and last.event in (MailingEvent.PAUSED, MailingEvent.CANCELLED)
        if not _count_unfinished(connection, mailing) or (at_rest and event is MailingEvent.PAUSED):
            return False
        add_event(connection, mailing.id, event, now=now, note=note)
        if event is MailingEvent.CANCELLED:
            leave_out_rest(connection, deliveries.c.mailing_id == mailing.id, now=now, reply=CANCELLED)
    return True


def _count_unfinished(connection: Connection, mailing: Mailing) -> int:
    unfinished = deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING))
    query = select(func.count()).where(deliveries.c.mailing_id == mailing.id, unfinished)
    return connection.execute(query).scalar_one()
