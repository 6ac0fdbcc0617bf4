"""Which readers a reading would suppress, and whether a person must look first (`storm_guard`). It only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bulletin.bounces.actions.soft import read_soft_state
from bulletin.bounces.kept_returns import WEBHOOK, count_at_edge
from bulletin.bounces.storm_guard import FEWEST_OF_DOMAIN, GuardedReading, PlannedSuppression, guard_reading
from bulletin.bounces.verdict import ReturnClass, ReturnKind
from bulletin.database.tables import deliveries, returns
from bulletin.delivery.ledger.bounced import count_sent, count_sent_to
from bulletin.subscribers.address import find_domain
from bulletin.subscribers.scope import EVERYTHING
from bulletin.subscribers.suppression import find_suppressions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def plan_suppression(
    connection: Connection, decision: ReturnDecision, *, now: int, soft: Collection[int]
) -> PlannedSuppression | None:
    """The reader that a decision would suppress, if they aren't yet; None if it suppresses no one.

    `soft` are deliveries to them that fail for now in the same reading. A reader's own request to unsubscribe is none
    of these: it is carried out whatever else comes back.
    """
    delivery = decision.delivery
    if delivery is None or decision.result not in _SUPPRESSING:
        return None
    if decision.result is ReturnClass.SOFT:
        state = read_soft_state(connection, delivery.subscriber_id, now=now, also={*soft, delivery.id})
        if not state.suppress:
            return None
    if any(one.scope == EVERYTHING and not one.lifted for one in find_suppressions(connection, delivery.hash)):
        return None
    return PlannedSuppression(
        subscriber=delivery.subscriber_id,
        mailing=delivery.mailing_id,
        domain=find_domain(delivery.address),
        at_edge=decision.verdict.kind is ReturnKind.EXCHANGE_EDGE,
    )


def list_told_lately(connection: Connection, *, now: int) -> list[PlannedSuppression]:
    """The readers that services told us to suppress in the last hour, up to `now` (ms since 1970).

    Services tell of one reader at a time: without the earlier ones no storm would ever be seen.
    """
    query = (
        select(deliveries.c.subscriber_id, deliveries.c.mailing_id, deliveries.c.address)
        .select_from(returns.join(deliveries, deliveries.c.id == returns.c.delivery_id))
        .where(
            returns.c.source == WEBHOOK,
            returns.c["class"].in_([ReturnClass.GONE.value, ReturnClass.COMPLAINED.value, ReturnClass.HELD.value]),
            returns.c.at > now - _LATELY,
        )
    )
    return [
        PlannedSuppression(subscriber=row.subscriber_id, mailing=row.mailing_id, domain=find_domain(row.address))
        for row in connection.execute(query)
    ]


_LATELY: Final = 60 * 60 * 1000  # ms
_SUPPRESSING: Final = (ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.COMPLAINED)


def guard_plan(
    connection: Connection, planned: Iterable[PlannedSuppression], *, now: int, confirmed: bool
) -> GuardedReading:
    """What a reading may do of what it plans, given how many got each mailing; `now` in ms since 1970."""
    chosen = tuple(planned)
    mailings = {one.mailing for one in chosen}
    numbers = Counter(one.domain for one in chosen)
    crowded = {domain for domain, number in numbers.items() if number >= FEWEST_OF_DOMAIN}
    return guard_reading(
        chosen,
        sent=count_sent(connection, mailings),
        sent_to_domain=count_sent_to(connection, mailings, crowded),
        at_edge_before=count_at_edge(connection, now=now) if any(one.at_edge for one in chosen) else {},
        confirmed=confirmed,
    )
