"""Move the ledger to another database while nothing is being sent."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bulletin.database.identity import DatabaseMemory
from bulletin.database.reading import read_from
from bulletin.database.transfer import Transfer, transfer_database
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.kept_counts import find_unfinished
from bulletin.delivery.sending.outbox_runner import HOLD
from bulletin.errors import MailingHeld

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


def move_ledger(workspace: Workspace, engine: Engine, target: str, *, now: int) -> Transfer:
    """Move all that the workspace's database has to the empty one at the URL `target`, at `now` (ms since 1970).

    The workspace accepts the new one from then on. Raises MailingHeld while an issue, or an email to one person, is
    being sent, and DatabaseError as `transfer_database` does: then everything is as before.
    """
    with ExitStack() as held:
        for name in (*_list_unfinished(engine, now), HOLD):
            _hold(held, workspace, engine, name, now=now)
        done = transfer_database(engine, target, now=now)
    DatabaseMemory(workspace.state_folder).accept(done.here)
    return done


def _list_unfinished(engine: Engine, now: int) -> tuple[str, ...]:
    with read_from(engine) as connection:
        return find_unfinished(connection, before=now + 1)


def _hold(held: ExitStack, workspace: Workspace, engine: Engine, name: str, *, now: int) -> None:
    try:
        held.enter_context(hold_issue(engine, workspace.state_folder, name, now=now))
    except MailingHeld as error:
        raise MailingHeld(
            f"Nothing can be moved while something is being sent. {error.message}",
            "Wait until that is done, or stop it. `bulletin serve` sends emails to one person: stop it too.",
        ) from None
