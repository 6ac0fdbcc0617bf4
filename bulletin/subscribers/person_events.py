"""What happened to a person, other than that emails were sent to them: for `subscribers show`, and for them to ask for.

No address, and no words of anyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from bulletin.database.states import PersonEventKind
from bulletin.database.tables import person_events

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonEvent:
    """One thing that happened, at a time in ms since 1970. `target` is the list or the bulletin that it is about.

    `origin` says through what it came, as the journal of suppressions does.
    """

    kind: PersonEventKind
    at: int
    origin: str
    target: str = ""
    delivery_id: int | None = None


def record_event(connection: Connection, subscriber_id: int, event: PersonEvent) -> None:
    """Remember that this happened to a subscriber."""
    values = {
        "subscriber_id": subscriber_id,
        "kind": event.kind,
        "target": event.target,
        "delivery_id": event.delivery_id,
        "at": event.at,
        "origin": event.origin,
    }
    connection.execute(_INSERT, values)


_INSERT: Final = insert(person_events)  # its values are given when it is run: that is much faster


def find_events(connection: Connection, subscriber_id: int) -> tuple[PersonEvent, ...]:
    """What happened to a subscriber, the earliest first."""
    columns = person_events.c
    query = select(person_events).where(columns.subscriber_id == subscriber_id).order_by(columns.at, columns.id)
    return tuple(
        PersonEvent(
            kind=PersonEventKind(row.kind),
            at=row.at,
            origin=row.origin,
            target=row.target,
            delivery_id=row.delivery_id,
        )
        for row in connection.execute(query)
    )
