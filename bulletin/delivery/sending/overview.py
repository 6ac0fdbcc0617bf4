"""How an issue's mailings stand: begun, ended, on whose word, in which states, and when they can go on. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulletin.approval.approvals import Approval, find_approvals_of, first_of_each
from bulletin.delivery.ledger.counts import Counts, count_left_out, count_states, find_next_due
from bulletin.delivery.ledger.deliveries import find_end
from bulletin.delivery.ledger.events import EventRecord, find_events, pick_last_event, was_cancelled
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.resolution import find_refused
from bulletin.delivery.sending.estimates import foresee_mailing
from bulletin.errors import RelayError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.limits.forecast import Forecast, Shortage
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How one mailing stands. `ended_at` is in ms since 1970, UTC; None as long as somebody is still to be tried."""

    mailing: Mailing
    signed: tuple[Approval, ...]
    events: tuple[EventRecord, ...]
    counts: Counts
    ended_at: int | None

    @property
    def last(self) -> EventRecord | None:
        """What happened to it last, or that it was cancelled."""
        return pick_last_event(self.events)


@dataclass(frozen=True, kw_only=True, slots=True)
class Onward:
    """When mailings that are not finished can go on: at `at`, in ms since 1970, UTC; now, if that has passed.

    `shortage` is the quota that is too small for all who are left, if one is: `send` then wants to be told `--spread`.
    `at_once`: a `send` now would send something before it ends.
    """

    at: int
    shortage: Shortage | None
    at_once: bool


def find_unfinished(engine: Engine, issue: str) -> tuple[Mailing, ...]:
    """The mailings of `issue` of which somebody is still to be tried, the earliest first. Raises DatabaseError.

    None that was cancelled is among them: it never goes on.
    """
    return tuple(
        mailing
        for mailing in find_mailings(engine, issue)
        if count_states(engine, [mailing]).unfinished and not was_cancelled(engine, mailing.id)
    )


def find_onward(
    workspace: Workspace, engine: Engine, mailings: Sequence[Mailing], counts: Counts, *, now: int
) -> Onward:
    """When `mailings`, of which `counts` are, can go on; `now` in ms since 1970. Raises DatabaseError."""
    ready = counts.queued + counts.sending
    due = None if ready else find_next_due(engine, mailings)
    at = now if due is None else max(now, due)
    patience = workspace.settings.sending.patience // timedelta(milliseconds=1)
    forecast = _foresee(workspace, engine, counts.unfinished, now)
    if forecast is None or forecast.shortage is None:
        return Onward(at=at, shortage=None, at_once=at - now <= patience)
    if forecast.today:
        return Onward(at=at, shortage=forecast.shortage, at_once=at - now <= patience)
    # Whom a sender that died had in flight, any `send` makes uncertain.
    return Onward(at=max(at, forecast.goes_on_at or now), shortage=forecast.shortage, at_once=bool(counts.sending))


def _foresee(workspace: Workspace, engine: Engine, number: int, now: int) -> Forecast | None:
    """None also where a server's address cannot be read: how a mailing stands can be told all the same."""
    try:
        return foresee_mailing(workspace, engine, number, now=now)
    except RelayError:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reachable:
    """How many do not have an issue, and are sent it if a person says so.

    `refused`: by `--resend-refused`, once the cause is mended. `left_out`: by `--left-out`, after a cancelling.
    `refused_before`: those who were refused before their mailing was cancelled; `--resend-refused` makes them left out.
    """

    refused: int
    left_out: int
    refused_before: int = 0


def find_reachable(engine: Engine, issue: str) -> Reachable:
    """Of those whom mailings of `issue` did not get to, whom a person may let it go to. Raises DatabaseError."""
    refused = [one for one in find_refused(engine, issue) if not one.suppressed]
    before = sum(one.cancelled for one in refused)
    mailings = find_mailings(engine, issue)
    cancelled = [mailing.id for mailing in mailings if was_cancelled(engine, mailing.id)]
    left_out = count_left_out(engine, mailings, cancelled)
    return Reachable(refused=len(refused) - before, left_out=left_out, refused_before=before)


def find_standings(engine: Engine, issue: str) -> tuple[Standing, ...]:
    """How each mailing of `issue` stands, the earliest first. Raises DatabaseError."""
    return tuple(_find_standing(engine, mailing) for mailing in find_mailings(engine, issue))


def _find_standing(engine: Engine, mailing: Mailing) -> Standing:
    counts = count_states(engine, [mailing])
    events = find_events(engine, mailing.id)
    return Standing(
        mailing=mailing,
        signed=first_of_each(find_approvals_of(engine, mailing.id)),
        events=events,
        counts=counts,
        ended_at=find_end(engine, mailing, counts, events),
    )
