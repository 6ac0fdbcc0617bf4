"""The fence around one worker's shift on a mailing: once it has ended, nothing of it can be claimed or recorded.

Several workers send one mailing at once, each in a shift of its own. A shift's row is changed by each of its commits,
so it is locked by them; to take over a silent worker's shift is to end that row and to make what it had in flight
uncertain, in one commit. So of a worker that wakes up too late no claim and no result can be committed. The shift's id
is its epoch: it grows with each shift, and a delivery in flight names it with its worker.

Only on PostgreSQL, and by its clock alone: no two computers have to agree about the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, literal_column, update

from bulletin.database.errors import database_errors
from bulletin.database.prepared import Filled, Prepared
from bulletin.database.tables import shifts
from bulletin.errors import HoldLost

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

NOW: Final = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
"""In SQL: ms since 1970, by the database's own clock."""

LEASE: Final = 15
"""Seconds of silence after which a shift is taken over."""

_OPEN: Final = "ended_at IS NULL"
_BEGIN: Final = f"""
INSERT INTO shifts (worker_id, mailing_id, began_at, seen_at, session)
SELECT id, %(mailing)s, {NOW}, {NOW}, %(session)s FROM workers WHERE id = %(worker)s AND {_OPEN} RETURNING id
"""  # noqa: S608 -- our own words only
_PASS: Final = Prepared(
    update(shifts)
    .where(shifts.c.id == bindparam("id_"), shifts.c.ended_at.is_(None))
    .values(
        seen_at=literal_column(NOW),
        accepted=shifts.c.accepted + bindparam("accepted_"),
        refused=shifts.c.refused + bindparam("refused_"),
    ),
    *("id_", "accepted_", "refused_"),
    types={"id_": "bigint", "accepted_": "bigint", "refused_": "bigint"},
)
_END: Final = f"UPDATE shifts SET ended_at = {NOW} WHERE id = %(shift)s AND {_OPEN}"  # noqa: S608 -- our own words only
_OTHERS: Final = """
SELECT coalesce(sum(accepted), 0) AS accepted, coalesce(sum(refused), 0) AS refused FROM shifts
WHERE mailing_id = %(mailing)s AND id <> %(id)s
"""
# The database itself may just have been away, and all shifts with it: they get as long again to come back.
_FIND_SILENT: Final = f"""
SELECT id, worker_id, mailing_id, session FROM shifts
WHERE {_OPEN} AND seen_at < {NOW} - %(lease)s
    AND pg_postmaster_start_time() < clock_timestamp() - %(lease)s * interval '1 millisecond'
FOR UPDATE SKIP LOCKED
"""  # noqa: S608 -- our own words only
_MAKE_UNCERTAIN: Final = f"""
UPDATE deliveries SET state = 'uncertain', run = NULL, ended_at = greatest({NOW}, claimed_at), reply = %(reply)s
WHERE mailing_id = %(mailing)s AND state = 'sending' AND run = %(run)s
"""  # noqa: S608 -- our own words only
_DEAL_AGAIN: Final = "UPDATE shared_mailings SET dealt = 0 WHERE mailing_id = %(mailing)s"
_DISCONNECT: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %(session)s AND application_name LIKE 'bulletin %%'
"""
_CROWD: Final = f"SELECT mailing_id, count(*) FROM shifts WHERE {_OPEN} GROUP BY mailing_id"  # noqa: S608 -- our own words only
_MILLISECONDS: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One worker's work on one mailing."""

    id: int
    worker: int
    mailing: int

    @property
    def run(self) -> str:
        """What its deliveries in flight are marked with: the worker, and the epoch."""
        return f"{self.worker}.{self.id}"

    def ask_fence(self, *, accepted: int = 0, refused: int = 0) -> Filled:
        """What has to be true of one row if the transaction that runs it is to go on, or others end the shift.

        Until it is committed no one ends the shift. So many more were `accepted` and `refused`.
        """
        return Filled(_PASS, [(self.id, accepted, refused)])

    def pass_fence(self, connection: Connection) -> None:
        """Within the caller's transaction: as `ask_fence`. Raises HoldLost."""
        fence = self.ask_fence()
        require_open(fence.statement.run(connection, fence.rows))


