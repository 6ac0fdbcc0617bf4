"""Tells people that very much came back: more of an issue than `alerts: bounces` says, or too much at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.delivery.ledger.bounced import BounceCount, count_bounces
from bulletin.delivery.sending.alert_text import describe_bounces, describe_held_returns
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from bulletin.delivery.sending.alerting import Alerter

FEWEST: Final = 5
"""Emails: fewer of an issue are no pattern, whatever share of a small list they are."""

_LOOKED_BACK: Final = 90 * 24 * 60 * 60 * 1000  # ms: reports count for 60 days, and a mailing may take some


def alert_about_returns(
    alerter: Alerter, held: Sequence[str], *, bounced: int, since: int, listed: bool = False
) -> None:
    """Tell what has come of a reading that began at `since` (ms since 1970) and in which so many emails bounced.

    `held` are the reasons why it was not carried out. An issue is told of when its share passes the threshold, and not
    again when more comes back later. `listed`: a person can decide about each that is held. Never raises BulletinError.
    """
    if alerter.settings is None:
        return
    if held:
        alerter.tell(describe_held_returns(held, listed=listed))
    try:
        counts = _count(alerter, since) if bounced else ()
    except DatabaseError as error:
        alerter.report(f"Whether very much came back could not be told. {error}")
        return
    for one in counts:
        if _passes(one, alerter.settings.bounces):
            alerter.tell(describe_bounces(one.issue, one.bounced, one.sent))


def _count(alerter: Alerter, since: int) -> tuple[BounceCount, ...]:
    with database_errors(), alerter.engine.begin() as connection:
        return count_bounces(connection, began_since=since - _LOOKED_BACK, since=since)


def _passes(one: BounceCount, threshold: float) -> bool:
    """Whether what came back lately makes the difference."""
    least = max(FEWEST, threshold * one.sent)
    return one.bounced - one.lately < least <= one.bounced
