"""How far mailings are, and what became of whom. Reads only.

Every function is a transaction of its own (`read_deliveries`: one after the other), and raises DatabaseError if that
fails.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, func, literal_column, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.ledger.mailing import read_edition
from bulletin.delivery.message.template import write_message_id

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine, Row

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.edition.edition import Letterhead


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many people are in each state, each by their latest delivery."""

    queued: int = 0
    sending: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    bounced: int = 0

    @property
    def total(self) -> int:
        """All of them: as many as there were people when the mailing began."""
        return sum(astuple(self))

    @property
    def gone(self) -> int:
        """Those whom the message may have reached, or was refused for."""
        return self.sending + self.accepted + self.refused + self.uncertain + self.bounced

    @property
    def unfinished(self) -> int:
        """Those that another `bulletin send` would go on with."""
        return self.queued + self.sending + self.deferred


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message's fate. `reply` has the server's own words. Times are in ms since 1970, UTC.

    `claimed_at` and `ended_at`: when the last attempt began and ended; `due_at`: when a deferred one is tried again.
    """

    address: str
    name: str
    state: DeliveryState
    message_id: str
    attempts: int
    claimed_at: int | None
    ended_at: int | None
    due_at: int | None
    reply: str


def count_states(engine: Engine, mailings: Iterable[Mailing]) -> Counts:
    """How many people whom `mailings` were to go to are in each state. Of one issue, each person counts once."""
    query = select(deliveries.c.state, func.count()).where(of_latest(mailings)).group_by(deliveries.c.state)
    with database_errors(), engine.begin() as connection:
        return Counts(**dict(connection.execute(query).all()))


def count_ended(engine: Engine, mailing: Mailing, *, since: int) -> Counts:
    """How many were accepted or refused in `mailing` since a time, in ms since 1970, UTC."""
    query = (
        select(deliveries.c.state, func.count())
        .where(
            deliveries.c.mailing_id == mailing.id,
            deliveries.c.state.in_((DeliveryState.ACCEPTED, DeliveryState.REFUSED)),
            deliveries.c.ended_at >= since,
        )
        .group_by(deliveries.c.state)
    )
    with database_errors(), engine.begin() as connection:
        return Counts(**dict(connection.execute(query).all()))


def find_next_due(engine: Engine, mailings: Iterable[Mailing]) -> int | None:
    """When the next one is tried again whom the server has put off, in ms since 1970, UTC; None if nobody is."""
    of_mailings = deliveries.c.mailing_id.in_([mailing.id for mailing in mailings])
    query = select(func.min(deliveries.c.due_at)).where(of_mailings, deliveries.c.state == DeliveryState.DEFERRED)
    with database_errors(), engine.begin() as connection:
        due: int | None = connection.scalar(query)
    return due


def turn_has_come(now: int) -> ColumnElement[bool]:
    """The condition that a delivery waits for nothing but a sender, at `now` (ms since 1970)."""
    ready = deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING))
    return ready | ((deliveries.c.state == DeliveryState.DEFERRED) & (deliveries.c.due_at <= now))


def waits_for_later(engine: Engine, mailing: Mailing, *, now: int) -> bool:
    """Whether the server has put off all who are left in `mailing`, until after `now` (ms since 1970)."""
    query = select(exists().where(deliveries.c.mailing_id == mailing.id, turn_has_come(now)))
    with database_errors(), engine.begin() as connection:
        return not connection.scalar(query)


def of_latest(mailings: Iterable[Mailing]) -> ColumnElement[bool]:
    """The condition that a delivery is of `mailings`, and that they have no later one of the issue to that person.

    Whom a cancelled mailing did not get to has a second delivery once a person has asked for that: it alone counts.
    """
    chosen = tuple(mailings)
    return and_(deliveries.c.mailing_id.in_([mailing.id for mailing in chosen]), *_without_later(chosen))


def _without_later(chosen: Sequence[Mailing]) -> list[ColumnElement[bool]]:
    """No conditions where each issue has one mailing: all deliveries are then counted by the index alone."""
    later = deliveries.alias("later")
    conditions: list[ColumnElement[bool]] = []
    for mailing in chosen:
        if following := [one.id for one in chosen if one.issue == mailing.issue and one.id > mailing.id]:
            same_person = later.c.subscriber_id == deliveries.c.subscriber_id
            again = exists().where(later.c.mailing_id.in_(following), same_person)
            conditions.append((deliveries.c.mailing_id != mailing.id) | ~again)
    return conditions


def list_deliveries(
    engine: Engine, mailings: Iterable[Mailing], *, states: Collection[DeliveryState] = tuple(DeliveryState)
) -> tuple[Delivery, ...]:
    """The deliveries of `mailings` in one of `states`, in the order in which they were frozen: each person's latest."""
    return tuple(read_deliveries(engine, mailings, states=states))


def read_deliveries(
    engine: Engine, mailings: Iterable[Mailing], *, states: Collection[DeliveryState] = tuple(DeliveryState)
) -> Iterator[Delivery]:
    """As `list_deliveries`, for however many: a batch at a time is in memory, and the database is not kept waiting."""
    chosen = tuple(mailings)
    by_id = {mailing.id: mailing for mailing in chosen}
    letterheads = {mailing.id: _find_letterhead(engine, mailing) for mailing in chosen}
    # Not a plain column: by its index the database would sort all of them anew for each batch.
    mailing_id = deliveries.c.mailing_id + literal_column("0")
    query = (
        select(deliveries)
        .where(mailing_id.in_(by_id), deliveries.c.state.in_(states), *_without_later(chosen))
        .order_by(deliveries.c.id)
        .limit(_BATCH)
    )
    after = _find_first(engine, by_id) - 1
    while True:
        with database_errors(), engine.begin() as connection:
            rows = connection.execute(query.where(deliveries.c.id > after)).all()
        for row in rows:
            message_id = write_message_id(by_id[row.mailing_id].key, row.subscriber_id, letterheads[row.mailing_id])
            yield _read_delivery(row, message_id)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


_BATCH: Final = 1000


def _find_first(engine: Engine, mailing_ids: Iterable[int]) -> int:
    query = select(func.min(deliveries.c.id)).where(deliveries.c.mailing_id.in_(mailing_ids))
    with database_errors(), engine.begin() as connection:
        return connection.scalar(query) or 0


def _find_letterhead(engine: Engine, mailing: Mailing) -> Letterhead | None:
    """None where what is kept is not what was sent: who was written to can be told all the same."""
    _, edition = read_edition(engine, mailing)
    return edition.letterhead if edition else None


def _read_delivery(row: Row[Any], message_id: str) -> Delivery:
    return Delivery(
        address=row.address,
        name=row.name,
        state=DeliveryState(row.state),
        message_id=message_id,
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        due_at=row.due_at,
        reply=row.reply,
    )
