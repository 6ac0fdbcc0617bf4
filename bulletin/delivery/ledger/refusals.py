"""Why people were refused, and how many for each reason. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.ledger.refusal_reasons import find_reason

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusals:
    """So many were refused for the same reason; `codes` are those that servers gave for it."""

    words: str
    remedy: str
    codes: tuple[str, ...]
    number: int


def count_refusals(engine: Engine, mailings: Iterable[Mailing]) -> tuple[Refusals, ...]:
    """Why those were refused who were, the most frequent reason first. A transaction; raises DatabaseError."""
    query = (
        select(deliveries.c.reply, func.count())
        .where(
            deliveries.c.mailing_id.in_([mailing.id for mailing in mailings]),
            deliveries.c.state == DeliveryState.REFUSED,
        )
        .group_by(deliveries.c.reply)
    )
    with database_errors(), engine.begin() as connection:
        return group_refusals(dict(connection.execute(query).all()).items())


def group_refusals(replies: Iterable[tuple[str, int]]) -> tuple[Refusals, ...]:
    """The reasons that `replies` give, each with how many got it; the most frequent first. Pure."""
    numbers: Counter[tuple[str, str]] = Counter()
    codes: dict[tuple[str, str], set[str]] = {}
    for reply, number in replies:
        reason = find_reason(reply)
        kind = reason.words, reason.remedy
        numbers[kind] += number
        codes.setdefault(kind, set()).update({reason.code} - {""})
    return tuple(
        Refusals(words=kind[0], remedy=kind[1], codes=tuple(sorted(codes[kind])), number=number)
        for kind, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    )
