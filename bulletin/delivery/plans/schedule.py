"""Mailings scheduled for a time.

An issue has one time at most. Beginning a mailing ends its schedule in the same transaction, so none begins twice:
not by two programs at once, and not by a clock that goes back.

Every function with an engine is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from bulletin.database.dialects import lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import ScheduleState
from bulletin.database.tables import schedule_rolls, schedules
from bulletin.errors import PlanEnded
from bulletin.subscribers.roll import Headcount, Roll

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.workspace.workspace import Workspace


class Timing(StrEnum):
    """Whether a scheduled time is ahead, due or missed."""

    TO_COME = "to come"
    DUE = "due"  # it has come, and its grace lasts
    MISSED = "missed"  # it passed by more than its grace: nothing begins automatically any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """A mailing that is to begin at `due_at`. Times are in ms since 1970, UTC; `grace` is a length in ms.

    `digest` is that of the contents when it was planned (`signing.contents`). `newcomers`: also to those who joined a
    list since the issue went there.
    """

    id: int
    issue: str
    lists: tuple[str, ...]
    newcomers: bool
    due_at: int
    grace: int
    digest: str
    planned_at: int

    def timing(self, *, now: int) -> Timing:
        """Whether it is to begin at `now` (ms since 1970)."""
        if now < self.due_at:
            return Timing.TO_COME
        return Timing.DUE if now <= self.due_at + self.grace else Timing.MISSED


def name_people(workspace: Workspace, schedule: Schedule) -> str:
    """The options by which a command about the plan's issue means the same people as the plan."""
    return workspace.list_options(schedule.issue, schedule.lists) + " --newcomers" * schedule.newcomers


def find_schedules(engine: Engine) -> tuple[Schedule, ...]:
    """All that wait, the earliest first."""
    query = select(schedules).where(_IS_WAITING).order_by(schedules.c.due_at, schedules.c.id)
    with database_errors(), engine.begin() as connection:
        return tuple(_read(row) for row in connection.execute(query))


def has_schedules(connection: Connection) -> bool:
    """Whether anything was ever scheduled in this database. Within the caller's transaction."""
    return bool(connection.scalar(select(exists().select_from(schedules))))


def find_schedule(source: Source, issue: str) -> Schedule | None:
    """The time for which `issue` is planned, if it is."""
    with read_from(source) as connection:
        return _find(connection, issue)


def find_begun_schedule(engine: Engine, mailing: Mailing) -> Schedule | None:
    """The plan that `mailing` took the place of, or began for; None if it began for none."""
    query = select(schedules).where(schedules.c.mailing_id == mailing.id)
    with database_errors(), engine.begin() as connection:
        row = connection.execute(query).first()
    return _read(row) if row else None


def find_rolls(connection: Connection, schedule: Schedule) -> dict[str, Roll]:
    """By list, who was on it when this was planned. None once the plan has ended, or for one of an earlier version."""
    rows = connection.execute(select(schedule_rolls).where(schedule_rolls.c.schedule_id == schedule.id))
    return {
        row.list: Roll(
            count=Headcount(people=row.people, digest=row.digest), salt=row.salt, marks=row.marks, unusable=row.unusable
        )
        for row in rows
    }


def plan_mailing(
    engine: Engine,
    *,
    issue: str,
    lists: Iterable[str],
    newcomers: bool,
    due_at: int,
    grace: int,
    digest: str,
    now: int,
    instead_of: Schedule | None = None,
    rolls: Mapping[str, Roll] | None = None,
) -> Schedule:
    """Plan a mailing of `issue`, in place of the time that it had. The fields are those of Schedule.

    `rolls` has who is on each of the lists; without it, changes of the lists will not be noticed. `instead_of` is the
    plan of it that a person was shown, if there was one. Raises PlanEnded if that waits no more, or another one does.
    """
    row = {"issue": issue, "lists": list(lists), "newcomers": newcomers, "due_at": due_at, "grace": grace}
    add = insert(schedules).values(**row, digest=digest, planned_at=now, state=ScheduleState.WAITING)
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, schedules)
        if _find(connection, issue) != instead_of:
            raise PlanEnded(
                f"{issue} was begun, planned anew or called off since it was shown here.",
                f"Nothing was planned. See what happened: bulletin status {issue}",
            )
        _end(connection, issue, ScheduleState.CALLED_OFF, now)
        schedule = _read(connection.execute(add.returning(schedules)).one())
        for name, roll in (rolls or {}).items():
            count = {"people": roll.count.people, "digest": roll.count.digest}
            marks = {"salt": roll.salt, "marks": roll.marks, "unusable": roll.unusable}
            connection.execute(insert(schedule_rolls).values(schedule_id=schedule.id, list=name, **count, **marks))
        return schedule


def call_off(engine: Engine, issue: str, *, now: int, only: Schedule | None = None) -> Schedule | None:
    """Take the time of `issue` back. The plan that waited; None if none did, or not the `only` one."""
    with database_errors(), engine.begin() as connection:
        schedule = _find(connection, issue)
        if schedule is None or only not in (None, schedule):
            return None
        ended = _end(connection, issue, ScheduleState.CALLED_OFF, now, only=schedule.id)
    return schedule if ended else None


def begin_schedule(schedule: Schedule, connection: Connection, mailing: Mailing) -> None:
    """`mailing` is what was planned. Within the transaction that begins it; raises PlanEnded if it waits no more."""
    if not _end(connection, schedule.issue, ScheduleState.BEGUN, mailing.began_at, mailing.id, only=schedule.id):
        raise PlanEnded(f"{schedule.issue} was begun, planned anew or called off a moment ago.")


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
    """Whether a plan of `issue` still waited, and has ended so; `only` the one with this id."""
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
