"""Every commit that changes the ledger is counted in it, and the count goes to the mark beside it (`mark`).

The count is part of the commit itself, so the database and the mark cannot disagree about what was committed. A ledger
with fewer commits than its mark lacks something (`shortfall`). That is recorded in it, and from then on nothing else
is, on any computer that uses it, until a person has decided.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event, select

from bulletin.database.dialects import is_on_server
from bulletin.database.identity import name_place
from bulletin.database.mark import MailingMark, Mark, MarkFile
from bulletin.database.shortfall import Shortfall
from bulletin.database.tables import identity
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, PoolProxiedConnection

_COUNT_ON_FILE: Final = "UPDATE identity SET commits = commits + 1, changed_at = ? RETURNING id, commits, lacking"
# A transaction that has changed nothing has no number.
_COUNT_ON_SERVER: Final = (
    "UPDATE identity SET commits = commits + 1, changed_at = %s "
    "WHERE txid_current_if_assigned() IS NOT NULL RETURNING id, commits, lacking"
)
# What a connection keeps about its transaction.
_CHANGES: Final = "changes before it"
_COUNTED: Final = "counted already"
_MAILINGS: Final = "mailings that it is about"
_SETTLES: Final = "settles a shortfall"
_MOVES: Final = "moves the database"


def count_commits(engine: Engine, file: MarkFile | None, *, ledger: str) -> None:
    """Count them from now on. `file` is where the mark is, None if there is none; `ledger` is the database's id.

    Once the database has another id, because it was moved, nothing can be committed any more.
    """
    _CommitCounter(engine, file, ledger)
    if file:
        engine.update_execution_options(mark=file)
        event.listen(engine, "engine_disposed", lambda _engine: file.close())


def read_commits(connection: Connection) -> int:
    """How many commits have changed the database. The same number twice: nothing has changed in between."""
    number: int = connection.execute(select(identity.c.commits)).scalar_one()
    return number


def sync_mark(engine: Engine) -> None:
    """Bring the mark to the disk: a run has ended. Raises OSError if that fails."""
    file: MarkFile | None = engine.get_execution_options().get("mark")
    if file:
        file.sync()


class _CommitCounter:
    """Takes the place of what the engine's dialect does to begin and to commit."""

    def __init__(self, engine: Engine, file: MarkFile | None, ledger: str) -> None:
        self._file = file
        self._ledger = ledger
        self._place = name_place(engine.url)
        dialect = engine.dialect
        self._on_file = not is_on_server(engine)
        self._do_begin, self._do_commit = dialect.do_begin, dialect.do_commit
        # An event would take five times as long.
        dialect.do_begin = self._begin  # type: ignore[method-assign]
        dialect.do_commit = self._commit  # type: ignore[method-assign]

    def _begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        self._do_begin(dbapi_connection)
        info = dbapi_connection.info
        info[_SETTLES], info[_MOVES], info[_MAILINGS] = False, False, ()
        info[_COUNTED] = None
        info[_CHANGES] = self._count_changes(dbapi_connection)

    def _commit(self, dbapi_connection: PoolProxiedConnection) -> None:
        mark = self._count(dbapi_connection)
        self._do_commit(dbapi_connection)
        if mark and self._file:
            self._file.raise_to(mark)

    def _count(self, connection: PoolProxiedConnection) -> Mark | None:
        """The mark as it is once this is committed; None if nothing has changed. Raises LedgerBehind, DatabaseError."""
        info = connection.info
        if self._on_file and info[_CHANGES] == self._count_changes(connection):
            return None
        now, row = info[_COUNTED] or self._ask(connection)
        if row is None:
            return None
        ledger, commits, lacking = row
        if ledger != self._ledger and not info[_MOVES]:
            raise DatabaseError(
                f"The database {self._place} was moved while it was in use. This was not recorded.",
                "To see where it is now, type: bulletin database status. Then run the same command again.",
            )
        if lacking is not None and not info[_SETTLES]:
            raise Shortfall.from_data(json.loads(lacking) if isinstance(lacking, str) else lacking).explain(self._place)
        return Mark(ledger=ledger, commits=commits, at=now, mailings=info[_MAILINGS])

    def _ask(self, connection: PoolProxiedConnection) -> tuple[int, Any]:
        """Count the commit: when that was, and what the database says of itself, if anything has changed."""
        now = _find_time()
        cursor = connection.cursor()
        cursor.execute(_COUNT_ON_FILE if self._on_file else _COUNT_ON_SERVER, (now,))
        row = cursor.fetchone()
        cursor.close()
        return now, row

    def _count_changes(self, connection: PoolProxiedConnection) -> int:
        """How many rows this connection to a file has changed so far; a server is asked otherwise."""
        return connection.dbapi_connection.total_changes if self._on_file else 0  # type: ignore[union-attr] # sqlite3's


def count_early(
    connection: Connection,
) -> tuple[list[tuple[str, tuple[int, ...]]], Callable[[Sequence[tuple[int, Any]]], None]]:
    """The statement that counts this commit on a server, to be sent with the last that change something.

    And what has to be told its answer. Neither does anything where commits are not counted.
    """
    info = connection.connection.info
    if _CHANGES not in info or info[_COUNTED]:
        return [], lambda _answers: None
    now = _find_time()

    def note(answers: Sequence[tuple[int, Any]]) -> None:
        if (row := answers[0][1]) is not None:  # else what changes something may still come
            info[_COUNTED] = now, row

    return [(_COUNT_ON_SERVER, (now,))], note


def _find_time() -> int:
    return time.time_ns() // 1_000_000


def note_mailing(connection: Connection, mailing: MailingMark) -> None:
    """Have the mark say how far `mailing` is, once the transaction of `connection` is committed."""
    info = connection.connection.info
    info[_MAILINGS] = (*info[_MAILINGS], mailing)


def allow_settling(connection: Connection) -> None:
    """Let the transaction of `connection` be committed though the ledger lacks something: a person has decided."""
    connection.connection.info[_SETTLES] = True


def allow_moving(connection: Connection) -> None:
    """Let the transaction of `connection` give the database another id: it is moved, or put in place."""
    connection.connection.info[_MOVES] = True
