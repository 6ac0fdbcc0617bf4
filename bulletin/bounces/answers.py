"""What servers said while an issue was being sent, judged as a report with the same words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bulletin.bounces.decision import ReturnDecision
from bulletin.bounces.judgement import judge_answer
from bulletin.bounces.match import DeliveryIds
from bulletin.bounces.verdict import ReturnClass
from bulletin.delivery.ledger.bounced import ReportedDelivery, list_refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LOOKED_BACK: Final = 60 * 24 * 60 * 60 * 1000  # ms
_PURPOSE: Final = b"answer 1"
_SIZE: Final = 16  # octets


def judge_answers(connection: Connection, *, now: int) -> Iterator[ReturnDecision]:
    """The refusals of the last 60 days by which an address doesn't exist, and that were not judged before.

    Nothing follows from any other refusal: the delivery stays refused, and the reader is written to next time.
    """
    for delivery in list_refused(connection, since=now - _LOOKED_BACK):
        ids = DeliveryIds(delivery.subscriber_id, delivery.id)
        verdict = judge_answer(delivery.reply, ids, address=delivery.address)
        if verdict.result is ReturnClass.GONE:
            yield ReturnDecision(
                verdict=replace(verdict, key=_make_key(delivery)),
                result=verdict.result,
                delivery=delivery,
                subscriber_id=delivery.subscriber_id,
            )


def _make_key(delivery: ReportedDelivery) -> bytes:
    """One for each attempt that ended so: an address that was refused, corrected and refused again has two."""
    digest = hashlib.blake2b(person=_PURPOSE, digest_size=_SIZE)
    digest.update(f"{delivery.id} {delivery.sent_at} {delivery.reply}".encode("utf-8", "replace"))
    return digest.digest()