def require_open(number: int) -> None:
    """Raises HoldLost if the fence was true of no row."""
    if not number:
        raise HoldLost(
            "This worker was silent for too long, and others have taken its shift over.",
            "It starts a new one by itself. What it had in flight is uncertain.",
        )


def begin_shift(engine: Engine, *, worker: int, mailing: int, session: int) -> Shift:
    """Begin a worker's shift. `session` is the database's number of the session that shares the issue's lock.

    Raises HoldLost if the worker was given up, DatabaseError.
    """
    values = {"mailing": mailing, "worker": worker, "session": session}
    with database_errors(), engine.begin() as connection:
        number: int | None = connection.exec_driver_sql(_BEGIN, values).scalar()
    if number is None:
        raise HoldLost("This worker was silent for too long, and was given up.", "It registers again by itself.")
    return Shift(id=number, worker=worker, mailing=mailing)


def end_shift(connection: Connection, shift: Shift) -> bool:
    """Whether the shift was still open; it is ended now. Within the caller's transaction."""
    return bool(connection.exec_driver_sql(_END, {"shift": shift.id}).rowcount)


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherShifts:
    """What the others do: how many the mailing's other shifts had accepted and refused; and how many shifts there are.

    `shifts` in all, this one included; `ours` of this mailing; `most` of the mailing that has most.
    """

    accepted: int
    refused: int
    shifts: int
    ours: int
    most: int


def read_others(connection: Connection, shift: Shift) -> OtherShifts:
    """What the others do now. Within the caller's transaction."""
    told = connection.exec_driver_sql(_OTHERS, {"mailing": shift.mailing, "id": shift.id}).one()
    numbers = {int(mailing): int(number) for mailing, number in connection.exec_driver_sql(_CROWD)}
    return OtherShifts(
        accepted=int(told.accepted),
        refused=int(told.refused),
        shifts=sum(numbers.values()),
        ours=numbers.get(shift.mailing, 1),
        most=max(numbers.values(), default=1),
    )


def end_silent_shifts(connection: Connection, mailing: int, *, now: int) -> None:
    """End the mailing's shifts that were silent for too long at `now`. Within the caller's transaction."""
    silent = (shifts.c.mailing_id == mailing) & shifts.c.ended_at.is_(None)
    long_ago = shifts.c.seen_at < now - LEASE * _MILLISECONDS
    connection.execute(update(shifts).where(silent, long_ago).values(ended_at=now))


def take_over_silent(engine: Engine, *, lease: float = LEASE) -> Sequence[Shift]:
    """End the shifts that were silent for `lease` seconds, and make what they had in flight uncertain; those ended.

    Their locks are taken from them too: a stopped process keeps its connections. Raises DatabaseError.
    """
    with database_errors(), engine.begin() as connection:
        rows = connection.exec_driver_sql(_FIND_SILENT, {"lease": int(lease * _MILLISECONDS)}).all()
        return [_take_over(connection, row) for row in rows]


def _take_over(connection: Connection, row: Any) -> Shift:
    shift = Shift(id=row.id, worker=row.worker_id, mailing=row.mailing_id)
    end_shift(connection, shift)
    lost = {"mailing": shift.mailing, "run": shift.run, "reply": LOST}
    connection.exec_driver_sql(_MAKE_UNCERTAIN, lost)
    connection.exec_driver_sql(_DEAL_AGAIN, {"mailing": shift.mailing})
    connection.exec_driver_sql(_DISCONNECT, {"session": row.session})
    return shift


LOST: Final = "The worker fell silent at this message."
"""What is recorded in place of a server's words for what was in flight."""
