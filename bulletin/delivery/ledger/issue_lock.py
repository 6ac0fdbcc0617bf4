"""The hold on an issue against everybody who could send it: here, and wherever else its ledger can be reached.

Who shares a ledger must meet at one lock. So it is beside the ledger's file where that is SQLite (two checkouts may
share one); on PostgreSQL the server has it, and the one in the state folder keeps this machine in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.dialects import find_file
from bulletin.delivery.ledger.file_lock import Holder, find_sender, hold_mailing
from bulletin.delivery.ledger.server_lock import find_sender_on_server, hold_on_server

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def hold_issue(
    engine: Engine, state_folder: Path, issue: str, *, now: int, wait: float = 0
) -> Iterator[Callable[[], None]]:
    """Keep every other process from sending `issue` while the `with` block runs.

    The block is given a function that raises HoldLost if that is not so any more. `now` in ms since 1970. Raises
    MailingHeld if another process is sending it and has not ended after `wait` seconds, MailingError if that cannot be
    ensured, DatabaseError if the server cannot be asked.
    """
    folder = find_lock_folder(engine, state_folder)
    with hold_mailing(folder, issue, now=now, wait=wait), hold_on_server(engine, issue, now=now, wait=wait) as held:
        yield held


def find_holder(engine: Engine, state_folder: Path, issue: str) -> Holder | None:
    """Who is sending `issue` now, here or on another computer; None if no one is. Raises DatabaseError."""
    return find_sender(find_lock_folder(engine, state_folder), issue) or find_sender_on_server(engine, issue)


def find_lock_folder(engine: Engine, state_folder: Path) -> Path:
    """The folder of the database's file, by its real name; where there is none, the workspace's state folder."""
    file = find_file(engine.url)
    return file.resolve().parent if file else state_folder
