"""`bulletin send ISSUE --resend-refused`: sends it again to readers who were refused, once the cause is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.sending.send_request import SendRequest
from bulletin.cli.terminal import NOTHING_SENT, confirm, count, say
from bulletin.cli.wording.event_text import describe_event
from bulletin.cli.wording.forecast_text import announce
from bulletin.cli.wording.next_step import newcomers_command
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing_events import EventRecord
    from bulletin.delivery.ledger.resolution import Refused
    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.workspace.workspace import Workspace

MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The facts that were confirmed: the number to send, and the stopped mailings that it resumes."""

    left: int
    resting: frozenset[int]

    def require(self, preview: SendPreview) -> None:
        """Raises MailingError if sending would now reach others, or resume what was stopped since."""
        from bulletin.delivery.ledger.mailing_events import STOPPED

        resting = {number for number, last in preview.seen.items() if last and last.event in STOPPED}
        if not preview.open or preview.counts.unfinished > self.left or not resting <= self.resting:
            raise MailingError(
                f"{preview.issue} has changed since it was shown here. Nothing was sent.",
                f"The refused readers are queued again. Check, and continue: bulletin send {preview.issue}",
            )


def queue_refused(workspace: Workspace, engine: Engine, name: str, request: SendRequest) -> Agreement | None:
    """Show who was refused and why, ask, and queue them again. None if there is no one to send to now.

    Readers of a cancelled mailing are not sent that edition again. They count as left out, so that `--left-out` sends
    them the issue as it is now. Readers who are no longer on any of its lists are skipped. `request.to`: only these.

    Raises MailingError if one of them was not refused, if another process is sending, or if it is over the limit and
    may not `spread`. Also if it would go to others too: with `to` always, with `yes` if the mailing is stopped.
    """
    from bulletin.delivery.sending.relays import open_relays

    found = _find_people(workspace, engine, name, request.to)
    over = [one for one in found if one.cancelled]
    people = [one for one in found if not one.cancelled]
    if not found:
        return None
    if over:
        _print_cancelled(name, len(over))
    others, resting = _find_others(engine, name, people) if people else (0, {})
    _print_others(others, resting.values())
    if others and request.to:
        raise _only_these(name, others)
    if people:
        _print_forecast(workspace, engine, name, len(people) + others, spread=request.spread)
    if request.dry_run:
        say("This was a dry run: nothing was sent, and nothing was changed.")
        return None
    if others and resting and request.yes:
        raise _at_rest(name, others)
    if people:
        open_relays(workspace)  # before asking: a yes must not be followed by “can't be sent”
    if not confirm(
        _question(name, len(people), others) if people else _COUNT_AS_LEFT_OUT, yes=request.yes, otherwise=NOTHING_SENT
    ):
        say(NOTHING_SENT)
        raise typer.Exit(1)
    number = _queue(workspace, engine, name, people, over)
    return Agreement(left=number + others, resting=frozenset(resting)) if number else None


def _find_people(workspace: Workspace, engine: Engine, name: str, addresses: Sequence[str]) -> list[Refused]:
    """The refused readers, of `addresses` or of all, who can be sent it again. Prints them and the others."""
    from bulletin.delivery.ledger.resolution import find_refused
    from bulletin.subscribers.address import parse_addresses

    keys = [address.key for address in parse_addresses(addresses, otherwise=NOTHING_SENT)]
    refused = find_refused(engine, name, keys)
    unlisted = _find_unlisted(workspace, engine, refused)
    reachable = [one for one in refused if not one.suppressed]
    people = [one for one in reachable if one.id not in unlisted]
    _print_refused(name, people, suppressed=len(refused) - len(reachable))
    _print_unlisted(workspace, engine, name, [one for one in reachable if one.id in unlisted])
    return people


def _print_forecast(workspace: Workspace, engine: Engine, name: str, number: int, *, spread: bool) -> None:
    """Print how long it takes. Raises MailingError if it is over the limit, unless it may `spread`."""
    from bulletin.delivery.sending.estimates import foresee_mailing

    if forecast := foresee_mailing(workspace, engine, number, now=now_ms()):
        announce(name, forecast, workspace.settings.sending, spread=spread)


def _queue(workspace: Workspace, engine: Engine, name: str, people: list[Refused], over: list[Refused]) -> int:
    """Queue `people` again, count those of `over` as left out, and print both. How many are queued."""
    from bulletin.delivery.ledger.issue_lock import hold_issue
    from bulletin.delivery.ledger.resolution import leave_out, queue_again

    with hold_issue(engine, workspace.state_folder, name, now=now_ms()):
        number = queue_again(engine, people, now=now_ms())
        left_out = leave_out(engine, over)
    if people:
        say(f"{count(number, 'reader')} queued again.")
    if over:
        print_left_out(name, left_out)
    return number


