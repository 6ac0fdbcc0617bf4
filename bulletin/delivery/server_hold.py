"""The hold on an issue's mailings among several machines: the database server that they share keeps it.

`delivery.hold` keeps one machine to one sender. Where the ledger is on PostgreSQL others may send from it as well, so
the server locks the issue for one session of ours (an advisory lock): gone the moment that session is, however the
process or its machine ended. Who holds it is in the session's name, for people; nothing is decided by what it says.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.delivery.hold import Holder, describe_hold, identify_ourselves
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# The server lets this session idle as long as a mailing takes, and ends that of a machine which went silent within half
# a minute (see `database.engine`). It knows the first of these only if it is new enough.
_SETTINGS: Final = """
SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES
    ('idle_session_timeout', '0'), ('application_name', CAST(%(name)s AS text))
) AS wanted (name, value) USING (name)
"""
_TAKE: Final = "SELECT pg_try_advisory_lock(%(key)s)"
# Not by closing alone: the server notices that a little later.
_LET_GO: Final = "SELECT pg_advisory_unlock(%(key)s)"
# How the server keeps a lock's number: its upper and its lower half (PostgreSQL's manual, pg_locks).
_FIND_HOLDER: Final = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint = %(upper)s AND objid::bigint = %(lower)s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_PAUSE: Final = 0.05  # seconds between two attempts
_LONGEST_NAME: Final = 63  # bytes of a session's name that the server keeps


@contextmanager
def hold_on_server(engine: Engine, issue: str, *, now: int, wait: float = 0) -> Iterator[None]:
    """Keep every other process that uses the same database server from sending `issue` while the `with` block runs.

    Does nothing where the database is a file: `hold_mailing` is enough there. `now` in ms since 1970. Raises
    MailingHeld if another process is sending it and has not ended after `wait` seconds, DatabaseError if the server
    cannot be asked.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    connection = _take_lock(engine, issue, identify_ourselves(now), wait)
    try:
        yield
    finally:
        # Where the session has been lost there is nothing to let go of, and nobody to tell.
        with suppress(DatabaseError), database_errors(), connection:
            connection.exec_driver_sql(_LET_GO, {"key": _number(issue)})


def _take_lock(engine: Engine, issue: str, ourselves: Holder, wait: float) -> Connection:
    """The session that holds the lock until it is closed."""
    key = _number(issue)
    with database_errors():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closing it ends the session, and does not keep it for others
        try:
            connection.exec_driver_sql(_SETTINGS, {"name": _write_name(ourselves)})
            if _try_until(time.monotonic() + wait, connection, key):
                return connection
            holder = connection.exec_driver_sql(_FIND_HOLDER, _halve(key)).scalars().first()
        except BaseException:
            connection.close()
            raise
        connection.close()
    raise describe_hold(issue, _read_name(holder or ""))


def _try_until(end: float, connection: Connection, key: int) -> bool:
    """Whether the lock could be had until then. The server could wait too, but gives up only with an error."""
    while not connection.exec_driver_sql(_TAKE, {"key": key}).scalar_one():
        if time.monotonic() >= end:
            return False
        time.sleep(_PAUSE)
    return True


def _number(issue: str) -> int:
    """The number of an issue's lock, 64 bits: the server knows locks by numbers only."""
    digest = blake2b(f"bulletin is sending {issue}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _halve(key: int) -> dict[str, int]:
    return {"upper": (key >> 32) & 0xFFFFFFFF, "lower": key & 0xFFFFFFFF}


def _write_name(holder: Holder) -> str:
    """The name of a session; a long computer name loses its end."""
    name = f"bulletin {holder.since} {holder.pid} {holder.user[:20]}@{holder.host}"
    return name.encode("ascii", "replace")[:_LONGEST_NAME].decode("ascii")


def _read_name(name: str) -> Holder | None:
    found = re.fullmatch(r"bulletin (\d+) (\d+) (.*)@(.*)", name)
    if found is None:
        return None
    since, pid, user, host = found.groups()
    return Holder(pid=int(pid), user=user, host=host, since=int(since))
