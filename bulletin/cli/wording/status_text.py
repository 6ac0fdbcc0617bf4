"""Says how an issue is doing: at a glance first, then what is left to do and which command does it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time
from bulletin.cli.terminal import say
from bulletin.cli.wording.count_text import describe_counts, print_kept_editions
from bulletin.cli.wording.event_text import describe_event, print_halt
from bulletin.cli.wording.lists.people import describe_person
from bulletin.cli.wording.next_step import describe_next_step, newcomers_command
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.delivery.ledger.counts import Counts, count_refusals
from bulletin.delivery.ledger.deliveries import read_deliveries
from bulletin.delivery.ledger.issue_lock import find_holder
from bulletin.delivery.sending.last_failure import read_last_failure
from bulletin.delivery.sending.overview import IssueOverview, MailingOverview, Remaining

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.workspace.workspace import Workspace

# Readers who are named; `--who` names all. There are hardly ever more who are uncertain.
MOST_SHOWN = {
    DeliveryState.UNCERTAIN: 20,
    DeliveryState.REFUSED: 5,
    DeliveryState.DEFERRED: 5,
    DeliveryState.BOUNCED: 5,
}
_STOPPED = (MailingEvent.PAUSED, MailingEvent.HALTED, MailingEvent.CANCELLED)


def print_status(workspace: Workspace, engine: Engine, overview: IssueOverview, *, briefly: bool) -> None:
    """Print how all mailings of an issue are doing. `briefly`: in one line, if nothing is left to do."""
    name, mailings, counts, reachable = overview.issue, overview.begun, overview.counts, overview.remaining
    if overview.forgotten_at is not None:
        _print_forgotten(overview, overview.forgotten_at, briefly=briefly)
        return
    say(f"{name}: {describe_glance(counts, reachable)}")
    if briefly and not (counts.unfinished or counts.uncertain or counts.refused):
        for mailing in overview.mailings:  # it can only have been cancelled, because it waits for nothing else
            print_halt(mailing)
        return
    for line in describe_counts(counts):
        say(f"  {line}")
    for mailing in overview.mailings:
        _print_mailing(mailing)
        print_kept_editions(engine, mailing.mailing, workspace.settings.lists)
    if counts.uncertain:
        _print_uncertain(engine, name, mailings, counts.uncertain)
    if counts.refused:
        _print_refused(workspace, engine, mailings, counts.refused, reachable)
    if counts.bounced:
        _print_bounced(engine, name, mailings, counts.bounced)
    if reachable.left_out:
        _print_left_out(name, reachable.left_out)
    if counts.unfinished:
        _print_rest(workspace, engine, overview)
    say()


def _print_forgotten(overview: IssueOverview, forgotten_at: int, *, briefly: bool) -> None:
    """Print what is kept of an issue whose readers' details were deleted: no one can decide anything about it."""
    say(f"{overview.issue}: {overview.counts.accepted:,} of {overview.counts.total:,} accepted.")
    if briefly:
        return
    for line in describe_counts(overview.counts):
        say(f"  {line}")
    for mailing in overview.mailings:
        _print_mailing(mailing)
    say(f"  We deleted who they were on {format_time(forgotten_at)}, when it was old enough. The counts are kept.")
    say()


def describe_glance(counts: Counts, reachable: Remaining) -> str:
    """How many were accepted, how many are still to be tried, and how many need a person's decision."""
    words = f"{counts.accepted:,} of {counts.total:,} accepted."
    if counts.bounced:
        words += f" {counts.bounced:,} came back."
    if counts.unfinished:
        words += f" {_are(counts.unfinished)} still to be tried."
    if waiting := counts.uncertain + reachable.refused:
        words += f" {waiting:,} {'needs' if waiting == 1 else 'need'} your decision."
    if reachable.left_out:
        words += f" {reachable.left_out:,} did not get it because it was cancelled."
    elif not (waiting or counts.unfinished):
        words += " Nothing is left to do."
    return words


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _print_mailing(mailing: MailingOverview) -> None:
    ended = f", ended {format_time(mailing.ended_at)}" if mailing.ended_at is not None else ""
    say(f"  To {', '.join(mailing.mailing.lists)}: started {format_time(mailing.mailing.began_at)}{ended}.")
    if mailing.signed:
        say(f"  Approved by {', '.join(map(str, mailing.signed))}.")
    last = mailing.last
    if last and last.event in _STOPPED:
        say(f"  {describe_event(last)}")