_COUNT_AS_LEFT_OUT: Final = "Is the cause fixed, and should they count as left out?"


def _print_cancelled(name: str, number: int) -> None:
    say(f"{number:>9,}  {_were(number)} refused in a mailing that was cancelled. That edition isn't sent again.")
    say(f"  They can count as left out. Then this sends them the issue as it is now: bulletin send {name} --left-out")


def print_left_out(name: str, number: int) -> None:
    """Print how many of a cancelled mailing count as left out now, and what to do next."""
    counts = "counts" if number == 1 else "count"
    say(f"{name}: {count(number, 'reader')} {counts} as left out, because the mailing was cancelled.")
    say(f"Send the issue as it is now to all who were left out: bulletin send {name} --left-out")


def _find_unlisted(workspace: Workspace, engine: Engine, refused: Iterable[Refused]) -> frozenset[int]:
    """The delivery ids of those who are no longer on any list of their mailing, as the list files are now."""
    from bulletin.database.errors import database_errors
    from bulletin.delivery.ledger.resolution import find_unlisted
    from bulletin.subscribers.sync import compare_with_files, sync_lists

    with database_errors(), engine.connect() as connection:
        sync_lists(connection, workspace, compare_with_files(connection, workspace), now=now_ms())
        unlisted = find_unlisted(connection, refused)
        connection.rollback()
    return unlisted


def _print_unlisted(workspace: Workspace, engine: Engine, name: str, people: list[Refused]) -> None:
    from bulletin.delivery.ledger.mailing import find_mailings

    for one in people:
        say(f"    {one.address} is no longer on any of its lists, so it's left out.")
    if people:
        command = newcomers_command(workspace, find_mailings(engine, name))
        say(f"  Corrected an address? Send to it with: {command}")


def _find_others(engine: Engine, name: str, people: list[Refused]) -> tuple[int, dict[int, EventRecord]]:
    """How many others would get it too; and the last event of each of these mailings that is stopped, by its id."""
    from bulletin.delivery.ledger.mailing_events import STOPPED
    from bulletin.delivery.sending.overview import read_overview

    theirs = {one.mailing_id for one in people}
    mailings = read_overview(engine, name).mailings
    concerned = [one for one in mailings if one.counts.unfinished or one.mailing.id in theirs]
    resting = {one.mailing.id: one.last for one in concerned if one.last and one.last.event in STOPPED}
    return sum(one.counts.unfinished for one in concerned), resting


def _print_others(others: int, resting: Iterable[EventRecord]) -> None:
    if others:
        say(f"{others:>9,}  {'other is' if others == 1 else 'others are'} still to be tried, and would get it too")
    for record in resting:
        say(f"  {describe_event(record)}")


def _question(name: str, number: int, others: int) -> str:
    readers = f"{'this reader' if number == 1 else f'these {number:,} readers'} again"
    if others:
        return f"Is the cause fixed? Send {name} to {readers}, and to {count(others, 'other')}?"
    return f"Is the cause fixed? Send {name} to {readers}?"


def _only_these(name: str, others: int) -> MailingError:
    return MailingError(
        f"{name} would also go to {count(others, 'other')}, but --to allows only the addresses that you named. "
        "Nothing was sent, and nothing was changed.",
        f"Continue with the others first: bulletin send {name}. Then run the same command again.",
    )


def _at_rest(name: str, others: int) -> MailingError:
    return MailingError(
        f"{name} was stopped, and --yes does not resume it for {count(others, 'other')}. "
        "Nothing was sent, and nothing was changed.",
        f"If it may continue, resume it first: bulletin send {name}. Then run the same command again.",
    )


def _print_refused(name: str, people: list[Refused], *, suppressed: int) -> None:
    from collections import Counter

    from bulletin.delivery.ledger.counts import group_refusals

    if not people:
        say(f"{name}: there is no refused reader to send it to again.")
    elif all(one.cancelled for one in people):
        say(f"{name}: {count(len(people), 'reader')} {_were(len(people))} refused:")
    else:
        say(f"{name} would be sent again to {count(len(people), 'reader')} who {_were(len(people))} refused:")
    for refusals in group_refusals(Counter(one.reply for one in people).items()):
        codes = f" ({', '.join(refusals.codes)})" if refusals.codes else ""
        say(f"{refusals.number:>9,}  {refusals.words}{codes}. {refusals.remedy}")
    for one in people[:MOST_SHOWN]:
        say("    " + "  ".join(part for part in (one.address, one.name, one.reply) if part))
    if len(people) > MOST_SHOWN:
        say(f"    … and {len(people) - MOST_SHOWN:,} more: bulletin status {name} --who refused")
    if suppressed:
        say(f"{suppressed:>9,}  unsubscribed since (or bounced, or complained): left out")


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
