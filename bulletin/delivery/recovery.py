"""What a sender that died left in flight: made uncertain, so that it is named and a person can decide."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.delivery.ledger import Ledger
from bulletin.delivery.mailing import find_mailings
from bulletin.delivery.progress import count_states
from bulletin.delivery.sole_hold import hold_issue
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine


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
