"""How an issue is going: its mailings, their counts and events, what remains to be sent, and when. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulletin.approval.approvals import Approval, find_approvals_of, first_of_each
from bulletin.database.reading import begin_snapshot
from bulletin.database.shortfall import Shortfall, find_shortfall
from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.counts import Counts, count_left_out, count_states, find_next_due
from bulletin.delivery.ledger.deliveries import find_end
from bulletin.delivery.ledger.kept_counts import find_forgotten
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.mailing_events import STOPPED, EventRecord, find_events, pick_last_event
from bulletin.delivery.ledger.resolution import find_refused
from bulletin.delivery.plans.schedule import Schedule, find_schedule
from bulletin.delivery.sending.estimates import foresee_mailing
from bulletin.errors import RelayError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

    from bulletin.delivery.limits.forecast import Forecast, Shortage
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class MailingOverview:
    """How one mailing is going. Times are in ms since 1970, UTC.

    `ended_at` is None while anyone is still to be tried; `next_due`, the first retry, is None without deferred ones.
    `forgotten_at`: when the rows about its readers were deleted, because they were old. Then only counts are known.
    """

    mailing: Mailing
    signed: tuple[Approval, ...]
    events: tuple[EventRecord, ...]
    counts: Counts
    next_due: int | None
    ended_at: int | None
    forgotten_at: int | None = None

    @property
    def last(self) -> EventRecord | None:
        """The event that says where the mailing is: its cancellation, or else the latest."""
        return pick_last_event(self.events)

    @property
    def is_stopped(self) -> bool:
        """Whether it waits for a person, or was cancelled."""
        return self.last is not None and self.last.event in STOPPED

    @property
    def is_cancelled(self) -> bool:
        """Whether a person has cancelled it, so that it never continues."""
        return any(one.event is MailingEvent.CANCELLED for one in self.events)

    def is_ready(self, *, now: int) -> bool:
        """Whether anyone in it can be tried at `now` (ms since 1970)."""
        return bool(self.counts.queued or self.counts.sending) or (self.next_due is not None and self.next_due <= now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remaining:
    """How many readers have not received an issue, and get it only if a person asks for that.

    `refused`: with `--resend-refused`, once the cause is fixed. `left_out`: with `--left-out`, after a cancellation.
    `refused_before`: refused before their mailing was cancelled; `--resend-refused` turns them into left out.
    """

    refused: int
    left_out: int
    refused_before: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueOverview:
    """How an issue is going, read at one moment. `mailings` has the earliest first.

    `counts` are of all its mailings and `open_counts` of the unfinished ones, each reader by their latest delivery.
    `shortfall` is what the ledger has lost, if it has: then all else here may be too little.
    """

    issue: str
    mailings: tuple[MailingOverview, ...]
    counts: Counts
    open_counts: Counts
    remaining: Remaining
    schedule: Schedule | None
    shortfall: Shortfall | None

    @property
    def begun(self) -> tuple[Mailing, ...]:
        """The mailings alone."""
        return tuple(one.mailing for one in self.mailings)

    @property
    def unfinished(self) -> tuple[MailingOverview, ...]:
        """The mailings with readers still to be tried, without cancelled ones: those never continue."""
        return _pick_unfinished(self.mailings)

    @property
    def forgotten_at(self) -> int | None:
        """When the last rows about its readers were deleted, because they were old; None if none was."""
        return max((one.forgotten_at for one in self.mailings if one.forgotten_at is not None), default=None)

    @property
    def is_stopped(self) -> bool:
        """Whether an unfinished mailing waits for a person."""
        return any(one.is_stopped for one in self.unfinished)

    @property
    def next_due(self) -> int | None:
        """When the first deferred reader is retried, in ms since 1970, UTC; None without one."""
        return min((one.next_due for one in self.unfinished if one.next_due is not None), default=None)


def read_overview(engine: Engine, issue: str) -> IssueOverview:
    """How `issue` is going. It is one transaction, so its parts agree with each other. Raises DatabaseError."""
    with begin_snapshot(engine) as connection:
        mailings = tuple(_read_mailing(connection, mailing) for mailing in find_mailings(connection, issue))
        return IssueOverview(
            issue=issue,
            mailings=mailings,
            counts=count_states(connection, [one.mailing for one in mailings]),
            open_counts=count_states(connection, [one.mailing for one in _pick_unfinished(mailings)]),
            remaining=_count_remaining(connection, issue, mailings),
            schedule=find_schedule(connection, issue),
            shortfall=find_shortfall(connection),
        )


def _read_mailing(connection: Connection, mailing: Mailing) -> MailingOverview:
    counts = count_states(connection, [mailing])
    events = find_events(connection, mailing.id)
    return MailingOverview(
        mailing=mailing,
        signed=first_of_each(find_approvals_of(connection, mailing.id)),
        events=events,
        counts=counts,
        next_due=find_next_due(connection, [mailing]),
        ended_at=find_end(connection, mailing, counts, events),
        forgotten_at=find_forgotten(connection, mailing),
    )


def _pick_unfinished(mailings: Iterable[MailingOverview]) -> tuple[MailingOverview, ...]:
    return tuple(one for one in mailings if one.counts.unfinished and not one.is_cancelled)


def _count_remaining(connection: Connection, issue: str, mailings: tuple[MailingOverview, ...]) -> Remaining:
    refused = [one for one in find_refused(connection, issue) if not one.suppressed]
    before = sum(one.cancelled for one in refused)
    cancelled = [one.mailing.id for one in mailings if one.is_cancelled]
    left_out = count_left_out(connection, [one.mailing for one in mailings], cancelled)
    return Remaining(refused=len(refused) - before, left_out=left_out, refused_before=before)


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """When unfinished mailings can continue: `at`, in ms since 1970, UTC; at once, if that has passed.

    `shortage` is the quota that is too small for all who are left, if one is: `send` then needs `--spread`.
    `at_once`: a `send` now would send something before it ends.
    """

    at: int
    shortage: Shortage | None
    at_once: bool


def find_next_step(workspace: Workspace, engine: Engine, overview: IssueOverview, *, now: int) -> NextStep:
    """When the unfinished mailings of an issue can continue; `now` in ms since 1970. Raises DatabaseError."""
    counts = overview.open_counts
    due = None if counts.queued or counts.sending else overview.next_due
    at = now if due is None else max(now, due)
    patience = workspace.settings.sending.patience // timedelta(milliseconds=1)
    forecast = _foresee(workspace, engine, counts.unfinished, now)
    if forecast is None or forecast.shortage is None:
        return NextStep(at=at, shortage=None, at_once=at - now <= patience)
    if forecast.today:
        return NextStep(at=at, shortage=forecast.shortage, at_once=at - now <= patience)
    # Any `send` makes uncertain what a sender that died had in flight.
    return NextStep(at=max(at, forecast.goes_on_at or now), shortage=forecast.shortage, at_once=bool(counts.sending))


def _foresee(workspace: Workspace, engine: Engine, number: int, now: int) -> Forecast | None:
    """None also where a server's address cannot be read: an overview does without it."""
    try:
        return foresee_mailing(workspace, engine, number, now=now)
    except RelayError:
        return None
