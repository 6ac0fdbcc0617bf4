"""The email couldn't be delivered this time: that is counted, and three issues in a row are a reason to stop."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from bulletin.bounces.actions.bounce import record_bounce
from bulletin.bounces.kept_returns import find_soft_deliveries
from bulletin.bounces.soft_policy import DeliveryEnd, EndedDelivery, SoftState, find_soft_state
from bulletin.database.states import DeliveryState, SuppressionOrigin, SuppressionReason
from bulletin.delivery.ledger.bounced import list_earlier
from bulletin.subscribers.suppression import suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision

_LOOKED_AT: Final = 180 * 24 * 60 * 60 * 1000  # ms


def count_soft(connection: Connection, decision: ReturnDecision, *, now: int) -> bool:
    """Record the bounce, and suppress the address if it was the third issue in a row; `now` in ms since 1970.

    Whether it did that.
    """
    if decision.delivery is None:
        return False
    record_bounce(connection, decision, now=now)
    if not read_soft_state(connection, decision.delivery.subscriber_id, now=now).suppress:
        return False
    reason, origin = SuppressionReason.BOUNCED, SuppressionOrigin.BOUNCE
    return suppress(connection, decision.delivery.hash, reason=reason, origin=origin, now=now)


def read_soft_state(
    connection: Connection, subscriber_id: int, *, now: int, also: Collection[int] = frozenset()
) -> SoftState:
    """How a subscriber is doing at `now` (ms since 1970), if the deliveries `also` had failed for now as well."""
    soft = find_soft_deliveries(connection, subscriber_id) | frozenset(also)
    earlier = list_earlier(connection, subscriber_id, since=now - _LOOKED_AT)
    return find_soft_state(
        (
            EndedDelivery(one.issue, one.at, DeliveryEnd.SOFT if one.id in soft else DeliveryEnd.ACCEPTED)
            for one in earlier
            if one.id in soft or one.state is DeliveryState.ACCEPTED
        ),
        now=now,
    )