def _print_uncertain(engine: Engine, name: str, mailings: tuple[Mailing, ...], number: int) -> None:
    say(f"\n  {_are(number)} uncertain. Look for the Message-ID in the mail server’s log, or ask them. Then run:")
    say(f"    bulletin resolve {name} ADDRESS… --delivered (or --resend)")
    _print_some(engine, name, mailings, DeliveryState.UNCERTAIN, number)


def _print_refused(
    workspace: Workspace, engine: Engine, mailings: tuple[Mailing, ...], number: int, reachable: Remaining
) -> None:
    name = mailings[0].issue
    say(f"\n  {number:,} {'was' if number == 1 else 'were'} refused:")
    for refusals in count_refusals(engine, mailings):
        codes = f" ({', '.join(refusals.codes)})" if refusals.codes else ""
        say(f"  {refusals.number:>9,}  {refusals.words}{codes}. {refusals.remedy}")
    if reachable.refused:
        them = "them" if reachable.refused == number else f"{reachable.refused:,} of them"
        say(f"  Once the cause is fixed, send it to {them} again:")
        say(f"    bulletin send {name} --resend-refused")
        say("  Corrected an address in a list file? Send to it with:")
        say(f"    {newcomers_command(workspace, mailings)}")
    if reachable.refused_before:
        them = "them" if reachable.refused_before == number else f"{reachable.refused_before:,} of them"
        say(f"  For {them} the mailing was cancelled. To send them the issue as it is now, run both:")
        say(f"    bulletin send {name} --resend-refused")
        say(f"    bulletin send {name} --left-out")
    if not (reachable.refused or reachable.refused_before):
        say("  They unsubscribed since (or bounced, or complained), so it isn't sent to them again.")
    _print_some(engine, name, mailings, DeliveryState.REFUSED, number)


def _print_bounced(engine: Engine, name: str, mailings: tuple[Mailing, ...], number: int) -> None:
    say(f"\n  {number:,} came back. Addresses that don't exist are suppressed; the others get the next issue.")
    _print_some(engine, name, mailings, DeliveryState.BOUNCED, number)


def _print_left_out(name: str, number: int) -> None:
    say(f"\n  {number:,} did not get it because it was cancelled. To send it to them after all:")
    say(f"    bulletin send {name} --left-out")


def _print_rest(workspace: Workspace, engine: Engine, overview: IssueOverview) -> None:
    name, counts = overview.issue, overview.counts
    if holder := find_holder(engine, workspace.state_folder, name):
        say(f"\n  {_are(counts.unfinished)} still to be tried, and {holder} is sending it now. There is nothing to do.")
        say(f"  To stop it: bulletin pause {name}")
        return
    words, command = describe_next_step(workspace, engine, overview)
    if (last_failure := read_last_failure(workspace.state_folder, name)) and not overview.is_stopped:
        say(f"\n  `bulletin run` couldn't continue it ({format_time(last_failure.at)}): {last_failure.words}")
    say(f"\n  {words}")
    say(f"    {command}")
    if counts.deferred:
        _print_some(engine, name, overview.begun, DeliveryState.DEFERRED, counts.deferred)


def _print_some(engine: Engine, name: str, mailings: tuple[Mailing, ...], state: DeliveryState, number: int) -> None:
    """Print the first few in a state, with the server's words, and how to see the others."""
    say(f"  {state.capitalize()}:")
    most = MOST_SHOWN[state]
    for person in islice(read_deliveries(engine, mailings, states=[state]), most):
        for line in describe_person(person):
            say(f"    {line}")
    if number > most:
        say(f"    … and {number - most:,} more: bulletin status {name} --who {state}")
