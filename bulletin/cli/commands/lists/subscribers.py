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
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, in a few words, for the record.")] = "",
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Stop all email to one or more addresses, for good.

    You don't need to edit the list files: they never bring anyone back.

      bulletin subscribers remove sam@example.org
    """
    from bulletin.database.errors import database_errors
    from bulletin.database.states import SuppressionReason
    from bulletin.subscribers.address import parse_addresses
    from bulletin.subscribers.suppression import suppress

    wanted = parse_addresses(addresses, otherwise="Nothing was changed.")
    if len(wanted) > 1 and not confirm(f"Stop all email to these {len(wanted):,} addresses, for good?", yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)
    now, reason = now_ms(), SuppressionReason.OPTED_OUT
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        new = [suppress(connection, one.key, reason=reason, now=now, note=note) for one in wanted]
    for one, is_new in zip(wanted, new, strict=True):
        say(
            f"{one.written} will never be emailed again, from any list."
            if is_new
            else f"{one.written} already gets no email."
        )
    if any(new):
        say("You don't need to edit the list files.")


@subscribers.command()
def show(address: AddressArgument, *, folder: WorkspaceOption = None) -> None:
    """Show everything we hold about an address.

    It shows the reader's lists, any unsubscribe, and what happened to each issue.
    """
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_address
    from bulletin.subscribers.subscriber import describe_subscriber

    parsed = parse_address(address)
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        person = describe_subscriber(connection, parsed.key)
    if person is None:
        say(f"We have no record of {parsed.written}. Just added? Run: bulletin subscribers sync")
    else:
        _print_person(person)


def _print_person(person: Subscriber) -> None:
    say(f"{person.address or person.key}" + (f", {person.name}" if person.name else ""))
    if person.suppression:
        reason, since = person.suppression.reason, format_time(person.suppression.since)
        note = f" ({person.suppression.note})" if person.suppression.note else ""
        say(f"  Suppressed: {reason} since {since}{note}.")
    for membership in person.memberships:
        say(f"  On {membership.list} since {format_time(membership.since)}, basis: {membership.basis}.")
        for heading, text in membership.details.items():
            say(f"    {heading}: {text}")
    if not person.memberships:
        say("  On no list.")
    for delivery in person.deliveries:
        say(f"  {delivery.issue}: {delivery.state}, {format_time(delivery.when)}. {delivery.reply}".rstrip())
