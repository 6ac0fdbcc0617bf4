"""What a sender that died left in flight: made uncertain, so that it is named and a person can decide."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from bulletin.database.errors import database_errors
from bulletin.database.tables import deliveries, mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.events import CANCELLED, CANCELLED_MAILINGS
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.ledger import Ledger, bring_forward, leave_out_rest
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def clamp_retry_times(engine: Engine, *, retries: Sequence[timedelta], now: int) -> None:
    """Let nobody wait in vain: for a time that is far away since the clock was set back, or in a cancelled mailing.

    (Earlier versions queued people again in one that was cancelled.) `retries` are the settings', `now` is in ms since
    1970. Raises DatabaseError.
    """
    # Each mailing by its number, and not simply all: only so is this found by the index.
    with database_errors(), engine.begin() as connection:
        bring_forward(connection, deliveries.c.mailing_id.in_(select(mailings.c.id)), retries=retries, now=now)
        leave_out_rest(connection, deliveries.c.mailing_id.in_(CANCELLED_MAILINGS), now=now, reply=CANCELLED)


def recover_lost(engine: Engine, folder: Path, issue: str, *, now: int) -> None:
    """Make uncertain whom a dead sender of `issue` left in flight; nobody, if it is being sent or that is not known.

    `folder` is the workspace's state folder, `now` in ms since 1970. Raises DatabaseError.
    """
    lost = [mailing for mailing in find_mailings(engine, issue) if count_states(engine, [mailing]).sending]
    if not lost:
        return
    with suppress(MailingError), hold_issue(engine, folder, issue, now=now):
        for mailing in lost:
            with Ledger(engine, mailing, run="", retries=()) as ledger:
                ledger.recover(now=now)
