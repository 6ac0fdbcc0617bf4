"""`bulletin database`: looks after the ledger as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import LogOption, WorkspaceOption
from bulletin.cli.terminal import say

database = typer.Typer(
    help="Look after the ledger: back it up, delete what is old.", no_args_is_help=True, rich_markup_mode=None
)


@database.callback()
def _database() -> None:
    """Look after the ledger: back it up, delete what is old."""


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
    from bulletin.database.backup_record import keep_backup_record

    with open_ledger(folder) as (workspace, engine):
        back_up(engine, file)
        keep_backup_record(workspace.state_folder, file, now=now_ms())
    say(f"The ledger was copied to {file}. It holds personal data: keep it where only you can read it.")


@database.command()
def tidy(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
    log: LogOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Delete what was kept long enough.

    `bulletin run` does this once a day. How long what is kept is under `retention:` in bulletin.yaml. Who was sent an
    issue goes after 24 months, and the counts stay.

      bulletin database tidy --dry-run
    """
    from bulletin.cli.tidying import describe_tidying, foresee, tidy_now

    with open_ledger(folder) as (workspace, engine):
        act = foresee if dry_run else tidy_now
        found, lines = act(workspace, engine, log, now=now_ms())
        says = list(describe_tidying(found, lines, logs=workspace.settings.retention.logs))
    if found or lines:
        say("This would be deleted:" if dry_run else "Deleted:")
    else:
        say("Nothing was kept for too long.")
    for line in says:
        say(line)
