"""`bulletin token`: what other programs may do, by tokens that can be taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, say_data, warn
from bulletin.database.states import TokenScope

token = typer.Typer(help="Give other programs access, by tokens.", no_args_is_help=True, rich_markup_mode=None)
_DAY = 24 * 60 * 60 * 1000  # ms


@token.callback()
def _token() -> None:
    """Give other programs access, by tokens."""


TokenName = Annotated[str, typer.Argument(metavar="NAME", help="What you call it.", show_default=False)]


@token.command()
def create(
    name: TokenName,
    *,
    scope: Annotated[
        list[TokenScope],
        typer.Option(
            "--scope", metavar="SCOPE", help="subscribe, unsubscribe, suppress, status or metrics (repeatable)."
        ),
    ],
    days: Annotated[
        int, typer.Option("--days", metavar="NUMBER", min=1, max=3660, help="For how many days it works.")
    ] = 365,
    folder: WorkspaceOption = None,
) -> None:
    """Make a token for a program, and show it once.

    Give each program one of its own, with no more scopes than it needs. No scope lets a program approve or send.

      bulletin token create website-form --scope subscribe
      bulletin token create prometheus --scope metrics
    """
    from bulletin.access.action_log import LoggedAction, log_action
    from bulletin.access.api_tokens import create_token
    from bulletin.database.errors import database_errors
    from bulletin.database.states import TokenAction
    from bulletin.delivery.ledger.control import name_person
    from bulletin.times import format_clock_first

    name = _read_name(name)
    now = now_ms()
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        text = create_token(connection, name, scope, now=now, expires_at=now + days * _DAY)
        log_action(connection, LoggedAction(token=name, action=TokenAction.CREATED, at=now, by=name_person()))
    say_data(text)
    warn(
        f"This is the only time that you see it. It works until {format_clock_first(now + days * _DAY)}. "
        "Keep it as you would a password."
    )


@token.command("list")
def list_all(*, folder: WorkspaceOption = None) -> None:
    """Show each token, what it may do, and until when."""
    from bulletin.access.api_tokens import list_tokens
    from bulletin.database.reading import begin_snapshot

    with open_ledger(folder) as (_, engine), begin_snapshot(engine) as connection:
        found = list_tokens(connection)
    if not found:
        say("There are no tokens. To make one, type: bulletin token create NAME --scope SCOPE")
    for one in found:
        say(f"{one.name} ({one.hint}…): {', '.join(one.scopes)}. {_describe_end(one.revoked_at, one.expires_at)}")


def _describe_end(revoked_at: int | None, expires_at: int) -> str:
    from bulletin.times import format_clock_first

    if revoked_at is not None:
        return f"Revoked at {format_clock_first(revoked_at)}."
    return f"{'Works until' if now_ms() < expires_at else 'Expired at'} {format_clock_first(expires_at)}."


@token.command()
def revoke(name: TokenName, *, folder: WorkspaceOption = None) -> None:
    """Let a token work no more, from now on."""
    from bulletin.access.action_log import LoggedAction, log_action
    from bulletin.access.api_tokens import revoke_token
    from bulletin.database.errors import database_errors
    from bulletin.database.states import TokenAction
    from bulletin.delivery.ledger.control import name_person

    now = now_ms()
    with open_ledger(folder) as (_, engine), database_errors(), engine.begin() as connection:
        revoke_token(connection, name, now=now)
        log_action(connection, LoggedAction(token=name, action=TokenAction.REVOKED, at=now, by=name_person()))
    say(f"The token “{name}” doesn’t work any more.")


@token.command()
def log(
    name: Annotated[str, typer.Argument(metavar="NAME", help="One token (default: all).", show_default=False)] = "",
    *,
    most: Annotated[int, typer.Option("--last", metavar="NUMBER", min=1, help="How many actions.")] = 50,
    folder: WorkspaceOption = None,
) -> None:
    """Show what was done with the tokens, and when.

    No reader is named: `bulletin subscribers show ADDRESS` says what was done to one.
    """
    from bulletin.access.action_log import find_actions
    from bulletin.database.reading import begin_snapshot
    from bulletin.times import format_second

    with open_ledger(folder) as (_, engine), begin_snapshot(engine) as connection:
        found = find_actions(connection, token=name, most=most)
    if not found:
        say("Nothing was done with a token yet.")
    for one in found:
        say(f"{format_second(one.at)}  {one.token}: {one.action}{f' {one.by}' if one.by else ''}")


def _read_name(name: str) -> str:
    """Raises BadParameter for a name that doesn’t fit on a line of the log."""
    if not name.isprintable() or not 0 < len(name) <= 64 or "@" in name:
        raise typer.BadParameter("A name has 1 to 64 characters, and no @.")
    return name
