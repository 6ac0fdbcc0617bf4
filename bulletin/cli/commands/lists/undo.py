"""`bulletin subscribers undo`: take the last import back."""

from __future__ import annotations

import typer

from bulletin.cli.clock import format_time, now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, count, say


def undo(*, yes: YesOption = False, folder: WorkspaceOption = None) -> None:
    """Undo the last import.

    The list's file becomes what it was before. Readers that the import suppressed stay suppressed.

      bulletin subscribers undo
    """
    from bulletin.cli.wording.difference_text import show_difference
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.upkeep.undoing import find_last_import, require_unchanged, undo_import

    with open_ledger(folder) as (workspace, engine):
        with database_errors(), engine.begin() as connection:
            last = find_last_import(connection)
        if last is None:
            say("Nothing was imported that could be undone.")
            raise typer.Exit(1)
        require_unchanged(workspace, last)
        say(f"{last.file} was imported to {last.list} on {format_time(last.at)}: {count(last.people, 'reader')}.")
        if not confirm(f"Take {count(last.people, 'reader')} off {last.list} again?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        difference = undo_import(workspace, engine, last, now=now_ms())
    show_difference(difference)
    say("The import is undone. Readers that it suppressed stay suppressed.")
