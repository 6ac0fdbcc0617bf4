"""What people wish, for tests: to be stopped, and to be let back in by their own confirmed consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.database.states import (
    ConsentMethod,
    LiftReason,
    ScopeKind,
    SuppressionOrigin,
    SuppressionReason,
)
from bulletin.subscribers.consent import add_consent
from bulletin.subscribers.scope import EVERYTHING, Scope
from bulletin.subscribers.suppression import lift, suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection


def stop(connection: Connection, hash_: bytes, scope: Scope = EVERYTHING, *, now: int, note: str = "") -> bool:
    """They have unsubscribed on a page."""
    return suppress(
        connection,
        hash_,
        reason=SuppressionReason.OPTED_OUT,
        origin=SuppressionOrigin.PAGE,
        now=now,
        scope=scope,
        note=note,
    )


def come_back(connection: Connection, hash_: bytes, scope: Scope = EVERYTHING, *, now: int) -> bool:
    """They have confirmed that they want it again, within a scope."""
    wish = ConsentMethod.DOUBLE_OPT_IN if scope.kind is ScopeKind.LIST else ConsentMethod.UNDO
    name = scope.target if scope.kind is ScopeKind.LIST else ""
    consent = add_consent(connection, hash_, method=wish, asked_at=now, confirmed_at=now, list_name=name)
    return lift(
        connection,
        hash_,
        scope=scope,
        consent_id=consent,
        reason=LiftReason.CONFIRMED,
        origin=SuppressionOrigin.PAGE,
        now=now,
    )
