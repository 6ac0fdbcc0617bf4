"""The roster: which workers there are, since when, at what rate, and when they were last seen.

Times are by the database's own clock, in ms since 1970. Every function is a transaction of its own, and raises
DatabaseError.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulletin.database.dialects import is_on_server
from bulletin.database.errors import database_errors
from bulletin.database.schema import HEAD
from bulletin.delivery.ledger.fence import NOW
from bulletin.origin import name_user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

ALIVE: Final = 20
"""Seconds of silence after which no more work is given to a worker."""

SEEN_LATELY: Final = 60
"""Seconds of silence after which `bulletin send` sends by itself."""

_LONGEST_HOST: Final = 255
_REGISTER: Final = f"""
INSERT INTO workers (host, pid, "user", began_at, seen_at)
VALUES (%(host)s, %(pid)s, %(user)s, {NOW}, {NOW}) RETURNING id
"""  # noqa: S608 -- our own words only
_BEAT: Final = f"UPDATE workers SET seen_at = {NOW}, rate = %(rate)s WHERE id = %(id)s AND ended_at IS NULL"  # noqa: S608 -- our own words only
_RETIRE: Final = f"UPDATE workers SET ended_at = {NOW} WHERE id = %(id)s AND ended_at IS NULL"  # noqa: S608 -- our own words only
_GIVE_UP: Final = f"""
UPDATE workers SET ended_at = {NOW}
WHERE ended_at IS NULL AND seen_at < {NOW} - %(silence)s
    AND pg_postmaster_start_time() < clock_timestamp() - interval '{ALIVE} seconds'
"""  # noqa: S608 -- our own words only
_SEEN: Final = f"""
SELECT w.id, w.host, w.pid, w."user", w.began_at, w.rate, ({NOW} - w.seen_at) / 1000 AS silence,
    ARRAY(SELECT DISTINCT m.issue FROM shifts s JOIN mailings m ON m.id = s.mailing_id
        WHERE s.worker_id = w.id AND s.ended_at IS NULL ORDER BY m.issue) AS issues
FROM workers w WHERE w.ended_at IS NULL AND w.seen_at > {NOW} - %(silence)s ORDER BY w.id
"""  # noqa: S608 -- our own words only
_FORGET: Final = f"""
DELETE FROM shifts WHERE ended_at < {NOW} - 86400000
    AND mailing_id NOT IN (SELECT mailing_id FROM shared_mailings)
"""  # noqa: S608 -- our own words only
_FORGET_WORKERS: Final = f"""
DELETE FROM workers w WHERE ended_at < {NOW} - 86400000 AND NOT EXISTS (SELECT FROM shifts WHERE worker_id = w.id)
"""  # noqa: S608 -- our own words only


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """A worker: its process, since when (ms since 1970), and how many messages a minute were accepted lately.

    `silence`: for how many seconds it was not heard of. `issues` are those that it is sending.
    """

    id: int
    host: str
    pid: int
    user: str
    since: int
    rate: int
    silence: int
    issues: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid})"


def register_worker(engine: Engine) -> int:
    """Put this process on the roster; its number there."""
    values = {"host": socket.gethostname()[:_LONGEST_HOST], "pid": os.getpid(), "user": name_user()}
    with database_errors(), engine.begin() as connection:
        number: int = connection.exec_driver_sql(_REGISTER, values).scalar_one()
    return number


def beat_worker(engine: Engine, number: int, *, rate: int) -> bool:
    """Say that the worker is there, and its rate in messages a minute. False if it was given up meanwhile."""
    with database_errors(), engine.begin() as connection:
        return bool(connection.exec_driver_sql(_BEAT, {"id": number, "rate": rate}).rowcount)


def is_upgraded(engine: Engine) -> bool:
    """Whether another version of this program has upgraded the database since it was opened."""
    with database_errors(), engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() != HEAD)


def retire_worker(engine: Engine, number: int) -> None:
    """Take a worker that ends from the roster."""
    with database_errors(), engine.begin() as connection:
        connection.exec_driver_sql(_RETIRE, {"id": number})


def find_workers(engine: Engine, *, within: float = SEEN_LATELY) -> Sequence[Worker]:
    """The workers that were seen in the last `within` seconds; none where the database is a file."""
    if not is_on_server(engine):
        return ()
    with database_errors(), engine.connect() as connection:
        rows = connection.exec_driver_sql(_SEEN, {"silence": int(within * 1000)}).all()
    return [
        Worker(
            id=row.id,
            host=row.host,
            pid=row.pid,
            user=row.user,
            since=row.began_at,
            rate=row.rate,
            silence=int(row.silence),
            issues=tuple(row.issues),
        )
        for row in rows
    ]


def tidy_roster(engine: Engine) -> None:
    """Give up the workers that fell silent, and forget those that ended more than a day ago."""
    with database_errors(), engine.begin() as connection:
        connection.exec_driver_sql(_GIVE_UP, {"silence": ALIVE * 1000})
        connection.exec_driver_sql(_FORGET)
        connection.exec_driver_sql(_FORGET_WORKERS)
