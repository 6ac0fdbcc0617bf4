"""`bulletin resolve`: decide what became of the uncertain."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.clock import tell_time
from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import count, say


def resolve(
    issue: IssueArgument,
    addresses: Annotated[
        list[str], typer.Argument(metavar="ADDRESS…", help="Whose delivery is uncertain.", show_default=False)
    ],
    *,
    delivered: Annotated[bool, typer.Option("--delivered", help="They have it.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="They do not have it: send it to them again.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Decide what became of the uncertain. Look in the mail server's log first, or ask the person."""
    from bulletin.database.schema import open_database
    from bulletin.delivery.recovery import recover_lost
    from bulletin.delivery.resolution import Decision, resolve_deliveries
    from bulletin.delivery.sending import find_known_issue
    from bulletin.subscribers.address import parse_address
    from bulletin.workspace import open_workspace

    if delivered == resend:
        raise typer.BadParameter("Say either --delivered or --resend.")
    place = open_workspace(workspace)
    engine = open_database(place)
    name = find_known_issue(place, engine, issue)
    keys = tuple(dict.fromkeys(parse_address(address).key for address in addresses))
    decision = Decision.DELIVERED if delivered else Decision.RESEND
    recover_lost(engine, place.state_folder, name, now=tell_time())
    resolve_deliveries(engine, name, keys=keys, decision=decision, now=tell_time())
    people = count(len(keys), "person", "people")
    if delivered:
        say(f"{name}: {people} recorded as delivered.")
    else:
        say(f"{name}: {people} queued again. Send to them with: bulletin send {name}")
