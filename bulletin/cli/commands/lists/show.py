"""`bulletin subscribers show`: all that is known about one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import AddressArgument, WorkspaceOption
from bulletin.cli.terminal import say

if TYPE_CHECKING:
    from bulletin.settings.settings import Settings
    from bulletin.subscribers.subscriber import Subscriber


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
