"""`bulletin subscribers`: looks after the lists of readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import format_time, now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, say
from bulletin.cli.wording.difference_text import agree_to_older, show_difference

if TYPE_CHECKING:
    from bulletin.settings.settings import Settings
    from bulletin.subscribers.subscriber import Subscriber

subscribers = typer.Typer(help="Look after your lists of readers.", no_args_is_help=True, rich_markup_mode=None)

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The email address.", show_default=False)]


@subscribers.command()
def sync(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes and make none.")] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Apply changes from your list files.

    It shows the changes first. Readers who unsubscribed are never re-added.
    """
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.provenance import find_foreign_syncs, find_older, refuse_older
    from bulletin.subscribers.sync import compare_with_files, sync_lists

    with open_ledger(folder) as (workspace, engine):
        with database_errors(), engine.begin() as connection:
            difference = compare_with_files(connection, workspace)
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
        if difference and not older and not confirm("Apply these changes?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        with database_errors(), engine.begin() as connection:
            difference = compare_with_files(connection, workspace)
            refuse_older(find_older(connection, workspace, difference.counts), agreed=older)
            sync_lists(connection, workspace, difference, now=now_ms())
        say("Done.")


@subscribers.command()
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
    """Stop email to one or more addresses, for good.

    You don't need to edit the list files: they never bring anyone back. Without --list or --bulletin, all email stops.

      bulletin subscribers remove sam@example.org
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


@subscribers.command()
def show(address: AddressArgument, *, folder: WorkspaceOption = None) -> None:
    """Show everything we hold about an address.

    It shows the reader's lists, any unsubscribe, and what happened to each issue.
    """
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_address
    from bulletin.subscribers.subscriber import describe_subscriber

    parsed = parse_address(address)
    with open_ledger(folder) as (workspace, engine), database_errors(), engine.begin() as connection:
        person = describe_subscriber(connection, parsed.key)
    if person is None:
        say(f"We have no record of {parsed.written}. Just added? Run: bulletin subscribers sync")
    else:
        _print_person(person, workspace.settings)


def _print_person(person: Subscriber, settings: Settings) -> None:
    from bulletin.cli.wording.suppression_text import describe_suppression

    say(f"{person.address or person.key}" + (f", {person.name}" if person.name else ""))
    for suppression in person.suppressions:
        say(f"  {describe_suppression(suppression, settings)}")
    for membership in person.memberships:
        say(f"  On {membership.list} since {format_time(membership.since)}, basis: {membership.basis}.")
        for heading, text in membership.details.items():
            say(f"    {heading}: {text}")
    if not person.memberships:
        say("  On no list.")
    for delivery in person.deliveries:
        say(f"  {delivery.issue}: {delivery.state}, {format_time(delivery.when)}. {delivery.reply}".rstrip())
