"""What readers do with the link to unsubscribe: stop this bulletin or everything, and take that back within a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from bulletin.database.states import ConsentMethod, LiftReason, SuppressionOrigin, SuppressionReason
from bulletin.database.tables import deliveries, mailings, subscribers
from bulletin.subscribers.consent import add_consent
from bulletin.subscribers.scope import EVERYTHING, Scope, find_bulletin, one_bulletin
from bulletin.subscribers.suppression import Suppression, find_suppressions, lift, suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.subscribers.tokens import LinkToken

UNDO_WITHIN: Final = 24 * 60 * 60 * 1000  # ms after unsubscribing
_BY_READERS: Final = (SuppressionOrigin.ONE_CLICK, SuppressionOrigin.PAGE, SuppressionOrigin.EMAIL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaver:
    """The person a link names, and the bulletin that carried it; None if the link doesn't say which.

    `address` is as it is written now, "" for someone whose details were erased.
    """

    hash: bytes
    address: str
    bulletin: str | None = None

    @property
    def scope(self) -> Scope:
        """What one click stops: the bulletin that the link came with, or else everything."""
        return EVERYTHING if self.bulletin is None else one_bulletin(self.bulletin)


def find_leaver(connection: Connection, token: LinkToken) -> Leaver | None:
    """Who a token names; None for a subscriber this database doesn't have (any more).

    A delivery that it doesn't have (any more), or not for this subscriber, is as none: then the link leaves everything.
    """
    person = connection.execute(_PERSON, {"person": token.subscriber_id}).one_or_none()
    if person is None:
        return None
    named = {"person": token.subscriber_id, "delivery": token.delivery_id}
    issue = None if token.delivery_id is None else connection.scalar(_ISSUE, named)
    bulletin = None if issue is None else find_bulletin(issue)
    return Leaver(hash=bytes(person.hash), address=person.address, bulletin=bulletin)


# Made once: that takes longer than it takes to run them, and others wait for the database meanwhile.
_PERSON: Final = select(subscribers.c.hash, subscribers.c.address).where(subscribers.c.id == bindparam("person"))
_ISSUE: Final = (
    select(mailings.c.issue)
    .join(deliveries, deliveries.c.mailing_id == mailings.c.id)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.subscriber_id == bindparam("person"))
)


def leave(connection: Connection, leaver: Leaver, scope: Scope, *, origin: SuppressionOrigin, now: int) -> bool:
    """Stop what is in `scope`, at `now` (ms since 1970). False if that was so already: then nothing is written."""
    if find_stop(connection, leaver, scope) is not None:
        return False
    return suppress(connection, leaver.hash, reason=SuppressionReason.OPTED_OUT, origin=origin, now=now, scope=scope)


def find_stop(connection: Connection, leaver: Leaver, scope: Scope) -> Suppression | None:
    """The newest stop in force that covers all of `scope`; None if something of it may still be sent."""
    covering = (
        one for one in find_suppressions(connection, leaver.hash) if one.scope.includes(scope) and not one.lifted
    )
    return max(covering, key=lambda one: one.since, default=None)


def can_undo(stop: Suppression, *, now: int) -> bool:
    """Whether the reader may take this stop back: it was their own act, less than a day before `now` (ms)."""
    own = stop.reason is SuppressionReason.OPTED_OUT and stop.origin in _BY_READERS
    return own and now - stop.since < UNDO_WITHIN


def undo(connection: Connection, leaver: Leaver, stop: Suppression, *, page: str, now: int) -> bool:
    """Take a stop back, because the reader asked for it on `page` at `now` (ms). False if it can't be any more.

    The wish is kept as evidence. Anything else that stops this person still does.
    """
    if not can_undo(stop, now=now):
        return False
    later = max(now, stop.since + 1)  # the journal takes no wish that isn't later than the stop
    wish = add_consent(
        connection, leaver.hash, method=ConsentMethod.UNDO, asked_at=later, confirmed_at=later, page=page
    )
    return lift(
        connection,
        leaver.hash,
        scope=stop.scope,
        consent_id=wish,
        reason=LiftReason.UNDONE,
        origin=SuppressionOrigin.PAGE,
        now=later,
    )
