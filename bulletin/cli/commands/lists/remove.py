"""`bulletin subscribers remove`: no more email to some addresses."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, say


def remove(
    addresses: Annotated[
        list[str],
        typer.Argument(metavar="ADDRESS", help="One email address, or several.", show_default=False),
    ],
    *,
    list_name: Annotated[
        str, typer.Option("--list", metavar="LIST", help="Stop only what they get through this list.")
    ] = "",
    bulletin: Annotated[str, typer.Option("--bulletin", metavar="NAME", help="Stop only this bulletin.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, in a few words, for the record.")] = "",
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Stop all email to an address, for good.

    You don't need to edit the list files: they never bring anyone back. Without --list or --bulletin, all email stops.

      bulletin subscribers remove sam@example.org

    See also: bulletin subscribers erase, bulletin subscribers show
    """
    from bulletin.cli.removal import Removal
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_addresses
    from bulletin.subscribers.suppression import refuse_address

    if list_name and bulletin:
        raise typer.BadParameter("Give --list or --bulletin, not both.")
    refuse_address(note)
    wanted = parse_addresses(addresses, otherwise="Nothing was changed.")
    with open_ledger(folder) as (workspace, engine):
        removal = Removal.choose(workspace, wanted, list_name=list_name, bulletin=bulletin)
        with database_errors(), engine.begin() as connection:
            strangers = removal.find_strangers(connection)
        removal.show_strangers(strangers)
        if (strangers or len(wanted) > 1) and not confirm(removal.question, yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        with database_errors(), engine.begin() as connection:
            new = removal.carry_out(connection, now=now_ms(), note=note)
    removal.show_result(new)
