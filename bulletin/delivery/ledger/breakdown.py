"""What a delivery's state alone does not tell: what a person made of it, and why somebody was withdrawn. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.ledger.deliveries import of_latest
from bulletin.delivery.ledger.events import CANCELLED
from bulletin.delivery.ledger.resolution import BY_PERSON

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing


@dataclass(frozen=True, kw_only=True, slots=True)
class Particulars:
    """`decided`: those of the accepted of whom a person said so. `cancelled`: those withdrawn by a cancelling."""

    decided: int
    cancelled: int


def count_particulars(engine: Engine, mailings: Iterable[Mailing]) -> Particulars:
    """What the states of `mailings` do not tell, by each person's latest delivery. Raises DatabaseError."""
    latest = of_latest(mailings)
    decided = (deliveries.c.state == DeliveryState.ACCEPTED) & BY_PERSON
    cancelled = (deliveries.c.state == DeliveryState.WITHDRAWN) & (deliveries.c.reply == CANCELLED)
    with database_errors(), engine.begin() as connection:
        numbers = [
            connection.execute(select(func.count()).where(latest, which)).scalar_one() for which in (decided, cancelled)
        ]
    return Particulars(decided=numbers[0], cancelled=numbers[1])
