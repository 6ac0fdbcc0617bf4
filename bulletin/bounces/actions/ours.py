"""It came back because of our text, our server or our settings: the reader has nothing to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.bounces.actions.bounce import record_bounce
from bulletin.bounces.verdict import ReturnKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def note_ours(connection: Connection, decision: ReturnDecision, *, now: int) -> bool:
    """Record that the delivery came back, and suppress no one. A report on authentication tells of no such thing.

    Always False: nothing is stopped.
    """
    if decision.is_proved and decision.verdict.kind is not ReturnKind.AUTHENTICATION_REPORT:
        record_bounce(connection, decision, now=now)
    return False
