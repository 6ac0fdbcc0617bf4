"""The reader reported the email as spam: they get no more of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.database.states import PersonEventKind, SuppressionOrigin, SuppressionReason
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.suppression import suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def stop_complained(connection: Connection, decision: ReturnDecision, *, now: int) -> bool:
    """Suppress the address for everything, at `now` (ms since 1970). False if it was so before.

    The delivery arrived, and stays accepted.
    """
    delivery = decision.delivery
    if delivery is None:
        return False
    reason, origin = SuppressionReason.COMPLAINED, SuppressionOrigin.BOUNCE
    new = suppress(connection, delivery.hash, reason=reason, origin=origin, now=now)
    event = PersonEvent(kind=PersonEventKind.COMPLAINED, at=now, origin=origin, delivery_id=delivery.id)
    record_event(connection, delivery.subscriber_id, event)
    return new
