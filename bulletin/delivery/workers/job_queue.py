"""The job queue, Procrastinate, on the database of the ledger: the only module that knows it, with `queue_schema`.

A worker has a queue of its own, so a job is for one worker and one mailing. If either is gone, the job is worth
nothing, and `upkeep` makes others. Everything that must not happen twice is decided by the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.worker import Worker as QueueWorker

from bulletin.database.dialects import choose_arguments
from bulletin.database.errors import database_errors
from bulletin.delivery.workers.sharing import Opening
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_SHIFT: Final = "bulletin.shift"
_UPKEEP: Final = "bulletin-upkeep"
POLL: Final = 1.0
"""Seconds between two looks for jobs. Listening for them ends when the server restarts."""

_HEARTBEAT: Final = 5.0  # seconds
_STALLED: Final = 20.0  # seconds without one
_AT_ONCE: Final = 16  # jobs, most of which wait for others
_FEW: Final = 3  # connections of the queue's own

_FIND_TAKEN: Final = """
SELECT queue_name, (args ->> 'mailing')::bigint AS mailing FROM procrastinate_jobs
WHERE task_name = %(task)s AND status = 'todo'
"""
_IS_HEARD: Final = f"""
SELECT EXISTS (SELECT FROM procrastinate_workers
    WHERE id = %(id)s AND last_heartbeat > now() - interval '{_STALLED:g} seconds')
"""  # noqa: S608 -- our own words only
# Jobs for workers that are gone, and those that a dead worker was doing: the ledger knows what is left to do.
_CLEAR_AWAY: Final = f"""
DELETE FROM procrastinate_jobs j WHERE
    (task_name = '{_SHIFT}' AND status = 'todo' AND NOT EXISTS (SELECT FROM workers w
        WHERE w.ended_at IS NULL AND j.queue_name = 'bulletin-worker-' || w.id))
    OR (status = 'doing' AND NOT EXISTS (SELECT FROM procrastinate_workers q
        WHERE q.id = j.worker_id AND q.last_heartbeat > now() - interval '{_STALLED:g} seconds'))
    OR (status NOT IN ('todo', 'doing') AND NOT EXISTS (SELECT FROM procrastinate_events e
        WHERE e.job_id = j.id AND e.at > now() - interval '1 hour'))
"""  # noqa: S608 -- our own words only

for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what a person should know, we say ourselves


def name_queue(worker: int) -> str:
    """The queue of a worker."""
    return f"bulletin-worker-{worker}"


def defer_shifts(connection: Connection, vacancies: Iterable[Opening]) -> None:
    """Hand out jobs within the caller's transaction: if that is rolled back, there are none."""
    app = App(connector=PsycopgConnector())
    driver = connection.connection.driver_connection
    with queue_errors():
        for one in vacancies:
            task = app.configure_task(_SHIFT, queue=name_queue(one.worker), connection=driver)
            task.defer(mailing=one.mailing)


def leave_out_taken(connection: Connection, vacancies: Iterable[Opening]) -> list[Opening]:
    """Those of `vacancies` that there is no job for yet. Within the caller's transaction."""
    rows = connection.exec_driver_sql(_FIND_TAKEN, {"task": _SHIFT}).all()
    taken = {(row.queue_name, row.mailing) for row in rows}
    return [one for one in vacancies if (name_queue(one.worker), one.mailing) not in taken]


def clear_away(engine: Engine) -> None:
    """Delete the jobs that are worth nothing any more. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        connection.exec_driver_sql(_CLEAR_AWAY)


def is_heard(engine: Engine, queue_worker: int | None) -> bool:
    """Whether the queue has heard of this worker of its own lately. Raises DatabaseError."""
    with database_errors(), engine.connect() as connection:
        return bool(connection.exec_driver_sql(_IS_HEARD, {"id": queue_worker}).scalar_one())


def make_app(engine: Engine, work: Callable[[int], Awaitable[None]], upkeep: Mapping[str, Upkeep]) -> App:
    """The app of one worker: `work` is a shift on a mailing; `upkeep` are periodic tasks by their names."""
    _, named = engine.dialect.create_connect_args(engine.url)
    app = App(connector=PsycopgConnector(kwargs={**named, **choose_arguments(engine.url)}, min_size=1, max_size=_FEW))

    @app.task(name=_SHIFT)
    async def shift(mailing: int) -> None:
        await work(mailing)

    for name, (cron, act) in upkeep.items():
        _add_periodic(app, name, cron, act)
    return app


Upkeep = tuple[str, Callable[[], Awaitable[None]]]
"""When it runs, as cron writes it (a sixth field is seconds), and what it does."""


def _add_periodic(app: App, name: str, cron: str, act: Callable[[], Awaitable[None]]) -> None:
    """One such job waits at most, however many machines there are. It holds no lock: a stalled one would keep it."""

    async def run(timestamp: int) -> None:
        del timestamp
        await act()

    task = app.task(name=f"bulletin.{name}", queue=_UPKEEP, queueing_lock=f"bulletin.{name}")(run)
    app.periodic(cron=cron)(task)


def make_queue_worker(app: App, worker: int, *, wait: bool) -> QueueWorker:
    """What fetches jobs, for the worker with this number. Without `wait`, it ends once there are none."""
    return QueueWorker(
        app,
        queues=[name_queue(worker), _UPKEEP],
        name=name_queue(worker),
        concurrency=_AT_ONCE,
        wait=wait,
        fetch_job_polling_interval=POLL,
        abort_job_polling_interval=30,
        listen_notify=False,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=_HEARTBEAT,
        stalled_worker_timeout=_STALLED,
    )


async def fetch_jobs(fetcher: QueueWorker) -> None:
    """Fetch jobs and do them until it is stopped. Raises DatabaseError."""
    with queue_errors():
        await fetcher.run()  # type: ignore[no-untyped-call] # the library's


def stop_fetching(fetcher: QueueWorker) -> None:
    """Let it end once its jobs have."""
    fetcher.stop()  # type: ignore[no-untyped-call] # the library's


@contextmanager
def queue_errors() -> Iterator[None]:
    """Turn what the queue cannot do with the database into DatabaseError."""
    try:
        yield
    except exceptions.ConnectorException as error:
        cause: Any = error.__cause__ or error
        words = str(cause).strip().partition("\n")[0]
        raise DatabaseError(
            f"The database's job queue cannot be used: {words}", "Check that the database's server runs."
        ) from error
