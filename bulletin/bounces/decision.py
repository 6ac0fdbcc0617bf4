"""What is done about one verdict, given what the database knows of the delivery.

A report counts for a delivery that was accepted or is uncertain, once, and for 60 days. So a report that someone made
up suppresses no one who was not sent to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bulletin.bounces.match import may_report
from bulletin.bounces.verdict import ReturnClass, ReturnKind, Verdict
from bulletin.database.states import DeliveryState
from bulletin.database.tables import subscribers
from bulletin.delivery.ledger.bounced import MAY_BOUNCE, ReportedDelivery, find_delivery, find_newest_delivery
from bulletin.delivery.smtp.reply_masking import mask_address
from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address

if TYPE_CHECKING:
    from sqlalchemy import Connection

OPEN: Final = (ReturnClass.TO_CONFIRM, ReturnClass.HELD, ReturnClass.UNKNOWN)
"""What waits for a person."""

NOT_KEPT: Final = (ReturnKind.READING_RECEIPT, ReturnKind.DMARC_REPORT, ReturnKind.REPLY)
"""Of these the database remembers nothing: we don't track reading, and the others are for other eyes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnDecision:
    """A verdict, what is done about it, and whose delivery it is about; None if that is not known.

    `note` is for the officer: one line, every address masked.
    """

    verdict: Verdict
    result: ReturnClass
    delivery: ReportedDelivery | None = None
    subscriber_id: int | None = None
    note: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether only someone who had the email, or carried it, can know which one it was."""
        return self.verdict.match is not None and self.verdict.match.is_proof

    def change(self, result: ReturnClass, note: str) -> ReturnDecision:
        """The same verdict, with something else done about it."""
        return replace(self, result=result, note=note)


def decide(
    connection: Connection, verdict: Verdict, *, now: int, bounced: Collection[int] = frozenset()
) -> ReturnDecision:
    """Decide about a verdict at `now` (ms since 1970). `bounced` are deliveries that this reading has dealt with."""
    delivery, subscriber_id = _find_subject(connection, verdict)
    decision = ReturnDecision(
        verdict=verdict,
        result=verdict.result,
        delivery=delivery,
        subscriber_id=subscriber_id,
        note=verdict.note if subscriber_id is not None else _name_stranger(verdict),
    )
    if verdict.result not in _ABOUT_DELIVERIES:
        return decision
    if verdict.match is None or not verdict.match.is_proof:
        return decision if verdict.result is ReturnClass.OURS else decision.change(ReturnClass.TO_CONFIRM, _NO_PROOF)
    if delivery is None:
        return decision.change(ReturnClass.UNKNOWN, "the database doesn't have the email that this is about")
    return _weigh(decision, delivery, now=now, again=delivery.id in bounced)


_ABOUT_DELIVERIES: Final = (ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.OURS, ReturnClass.COMPLAINED)
_NO_PROOF: Final = "only the address says that this is about our email"
_NEVER_SENT: Final = "the email that this is about was never sent"
_TOO_OLD: Final = "about an email that was sent more than 60 days ago"
_TOLD_BEFORE: Final = "an earlier report about the same email counts"


def _weigh(decision: ReturnDecision, delivery: ReportedDelivery, *, now: int, again: bool) -> ReturnDecision:
    """Whether a proved report counts for its delivery."""
    complained = decision.result is ReturnClass.COMPLAINED
    came_back = again or delivery.state is DeliveryState.BOUNCED
    if came_back and not complained:
        return decision.change(ReturnClass.IGNORED, _TOLD_BEFORE)
    if not came_back and delivery.state not in MAY_BOUNCE:
        return decision.change(ReturnClass.IGNORED, _NEVER_SENT)
    if not may_report(DeliveryState.ACCEPTED.value, sent_at=delivery.sent_at, now=now):
        return decision.change(ReturnClass.TO_CONFIRM if complained else ReturnClass.IGNORED, _TOO_OLD)
    return decision


def _find_subject(connection: Connection, verdict: Verdict) -> tuple[ReportedDelivery | None, int | None]:
    """The delivery and the subscriber; those of a token that names no delivery, or of a reply's sender, too."""
    if verdict.match is None:
        asks = verdict.result is ReturnClass.TO_CONFIRM
        return None, _find_subscriber(connection, verdict.recipient) if asks else None
    subscriber_id, delivery_id = verdict.match.ids
    if delivery_id is None:
        return find_newest_delivery(connection, subscriber_id), subscriber_id
    return find_delivery(connection, delivery_id, subscriber_id), subscriber_id


def _find_subscriber(connection: Connection, address: str) -> int | None:
    try:
        hash_ = hash_address(connection, parse_address(address).key)
    except InvalidAddress:
        return None
    found: int | None = connection.scalar(select(subscribers.c.id).where(subscribers.c.hash == hash_))
    return found


def _name_stranger(verdict: Verdict) -> str:
    """The note with the masked address, where no subscriber can be named."""
    if "@" not in verdict.recipient:
        return verdict.note
    return f"{mask_address(verdict.recipient)}: {verdict.note}".removesuffix(": ")
