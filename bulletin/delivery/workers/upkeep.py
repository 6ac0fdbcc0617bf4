"""What one of the workers does every few seconds for all: take over from those that fell silent, and hand out jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.fence import take_over_silent
from bulletin.delivery.ledger.mailing_events import add_event, find_last_record, lock_events
from bulletin.delivery.workers.job_queue import clear_away, defer_shifts, leave_out_taken
from bulletin.delivery.workers.roster import tidy_roster
from bulletin.delivery.workers.sharing import find_concluded, find_vacancies, forget_finished

if TYPE_CHECKING:
    from sqlalchemy import Engine


def keep_up(engine: Engine, *, longest: timedelta, clock: Callable[[], int], report: Callable[[str], None]) -> None:
    """Take over silent shifts, give up silent workers, hand out jobs, and let go of what is done. Raises DatabaseError.

    `longest` is how long a mailing may rest before it waits for a person. Several at once do no harm.
    """
    for shift in take_over_silent(engine):
        report(f"Worker {shift.worker} fell silent. Others continue, and what it had in flight is uncertain.")
    tidy_roster(engine)
    clear_away(engine)
    vacancies = find_vacancies(engine, longest=longest)
    if vacancies:
        with database_errors(), engine.begin() as connection:
            defer_shifts(connection, leave_out_taken(connection, vacancies))
    for mailing in find_concluded(engine):
        with database_errors(), engine.begin() as connection:
            lock_events(connection)
            last = find_last_record(connection, mailing.id)
            if last is None or last.event in (MailingEvent.BEGUN, MailingEvent.RESUMED):
                add_event(connection, mailing.id, MailingEvent.ENDED, now=clock())
    forget_finished(engine)
