"""`bulletin send`: starts a mailing, or continues it."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.options import (
    HOW,
    IT,
    WHO,
    AlsoToOption,
    IssueArgument,
    ListsOption,
    LogOption,
    MovedOption,
    NewcomersOption,
    NewDatabaseOption,
    SpreadOption,
    WorkspaceOption,
    YesOption,
)


def send(
    issue: IssueArgument,
    *,
    lists: ListsOption = None,
    newcomers: NewcomersOption = False,
    left_out: Annotated[
        bool,
        typer.Option("--left-out", rich_help_panel=WHO, help="Only readers left out when a mailing was cancelled."),
    ] = False,
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="TIME",
            rich_help_panel=HOW,
            help='Schedule it instead: "1 December 2026 9:00".',
            show_default=False,
        ),
    ] = "",
    spread: SpreadOption = False,
    resend_refused: Annotated[
        bool,
        typer.Option(
            "--resend-refused",
            rich_help_panel=WHO,
            help="Only readers whose server refused it, once the cause is fixed.",
        ),
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="ADDRESS", rich_help_panel=WHO, help="With --resend-refused: only this reader (repeatable)."
        ),
    ] = None,
    moved: MovedOption = False,
    new_database: NewDatabaseOption = False,
    new_key: Annotated[
        bool,
        typer.Option("--new-key", rich_help_panel=IT, help="Sign unsubscribe links with a new key from now on."),
    ] = False,
    also_to: AlsoToOption = None,
    here: Annotated[
        bool, typer.Option("--here", rich_help_panel=IT, help="Send from this computer, even if there are workers.")
    ] = False,
    defer: Annotated[
        bool, typer.Option("--defer", rich_help_panel=IT, help="Leave it to workers, even if none was seen lately.")
    ] = False,
    log: LogOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", rich_help_panel=HOW, help="Show what would happen and send nothing.")
    ] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Send an issue once to each reader.

    It shows who will get it and asks first. If it's interrupted, run the same command again: no one gets it twice.

      bulletin send 2026-12 --dry-run          see who would get it
      bulletin send 2026-12                    send it
      bulletin send 2026-12 --list partners    send to one list
      bulletin send 2026-12 --newcomers        send to readers added since

    Next: bulletin status 2026-12
    See also: bulletin explain uncertain, bulletin pause, bulletin schedule
    """
    from bulletin.cli.sending.send_issue import send_issue
    from bulletin.cli.sending.send_request import SendRequest

    request = SendRequest(
        lists=tuple(lists or ()),
        newcomers=newcomers,
        left_out=left_out,
        at=at,
        spread=spread,
        resend_refused=resend_refused,
        to=tuple(to or ()),
        moved=moved,
        new_database=new_database,
        new_key=new_key,
        also_to=also_to,
        log=log,
        dry_run=dry_run,
        yes=yes,
        here=here,
        defer=defer,
    )
    send_issue(issue, request, folder)
