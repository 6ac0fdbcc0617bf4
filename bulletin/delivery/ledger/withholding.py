"""Whether a delivery must be withheld: its person is suppressed on each list of its mailing, or has paused all email.

Two predicates, `subscribers.suppression.is_withheld` and `subscribers.wishes.is_paused`: a suppression lasts, a pause
ends by itself. A third, `consents_in`, withholds only marketing: it says which edition a person gets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sqlalchemy import false, literal_column, or_

from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.subscribers.consent import has_consent
from bulletin.subscribers.scope import find_bulletin
from bulletin.subscribers.suppression import is_withheld
from bulletin.subscribers.wishes import is_paused
from bulletin.times import read_local

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement


def is_withheld_from(mailing: Mailing) -> ColumnElement[bool]:
    """The condition that a delivery of `mailing` must not be sent: its person is suppressed, or their details erased.

    After an erasure a delivery has no address, and a hash that is no one's (`forgetting`): the journal can't know it.
    """
    suppressed = is_withheld(deliveries.c.hash, deliveries.c.subscriber_id, mailing.lists, find_bulletin(mailing.issue))
    return (deliveries.c.address == _ERASED) | suppressed


def is_withheld_from_any(mailings: Iterable[Mailing]) -> ColumnElement[bool]:
    """The condition that a delivery is of one of these mailings, and must not be sent."""
    return or_(false(), *((deliveries.c.mailing_id == one.id) & is_withheld_from(one) for one in mailings))


def consents_in(mailing: Mailing) -> ColumnElement[bool]:
    """The condition that the person of a delivery of `mailing` consents to marketing now."""
    return has_consent(deliveries.c.hash, deliveries.c.subscriber_id, mailing.lists, find_bulletin(mailing.issue))


# In the statement itself: those that are prepared (`database.prepared`) have a parameter for each value of a row.
_ERASED: Final[ColumnElement[str]] = literal_column("''")


def has_paused(today: date | ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the person of a delivery wants no issue before a day that is still ahead of `today`."""
    return is_paused(deliveries.c.subscriber_id, today)


def find_day(now: int) -> date:
    """The day of a time (ms since 1970) by which pauses count: as the clocks of this computer show it."""
    return read_local(now).date()


def describe_pause(until: date) -> str:
    """What a delivery that is withdrawn for a pause says: `Paused until 1 June 2027`."""
    return f"Paused until {until.day} {until:%B %Y}"
