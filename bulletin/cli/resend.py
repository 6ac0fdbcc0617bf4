"""`bulletin send ISSUE --resend-refused`: once the cause is mended, send it again to those who were refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.send_request import SendRequest
from bulletin.cli.terminal import NOTHING_SENT, confirm, count, say
from bulletin.cli.wording.event_text import describe_happening
from bulletin.cli.wording.forecast_text import announce
from bulletin.cli.wording.next_step import newcomers_command
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.events import Happening
    from bulletin.delivery.ledger.resolution import Refused
    from bulletin.delivery.sending.sending import Prospect
    from bulletin.workspace.workspace import Workspace

MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What a person has agreed to: that so many are `left` and get it, though these mailings were `resting`."""

    left: int
    resting: frozenset[int]

    def require(self, prospect: Prospect) -> None:
        """Raises MailingError if sending would reach others by now, or let go on what was stopped since."""
        from bulletin.delivery.ledger.events import AT_REST

        resting = {number for number, last in prospect.seen.items() if last and last.event in AT_REST}
        if not prospect.open or prospect.counts.unfinished > self.left or not resting <= self.resting:
            raise MailingError(
                f"{prospect.issue} does not stand any more as it was shown. Nothing was sent.",
                f"Those who were refused are queued again. Look at it, and go on: bulletin send {prospect.issue}",
            )


