"""`bulletin status`: what happened to whom."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import tell_when
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say
from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.mailing import Mailing
    from bulletin.delivery.progress import Counts
    from bulletin.workspace import Workspace

MOST_SHOWN = 20


def status(
    issue: Annotated[
        str | None,
        typer.Argument(metavar="[ISSUE]", help="The issue; left out, every one that was sent.", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object (for one issue).")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say what happened to whom. In words, or as JSON."""
    from bulletin.database.schema import open_database
    from bulletin.delivery.mailing import find_mailed_issues, find_mailings
    from bulletin.delivery.progress import count_states
    from bulletin.delivery.sending import find_known_issue
    from bulletin.workspace import open_workspace

    place = open_workspace(workspace)
    engine = open_database(place.database_url)
    issues = find_mailed_issues(engine) if issue is None else (find_known_issue(place, engine, issue),)
    if as_json and not issue:
        raise typer.BadParameter("--json needs the issue's name.")
    for name in issues:
        mailings = find_mailings(engine, name)
        counts = count_states(engine, mailings)
        if as_json:
            say(json.dumps(_as_object(engine, name, mailings, counts)))
        elif mailings:
            _tell(engine, name, mailings, counts)
        else:
            say(f"{name} has not been sent.")
            _tell_approval(place, engine, name)
    if not issues:
        say("Nothing has been sent yet.")


def _as_object(engine: Engine, name: str, mailings: tuple[Mailing, ...], counts: Counts) -> dict[str, object]:
    """`mailing` is the number of the latest one, or null; the states are whole numbers.

    `signed_off_by` has the names of those on whose word the latest mailing was sent.
    """
    from bulletin.signing.sign_offs import find_sign_offs_of

    latest = mailings[-1].id if mailings else None
    signed = [one.name for one in find_sign_offs_of(engine, latest)] if latest else []
    return {"issue": name, "mailing": latest, "total": counts.total, **asdict(counts), "signed_off_by": signed}


def _tell_approval(place: Workspace, engine: Engine, name: str) -> None:
    """How an issue that was not sent yet stands with those who sign it off."""
    from bulletin.edition.making import make_edition
    from bulletin.signing.approval import find_approval
    from bulletin.signing.sign_offs import find_sign_offs
    from bulletin.signing.snapshot import take_snapshot

    if not (place.settings.sign_off.needed or find_sign_offs(engine, name)):
        return
    try:
        snapshot = take_snapshot(place, make_edition(place, name), lists=place.lists_of(name))
    except FaultyFiles:
        say(f"  It has faults: bulletin check {name}")
    else:
        say(f"  {find_approval(place, engine, snapshot.contents).summary}")


def _tell(engine: Engine, name: str, mailings: tuple[Mailing, ...], counts: Counts) -> None:
    from bulletin.database.tables import DeliveryState
    from bulletin.signing.sign_offs import find_sign_offs_of

    for mailing in mailings:
        say(f"{name} to {', '.join(mailing.lists)}, begun {tell_when(mailing.began_at)}.")
        if signed := find_sign_offs_of(engine, mailing.id):
            say(f"  Signed off by {', '.join(map(str, signed))}.")
    say(f"  {count(counts.total, 'person', 'people')} in all:")
    for line in describe_counts(counts):
        say(f"  {line}")
    _name_people(engine, mailings, DeliveryState.UNCERTAIN)
    _name_people(engine, mailings, DeliveryState.REFUSED)
    _name_people(engine, mailings, DeliveryState.DEFERRED)
    if counts.uncertain:
        say(f"  Decide the uncertain: bulletin resolve {name} ADDRESS… --delivered (or --resend).")
    if counts.unfinished:
        say(f"  Not finished. Go on with it: bulletin send {name}")
    say()


def describe_counts(counts: Counts) -> list[str]:
    """A line for each state that somebody is in, with what it means."""
    meanings = {
        "accepted": "accepted: the server took the message",
        "refused": "refused: the server will not take it",
        "uncertain": "uncertain: the connection broke while it left; it may have arrived",
        "deferred": "deferred: the server said “later”",
        "queued": "queued: not yet sent",
        "sending": "sending: in flight now",
        "withdrawn": "withdrawn: opted out before their turn",
        "bounced": "bounced: it came back",
    }
    numbers = asdict(counts)
    return [f"{numbers[state]:>9,}  {meaning}" for state, meaning in meanings.items() if numbers[state]]


def _name_people(engine: Engine, mailings: tuple[Mailing, ...], state: str) -> None:
    """The first few who are in a state, with the server's words; for the uncertain, what to look for in its log."""
    from bulletin.database.tables import DeliveryState
    from bulletin.delivery.progress import list_deliveries

    people = list_deliveries(engine, mailings, states=(DeliveryState(state),))
    if not people:
        return
    say(f"  {state.capitalize()}:")
    for person in people[:MOST_SHOWN]:
        say(f"    {person.address}  {tell_when(person.ended_at or person.claimed_at)}  {person.reply}".rstrip())
        if state == DeliveryState.UNCERTAIN:
            say(f"      Message-ID {person.message_id}")
    if len(people) > MOST_SHOWN:
        say(f"    … and {len(people) - MOST_SHOWN:,} more")
