"""`bulletin subscribers requests`: who asks to join a list that you check, and your answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import format_time, now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.settings.settings import Settings
    from bulletin.subscribers.joining.requests import WaitingRequest


def requests(
    *,
    approve: Annotated[
        list[str] | None,
        typer.Option("--approve", metavar="WHO", help="Add this person: the number or the address (repeatable)."),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option("--refuse", metavar="WHO", help="Refuse this person: the number or the address (repeatable)."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why you refuse; the person reads it.")] = "",
    folder: WorkspaceOption = None,
) -> None:
    """Approve or refuse people who ask to join a list.

    Without an option it shows who asks. Each person gets an email about your answer. A request that no one has
    answered after 30 days ends by itself, and the person is told.

      bulletin subscribers requests
      bulletin subscribers requests --approve 12
      bulletin subscribers requests --refuse 13
    """
    if reason and not refuse:
        raise typer.BadParameter("--reason belongs to --refuse.")
    with open_ledger(folder) as (workspace, engine):
        settings = workspace.settings
        waiting = _find_waiting(engine, settings)
        if not approve and not refuse:
            _show(waiting, settings)
            return
        approved = [_choose(waiting, who) for who in approve or ()]
        refused = [_choose(waiting, who) for who in refuse or ()]
        if both := next((one for one in approved if one in refused), None):
            raise typer.BadParameter(f"{both.sign_up.address} is to be approved and refused.")
        _answer(engine, settings, approved, refused, reason=" ".join(reason.split()))


def _find_waiting(engine: Engine, settings: Settings) -> tuple[WaitingRequest, ...]:
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.joining.requests import find_requests

    with database_errors(), engine.begin() as connection:
        return find_requests(connection, settings)


def _show(waiting: Sequence[WaitingRequest], settings: Settings) -> None:
    from bulletin.edition.phrases import describe_weekday, join_names
    from bulletin.subscribers.joining.deadlines import find_answer_day

    if not waiting:
        say("No one is waiting to join a list.")
        return
    for one in waiting:
        lists = join_names([settings.lists[name].title for name in one.lists])
        name = f", {one.sign_up.name}" if one.sign_up.name else ""
        say(f"{one.number}  {one.sign_up.address}{name}")
        say(f"    asks for {lists}, since {format_time(one.since)}")
        say(f"    We said we’d answer by {describe_weekday(find_answer_day(one.since, settings.proof.nation))}.")
    first = waiting[0].number
    say(f"To answer: bulletin subscribers requests --approve {first}, or --refuse {first} --reason TEXT")


def _choose(waiting: Sequence[WaitingRequest], who: str) -> WaitingRequest:
    """The request with this number, or of this address. Raises NotFound, and InvalidAddress."""
    from bulletin.subscribers.address import parse_address

    if who.isascii() and who.isdigit():
        found = [one for one in waiting if one.number == int(who)]
    else:
        key = parse_address(who).key
        found = [one for one in waiting if parse_address(one.sign_up.address).key == key]
    if not found:
        raise NotFound(
            f"No request of “{who}” is waiting.",
            "Nothing was changed. See who is waiting: bulletin subscribers requests",
        )
    if len(found) > 1:
        numbers = ", ".join(str(one.number) for one in found)
        raise NotFound(f"{who} has asked more than once.", f"Nothing was changed. Give a number: {numbers}.")
    return found[0]


def _answer(
    engine: Engine,
    settings: Settings,
    approved: Sequence[WaitingRequest],
    refused: Sequence[WaitingRequest],
    *,
    reason: str,
) -> None:
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.joining.requests import approve_request, refuse_request

    now = now_ms()
    with database_errors(), engine.begin() as connection:
        added = [one for one in approved if approve_request(connection, one.number, settings, now=now)]
        removed = [one for one in refused if refuse_request(connection, one.number, settings, reason=reason, now=now)]
    for one in (*approved, *refused):
        if one in added:
            say(f"{one.sign_up.address} is on the list now.")
        elif one in removed:
            say(f"{one.sign_up.address} is refused, and their details are deleted.")
        else:
            say(f"{one.sign_up.address} was answered by someone else just now.")
    if added or removed:
        say("They get an email from `bulletin serve`, or from the next `bulletin run`.")
