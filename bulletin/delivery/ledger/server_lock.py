"""The hold on an issue's mailings among several machines: the database server that they share keeps it.

`delivery.hold` keeps one machine to one sender. Where the ledger is on PostgreSQL others may send from it as well, so
the server locks the issue for one session of ours (an advisory lock): gone the moment that session is, however the
process or its machine ended. Who holds it is in the session's name, for people; nothing is decided by what it says.

A session may also end while its process works on: an administrator or an idle network ends it, the server restarts.
Then another machine can have the lock at once. So a sender keeps asking that very session.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b
from threading import Thread
from typing import TYPE_CHECKING, Final

from bulletin.database.dialects import is_on_server
from bulletin.database.errors import database_errors
from bulletin.delivery.ledger.file_lock import Holder, describe_hold, identify_ourselves
from bulletin.errors import DatabaseError, HoldLost

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# The server lets this session idle as long as a mailing takes, and ends that of a machine which went silent within half
# a minute (see `database.dialects`). It knows the first of these only if it is new enough.
_SETTINGS: Final = """
SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES
    ('idle_session_timeout', '0'), ('application_name', CAST(%(name)s AS text))
) AS wanted (name, value) USING (name)
"""
_TAKE: Final = "SELECT pg_try_advisory_lock(%(key)s)"
# Workers share the lock with each other, and with no one else.
_SHARE: Final = "SELECT pg_try_advisory_lock_shared(%(key)s)"
_SESSION: Final = "SELECT pg_backend_pid()"
# Not by closing alone: the server notices that a little later.
_LET_GO: Final = "SELECT pg_advisory_unlock_all()"
# How the server keeps a lock's number: its upper and its lower half (PostgreSQL's manual, pg_locks).
_FIND_HOLDER: Final = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint = %(upper)s AND objid::bigint = %(lower)s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_IS_OURS: Final = """
SELECT EXISTS (SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = pg_backend_pid()
    AND classid::bigint = %(upper)s AND objid::bigint = %(lower)s)
"""
_PAUSE: Final = 0.05  # seconds between two attempts
_SILENCE: Final = 5.0
"""Seconds for which the server's answer is waited for. Nothing leaves meanwhile."""

_LONGEST_NAME: Final = 63  # bytes of a session's name that the server keeps


@contextmanager
def hold_on_server(engine: Engine, issue: str, *, now: int, wait: float = 0) -> Iterator[Callable[[], None]]:
    """Keep every other process that uses the same database server from sending `issue` while the `with` block runs.

    The block is given a function that asks the server whether that is still so, and raises HoldLost if it is not. Does
    nothing where the database is a file: `hold_mailing` is enough there. `now` in ms since 1970. Raises MailingHeld if
    another process is sending it and has not ended after `wait` seconds, DatabaseError if the server cannot be asked.
    """
    if not is_on_server(engine):
        yield lambda: None
        return
    session = _Session(_take_lock(engine, issue, identify_ourselves(now), wait), issue)
    try:
        yield session.require_lock
    finally:
        session.let_go()


@contextmanager
def share_on_server(engine: Engine, issue: str, *, now: int) -> Iterator[tuple[Callable[[], None], int]]:
    """As `hold_on_server`, but others may share the lock: it keeps away only who wants the issue alone.

    The block is given that function, and the server's number of the session that has the lock.
    """
    session = _Session(_take_lock(engine, issue, identify_ourselves(now), 0, take=_SHARE), issue)
    try:
        yield session.require_lock, session.number
    finally:
        session.let_go()


def find_sender_on_server(engine: Engine, issue: str) -> Holder | None:
    """Who is sending `issue` by the same database server now; None if no one is, or if the database is a file.

    Raises DatabaseError.
    """
    if not is_on_server(engine):
        return None
    with database_errors(), engine.connect() as connection:
        name = connection.exec_driver_sql(_FIND_HOLDER, _halve(_number(issue))).scalars().first()
    return _read_name(name or "")


class _Session:
    """The session that holds the lock of an issue."""

    def __init__(self, connection: Connection, issue: str) -> None:
        self._connection = connection
        self._issue = issue
        self._answer: Future[bool] | None = None  # to the last question
        self._lost = ""  # what was wrong, in words, once something was

    @property
    def number(self) -> int:
        """The server's own number of it."""
        with database_errors():
            return int(self._connection.exec_driver_sql(_SESSION).scalar_one())

    def require_lock(self) -> None:
        """Ask the server, by this very session. Raises HoldLost, also ever after, if the lock is not ours any more."""
        self._lost = self._lost or self._find_fault()
        if self._lost:
            raise HoldLost(
                f"{self._issue} has stopped on this computer. {self._lost} Another computer may be sending it by now.",
                f"To continue, run the same command again. To see how far it is: bulletin status {self._issue}",
            )

    def _find_fault(self) -> str:
        # A thread of its own: by this one, a session that has fallen silent is waited for as long as the network likes.
        self._answer = Future()
        Thread(target=self._ask, args=(self._answer,), name="bulletin asks for its lock", daemon=True).start()
        try:
            return "" if self._answer.result(_SILENCE) else "The database server has let go of its lock."
        except TimeoutError:
            return f"The database server has not answered for {_SILENCE:g} seconds."
        except DatabaseError as error:
            return error.message

    def _ask(self, answer: Future[bool]) -> None:
        key = _halve(_number(self._issue))
        try:
            with database_errors():
                ours = self._connection.exec_driver_sql(_IS_OURS, key).scalar_one()
        except BaseException as error:  # noqa: BLE001 -- raised where the answer is waited for
            deliver = partial(answer.set_exception, error)
        else:
            deliver = partial(answer.set_result, ours)
        try:
            deliver()
        except InvalidStateError:  # the answer came too late, so this thread has to close the session
            self._close()

    def let_go(self) -> None:
        """Let others have the lock. A session that is still asked something closes itself, once it is answered."""
        if self._answer and self._answer.cancel():
            return
        if not self._lost:
            # A lost session holds no lock, and there is no one to tell.
            with suppress(DatabaseError), database_errors():
                self._connection.exec_driver_sql(_LET_GO)
        self._close()

    def _close(self) -> None:
        with suppress(DatabaseError), database_errors():
            self._connection.close()


def _take_lock(engine: Engine, issue: str, ourselves: Holder, wait: float, *, take: str = _TAKE) -> Connection:
    """The session that holds the lock until it is closed."""
    key = _number(issue)
    with database_errors():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closing it ends the session, and does not keep it for others
        try:
            connection.exec_driver_sql(_SETTINGS, {"name": _write_name(ourselves)})
            if _try_until(time.monotonic() + wait, connection, key, take):
                return connection
            holder = connection.exec_driver_sql(_FIND_HOLDER, _halve(key)).scalars().first()
        except BaseException:
            connection.close()
            raise
        connection.close()
    raise describe_hold(issue, _read_name(holder or ""))


def _try_until(end: float, connection: Connection, key: int, take: str) -> bool:
    """Whether the lock could be had until then. The server could wait too, but gives up only with an error."""
    while not connection.exec_driver_sql(take, {"key": key}).scalar_one():
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
