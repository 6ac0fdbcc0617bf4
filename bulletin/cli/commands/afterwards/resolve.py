"""`bulletin resolve`: records whether uncertain messages arrived."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_issue, open_ledger
from bulletin.cli.options import IssueArgument, WorkspaceOption, YesOption
from bulletin.cli.sending.resend import print_left_out
from bulletin.cli.terminal import confirm, count, say
from bulletin.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.cli.opening import Opened
    from bulletin.workspace.workspace import Workspace


def resolve(
    issue: IssueArgument,
    addresses: Annotated[
        list[str] | None,
        typer.Argument(metavar="ADDRESS", help="The readers who are uncertain.", show_default=False),
    ] = None,
    *,
    delivered: Annotated[bool, typer.Option("--delivered", help="They got it.")] = False,
    resend: Annotated[
        bool,
        typer.Option(
            "--resend",
            help="They didn't get it: send it again. In a cancelled mailing they count as left out.",
        ),
    ] = False,
    everyone: Annotated[bool, typer.Option("--all", help="Everyone who is uncertain, instead of addresses.")] = False,
    unknown: Annotated[
        bool,
        typer.Option("--unknown", help="The ledger is an older copy: mark everyone who may have got it as uncertain."),
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="Record readers as delivered if the mail server's log names them.",
            show_default=False,
        ),
    ] = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Say whether unconfirmed messages arrived.

    Look in the mail server's log first, or ask the reader.

      bulletin resolve 2026-12 sam@example.org --delivered
      bulletin resolve 2026-12 --log /var/log/mail.log
      bulletin resolve 2026-12 --all --resend

    Next: bulletin status 2026-12
    See also: bulletin explain uncertain
    """
    if log:
        if delivered or resend or unknown or everyone or addresses:
            raise typer.BadParameter("With --log, leave out addresses and the other options.")
        _read_log(issue, log, folder)
        return
    if delivered + resend + unknown != 1:
        raise typer.BadParameter("Give one of --delivered, --resend and --unknown.")
    if unknown and (addresses or everyone):
        raise typer.BadParameter(
            "--unknown is about everyone who may have got the issue: leave out addresses and --all."
        )
    if not unknown and bool(addresses) == everyone:
        raise typer.BadParameter("Name addresses, or add --all.")
    if unknown:
        with open_ledger(folder) as opened:
            _make_unknown(opened, issue, yes=yes)
    else:
        with open_issue(issue, folder) as (workspace, engine, name):
            _decide(workspace, engine, name, addresses or [], delivered=delivered, yes=yes)


def _read_log(issue: str, log: Path, folder: Path | None) -> None:
    from bulletin.delivery.ledger.recovery import recover_lost
    from bulletin.delivery.ledger.resolution import count_uncertain
    from bulletin.delivery.sending.relay_log import resolve_by_log

    with open_issue(issue, folder) as (workspace, engine, name):
        recover_lost(engine, workspace.state_folder, name, now=now_ms())
        number = resolve_by_log(engine, name, log)
        left = count_uncertain(engine, name)
    say(f"{name}: {count(number, 'reader')} recorded as delivered, by the log. {left:,} still uncertain.")
    if left:
        say("If the log reaches from the start of the mailing to now, the others didn't get it, as far as it knows.")
        say(f"To send to them again: bulletin resolve {name} --all --resend")


def _decide(
    workspace: Workspace, engine: Engine, name: str, addresses: list[str], *, delivered: bool, yes: bool
) -> None:
    from bulletin.delivery.ledger.recovery import recover_lost
    from bulletin.delivery.ledger.resolution import Decision, count_uncertain, resolve_deliveries
    from bulletin.subscribers.address import parse_addresses

    recover_lost(engine, workspace.state_folder, name, now=now_ms())
    named = parse_addresses(addresses, otherwise="Nothing was changed.")
    keys = tuple(address.key for address in named) or None  # None: everyone
    number = len(keys) if keys else count_uncertain(engine, name)
    people = count(number, "reader")
    if not number:
        say(f"{name}: no one is uncertain.")
        return
    all_of_them = count(number, "uncertain reader")
    what = f"Record {name} as delivered to {all_of_them}?" if delivered else f"Queue {name} again for {all_of_them}?"
    if not addresses and not confirm(what, yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)
    decision = Decision.DELIVERED if delivered else Decision.RESEND
    left_out = resolve_deliveries(engine, name, keys=keys, decision=decision, now=now_ms())
    if delivered:
        say(f"{name}: {people} recorded as delivered.")
    elif queued := number - left_out:
        say(f"{name}: {count(queued, 'reader')} queued again. Send to them with: bulletin send {name}")
    if left_out:
        print_left_out(name, left_out)


def _make_unknown(opened: Opened, issue: str, *, yes: bool) -> None:
    """Ask, then mark everyone who may have got the issue as uncertain; and print what is left to do."""
    from bulletin.database.identity import name_place
    from bulletin.delivery.sending.rewound import count_unknown, make_unknown, read_shortfall
    from bulletin.edition.build import make_edition

    workspace, engine = opened
    shortfall = read_shortfall(engine)
    try:
        name = opened.find_issue(issue)
    except NotFound:
        if not (shortfall and issue in shortfall.issues):
            raise
        name = issue
    if shortfall:
        say(shortfall.explain(name_place(engine.url)).message)
    edition = partial(make_edition, workspace, name)
    people = count(count_unknown(workspace, engine, name, make_edition=edition, now=now_ms()), "reader")
    if not confirm(f"Mark {people} who may have got {name} as uncertain?", yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)
    left = make_unknown(workspace, engine, name, make_edition=edition, now=now_ms())
    say(f"{name}: {people} marked as uncertain. See who, and decide: bulletin status {name}")
    if left:
        say(f"The ledger is still incomplete. Next: bulletin resolve {left.issues[0]} --unknown")
    elif shortfall:
        say("The ledger can be used again.")
