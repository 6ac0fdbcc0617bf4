"""`bulletin send ISSUE --resend-refused`: once the cause is mended, send it again to those who were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bulletin.cli.clock import tell_time
from bulletin.cli.terminal import confirm, count, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.resolution import Refused
    from bulletin.workspace import Workspace

MOST_SHOWN = 20


def queue_refused(
    place: Workspace, engine: Engine, name: str, addresses: list[str], *, dry_run: bool, yes: bool
) -> bool:
    """Show who was refused and why, ask, and queue them again. Whether there is somebody to send to now.

    `addresses`: only these. Raises MailingError if one of them was not refused, or if another process is sending.
    """
    from bulletin.delivery.hold import hold_mailing
    from bulletin.delivery.relays import open_relays
    from bulletin.delivery.resolution import find_refused, queue_again
    from bulletin.delivery.server_hold import hold_on_server
    from bulletin.subscribers.address import parse_address

    refused = find_refused(engine, name, [parse_address(address).key for address in addresses])
    people = [one for one in refused if not one.suppressed]
    _show(name, people, suppressed=len(refused) - len(people))
    if not people:
        return False
    if dry_run:
        say("This was a dry run: nothing was sent, and nothing was changed.")
        return False
    open_relays(place)  # nobody should be asked, and then told that mail cannot leave
    if not confirm(f"Is the cause mended, and shall they be sent {name} again?", yes=yes):
        say("Nothing was sent, and nothing was changed.")
        raise typer.Exit(1)
    with hold_mailing(place.state_folder, name, now=tell_time()), hold_on_server(engine, name, now=tell_time()):
        number = queue_again(engine, people, now=tell_time())
    say(f"{count(number, 'person', 'people')} queued again.")
    return True


def _show(name: str, people: list[Refused], *, suppressed: int) -> None:
    from collections import Counter

    from bulletin.delivery.refusals import group_refusals

    if not people:
        say(f"Nobody whom {name} can be sent to again was refused.")
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
