"""The fact alone: a delivery came back, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.database.states import PersonEventKind, SuppressionOrigin
from bulletin.delivery.ledger.bounced import mark_bounced
from bulletin.subscribers.person_events import PersonEvent, record_event

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def record_bounce(connection: Connection, decision: ReturnDecision, *, now: int) -> None:
    """Record that the delivery came back, at `now` (ms since 1970). It says nothing about what follows for the reader.

    A delivery that the server refused at once stays refused: it never left.
    """
    delivery = decision.delivery
    if delivery is None:
        return
    verdict = decision.verdict
    words = verdict.diagnostic or " ".join((verdict.status, f"({verdict.kind})")).strip()
    mark_bounced(connection, delivery.id, reply=words)
    event = PersonEvent(kind=PersonEventKind.BOUNCED, at=now, origin=SuppressionOrigin.BOUNCE, delivery_id=delivery.id)
    record_event(connection, delivery.subscriber_id, event)
