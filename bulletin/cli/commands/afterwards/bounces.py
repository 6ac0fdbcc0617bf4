"""`bulletin bounces`: reads what came back, and does what follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import DECIDING, WorkspaceOption, YesOption
from bulletin.cli.terminal import count, say, say_data, warn

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.bounces.reading import ReadingOutcome
    from bulletin.cli.opening import Opened


def bounces(
    *,
    place: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PLACE",
            help="Read maildir:FOLDER, mbox:FILE or imaps://USER@HOST instead of the mailbox in bulletin.yaml.",
            show_default=False,
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen and change nothing.")] = False,
    yes: YesOption = False,
    leave: Annotated[
        bool, typer.Option("--leave", help="If very many came back: suppress none of their readers.")
    ] = False,
    listed: Annotated[
        bool,
        typer.Option("--list", rich_help_panel=DECIDING, help="Only list what needs your decision. Nothing is read."),
    ] = False,
    settle: Annotated[
        list[int] | None,
        typer.Option(
            "--settle",
            metavar="NUMBER",
            rich_help_panel=DECIDING,
            help="Decide about this one of the list (repeatable), with --stop or --keep.",
            show_default=False,
        ),
    ] = None,
    stop: Annotated[
        bool, typer.Option("--stop", rich_help_panel=DECIDING, help="Its reader gets no more email.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", rich_help_panel=DECIDING, help="Its reader stays as they are.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Read what came back.

    It reads bounces, complaints, and requests to unsubscribe. Addresses that don't exist, and readers who complain, are
    suppressed. What isn't clear is listed for you. Reading the same emails again changes nothing. If very many would be
    suppressed at once, it stops and tells you; after a look, --yes carries it out, and --leave leaves these readers as
    they are.

      bulletin bounces --dry-run               see what would happen
      bulletin bounces                         read the mailbox
      bulletin bounces --from mbox:FILE        read a file, once
      bulletin bounces --settle 12 --stop      decide about number 12

    See also: bulletin status, bulletin explain bounced
    """
    _require_consistent(
        settle or [], place=place, stop=stop, keep=keep, reading=yes or leave or dry_run or as_json or listed
    )
    if yes and leave:
        raise typer.BadParameter("Give --yes or --leave, not both.")
    with open_ledger(folder) as opened:
        if settle:
            _settle(opened.engine, settle, stop=stop)
        elif listed:
            _list(opened.engine)
        else:
            _read(opened, place, as_json=as_json, dry_run=dry_run, yes=yes, leave=leave)


def _require_consistent(settle: list[int], *, place: str, stop: bool, keep: bool, reading: bool) -> None:
    if settle and stop + keep != 1:
        raise typer.BadParameter("Give --stop or --keep with --settle.")
    if not settle and (stop or keep):
        raise typer.BadParameter("--stop and --keep need --settle and a number: see bulletin bounces --list")
    if settle and (place or reading):
        raise typer.BadParameter("--settle goes with --stop or --keep alone.")


def _settle(engine: Engine, numbers: list[int], *, stop: bool) -> None:
    from bulletin.bounces.settling import settle_returns
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        number = settle_returns(connection, numbers, stop=stop, now=now_ms())
    said = "No more email goes to" if stop else "Nothing changes for"
    say(f"{said} {count(number, 'reader')}.")


def _list(engine: Engine) -> None:
    from bulletin.bounces.kept_returns import list_open
    from bulletin.cli.wording.returns_text import show_open
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        waiting = list_open(connection)
    if not waiting:
        say("No returned email needs your decision.")
    show_open(waiting, everything=True)


def _read(opened: Opened, place: str, *, as_json: bool, dry_run: bool, yes: bool, leave: bool) -> None:
    from bulletin.bounces.reading import make_reading
    from bulletin.bounces.sources import open_source
    from bulletin.cli.wording.returns_text import describe_storm

    workspace, engine = opened
    source = open_source(workspace, place, today=today())
    reading = make_reading(workspace, engine, now=now_ms(), confirmed=yes, left=leave, dry_run=dry_run, report=warn)
    outcome = reading.run(source)
    if as_json:
        say_data(json.dumps(asdict(outcome.counts)))
        if outcome.reasons:
            warn(describe_storm(outcome))
    else:
        _show(engine, outcome, dry_run=dry_run)
    if outcome.reasons:
        raise typer.Exit(1)


def _show(engine: Engine, outcome: ReadingOutcome, *, dry_run: bool) -> None:
    from bulletin.bounces.kept_returns import list_open
    from bulletin.cli.wording.returns_text import show_open, show_outcome
    from bulletin.database.errors import database_errors

    show_outcome(outcome, dry_run=dry_run)
    with database_errors(), engine.begin() as connection:
        waiting = list_open(connection)
    show_open(waiting)
    if dry_run:
        say("This was a dry run: nothing was changed.")
