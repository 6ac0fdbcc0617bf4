"""How many of those who get a mailing are on each of its lists.

That is counted as it begins, and kept with that event: who is on a list changes, and nobody could count it later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import MailingEvent, deliveries, memberships

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.events import Happening
    from bulletin.delivery.ledger.mailing import Mailing

_COUNTED = re.compile(r"([a-z0-9][a-z0-9-]*): (\d+)")  # the names of lists are of these letters: settings.Name


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How many of the recipients are on each list; whoever is on several is counted at each.

    `kept`: as it was when the mailing began. Else that was not written down, and it is as the lists are now.
    """

    numbers: Mapping[str, int]
    kept: bool


def write_reach(numbers: Mapping[str, int]) -> str:
    """The numbers as the note of a mailing's beginning: `partners: 12, schools: 2`."""
    return ", ".join(f"{name}: {number}" for name, number in numbers.items())


def read_reach(note: str) -> dict[str, int]:
    """What `write_reach` wrote down; nothing from any other note."""
    return {name: int(number) for name, number in _COUNTED.findall(note)}


def find_reach(engine: Engine, mailing: Mailing, happenings: Sequence[Happening]) -> Reach:
    """How many are on each list, as it was kept, or else as far as it can be told now. Raises DatabaseError."""
    for happening in happenings:
        if happening.event is MailingEvent.BEGUN and (numbers := read_reach(happening.note)):
            return Reach(numbers=numbers, kept=True)
    query = (
        select(memberships.c.list, func.count())
        .join(deliveries, deliveries.c.subscriber_id == memberships.c.subscriber_id)
        .where(deliveries.c.mailing_id == mailing.id, memberships.c.list.in_(mailing.lists))
        .group_by(memberships.c.list)
    )
    with database_errors(), engine.begin() as connection:
        numbers = dict(connection.execute(query).all())
    return Reach(numbers={name: numbers.get(name, 0) for name in mailing.lists}, kept=False)