def queue_refused(workspace: Workspace, engine: Engine, name: str, request: SendRequest) -> Agreement | None:
    """Show who was refused and why, ask, and queue them again. None if there is nobody to send to now.

    Whose mailing was cancelled is not sent it again, and counts as left out instead: what is sent to those is the issue
    as it is now. `request.to`: only these. Who is on none of its lists any more is left out: they were corrected, or
    taken out.
    Raises MailingError if one of them was not refused, if another process is sending, if it breaks a quota and may not
    `spread`, or if it would go to others as well and that is not to be: with `to` never, with `yes` not if it is
    at rest.
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
        open_relays(workspace)  # nobody should be asked, and then told that mail cannot leave
    if not confirm(_question(name, others) if people else _COUNT_AS_LEFT_OUT, yes=request.yes, otherwise=NOTHING_SENT):
        say(NOTHING_SENT)
        raise typer.Exit(1)
    number = _queue(workspace, engine, name, people, over)
    return Agreement(left=number + others, resting=frozenset(resting)) if number else None


def _find_people(workspace: Workspace, engine: Engine, name: str, addresses: Sequence[str]) -> list[Refused]:
    """Who was refused and can be sent it again, of `addresses` or of all. They are printed, and those who cannot."""
    from bulletin.delivery.ledger.resolution import find_refused
    from bulletin.subscribers.address import parse_address

    refused = find_refused(engine, name, [parse_address(address).key for address in addresses])
    unlisted = _find_unlisted(workspace, engine, refused)
    reachable = [one for one in refused if not one.suppressed]
    people = [one for one in reachable if one.id not in unlisted]
    _print_refused(name, people, suppressed=len(refused) - len(reachable))
    _print_unlisted(workspace, engine, name, [one for one in reachable if one.id in unlisted])
    return people


def _print_forecast(workspace: Workspace, engine: Engine, name: str, number: int, *, spread: bool) -> None:
    """Print how long it takes. Raises MailingError where that breaks a quota, unless it may `spread`."""
    from bulletin.delivery.sending.estimates import foresee_mailing

    if forecast := foresee_mailing(workspace, engine, number, now=now_ms()):
        announce(name, forecast, workspace.settings.sending, spread=spread)


def _queue(workspace: Workspace, engine: Engine, name: str, people: list[Refused], over: list[Refused]) -> int:
    """Queue these `people` again, and count those as left out whose mailing is `over`. How many are queued."""
    from bulletin.delivery.ledger.issue_lock import hold_issue
    from bulletin.delivery.ledger.resolution import leave_out, queue_again

    with hold_issue(engine, workspace.state_folder, name, now=now_ms()):
        number = queue_again(engine, people, now=now_ms())
        left_out = leave_out(engine, over)
    if people:
        say(f"{count(number, 'person', 'people')} queued again.")
    if over:
        print_left_out(name, left_out)
    return number


_COUNT_AS_LEFT_OUT: Final = "Is the cause fixed, and should they count as left out?"


def _print_cancelled(name: str, number: int) -> None:
    say(f"{number:>9,}  {_were(number)} refused in a mailing that was cancelled. That edition is not sent again.")
    say(f"  They can count as left out. Then this sends them the issue as it is now: bulletin send {name} --left-out")


def print_left_out(name: str, number: int) -> None:
    """So many of a cancelled mailing count as left out now; and what to do next."""
    counts = "counts" if number == 1 else "count"
    say(f"{name}: {count(number, 'person', 'people')} {counts} as left out, because the mailing was cancelled.")
    say(f"Send the issue as it is now to all who were left out: bulletin send {name} --left-out")


def _find_unlisted(workspace: Workspace, engine: Engine, refused: Iterable[Refused]) -> frozenset[int]:
    """Who of them is on none of their mailing's lists any more, as the files have it now: by their deliveries' ids."""
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
        say(f"    {one.address} is on none of its lists any more, and is left out.")
    if people:
        command = newcomers_command(workspace, find_mailings(engine, name))
        say(f"  Where an address was corrected, it goes to the new one so: {command}")


def _find_others(engine: Engine, name: str, people: list[Refused]) -> tuple[int, dict[int, Happening]]:
    """How many others would get it as well; and, by the mailings that are concerned, why those wait that do."""
    from bulletin.delivery.ledger.events import AT_REST
    from bulletin.delivery.sending.overview import find_standings

    theirs = {one.mailing_id for one in people}
    concerned = [one for one in find_standings(engine, name) if one.counts.unfinished or one.mailing.id in theirs]
    resting = {one.mailing.id: one.last for one in concerned if one.last and one.last.event in AT_REST}
    return sum(one.counts.unfinished for one in concerned), resting


def _print_others(others: int, resting: Iterable[Happening]) -> None:
    if others:
        say(f"{others:>9,}  {'other is' if others == 1 else 'others are'} still to be tried, and would get it as well")
    for happening in resting:
        say(f"  {describe_happening(happening)}")


def _question(name: str, others: int) -> str:
    if others:
        return f"Is the cause mended, and shall {name} be sent to them again, and to the {others:,} others as well?"
    return f"Is the cause mended, and shall they be sent {name} again?"


def _only_these(name: str, others: int) -> MailingError:
    return MailingError(
        f"{name} would go to {count(others, 'other', 'others')} as well, and --to means nobody else. Nothing was sent, "
        "and nothing was changed.",
        f"Go on with the others first: bulletin send {name}; then run the same command again.",
    )


def _at_rest(name: str, others: int) -> MailingError:
    return MailingError(
        f"{name} waits for a person, and --yes does not let it go on to {count(others, 'other', 'others')}. Nothing "
        "was sent, and nothing was changed.",
        f"If it may go on, say so first: bulletin send {name}; then run the same command again.",
    )


def _print_refused(name: str, people: list[Refused], *, suppressed: int) -> None:
    from collections import Counter

    from bulletin.delivery.ledger.counts import group_refusals

    if not people:
        say(f"Nobody whom {name} can be sent to again was refused.")
    elif all(one.cancelled for one in people):
        say(f"{name}: {count(len(people), 'person', 'people')} {_were(len(people))} refused:")
    else:
        say(f"{name} would go again to {count(len(people), 'person', 'people')} who {_were(len(people))} refused:")
    for refusals in group_refusals(Counter(one.reply for one in people).items()):
        codes = f" ({', '.join(refusals.codes)})" if refusals.codes else ""
        say(f"{refusals.number:>9,}  {refusals.words}{codes}. {refusals.remedy}")
    for one in people[:MOST_SHOWN]:
        say("    " + "  ".join(part for part in (one.address, one.name, one.reply) if part))
    if len(people) > MOST_SHOWN:
        say(f"    … and {len(people) - MOST_SHOWN:,} more: bulletin status {name} --who refused")
    if suppressed:
        say(f"{suppressed:>9,}  opted out since (or bounced, or complained), and {_were(suppressed)} left out")


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
