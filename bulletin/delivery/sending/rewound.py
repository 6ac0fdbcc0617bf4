"""What to do if the ledger has lost something: everyone who may have had an issue becomes uncertain.

Every function is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from bulletin.database.commits import allow_settling
from bulletin.database.errors import database_errors
from bulletin.database.shortfall import Shortfall, find_shortfall, settle_shortfall
from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.mailing import Mailing, find_mailings, make_mailing_key
from bulletin.delivery.ledger.mailing_events import add_event
from bulletin.delivery.ledger.recovery import make_all_uncertain, make_waiting_uncertain
from bulletin.delivery.ledger.start import count_people, restore_mailing
from bulletin.delivery.sending.preparation import prepare_within
from bulletin.edition.edition import Edition
from bulletin.subscribers.sync import compare_with_files, sync_lists

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.workspace.workspace import Workspace

_REPLY: Final = "The ledger has lost what became of this message."
_NOTE: Final = "The ledger has lost this mailing. Everyone who may have had it is uncertain."


def read_shortfall(engine: Engine) -> Shortfall | None:
    """Read what the ledger lacks that was in it before; None if nothing."""
    with database_errors(), engine.begin() as connection:
        return find_shortfall(connection)


def count_unknown(
    workspace: Workspace, engine: Engine, issue: str, *, make_edition: Callable[[], Edition], now: int
) -> int:
    """Count how many people `make_unknown` would make uncertain. Nothing changes: the trial is rolled back."""
    with database_errors(), engine.connect() as connection:
        number = _make_unknown(connection, workspace, issue, make_edition, now)
        connection.rollback()
    return number


def make_unknown(
    workspace: Workspace, engine: Engine, issue: str, *, make_edition: Callable[[], Edition], now: int
) -> Shortfall | None:
    """Make everyone uncertain who may have had `issue`; return what the ledger still lacks, None once it is complete.

    They are all who wait for it and, if the ledger has lost a mailing of it, all who would get it now. If no mailing is
    recorded and no loss is known, we trust the person, and restore one. `make_edition` is called only for a lost
    mailing. `now` is in ms since 1970. Raises MailingHeld while the issue is being sent.
    """
    with (
        hold_issue(engine, workspace.state_folder, issue, now=now),
        database_errors(),
        engine.begin() as connection,
    ):
        allow_settling(connection)
        _make_unknown(connection, workspace, issue, make_edition, now)
        return settle_shortfall(connection, issue)


def _make_unknown(
    connection: Connection, workspace: Workspace, issue: str, make_edition: Callable[[], Edition], now: int
) -> int:
    number = make_waiting_uncertain(connection, issue, now=now, reply=_REPLY)
    for mailing in _restore_mailings(connection, workspace, issue, make_edition, now):
        number += make_all_uncertain(connection, mailing, now=now, reply=_REPLY)
        add_event(connection, mailing.id, MailingEvent.ENDED, now=now, note=_NOTE)
    return number


def _restore_mailings(
    connection: Connection, workspace: Workspace, issue: str, make_edition: Callable[[], Edition], now: int
) -> tuple[Mailing, ...]:
    """Restore the lost mailings of `issue`, unless no possible recipient is left."""
    shortfall = find_shortfall(connection)
    lost = [one for one in shortfall.lost if one.issue == issue and not one.is_there] if shortfall else []
    is_known = shortfall or find_mailings(connection, issue)
    if is_known and not lost:
        return ()
    if not workspace.issue_path(issue).is_file():  # it cannot be sent either
        return ()
    sync_lists(connection, workspace, compare_with_files(connection, workspace), now=now)
    known = [(one.mailing.lists, one.mailing.key, one.mailing.began_at) for one in lost if one.mailing]
    prepare = partial(prepare_within, connection, workspace, issue, make_whole=cache(make_edition))
    return tuple(
        restore_mailing(connection, prepare(lists=lists), lists=lists, key=key, began_at=began_at)
        for lists, key, began_at in known or [(workspace.lists_of(issue), make_mailing_key(), now)]
        if count_people(connection, issue, lists).recipients
    )
