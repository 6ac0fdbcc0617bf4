"""How far an issue is while it is being sent, at what rate, and how long the rest takes. Counts alone; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.counts import Counts, count_states, find_next_due
from bulletin.delivery.ledger.ledger_figures import AcceptedTimes, find_last_acceptances
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import find_last_record

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.delivery.ledger.mailing import Mailing

LATELY: Final = 60_000
"""ms over which the rate is measured."""


class Stage(StrEnum):
    """What an issue's mailings are doing."""

    SENDING = "sending"
    PAUSED = "paused"  # a person paused it
    HALTED = "halted"  # it stopped by itself
    CANCELLED = "cancelled"
    ENDED = "ended"  # no one is left to be tried


_STAGES: Final[Mapping[MailingEvent, Stage]] = {
    MailingEvent.PAUSED: Stage.PAUSED,
    MailingEvent.HALTED: Stage.HALTED,
    MailingEvent.CANCELLED: Stage.CANCELLED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailingProgress:
    """How far an issue is. `per_minute` is how many messages were accepted lately, None if none was.

    `next_due` is when the first deferred reader is retried, in ms since 1970; None without one.
    """

    issue: str
    counts: Counts
    stage: Stage
    per_minute: int | None
    next_due: int | None

    @property
    def left_ms(self) -> int | None:
        """How long the rest takes at this rate, in ms; None if that can't be said."""
        if self.stage is not Stage.SENDING or not self.per_minute:
            return None
        return self.counts.unfinished * 60_000 // self.per_minute


def read_progress(connection: Connection, issue: str, *, now: int) -> MailingProgress:
    """How far `issue` is at `now` (ms since 1970), in the caller's transaction."""
    mailings = find_mailings(connection, issue)
    stages = {mailing: _find_stage(connection, mailing) for mailing in mailings}
    sending = [mailing for mailing, stage in stages.items() if stage is Stage.SENDING]
    times = [one for mailing in sending for one in find_last_acceptances(connection, mailing.id)]
    return MailingProgress(
        issue=issue,
        counts=count_states(connection, mailings),
        stage=min(stages.values(), key=list(Stage).index, default=Stage.ENDED),
        per_minute=measure_rate(times, now=now),
        next_due=find_next_due(connection, sending),
    )


def _find_stage(connection: Connection, mailing: Mailing) -> Stage:
    """A cancelled mailing stays cancelled; a mailing that has no one left has ended, whatever happened before."""
    last = find_last_record(connection, mailing.id)
    stage = _STAGES.get(last.event, Stage.SENDING) if last else Stage.SENDING
    if stage is Stage.CANCELLED or count_states(connection, [mailing]).unfinished:
        return stage
    return Stage.ENDED


def measure_rate(times: Iterable[AcceptedTimes], *, now: int) -> int | None:
    """Messages a minute, by those of the last minute; None without any. Pure.

    If the messages that are known reach back less than a minute, the rate is that of the shorter time.
    """
    known = sorted(one.ended_at for one in times)
    lately = [at for at in known if now - LATELY < at <= now]
    if not lately:
        return None
    span = LATELY if known[0] <= now - LATELY else max(1000, now - lately[0])
    return max(1, round(len(lately) * 60_000 / span))
