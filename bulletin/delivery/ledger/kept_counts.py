"""Deliveries that are old are deleted, and only how many they were is kept: in each state, for each mailing.

A row about a delivery names its reader by a number, so it's personal even without an address. What became of how many
stays visible in the status, the report and the certificate. Who they were can't be told any more: so an issue that has
lost a row is never sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, exists, func, literal, or_, select, true

from bulletin.database.dialects import insert_into
from bulletin.database.reading import Source, read_from
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, kept_counts, mailing_events, mailings
from bulletin.delivery.ledger.mailing import Mailing, read_mailing
from bulletin.delivery.ledger.mailing_events import CANCELLED
from bulletin.delivery.ledger.resolution import BY_PERSON
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED)
_BATCH: Final = 10_000  # rows a statement


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCounts:
    """Of a mailing's deleted deliveries: how many by state, how many a person decided, how many a cancelling withdrew.

    `deleted_at` is when the last of them was, in ms since 1970; None if none was.
    """

    states: Counter[str]
    decided: int = 0
    cancelled: int = 0
    deleted_at: int | None = None


def find_kept_counts(connection: Connection, mailings_: Iterable[Mailing]) -> KeptCounts:
    """What is kept of these mailings together. Of one issue, each person counts once, by their latest delivery."""
    chosen = tuple(mailings_)
    query = select(kept_counts).where(kept_counts.c.mailing_id.in_([one.id for one in chosen]))
    rows = [row for row in connection.execute(query) if not (row.superseded and _has_later(row.mailing_id, chosen))]
    states: Counter[str] = Counter()
    for row in rows:
        states[row.state] += row.number
    return KeptCounts(
        states=states,
        decided=sum(row.number for row in rows if row.by_person and row.state == DeliveryState.ACCEPTED),
        cancelled=sum(row.number for row in rows if row.cancelled),
        deleted_at=max((row.deleted_at for row in rows), default=None),
    )


def _has_later(mailing_id: int, chosen: Sequence[Mailing]) -> bool:
    issue = next(one.issue for one in chosen if one.id == mailing_id)
    return any(one.issue == issue and one.id > mailing_id for one in chosen)


def find_forgotten(source: Source, mailing: Mailing) -> int | None:
    """When the last of a mailing's deliveries was deleted because it was old, in ms since 1970; None if none was."""
    with read_from(source) as connection:
        return find_kept_counts(connection, [mailing]).deleted_at


def refuse_forgotten(connection: Connection, issue: str) -> None:
    """Raises MailingError for an issue of which deliveries were deleted: someone might get it twice."""
    of_issue = select(mailings.c.id).where(mailings.c.issue == issue)
    if connection.scalar(select(exists().where(kept_counts.c.mailing_id.in_(of_issue)))):
        raise MailingError(
            f"{issue} was sent so long ago that we no longer know who got it. Some readers could get it twice.",
            "Copy its file to a new issue, and send that.",
        )


def find_old_mailings(connection: Connection, *, before: int) -> tuple[Mailing, ...]:
    """The mailings with rows to delete: all mailings of their issue ended `before` (ms since 1970). The earliest first.

    A mailing that still waits for someone, or for a person's decision whether to go on, is never old.
    """
    late = _of_late(before)
    recent = select(mailings.c.issue).where(late)
    has_rows = exists().where(deliveries.c.mailing_id == mailings.c.id)
    query = select(mailings).where(mailings.c.issue.not_in(recent), has_rows).order_by(mailings.c.id)
    return tuple(read_mailing(row) for row in connection.execute(query))


def find_unfinished(connection: Connection, *, before: int) -> tuple[str, ...]:
    """The issues that began before then, and aren't finished: their rows stay until a person ends them."""
    began = mailings.c.began_at < before
    query = select(mailings.c.issue).where(began, _is_waiting()).distinct().order_by(mailings.c.issue)
    return tuple(connection.scalars(query))


def _of_late(before: int) -> ColumnElement[bool]:
    event = exists().where(mailing_events.c.mailing_id == mailings.c.id, mailing_events.c.at >= before)
    return or_(mailings.c.began_at >= before, event, _is_waiting())


def _is_waiting() -> ColumnElement[bool]:
    return exists().where(deliveries.c.mailing_id == mailings.c.id, deliveries.c.state.in_(_WAITING))


def count_rows(connection: Connection, mailings_: Collection[Mailing]) -> int:
    """How many deliveries these mailings have as rows."""
    query = select(func.count()).where(deliveries.c.mailing_id.in_([one.id for one in mailings_]))
    return connection.scalar(query) or 0


def keep_counts_only(connection: Connection, mailing: Mailing, *, now: int) -> int:
    """Delete up to 10,000 deliveries of a mailing, and keep how many they were; how many. `now` in ms since 1970.

    Start with the earliest mailing of an issue: a later one tells that a person was sent it again.
    """
    ids = select(deliveries.c.id).where(deliveries.c.mailing_id == mailing.id).order_by(deliveries.c.id).limit(_BATCH)
    if (last := connection.scalar(select(func.max(ids.subquery().c.id)))) is None:
        return 0
    chosen = (deliveries.c.mailing_id == mailing.id) & (deliveries.c.id <= last)
    kinds = _sort(mailing)
    query = select(*kinds, func.count().label("number")).where(chosen).group_by(*kinds)
    rows = connection.execute(query).mappings().all()
    for row in rows:
        _add(connection, {"mailing_id": mailing.id, "deleted_at": now, **row})
    connection.execute(delete(deliveries).where(chosen))
    return sum(row["number"] for row in rows)


def _sort(mailing: Mailing) -> tuple[ColumnElement[object], ...]:
    """What is kept of each delivery."""
    later, of_issue = deliveries.alias("later"), select(mailings.c.id).where(mailings.c.issue == mailing.issue)
    again = exists().where(
        later.c.subscriber_id == deliveries.c.subscriber_id,
        later.c.mailing_id > mailing.id,
        later.c.mailing_id.in_(of_issue),
    )
    withdrawn = (deliveries.c.state == DeliveryState.WITHDRAWN) & (deliveries.c.reply == CANCELLED)
    conditions = {"by_person": BY_PERSON, "cancelled": withdrawn, "superseded": again}
    flags = (case((which, true()), else_=literal(False)).label(name) for name, which in conditions.items())  # noqa: FBT003
    return (deliveries.c.state.label("state"), *flags)


def _add(connection: Connection, values: dict[str, object]) -> None:
    new = insert_into(connection, kept_counts).values(values)
    sums = {"number": kept_counts.c.number + new.excluded.number, "deleted_at": new.excluded.deleted_at}
    connection.execute(new.on_conflict_do_update(index_elements=list(kept_counts.primary_key), set_=sums))
