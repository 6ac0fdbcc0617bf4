"""Who should work on which of the mailings that are left to the workers, and which of them are over.

The ledger says what is shared. If the job queue lost all its jobs, the next look here would make them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.fence import NOW
from bulletin.delivery.ledger.mailing import find_mailing
from bulletin.delivery.ledger.mailing_events import STOPPED, find_last_event
from bulletin.delivery.workers.roster import ALIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing

_WANTING: Final = f"""
SELECT s.mailing_id, w.id AS worker_id FROM shared_mailings s CROSS JOIN workers w
WHERE w.ended_at IS NULL AND w.seen_at > {NOW} - {ALIVE * 1000}
    AND NOT EXISTS (SELECT FROM shifts
        WHERE ended_at IS NULL AND shifts.mailing_id = s.mailing_id AND shifts.worker_id = w.id)
    AND (EXISTS (SELECT FROM deliveries d WHERE d.mailing_id = s.mailing_id AND d.state = 'queued' AND d.id > s.dealt)
        OR EXISTS (SELECT FROM deliveries d
            WHERE d.mailing_id = s.mailing_id AND d.state = 'deferred' AND d.due_at <= {NOW}))
ORDER BY 1, 2
"""  # noqa: S608 -- our own words only
# Some were dealt to a shift that ended before it claimed them.
_DEAL_AGAIN: Final = """
UPDATE shared_mailings s SET dealt = 0
WHERE dealt > 0 AND NOT EXISTS (SELECT FROM shifts WHERE ended_at IS NULL AND shifts.mailing_id = s.mailing_id)
    AND EXISTS (SELECT FROM deliveries d WHERE d.mailing_id = s.mailing_id AND d.state = 'queued')
"""
# Nothing of it moved for so many ms: neither an event, nor a shift, nor a retry that was due.
_SILENCE: Final = f"""
SELECT {NOW} - greatest(
    (SELECT max(at) FROM mailing_events WHERE mailing_id = %(mailing)s),
    (SELECT max(seen_at) FROM shifts WHERE mailing_id = %(mailing)s),
    (SELECT min(due_at) FROM deliveries WHERE mailing_id = %(mailing)s AND state = 'deferred'))
"""  # noqa: S608 -- our own words only
_OVER: Final = """
DELETE FROM shared_mailings s WHERE NOT EXISTS (SELECT FROM deliveries d
    WHERE d.mailing_id = s.mailing_id AND d.state IN ('queued', 'deferred', 'sending'))
"""
_TO_CONCLUDE: Final = """
SELECT mailing_id FROM shared_mailings s WHERE NOT EXISTS (SELECT FROM deliveries d
    WHERE d.mailing_id = s.mailing_id AND d.state IN ('queued', 'deferred', 'sending'))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A worker that could work on a mailing, and doesn't."""

    worker: int
    mailing: int


def find_vacancies(engine: Engine, *, longest: timedelta) -> Sequence[Opening]:
    """Which workers should begin a shift on which mailing. Raises DatabaseError.

    A mailing of which nothing moved for `longest` waits for a person.
    """
    with database_errors(), engine.begin() as connection:
        connection.exec_driver_sql(_DEAL_AGAIN)
        rows = connection.exec_driver_sql(_WANTING).all()
    mailings = {row.mailing_id for row in rows}
    continuing = {mailing: _may_continue(engine, mailing, longest=longest) for mailing in mailings}
    return [Opening(worker=row.worker_id, mailing=row.mailing_id) for row in rows if continuing[row.mailing_id]]


def find_concluded(engine: Engine) -> Iterator[Mailing]:
    """The shared mailings of which no one is left, though no shift may have said so. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        numbers = list(connection.exec_driver_sql(_TO_CONCLUDE).scalars())
    for number in numbers:
        if find_last_event(engine, number) not in (MailingEvent.ENDED, *STOPPED):
            yield find_mailing(engine, number)


def forget_finished(engine: Engine) -> None:
    """Let go of the mailings that no one is left of. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        connection.exec_driver_sql(_OVER)


def _may_continue(engine: Engine, number: int, *, longest: timedelta) -> bool:
    if find_last_event(engine, number) in STOPPED:
        return False
    with database_errors(), engine.begin() as connection:
        silence = connection.exec_driver_sql(_SILENCE, {"mailing": number}).scalar_one()
    return bool(silence <= longest / timedelta(milliseconds=1))
