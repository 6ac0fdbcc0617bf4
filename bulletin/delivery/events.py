"""What happened to a mailing as a whole: the last of its events says how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import MailingEvent, mailing_events

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.mailing import Mailing


def find_last_event(engine: Engine, mailing: Mailing) -> MailingEvent:
    """How the mailing stands. Raises DatabaseError."""
    query = (
        select(mailing_events.c.event)
        .where(mailing_events.c.mailing_id == mailing.id)
        .order_by(mailing_events.c.id.desc())
        .limit(1)
    )
    with database_errors(), engine.begin() as connection:
        # A mailing that began before there were events has none.
        return MailingEvent(connection.scalar(query) or MailingEvent.BEGUN)


def record_event(engine: Engine, mailing: Mailing, event: MailingEvent, *, now: int, note: str = "") -> None:
    """Write down that this happened, at `now` (ms since 1970); `note` says why, or by whom. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        connection.execute(insert(mailing_events).values(mailing_id=mailing.id, event=event, at=now, note=note))
