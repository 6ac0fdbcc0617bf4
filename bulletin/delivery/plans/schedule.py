"""Mailings scheduled for a time.

An issue has one time at most. Starting a mailing ends its schedule in the same transaction, so none starts twice: not
by two programs at once, and not because a clock goes back.

Every function with an engine is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from bulletin.database.dialects import lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import ScheduleState
from bulletin.database.tables import schedule_rolls, schedules
from bulletin.errors import ScheduleEnded
from bulletin.subscribers.roll import Headcount, Roll

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.workspace.workspace import Workspace


class Timing(StrEnum):
    """Whether a scheduled time is ahead, due or missed."""

    TO_COME = "to come"
    DUE = "due"  # within its grace
    MISSED = "missed"  # by more than its grace: `bulletin run` no longer sends it


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleRequest:
    """What is to be sent when. `due_at` is in ms since 1970, UTC; `grace` is in ms, and counts from then.

    `digest` is that of the contents when this was scheduled (`bulletin.approval.contents`). `newcomers`: also to
    readers added to a list since the issue went there.
    """

    issue: str
    lists: tuple[str, ...]
    newcomers: bool
    due_at: int
    grace: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule(ScheduleRequest):
    """A mailing that is to start at `due_at`. `planned_at` is when it was scheduled, in ms since 1970, UTC."""

    id: int
    planned_at: int

    def timing(self, *, now: int) -> Timing:
        """Whether it is ahead, due or missed at `now` (ms since 1970)."""
        if now < self.due_at:
            return Timing.TO_COME
        return Timing.DUE if now <= self.due_at + self.grace else Timing.MISSED


def name_people(workspace: Workspace, schedule: Schedule) -> str:
    """The options with which a command means the same readers as the schedule."""
    return workspace.list_options(schedule.issue, schedule.lists) + " --newcomers" * schedule.newcomers


def find_schedules(engine: Engine) -> tuple[Schedule, ...]:
    """All schedules that have not ended, the earliest first."""
    query = select(schedules).where(_IS_WAITING).order_by(schedules.c.due_at, schedules.c.id)
    with database_errors(), engine.begin() as connection:
        return tuple(_read(row) for row in connection.execute(query))


def has_schedules(connection: Connection) -> bool:
    """Whether anything was ever scheduled in this database. Within the caller's transaction."""
    return bool(connection.scalar(select(exists().select_from(schedules))))


def find_schedule(source: Source, issue: str) -> Schedule | None:
    """The schedule of `issue`; None if it has none."""
    with read_from(source) as connection:
        return _find(connection, issue)


def find_begun_schedule(engine: Engine, mailing: Mailing) -> Schedule | None:
    """The schedule that ended when `mailing` started; None if none did."""
    query = select(schedules).where(schedules.c.mailing_id == mailing.id)
    with database_errors(), engine.begin() as connection:
        row = connection.execute(query).first()
    return _read(row) if row else None


def find_rolls(connection: Connection, schedule: Schedule) -> dict[str, Roll]:
    """Who was on each list when it was scheduled. Empty once it has ended, or if an earlier version scheduled it."""
    rows = connection.execute(select(schedule_rolls).where(schedule_rolls.c.schedule_id == schedule.id))
    return {
        row.list: Roll(
            count=Headcount(people=row.people, digest=row.digest), salt=row.salt, marks=row.marks, unusable=row.unusable
        )
        for row in rows
    }


