"""`bulletin subscribers sync`: the lists become what their files declare."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, say
from bulletin.cli.wording.difference_text import agree_to_jumps, agree_to_older, show_difference


def sync(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes and make none.")] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Apply changes from your list files.

    It shows the changes first. Readers who unsubscribed are never re-added.

      bulletin subscribers sync --dry-run   see what would change

    See also: bulletin subscribers list
    """
    from bulletin.database.commits import read_commits
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.membership import compare_lists
    from bulletin.subscribers.provenance import find_foreign_syncs, find_older, refuse_older
    from bulletin.subscribers.sync import read_declared_lists, sync_lists

    with open_ledger(folder) as (workspace, engine):
        files = read_declared_lists(workspace)  # once: what is applied is what was shown
        with database_errors(), engine.begin() as connection:
            commits = read_commits(connection)
            difference = compare_lists(connection, files)
            foreign = find_foreign_syncs(connection, workspace, difference.counts)
            older = find_older(connection, workspace, difference.counts)
        show_difference(difference)
        for name, last in foreign.items():
            say(f"{name} was last synced by {last}.")
        agree_to_older(older, dry_run=dry_run)
        if dry_run:
            say("This was a dry run: nothing was changed.")
            return
        # If no reader is added, removed or changed, there is nothing to ask. A list's lawful basis may still be new.
        agreed = not difference or older or confirm("Apply these changes?", yes=yes)
        if not agreed or not agree_to_jumps(difference, yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        with database_errors(), engine.begin() as connection:
            if read_commits(connection) != commits:  # a person may have thought for long
                difference = compare_lists(connection, files)
            refuse_older(find_older(connection, workspace, difference.counts), agreed=older)
            sync_lists(connection, workspace, difference, now=now_ms())
        say("Done.")
