"""`bulletin database`: looks after the ledger: where it is, back-ups, moves, old years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_engine, open_ledger
from bulletin.cli.options import LogOption, WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, count, say, say_data

if TYPE_CHECKING:
    from bulletin.database.database_status import DatabaseStatus
    from bulletin.delivery.sending.restoring import Restored

_HELP = """Back up, restore, move and upgrade.

The ledger is who was sent what, and who unsubscribed.

  bulletin database backup ledger-copy.db
  bulletin database tidy --dry-run

Help for one command: bulletin help database backup
"""

database = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)


@database.callback()
def _database() -> None:
    """Look after the ledger: back it up, move it, archive a year."""


@database.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Show where the ledger is, and what it has.

    Nothing is changed, and nothing is upgraded.
    """
    from bulletin.cli.wording.database_text import describe_database
    from bulletin.database.database_status import read_database_status
    from bulletin.workspace.workspace import open_workspace

    found = read_database_status(open_workspace(folder).database_url)
    if as_json:
        say_data(json.dumps(found and _to_plain(found), indent=2))
    elif found is None:
        say("There is no database yet. The first command that records something makes it.")
    else:
        for line in describe_database(found):
            say(line)


def _to_plain(status: DatabaseStatus) -> dict[str, object]:
    names = ("kind", "place", "size", "version", "program", "changed_at", "counts", "unknown_since")
    more = {"current": status.is_current, "moved_to": status.moved_to, "complete": status.shortfall is None}
    return {name: getattr(status, name) for name in names} | more


@database.command()
def upgrade(*, folder: WorkspaceOption = None) -> None:
    """Bring the ledger up to date with this program.

    Every command does this by itself. An older program can't use the ledger after it: it says so, and does nothing.
    """
    from bulletin.database.database_status import read_database_status
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    before = read_database_status(workspace.database_url)
    with open_engine(workspace):
        pass
    after = read_database_status(workspace.database_url)
    new = after.version if after else ""
    if before is None:
        say(f"A new database was made, with schema {new}.")
    elif before.version == new:
        say(f"The database is up to date: schema {new}.")
    else:
        say(f"The database was upgraded from schema {before.version} to {new}.")


@database.command()
def move(
    *,
    target: Annotated[
        str,
        typer.Option("--to", metavar="URL", help="The address of an empty database.", show_default=False),
    ],
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Move the ledger to another database, whole.

    From the file to a PostgreSQL server, or back. Each table is compared with its copy. The old database keeps all that
    it has, and no command uses it any more. Stop `bulletin serve` first.

      bulletin database move --to postgresql+psycopg://db/news
      bulletin database move --to sqlite:////srv/ledger.db
    """
    from bulletin.cli.wording.database_text import describe_transfer
    from bulletin.database.engine import connect_database
    from bulletin.database.identity import name_place
    from bulletin.delivery.sending.moving import move_ledger

    with open_ledger(folder) as (workspace, engine):
        goal = connect_database(target)
        goal.dispose()
        if not confirm(f"Move everything from {name_place(engine.url)} to {name_place(goal.url)}?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        done = move_ledger(workspace, engine, target, now=now_ms())
        for line in describe_transfer(done, workspace):
            say(line)


@database.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file for the copy.", show_default=False)],
    *,
    folder: WorkspaceOption = None,
) -> None:
    """Copy the whole ledger to a file.

    You can do this at any time, even while an issue is being sent.

      bulletin database backup ledger-copy.db
    """
    from bulletin.database.backup import back_up
    from bulletin.database.backup_record import keep_backup_record

    with open_ledger(folder) as (workspace, engine):
        back_up(engine, file, now=now_ms())
        keep_backup_record(workspace.state_folder, file, now=now_ms())
    say(f"The ledger was copied to {file}. It holds personal data: keep it where only you can read it.")


@database.command()
def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="The back-up (left out: the one that is in place already).", show_default=False
        ),
    ] = None,
    *,
    marks: Annotated[
        list[Path] | None,
        typer.Option(
            "--mark",
            metavar="FILE",
            help="The .bulletin/ledger.mark of a machine that sends, as it is now (repeat for each machine).",
            show_default=False,
        ),
    ] = None,
    checked: Annotated[
        bool, typer.Option("--checked", help="You have put right what the back-up couldn't know.")
    ] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Put a back-up of the ledger in place.

    Every unfinished mailing stops. Readers who were queued when the back-up was made may have got it since: they are
    uncertain, until you decide. Who unsubscribed since isn't known.

      bulletin database restore /var/backups/ledger-monday.db
      bulletin database restore --checked                      once those who unsubscribed are removed again
    """
    if checked:
        if file or marks:
            raise typer.BadParameter("With --checked, leave out the file and --mark.")
        _close_gap(folder)
        return
    from bulletin.cli.wording.database_text import describe_restored

    if not confirm("Put the back-up in place, and stop every mailing that isn't finished?", yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)
    done = _restore(file, marks or [], folder)
    if done is None:
        say("The ledger in place is no back-up, and lacks nothing. Name the back-up: bulletin database restore FILE")
        raise typer.Exit(1)
    for line in describe_restored(done):
        say(line)


def _restore(file: Path | None, marks: list[Path], folder: Path | None) -> Restored | None:
    from bulletin.delivery.sending.restoring import read_marks, restore_ledger, settle_ledger
    from bulletin.workspace.workspace import open_workspace

    known, now = read_marks(marks), now_ms()
    if file:
        return restore_ledger(open_workspace(folder), file, marks=known, now=now)
    with open_ledger(folder) as (workspace, engine):
        return settle_ledger(workspace, engine, marks=known, now=now)


def _close_gap(folder: Path | None) -> None:
    from bulletin.delivery.sending.doubts import close_gap

    with open_ledger(folder) as (_, engine):
        is_closed = close_gap(engine, now=now_ms())
    say("Recorded. You can send again." if is_closed else "Nothing was unknown, so there was nothing to record.")


@database.command()
def archive(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="A year that is over, such as 2025.", min=2000, max=2999)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="A new file (default: deliveries-YEAR.jsonl.gz here).", show_default=False
        ),
    ] = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Move a year's deliveries to a file.

    Who was sent which issue in that year is in the file then, and no longer in the ledger. Every report keeps its
    numbers. Issues that aren't finished stay. `unarchive` brings them back.

      bulletin database archive 2025
      bulletin database unarchive deliveries-2025.jsonl.gz
    """
    from bulletin.delivery.ledger.archiving import archive_year

    file = out or Path(f"deliveries-{year}.jsonl.gz")
    with open_ledger(folder) as (_, engine):
        if not confirm(f"Move the deliveries of {year} from the ledger to {file}?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        done = archive_year(engine, year, file, now=now_ms())
    say(f"{count(done.rows, 'delivery', 'deliveries')} of {count(len(done.issues), 'issue')} are in {file} now.")
    say(
        "It holds personal data: keep it where only you can read it. `retention:` doesn't reach it, and `subscribers "
        "erase` doesn't either: delete it when its time is over."
    )


@database.command()
def unarchive(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `archive` made.", show_default=False)],
    *,
    folder: WorkspaceOption = None,
) -> None:
    """Put a year's deliveries back into the ledger."""
    from bulletin.delivery.ledger.archiving import unarchive_year

    with open_ledger(folder) as (_, engine):
        done = unarchive_year(engine, file, now=now_ms())
    say(f"{count(done.rows, 'delivery', 'deliveries')} of {done.year} are in the ledger again.")


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
