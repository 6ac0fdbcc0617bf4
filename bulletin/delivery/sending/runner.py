"""What `bulletin run` does: begin scheduled mailings and resume unfinished ones, without a person.

It may run as often as you like, and in several processes at once. It never surprises people. If a mailing was paused,
halted or abandoned, has changed, or has missed its time, it only says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from bulletin.approval.requirement import require_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.supervision import Callbacks, Control
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.deliveries import find_last_move, find_waiting, is_untouched
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.mailing_editions import read_editions
from bulletin.delivery.ledger.mailing_events import find_events
from bulletin.delivery.ledger.recovery import clamp_retry_times
from bulletin.delivery.ledger.same_month import SameMonth, foresee_same_month, require_agreed
from bulletin.delivery.ledger.shared_mailings import is_shared
from bulletin.delivery.plans.schedule import (
    Schedule,
    Timing,
    find_begun_schedule,
    find_schedule,
    find_schedules,
    name_people,
    remove_schedule,
)
from bulletin.delivery.plans.schedule_snapshots import (
    forget_snapshot,
    load_agreed,
    require_scheduled_lists,
    require_unchanged,
)
from bulletin.delivery.sending.alert_text import describe_wait
from bulletin.delivery.sending.alerting import make_alerter
from bulletin.delivery.sending.doubts import require_own_place
from bulletin.delivery.sending.estimates import load_paces
from bulletin.delivery.sending.last_failure import (
    LastFailure,
    forget_last_failure,
    keep_last_failure,
    read_last_failure,
)
from bulletin.delivery.sending.overview import MailingOverview, read_overview
from bulletin.delivery.sending.preparation import prepare_editions
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.send_preview import SendPreview, choose_lists, preview_scheduled_send, preview_send
from bulletin.delivery.sending.sending import Consent, Trigger, leave_to_workers, send_or_resume
from bulletin.delivery.sending.withdrawal import refuse_withdrawn
from bulletin.errors import (
    BulletinError,
    DatabaseError,
    Interrupted,
    MailingCancelled,
    MailingError,
    MailingHeld,
    MailingPaused,
    ScheduleEnded,
)
from bulletin.subscribers.roll import RollChange
from bulletin.subscribers.sync import read_declared_lists
from bulletin.times import describe_moment

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.sending.log import DeliveryLog
    from bulletin.edition.edition import Edition
    from bulletin.edition.edition_set import EditionSet
    from bulletin.workspace.workspace import Workspace

QUOTA: Final = timedelta(days=1)
"""How long a mailing may wait because the longest rate limit, that of a day, is used up."""

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A mailing of `issue` began for its schedule, or resumed, or (without counts) had no recipients left.

    `changes` are small changes of its lists since it was scheduled.
    """

    issue: str
    schedule: Schedule | None
    before: Counts
    after: Counts
    changes: tuple[RollChange, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """Something due was not done, for this reason. `schedule` is set if a scheduled mailing still waits to begin.

    `again`: it is the same as at an earlier call, less than a day after a person was told.
    """

    issue: str
    schedule: Schedule | None
    error: BulletinError
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Runner:
    """One run over everything in a workspace.

    `check` raises FaultyFiles for an issue that cannot be sent; `make_edition` makes the edition of one that can.
    `notify` gets an issue's id, and what a person should know now. `log` records each result. `during` is entered for
    each issue while it is worked on. `hand_over` leaves mailings to workers (see `leave_to_workers`); None: they are
    sent here.
    """

    workspace: Workspace
    engine: Engine
    check: Callable[[str], object]
    make_edition: Callable[[str], Edition]
    control: Control
    log: DeliveryLog | None = None
    notify: Callable[[str, str], None] = lambda _issue, _text: None
    during: Callable[[str], AbstractContextManager[None]] = lambda _issue: nullcontext()
    hand_over: Callable[[Connection, Mailing], None] | None = None
    _tried: set[int] = field(default_factory=set, init=False)  # schedules, by their ids
    _begun: set[str] = field(default_factory=set, init=False)  # issues that are done with in this run

    def run(self) -> Iterator[Done | Skipped]:
        """Do everything that is due, schedules first. Raises Interrupted once `control.stop` is set.

        A mailing that only waits, for room or for retries, does not hold up others that are due.
        """
        clamp_retry_times(self.engine, retries=self.workspace.settings.sending.retries, now=self.control.clock())
        yield from self._keep_times()
        for issue, waiting in find_waiting(self.engine, now=self.control.clock()).items():
            if issue not in self._begun:
                yield from self._attempt(issue, None, partial(self._go_on, issue, waiting))
                yield from self._keep_times()

    def _keep_times(self) -> Iterator[Done | Skipped]:
        """Begin due schedules, the earliest first, also those that become due meanwhile; each is tried once."""
        while schedule := self._find_due():
            self._tried.add(schedule.id)
            for happened in self._attempt(schedule.issue, schedule, partial(self._keep_time, schedule)):
                if isinstance(happened, Done) or happened.schedule is None:
                    self._begun.add(schedule.issue)
                yield happened

    def _find_due(self) -> Schedule | None:
        due = (one for one in find_schedules(self.engine) if one.timing(now=self.control.clock()) is not Timing.TO_COME)
        return next((one for one in due if one.id not in self._tried), None)

    def _attempt(
        self, issue: str, schedule: Schedule | None, act: Callable[[], Done | None]
    ) -> Iterator[Done | Skipped]:
        """Yield the result of `act`; nothing if another process is doing it, or has just done it."""
        if self.control.stop.is_set():
            raise Interrupted("Stopped. Everything sent so far is recorded. The next `bulletin run` continues.")
        try:
            with self.during(issue):
                deed = act()
        except (MailingHeld, ScheduleEnded):
            return
        except BulletinError as error:
            again = self._keep_failure(issue, schedule, error)
            waits = schedule is not None and find_schedule(self.engine, issue) == schedule
            if not again:
                self._alert(issue, schedule if waits else None, error)
            yield Skipped(issue=issue, schedule=schedule if waits else None, error=error, again=again)
        else:
            if deed:
                forget_last_failure(self.workspace.state_folder, issue)
                yield deed

    def _alert(self, issue: str, schedule: Schedule | None, error: BulletinError) -> None:
        """Tell people that an issue waits for them, unless one of them has stopped it."""
        if isinstance(error, MailingPaused | MailingCancelled):
            return
        notify = partial(self.notify, issue)
        alerter = make_alerter(self.workspace, self.engine, clock=self.control.clock, report=notify)
        scheduled_for = describe_moment(schedule.due_at) if schedule else ""
        alerter.tell(describe_wait(issue, error, scheduled_for=scheduled_for))

    def _keep_failure(self, issue: str, schedule: Schedule | None, error: BulletinError) -> bool:
        """Keep why an issue was skipped. Whether a person was told the same less than a day ago."""
        folder, now = self.workspace.state_folder, self.control.clock()
        earlier = read_last_failure(folder, issue)
        failure = LastFailure(at=now, words=str(error), told_at=now, schedule=schedule.id if schedule else 0)
        again = failure.repeats(earlier)
        if earlier and again:
            failure = replace(failure, told_at=earlier.told_at)
        keep_last_failure(folder, issue, failure)
        return again

    def _keep_time(self, schedule: Schedule) -> Done | None:
        """Begin a due mailing. Raises BulletinError if it needs a person, ScheduleEnded if the schedule has ended."""
        issue = schedule.issue
        if find_schedule(self.engine, issue) != schedule:  # an earlier mailing may have taken hours
            raise ScheduleEnded(f"{issue} was begun, rescheduled or unscheduled meanwhile.")
        if schedule.timing(now=self.control.clock()) is Timing.MISSED:
            named = name_people(self.workspace, schedule)
            raise MailingError(
                "That is too long ago for it to begin without you.",
                f"Send it now: bulletin send {issue}{named}; schedule it again: bulletin schedule "
                f"{issue}{named} --at TIME; or drop it: bulletin unschedule {issue}",
            )
        lists = choose_lists(self.workspace, issue, schedule.lists)
        preview = preview_scheduled_send(self.workspace, self.engine, issue, lists=lists, now=self.control.clock())
        if preview.open:
            _refuse_stopped(preview.overview.unfinished)
            return None
        self.check(issue)
        editions = self._prepare(issue, lists)
        require_unchanged(self.workspace, self.engine, schedule, take_snapshot(self.workspace, editions, lists=lists))
        _refuse_cancelled(self.workspace, self.engine, schedule, editions)
        changes = _require_scheduled_lists(self.workspace, self.engine, schedule)
        if _is_done(preview, newcomers=schedule.newcomers):
            if not remove_schedule(self.engine, issue, now=self.control.clock(), only=schedule):
                return None  # another process was faster, and sent it
            deed = Done(issue=issue, schedule=schedule, before=Counts(), after=Counts())
        else:
            agreed = load_agreed(self.workspace.state_folder, schedule.digest)
            deed = self._send(preview, schedule, lambda: editions, agreed=agreed)
        forget_snapshot(self.workspace.state_folder, schedule.digest)
        return replace(deed, changes=changes)

    def _prepare(self, issue: str, lists: Sequence[str]) -> EditionSet:
        return prepare_editions(
            self.workspace,
            self.engine,
            issue,
            lists=lists,
            now=self.control.clock(),
            make_whole=partial(self.make_edition, issue),
        ).editions

    def _go_on(self, issue: str, waiting: Sequence[Mailing]) -> Done | None:
        """Resume what waits, if messages can be sent now.

        Raises MailingError if it was abandoned for too long, FaultyFiles if the issue was withdrawn meanwhile.
        """
        refuse_withdrawn(self.workspace, issue)
        if self.hand_over and all(is_shared(self.engine, mailing) for mailing in waiting):
            return None  # they see to it themselves
        now = self.control.clock()
        paces = load_paces(self.engine, open_relays(self.workspace), self.workspace.settings.sending, now=now)
        if not any(pace.room(now=now) or pace.next_room(now=now) is not None for pace in paces):
            return None
        grace = self.workspace.settings.sending.grace
        by_day = any(meter.period >= QUOTA / _MILLISECOND for pace in paces for meter in pace.meters)
        for mailing in waiting:
            self._require_timely(mailing, now - by_day * QUOTA // _MILLISECOND)
        if any(now - find_last_move(self.engine, mailing) > (QUOTA + grace) / _MILLISECOND for mailing in waiting):
            raise MailingError(
                f"{issue} was begun and isn't finished, and nothing has happened for a long time. "
                "It won't continue without you.",
                f"Continue it with: bulletin send {issue}. Or end it: bulletin cancel {issue}",
            )
        lists = waiting[-1].lists
        preview = preview_send(self.workspace, self.engine, issue, lists=lists, now=self.control.clock())
        deed = self._send(preview, None, lambda: self.make_edition(issue)) if preview.open else None
        return deed if deed and deed.before != deed.after else None

    def _require_timely(self, mailing: Mailing, now: int) -> None:
        """Raise MailingError if the grace of its schedule had passed at `now`, and nothing has been sent.

        It began, but no server could be reached, say. Its first messages would be as late as if it had not begun.
        """
        schedule = find_begun_schedule(self.engine, mailing)
        if schedule is None or schedule.timing(now=mailing.began_at) is Timing.MISSED:
            return  # a person has begun it
        if schedule.timing(now=now) is not Timing.MISSED or not is_untouched(self.engine, mailing):
            return
        raise MailingError(
            f"{mailing.issue} was scheduled for {describe_moment(schedule.due_at)}, and nothing has been sent since. "
            "That is too long ago for it to continue without you.",
            f"Continue it with: bulletin send {mailing.issue}. Or end it: bulletin cancel {mailing.issue}",
        )

    def _send(
        self,
        preview: SendPreview,
        schedule: Schedule | None,
        make_edition: Callable[[], Edition | EditionSet],
        *,
        agreed: SameMonth | None = None,
    ) -> Done:
        trigger = Trigger(by_person=False, schedule=schedule, consent=Consent(same_month=agreed))
        if self.hand_over:
            mailings = leave_to_workers(
                self.workspace,
                self.engine,
                preview,
                make_edition=make_edition,
                clock=self.control.clock,
                hand_over=self.hand_over,
                trigger=trigger,
            )
            after = count_states(self.engine, mailings)
            return Done(issue=preview.issue, schedule=schedule, before=preview.counts, after=after)
        after = send_or_resume(
            self.workspace,
            self.engine,
            preview,
            make_edition=make_edition,
            control=replace(self.control, should_yield=lambda: self._find_due() is not None),
            observer=Callbacks(notify=partial(self.notify, preview.issue)),
            log=self.log,
            trigger=trigger,
        )
        return Done(issue=preview.issue, schedule=schedule, before=preview.counts, after=after)


def _is_done(preview: SendPreview, *, newcomers: bool) -> bool:
    """Whether all its recipients have had the issue meanwhile."""
    readers = preview.readers
    return bool(readers.already) and (not readers.recipients or (preview.only_newcomers and not newcomers))


def _refuse_stopped(earlier: Iterable[MailingOverview]) -> None:
    """Raise MailingError if an earlier mailing of the issue needs a person first."""
    for one in earlier:
        if one.is_stopped:
            raise MailingError(
                "An earlier mailing of this issue needs your decision first.",
                f"See its status: bulletin status {one.mailing.issue}",
            )


def _require_scheduled_lists(workspace: Workspace, engine: Engine, schedule: Schedule) -> tuple[RollChange, ...]:
    files = read_declared_lists(workspace)
    with database_errors(), engine.begin() as connection:
        return require_scheduled_lists(workspace, connection, schedule, files)


def _refuse_cancelled(workspace: Workspace, engine: Engine, schedule: Schedule, editions: EditionSet) -> None:
    """Raise MailingError if a mailing of these same editions was cancelled after it was scheduled.

    Which of them there are depends on the readers, so it is enough if either has all of the other's.
    """
    digests = {one.edition.digest for one in editions.editions}
    for mailing in find_mailings(engine, schedule.issue):
        cancelled = (one.at for one in find_events(engine, mailing.id) if one.event is MailingEvent.CANCELLED)
        if not any(at >= schedule.planned_at for at in cancelled):
            continue
        sent = {one.digest for one in read_editions(engine, mailing)}
        if sent <= digests or digests <= sent:
            issue, named = schedule.issue, name_people(workspace, schedule)
            raise MailingError(
                "A mailing of this same version was cancelled after it was scheduled.",
                f"If it may be sent after all, schedule it again: bulletin schedule {issue}{named} --at TIME. If not: "
                f"bulletin unschedule {issue}",
            )


def find_obstacle(
    workspace: Workspace,
    engine: Engine,
    schedule: Schedule,
    *,
    check: Callable[[str], object],
    make_edition: Callable[[str], Edition],
) -> BulletinError | None:
    """Find why a scheduled mailing would not begin, as far as is known before its time; None if it would.

    `check` and `make_edition` are as in Runner. Raises DatabaseError.
    """
    issue = schedule.issue
    try:
        require_own_place(workspace, engine)
        lists = choose_lists(workspace, issue, schedule.lists)
        _refuse_stopped(read_overview(engine, issue).unfinished)
        check(issue)
        whole, planned_at = partial(make_edition, issue), schedule.planned_at
        prepared = prepare_editions(workspace, engine, issue, lists=lists, now=planned_at, make_whole=whole)
        snapshot = take_snapshot(workspace, prepared.editions, lists=lists)
        require_unchanged(workspace, engine, schedule, snapshot)
        _refuse_cancelled(workspace, engine, schedule, prepared.editions)
        _require_scheduled_lists(workspace, engine, schedule)
        require_approval(workspace, engine, snapshot)
        same = foresee_same_month(workspace, engine, issue, lists, now=planned_at)
        require_agreed(workspace, same, load_agreed(workspace.state_folder, schedule.digest), lists=lists)
    except DatabaseError:
        raise
    except BulletinError as error:
        return error
    return None
