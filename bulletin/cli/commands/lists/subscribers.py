"""`bulletin subscribers`: people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import format_time, now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, count, say, warn

if TYPE_CHECKING:
    from bulletin.subscribers.address import Address
    from bulletin.subscribers.difference import Difference, ListDifference
    from bulletin.subscribers.provenance import OlderList
    from bulletin.subscribers.subscriber import Subscriber

MOST_SHOWN = 20
ALARMING_SHARE = 0.2  # of a list leaving at once: more likely a wrong file than a real month

subscribers = typer.Typer(help="Who may be written to.", no_args_is_help=True, rich_markup_mode=None)

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address.", show_default=False)]


@subscribers.command()
def sync(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the difference.")] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Take over changes of the list files. They are shown first, and nobody who opted out is ever revived."""
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
            say(f"{name} was synced last by {last}.")
        agree_to_older(older, dry_run=dry_run)
        if dry_run:
            say("This was a dry run: nothing was changed.")
            return
        # Where nobody comes, goes or changes there is nothing to ask; a list's lawful basis may still be new.
        if difference and not older and not confirm("Take this over?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        with database_errors(), engine.begin() as connection:
            difference = compare_with_files(connection, workspace)
            refuse_older(find_older(connection, workspace, difference.counts), agreed=older)
            sync_lists(connection, workspace, difference, now=now_ms())
        say("Done.")


def agree_to_older(
    older: Collection[OlderList], *, dry_run: bool = False, otherwise: str = "Nothing was changed."
) -> None:
    """Say which list files are older than what another computer synced last; --yes is no answer to that.

    Raises BulletinError where no person can be asked, and typer.Exit if they say no.
    """
    for one in older:
        say(f"Careful: {one}")
    if not older or dry_run:
        return
    remedy = f"{otherwise} Copy the newer file here. If this one is right, type the same command in a terminal."
    if not confirm("Go back to this older version?", yes=False, otherwise=otherwise, remedy=remedy):
        say(otherwise)
        raise typer.Exit(1)


@subscribers.command()
def remove(
    addresses: Annotated[
        list[str],
        typer.Argument(metavar="ADDRESS", help="One email address, or several.", show_default=False),
    ],
    *,
    note: Annotated[str, typer.Option("--note", help="Why, in a few words, for whoever asks later.")] = "",
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Stop all email to one or more addresses, for good. No list file brings them back."""
    from bulletin.database.errors import database_errors
    from bulletin.database.states import SuppressionReason
    from bulletin.subscribers.suppression import suppress

    wanted = _parse_all(addresses)
    if len(wanted) > 1 and not confirm(f"Stop all email to these {len(wanted):,} addresses, for good?", yes=yes):
        say("Nothing was changed.")
        raise typer.Exit(1)
    now, reason = now_ms(), SuppressionReason.OPTED_OUT
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        new = [suppress(connection, one.key, reason=reason, now=now, note=note) for one in wanted]
    for one, is_new in zip(wanted, new, strict=True):
        say(f"{one.written} gets no more email, from any list." if is_new else f"{one.written} was opted out already.")
    if any(new):
        say("You do not need to change the list files.")


def _parse_all(texts: Sequence[str]) -> tuple[Address, ...]:
    """Each address once, in order. Raises InvalidAddress, which names all that are none."""
    from bulletin.errors import InvalidAddress
    from bulletin.subscribers.address import parse_address

    found: dict[str, Address] = {}
    faults: list[InvalidAddress] = []
    for text in texts:
        try:
            one = parse_address(text)
        except InvalidAddress as error:
            faults.append(error)
        else:
            found.setdefault(one.key, one)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise InvalidAddress("\n".join(map(str, faults)), "\nNothing was changed.")
    return tuple(found.values())


@subscribers.command()
def show(address: AddressArgument, *, folder: WorkspaceOption = None) -> None:
    """Say all that is known about an address. Its lists, an opt-out, and what became of every issue."""
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_address
    from bulletin.subscribers.subscriber import describe_subscriber

    parsed = parse_address(address)
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        person = describe_subscriber(connection, parsed.key)
    if person is None:
        say(f"Nothing is known about {parsed.written}. (Have the list files been synced?)")
    else:
        _print_person(person)


def show_difference(difference: Difference, *, most_faults: int | None = None) -> None:
    """What a sync changes, list by list, the first people of each; and the rows that cannot be used, or need a look."""
    for part in difference:
        _show_part(part)
        faults = (*part.invalid, *part.notes)
        for fault in faults[:most_faults]:
            warn(f"{fault}\n")
        if most_faults is not None and len(faults) > most_faults:
            warn(f"… and {len(faults) - most_faults:,} more. See them all: bulletin subscribers sync --dry-run\n")


def _show_part(part: ListDifference) -> None:
    members = part.unchanged + len(part.changed) + len(part.added)
    say(f"{part.name}: {count(members, 'person', 'people')} ({part})")
    lines = [] if _is_new(part) else list(part.describe())
    for line in lines[:MOST_SHOWN]:
        say(f"  {line}")
    if len(lines) > MOST_SHOWN:
        say(f"  … and {len(lines) - MOST_SHOWN:,} more")
    before = part.unchanged + len(part.changed) + len(part.removed)
    if before and len(part.removed) > ALARMING_SHARE * before:
        say(f"  Careful: {len(part.removed):,} of {before:,} would leave this list. Is it the right file?")


def _is_new(part: ListDifference) -> bool:
    """Whether the list is read for the first time: then everybody is new, and need not be named."""
    return bool(part.added) and not (part.unchanged or part.changed or part.removed or part.suppressed)


def _print_person(person: Subscriber) -> None:
    say(f"{person.address or person.key}" + (f", {person.name}" if person.name else ""))
    if person.suppression:
        reason, since = person.suppression.reason, format_time(person.suppression.since)
        note = f" ({person.suppression.note})" if person.suppression.note else ""
        say(f"  Not written to: {reason} since {since}{note}.")
    for membership in person.memberships:
        say(f"  On {membership.list} since {format_time(membership.since)}, basis: {membership.basis}.")
        for heading, text in membership.details.items():
            say(f"    {heading}: {text}")
    if not person.memberships:
        say("  On no list.")
    for delivery in person.deliveries:
        say(f"  {delivery.issue}: {delivery.state}, {format_time(delivery.when)}. {delivery.reply}".rstrip())
