"""An email with our token in its subject: its reader leaves the bulletin that the token came with."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bulletin.database.states import PersonEventKind, SuppressionOrigin
from bulletin.subscribers.leaving import find_leaver, leave
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.scope import EVERYTHING
from bulletin.subscribers.tokens import LinkToken

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.bounces.decision import ReturnDecision


def carry_out_wish(connection: Connection, decision: ReturnDecision, *, bulletins: Collection[str], now: int) -> bool:
    """Stop the bulletin that carried the token, at `now` (ms since 1970); everything, if it names none.

    `bulletins` are those that there are, as the journal names them: someone who leaves one that is no more leaves
    everything. Someone whose details were erased has left already. False if nothing had to be stopped.
    """
    if decision.verdict.match is None:
        return False
    subscriber_id, delivery_id = decision.verdict.match.ids
    leaver = find_leaver(connection, LinkToken(subscriber_id, delivery_id))
    if leaver is None:
        return False
    scope = leaver.scope if leaver.bulletin in bulletins else EVERYTHING
    if not leave(connection, leaver, scope, origin=SuppressionOrigin.EMAIL, now=now):
        return False
    event = PersonEvent(
        kind=PersonEventKind.UNSUBSCRIBED,
        at=now,
        origin=SuppressionOrigin.EMAIL,
        target=scope.target,
        delivery_id=delivery_id,
    )
    record_event(connection, subscriber_id, event)
    return True