def add_schedule(
    engine: Engine,
    request: ScheduleRequest,
    *,
    now: int,
    instead_of: Schedule | None = None,
    rolls: Mapping[str, Roll] | None = None,
) -> Schedule:
    """Schedule an issue, in place of the time that it had. `now` is in ms since 1970.

    `rolls` has who is on each of the lists; without it, later changes of the lists are not noticed. `instead_of` is the
    issue's schedule as the person was shown it, None if there was none. Raises ScheduleEnded if that has ended, or if
    there is another one now.
    """
    add = insert(schedules).values(**asdict(request), planned_at=now, state=ScheduleState.WAITING)
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, schedules)
        if _find(connection, request.issue) != instead_of:
            raise ScheduleEnded(
                f"{request.issue} was started, rescheduled or unscheduled since it was shown here.",
                f"Nothing was scheduled. See what happened: bulletin status {request.issue}",
            )
        _end(connection, request.issue, ScheduleState.CALLED_OFF, now)
        schedule = _read(connection.execute(add.returning(schedules)).one())
        for name, roll in (rolls or {}).items():
            count = {"people": roll.count.people, "digest": roll.count.digest}
            marks = {"salt": roll.salt, "marks": roll.marks, "unusable": roll.unusable}
            connection.execute(insert(schedule_rolls).values(schedule_id=schedule.id, list=name, **count, **marks))
        return schedule


def remove_schedule(engine: Engine, issue: str, *, now: int, only: Schedule | None = None) -> Schedule | None:
    """Unschedule `issue`. Returns the schedule that ended; None if there was none, or another one than `only`."""
    with database_errors(), engine.begin() as connection:
        schedule = _find(connection, issue)
        if schedule is None or only not in (None, schedule):
            return None
        ended = _end(connection, issue, ScheduleState.CALLED_OFF, now, only=schedule.id)
    return schedule if ended else None


def call_off_all(connection: Connection, *, now: int) -> tuple[Schedule, ...]:
    """Unschedule every issue: it isn't known which of them were sent. Returns what ended, the earliest first."""
    query = select(schedules).where(_IS_WAITING).order_by(schedules.c.due_at, schedules.c.id)
    waiting = tuple(_read(row) for row in connection.execute(query).all())
    for schedule in waiting:
        _end(connection, schedule.issue, ScheduleState.CALLED_OFF, now, only=schedule.id)
    return waiting


def begin_schedule(schedule: Schedule, connection: Connection, mailing: Mailing) -> None:
    """End the schedule because `mailing` starts, in the same transaction. Raises ScheduleEnded if it has ended."""
    if not _end(connection, schedule.issue, ScheduleState.BEGUN, mailing.began_at, mailing.id, only=schedule.id):
        raise ScheduleEnded(f"{schedule.issue} was started, rescheduled or unscheduled a moment ago.")


def supersede_schedule(connection: Connection, mailing: Mailing) -> None:
    """A manual send to the same lists ends the issue's schedule."""
    schedule = _find(connection, mailing.issue)
    if schedule and set(schedule.lists) <= set(mailing.lists):
        _end(connection, mailing.issue, ScheduleState.BEGUN, mailing.began_at, mailing.id, only=schedule.id)


def _find(connection: Connection, issue: str) -> Schedule | None:
    row = connection.execute(select(schedules).where(_IS_WAITING, schedules.c.issue == issue)).one_or_none()
    return _read(row) if row else None


def _end(
    connection: Connection,
    issue: str,
    state: ScheduleState,
    now: int,
    mailing_id: int | None = None,
    *,
    only: int | None = None,
) -> bool:
    """End the schedule of `issue`, or `only` the one with this id. Returns whether there was one to end."""
    waiting = _IS_WAITING & (schedules.c.issue == issue)
    if only is not None:
        waiting &= schedules.c.id == only
    end = update(schedules).where(waiting).values(state=state, ended_at=now, mailing_id=mailing_id)
    if not connection.execute(end).rowcount:
        return False
    ended = select(schedules.c.id).where(schedules.c.issue == issue, ~_IS_WAITING)
    connection.execute(delete(schedule_rolls).where(schedule_rolls.c.schedule_id.in_(ended)))
    return True


_IS_WAITING = schedules.c.state == ScheduleState.WAITING


def _read(row: Row[Any]) -> Schedule:
    return Schedule(
        id=row.id,
        issue=row.issue,
        lists=tuple(row.lists),
        newcomers=row.newcomers,
        due_at=row.due_at,
        grace=row.grace,
        digest=row.digest,
        planned_at=row.planned_at,
    )
