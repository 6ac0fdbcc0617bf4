"""How sending is going, as figures: how many deliveries are in which state, and how long the first has waited.

Nothing here is about a person, and no word of a server is kept but its code. Reads only, in the caller's transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import exists, func, select

from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries, kept_counts, mailing_events, mailings
from bulletin.delivery.ledger.mailing_events import STOPPED, find_last_record
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.ledger.resolution import BY_PERSON

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED)
_TURNED_AWAY: Final = (DeliveryState.REFUSED, DeliveryState.DEFERRED)
_LATELY: Final = 1_000
"""The last acceptances that are looked at."""

_LONGEST: Final = 600_000
"""ms that a server may take for a message: whatever seems to have taken longer was decided by a person."""


class RefusalClass(NamedTuple):
    """What a server's refusal says of itself: `5xx` or `4xx`, and the first two numbers of RFC 3463's code (`5.1`)."""

    code: str
    enhanced: str


class AcceptedTimes(NamedTuple):
    """When a message was claimed, and when the server took it (ms since 1970, UTC)."""

    claimed_at: int
    ended_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryFigures:
    """How many deliveries are in each state, and how many were refused or deferred for which class of reason."""

    states: Counter[str] = field(default_factory=Counter)
    refusals: Counter[RefusalClass] = field(default_factory=Counter)

    def __add__(self, other: DeliveryFigures) -> DeliveryFigures:
        return DeliveryFigures(states=self.states + other.states, refusals=self.refusals + other.refusals)


def find_live_mailings(connection: Connection) -> tuple[int, ...]:
    """The mailings (ids) that still have someone to try, the earliest first."""
    waits = exists().where(deliveries.c.mailing_id == mailings.c.id, deliveries.c.state.in_(_WAITING))
    return tuple(connection.scalars(select(mailings.c.id).where(waits).order_by(mailings.c.id)))


def count_live(connection: Connection, live: Collection[int]) -> DeliveryFigures:
    """The figures of these mailings (ids)."""
    return _count(connection, deliveries.c.mailing_id.in_(live)) if live else DeliveryFigures()


def count_settled(connection: Connection, live: Collection[int]) -> DeliveryFigures:
    """The figures of all other mailings, with what is kept of deleted deliveries."""
    found = _count(connection, deliveries.c.mailing_id.not_in(live))
    kept = select(kept_counts.c.state, func.sum(kept_counts.c.number)).group_by(kept_counts.c.state)
    states = Counter({state: int(number) for state, number in connection.execute(kept)})
    return found + DeliveryFigures(states=states)


def _count(connection: Connection, which: ColumnElement[bool]) -> DeliveryFigures:
    """By the index on mailings and states alone, but for the words of those who were turned away."""
    by_state = select(deliveries.c.state, func.count()).where(which).group_by(deliveries.c.state)
    turned_away = which & deliveries.c.state.in_(_TURNED_AWAY)
    by_reply = select(deliveries.c.reply, func.count()).where(turned_away).group_by(deliveries.c.reply)
    refusals: Counter[RefusalClass] = Counter()
    for reply, number in connection.execute(by_reply):
        refusals[classify_refusal(reply)] += number
    return DeliveryFigures(states=Counter(dict(connection.execute(by_state).all())), refusals=refusals)


def classify_refusal(reply: str) -> RefusalClass:
    """The class of a server's words: `5xx` and `5.1`; empty where they say neither."""
    code = find_reason(reply).code
    return RefusalClass(code=f"{code[0]}xx" if code else "", enhanced=code.rpartition(".")[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveMailings:
    """The mailings that still have someone to try, by what they are doing, and since when the first delivery is due.

    `oldest_due` is in ms since 1970; None if nothing is due. Those who wait in a stopped mailing are not due.
    """

    sending: tuple[int, ...] = ()
    paused: tuple[int, ...] = ()
    halted: tuple[int, ...] = ()
    oldest_due: int | None = None


def sort_live(connection: Connection, live: Sequence[int], *, now: int) -> LiveMailings:
    """What these mailings (ids) are doing at `now` (ms since 1970)."""
    lasts = {one: find_last_record(connection, one) for one in live}
    events = {one: last.event if last else MailingEvent.BEGUN for one, last in lasts.items()}
    sending = tuple(one for one in live if events[one] not in STOPPED)
    return LiveMailings(
        sending=sending,
        paused=tuple(one for one in live if events[one] is MailingEvent.PAUSED),
        halted=tuple(one for one in live if events[one] is MailingEvent.HALTED),
        oldest_due=min(filter(None, (_find_oldest_due(connection, one, now) for one in sending)), default=None),
    )


def _find_oldest_due(connection: Connection, mailing_id: int, now: int) -> int | None:
    """A queued one is due since its mailing began, or was last resumed; a deferred one since its retry time."""
    of_mailing = deliveries.c.mailing_id == mailing_id
    retry = select(func.min(deliveries.c.due_at)).where(of_mailing, deliveries.c.state == DeliveryState.DEFERRED)
    due = connection.scalar(retry)
    found = [due] if due is not None and due <= now else []
    if connection.scalar(select(exists().where(of_mailing, deliveries.c.state == DeliveryState.QUEUED))):
        began = select(mailings.c.began_at).where(mailings.c.id == mailing_id)
        resumed = select(func.max(mailing_events.c.at)).where(
            mailing_events.c.mailing_id == mailing_id, mailing_events.c.event == MailingEvent.RESUMED
        )
        found.append(max(connection.scalar(began) or 0, connection.scalar(resumed) or 0))
    return min(found, default=None)


def find_last_acceptances(connection: Connection, mailing_id: int) -> tuple[AcceptedTimes, ...]:
    """Some of the last messages of a mailing that servers took, a thousand at most, in no order.

    They come from the end of the index, so it takes as long in a mailing of millions. Deliveries that a person decided
    about don't count: their end is the time of the decision.
    """
    c = deliveries.c
    lately = (
        select(c.claimed_at, c.ended_at)
        .where(c.mailing_id == mailing_id, c.state == DeliveryState.ACCEPTED, ~BY_PERSON)
        .order_by(c.due_at.desc())  # none has one: it names the index, whose end has the last of them
        .limit(_LATELY)
    )
    rows = connection.execute(lately).all()
    return tuple(AcceptedTimes(*row) for row in rows if None not in row and 0 <= row[1] - row[0] <= _LONGEST)
