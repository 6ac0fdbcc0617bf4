"""`bulletin database`: looks after the ledger as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say

database = typer.Typer(
    help="Back up the ledger: who got what, and who unsubscribed.", no_args_is_help=True, rich_markup_mode=None
)


@database.callback()
def _database() -> None:
    """Back up the ledger: who got what, and who unsubscribed."""


@database.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file for the copy.", show_default=False)],
    *,
    folder: WorkspaceOption = None,
) -> None:
    """Copy the whole ledger to a file.

    You can do this at any time, even while an issue is being sent.
    """
    from bulletin.database.backup import back_up

    with open_ledger(folder) as (_, engine):
        back_up(engine, file)
    say(f"The ledger was copied to {file}. It holds personal data: keep it where only you can read it.")
