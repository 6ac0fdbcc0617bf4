"""How many people the email of an issue reached, in all and on each list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulletin.comparison.year_review import Reach
from bulletin.delivery.ledger.counts import count_states, find_list_counts
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import find_events

if TYPE_CHECKING:
    from sqlalchemy import Engine


def find_reach(engine: Engine, issue: str) -> Reach | None:
    """The reach of all mailings of `issue`; None if it was not sent. Raises DatabaseError."""
    mailings = find_mailings(engine, issue)
    people, by_list = 0, Counter[str]()
    for mailing in mailings:
        people += count_states(engine, [mailing]).accepted
        by_list.update(find_list_counts(engine, mailing, find_events(engine, mailing.id)).numbers)
    return Reach(people=people, by_list=dict(by_list)) if mailings else None
