"""What a person decides about the uncertain: nobody else can know whether those messages arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries, mailings
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine


class Decision(StrEnum):
    """What a person says of an uncertain delivery."""

    DELIVERED = "delivered"  # it arrived: uncertain → accepted
    RESEND = "resend"  # it did not, or may come twice: uncertain → queued, for the next `bulletin send`


_STATES: Final = {Decision.DELIVERED: DeliveryState.ACCEPTED, Decision.RESEND: DeliveryState.QUEUED}


def resolve_deliveries(engine: Engine, issue: str, keys: Collection[str], decision: Decision) -> None:
    """Decide the uncertain deliveries of `issue` to the addresses with these `keys`.

    All of them or none: raises MailingError that names each address that is not uncertain. Raises DatabaseError.
    """
    of_issue = deliveries.c.mailing_id.in_(select(mailings.c.id).where(mailings.c.issue == issue))
    named = of_issue & deliveries.c.key.in_(keys)
    decide = (
        update(deliveries)
        .where(named, deliveries.c.state == DeliveryState.UNCERTAIN)
        .values(state=_STATES[decision], reply=f"A person decided: {decision}.")
    )
    with database_errors(), engine.begin() as connection:
        if wrong := _find_others(connection, named, keys):
            raise MailingError(
                f"Only what is uncertain can be decided. In {issue}, {'; '.join(wrong)}.",
                "Nothing was changed. Leave these out, and run the same command again.",
            )
        connection.execute(decide)


def _find_others(connection: Connection, named: ColumnElement[bool], keys: Iterable[str]) -> list[str]:
    """In words, which of `keys` are not uncertain."""
    states = dict(connection.execute(select(deliveries.c.key, deliveries.c.state).where(named)).all())
    return [
        f"{key} is {states[key]}" if key in states else f"{key} was never written to"
        for key in dict.fromkeys(keys)
        if states.get(key) != DeliveryState.UNCERTAIN
    ]
