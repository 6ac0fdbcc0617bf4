"""Leave a mailing to the workers: it is shared, and each worker gets a job, in the transaction in which it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from bulletin.database.dialects import is_on_server
from bulletin.delivery.ledger.shared_mailings import share_mailing
from bulletin.delivery.workers.roster import find_workers
from bulletin.delivery.workers.sharing import Opening
from bulletin.errors import MailingError
from bulletin.parts import Part, has_part, require_part

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing


def require_workers_possible(engine: Engine) -> None:
    """Raises MailingError if the database is a file, and MissingPart if the extra is not installed."""
    if not is_on_server(engine):
        raise MailingError(
            "Workers need a PostgreSQL database, which several computers can use at once. This one is a file.",
            "Set BULLETIN_DATABASE_URL to a PostgreSQL database. One computer needs no workers: bulletin send",
        )
    require_part(Part.WORKERS)


def prepare_to_hand_over(engine: Engine) -> Callable[[Connection, Mailing], None]:
    """What leaves a mailing to the workers that are there now. Raises DatabaseError."""
    from bulletin.delivery.workers.queue_schema import upgrade_queue

    upgrade_queue(engine)
    return partial(_hand_over, [worker.id for worker in find_workers(engine)])


def find_hand_over(engine: Engine) -> Callable[[Connection, Mailing], None] | None:
    """What leaves a mailing to the workers, if one was seen lately; else None. Raises DatabaseError."""
    if not (is_on_server(engine) and has_part(Part.WORKERS) and find_workers(engine)):
        return None
    return prepare_to_hand_over(engine)


def _hand_over(workers: Iterable[int], connection: Connection, mailing: Mailing) -> None:
    from bulletin.delivery.workers.job_queue import defer_shifts, leave_out_taken

    share_mailing(connection, mailing)
    vacancies = [Opening(worker=worker, mailing=mailing.id) for worker in workers]
    defer_shifts(connection, leave_out_taken(connection, vacancies))
