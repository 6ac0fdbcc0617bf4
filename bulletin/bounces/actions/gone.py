"""The address doesn't exist, or is closed: the delivery bounced, and no one writes to it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.bounces.actions.bounce import record_bounce
from bulletin.database.states import SuppressionOrigin, SuppressionReason
from bulletin.subscribers.suppression import suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def stop_gone(connection: Connection, decision: ReturnDecision, *, now: int) -> bool:
    """Record the bounce, and suppress the address for everything, at `now` (ms since 1970).

    False if it was suppressed before.
    """
    if decision.delivery is None:
        return False
    record_bounce(connection, decision, now=now)
    reason, origin = SuppressionReason.BOUNCED, SuppressionOrigin.BOUNCE
    return suppress(connection, decision.delivery.hash, reason=reason, origin=origin, now=now)
