"""What an officer decides about a returned email that was listed for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from bulletin.bounces.kept_returns import OpenReturn, close_return, list_open
from bulletin.bounces.verdict import ReturnKind
from bulletin.database.states import PersonEventKind, SuppressionOrigin, SuppressionReason
from bulletin.delivery.ledger.bounced import mark_bounced
from bulletin.errors import BulletinError
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.suppression import suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection


def settle_returns(connection: Connection, numbers: Collection[int], *, stop: bool, now: int) -> int:
    """Close what waits for a person under these `numbers`, at `now` (ms since 1970); how many.

    `stop`: the readers get no more email. Raises BulletinError if a number isn't open, or names no reader to stop:
    then nothing is changed.
    """
    found = list_open(connection, numbers)
    if missing := sorted(set(numbers) - {one.number for one in found}):
        raise BulletinError(
            f"{_name(missing)} not waiting for a decision. Nothing was changed.",
            "See what is: bulletin bounces --list",
        )
    nameless = [one.number for one in found if one.hash is None]
    if stop and nameless:
        raise BulletinError(
            f"We can't tell which reader number {nameless[0]} is about. Nothing was changed.",
            "Look for the email in the mailbox. If someone is to be stopped: bulletin subscribers remove ADDRESS. "
            f"Then close it: bulletin bounces --settle {nameless[0]} --keep",
        )
    for one in found:
        if stop:
            _stop(connection, one, now=now)
        close_return(connection, one.number, now=now)
    return len(found)


def _name(numbers: Iterable[int]) -> str:
    """`Number 3 is`, `Numbers 3 and 5 are`."""
    words = [str(number) for number in numbers]
    return f"Number {words[0]} is" if len(words) == 1 else f"Numbers {', '.join(words[:-1])} and {words[-1]} are"


def _stop(connection: Connection, one: OpenReturn, *, now: int) -> None:
    if one.hash is None or one.subscriber_id is None:
        return
    reason = _REASONS.get(one.kind, SuppressionReason.BOUNCED)
    suppress(connection, one.hash, reason=reason, origin=SuppressionOrigin.COMMAND, now=now)
    event = PersonEvent(kind=_EVENTS[reason], at=now, origin=SuppressionOrigin.COMMAND, delivery_id=one.delivery_id)
    record_event(connection, one.subscriber_id, event)
    if reason is SuppressionReason.BOUNCED and one.kind is not ReturnKind.HAS_LEFT and one.delivery_id is not None:
        mark_bounced(connection, one.delivery_id, reply=one.diagnostic or f"({one.kind})")


_REASONS: Final = {
    ReturnKind.REMOVAL_REQUEST: SuppressionReason.OPTED_OUT,
    ReturnKind.BLOCKED_BY_PERSON: SuppressionReason.OPTED_OUT,
    ReturnKind.COMPLAINT: SuppressionReason.COMPLAINED,
}
_EVENTS: Final = {
    SuppressionReason.OPTED_OUT: PersonEventKind.UNSUBSCRIBED,
    SuppressionReason.BOUNCED: PersonEventKind.BOUNCED,
    SuppressionReason.COMPLAINED: PersonEventKind.COMPLAINED,
}
