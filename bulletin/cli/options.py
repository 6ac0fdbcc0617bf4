"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

# The groups of options, as the help shows them
WHO = "Who gets it"
HOW = "How it's sent"
IT = "For IT"
OPTIONS = "Options"
ANSWERS = "Your answers"
WITHOUT_QUESTIONS = "Without questions"
ACCEPTING = "If it is right as it is"
DECIDING = "What you decide"


def _read_port(text: str) -> int:
    """The port, in digits from 0 to 9. Python alone would accept other digits too."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise typer.BadParameter(f"“{text}” is not a port. Write a number from 0 to 65535.")
    return int(text)


IssueArgument = Annotated[
    str, typer.Argument(metavar="ISSUE", help="The issue, such as 2026-12, or its file.", show_default=False)
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        rich_help_panel=IT,
        help="The bulletin's folder.",
        show_default=False,
    ),
]
ListsOption = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="LIST", rich_help_panel=WHO, help="Only this list (repeat it for several lists)."),
]
AsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--as",
        metavar="LIST",
        rich_help_panel=WHO,
        help="As readers on this list get it, or in this language: cy, en (repeatable).",
    ),
]
NewcomersOption = Annotated[
    bool, typer.Option("--newcomers", rich_help_panel=WHO, help="Only readers added since the issue was sent.")
]
SpreadOption = Annotated[
    bool, typer.Option("--spread", rich_help_panel=HOW, help="Send over several days if over the daily limit.")
]
MovedOption = Annotated[
    bool, typer.Option("--moved", rich_help_panel=IT, help="The workspace was moved; its old copy isn't in use.")
]
NewDatabaseOption = Annotated[
    bool, typer.Option("--new-database", rich_help_panel=IT, help="Send without any record of earlier emails.")
]
AlsoToOption = Annotated[
    int | None,
    typer.Option(
        "--also-to",
        metavar="N",
        rich_help_panel=WHO,
        min=1,
        help="Also send to N readers who were sent another issue of that month.",
        show_default=False,
    ),
]
PortOption = Annotated[
    int | None,
    typer.Option("--port", metavar="N", parser=_read_port, help="The port to listen on.", show_default=False),
]
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The email address.", show_default=False)]
YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask: answer yes.")]
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        rich_help_panel=IT,
        envvar="BULLETIN_LOG",
        help="Add a JSON line for each message to this file, without addresses (also: BULLETIN_LOG).",
        show_default=False,
        show_envvar=True,
    ),
]
