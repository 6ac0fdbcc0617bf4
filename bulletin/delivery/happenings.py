"""What happened to a mailing as a whole: begun, paused, halted, ended. Reads only.

Every function is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import MailingEvent, deliveries, mailing_events
from bulletin.delivery.progress import Counts

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.mailing import Mailing


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Something that happened to a mailing as a whole; `at` in ms since 1970, UTC. `note` says why, or by whom."""

    event: MailingEvent
    at: int
    note: str


def read_happenings(engine: Engine, mailing: Mailing) -> tuple[Happening, ...]:
    """All that happened to a mailing, the earliest first."""
    query = select(mailing_events).where(mailing_events.c.mailing_id == mailing.id).order_by(mailing_events.c.id)
    with database_errors(), engine.begin() as connection:
        return tuple(
            Happening(event=MailingEvent(row.event), at=row.at, note=row.note) for row in connection.execute(query)
        )


def find_end(engine: Engine, mailing: Mailing, counts: Counts, happenings: Sequence[Happening]) -> int | None:
    """When nobody was left to be tried: as recorded, or, where a sender died before recording it, the last reply.

    In ms since 1970, UTC; None as long as somebody is still to be tried.
    """
    if counts.unfinished:
        return None
    if ends := [one.at for one in happenings if one.event in (MailingEvent.ENDED, MailingEvent.CANCELLED)]:
        return ends[-1]
    query = select(func.max(deliveries.c.ended_at)).where(deliveries.c.mailing_id == mailing.id)
    with database_errors(), engine.begin() as connection:
        last: int | None = connection.scalar(query)
    return last
