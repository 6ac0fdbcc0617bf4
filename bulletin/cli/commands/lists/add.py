"""`bulletin subscribers add`: one person on a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import AddressArgument, WorkspaceOption
from bulletin.cli.terminal import say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.subscribers.suppression import Suppression
    from bulletin.subscribers.upkeep.adding import Addition
    from bulletin.workspace.workspace import Workspace


def add(
    address: AddressArgument,
    *,
    list_name: Annotated[
        str, typer.Option("--list", metavar="LIST", help="The list that they are added to.", show_default=False)
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Their name, for the greeting.")] = "",
    asked: Annotated[str, typer.Option("--asked", metavar="TEXT", help="How they asked for it, and when.")] = "",
    folder: WorkspaceOption = None,
) -> None:
    """Add a reader to a list.

    It adds a line to the list's file. Someone who has unsubscribed isn't added. With --asked, they get an email in
    which they can confirm that they want to come back.

      bulletin subscribers add sam@example.org --list partners
    """
    from bulletin.cli.list_names import require_list
    from bulletin.cli.wording.difference_text import show_difference
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_address
    from bulletin.subscribers.upkeep.adding import Addition, add_reader, find_stops, is_declared

    wanted = Addition(address=parse_address(address), list_name=list_name, name=name, asked=asked).check()
    with open_ledger(folder) as (workspace, engine):
        require_list(workspace, list_name)
        with database_errors(), engine.begin() as connection:
            stops = find_stops(connection, wanted)
        if stops:
            _answer_stopped(workspace, engine, wanted, stops)
            return
        if is_declared(workspace, wanted):
            say(f"{wanted.address.written} is in {workspace.list_file(list_name)} already.")
            return
        show_difference(add_reader(workspace, engine, wanted, now=now_ms()))
    say(f"Added {wanted.address.written} to {list_name}.")


def _answer_stopped(workspace: Workspace, engine: Engine, wanted: Addition, stops: tuple[Suppression, ...]) -> None:
    """Say why someone isn't added; if they asked for it, have them sent an email to confirm that.

    Raises BulletinError unless they asked.
    """
    from bulletin.cli.wording.lists.suppression_text import describe_suppression
    from bulletin.errors import BulletinError

    written = wanted.address.written
    for stop in stops:
        say(f"{written}: {describe_suppression(stop, workspace.settings)}")
    if not wanted.asked:
        raise BulletinError(
            f"{written} is suppressed, so nothing was changed.",
            "They can come back by “Change what you get” in any email from you. If they asked you, say how: add "
            "--asked 'phoned 3 March'. They then get one email in which they confirm it.",
        )
    _ask_to_confirm(workspace, engine, wanted)


def _ask_to_confirm(workspace: Workspace, engine: Engine, wanted: Addition) -> None:
    """Have them sent an email to confirm that they want it. Raises BulletinError if they can't be."""
    from bulletin.database.errors import database_errors
    from bulletin.errors import BulletinError
    from bulletin.subscribers.joining.sign_up import ask_for_confirmation

    written = wanted.address.written
    if workspace.settings.website is None:
        raise BulletinError(
            f"{written} can't confirm that: bulletin.yaml has no `website`, so no link would lead anywhere.",
            "Start `bulletin serve`, and write its address as `website: url`. Then type this again.",
        )
    days = workspace.settings.retention.unconfirmed
    with database_errors(), engine.begin() as connection:
        is_new = ask_for_confirmation(
            connection, wanted.address, (wanted.list_name,), note=wanted.asked, now=now_ms(), days=days
        )
    if not is_new:
        raise BulletinError(
            f"{written} was sent such an email less than a day ago, so no other one is sent.",
            "Ask them to look for it, in their junk folder too. Or try again tomorrow.",
        )
    say(f"{written} gets one email in which they can confirm that they want it. Until then, nothing changes.")
