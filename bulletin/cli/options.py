"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

IssueArgument = Annotated[
    str, typer.Argument(metavar="ISSUE", help="The issue: 2021-05, or the path of its file.", show_default=False)
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="The workspace's folder. Left out: the nearest one upwards with a bulletin.yaml.",
        show_default=False,
    ),
]
ListsOption = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="LIST", help="A list that it goes to (may be given several times)."),
]
NewcomersOption = Annotated[
    bool, typer.Option("--newcomers", help="Send to those who have joined a list since it went there.")
]
SpreadOption = Annotated[
    bool, typer.Option("--spread", help="Send over several days what is more than the quota of one.")
]
MovedOption = Annotated[bool, typer.Option("--moved", help="The workspace was moved; its old copy isn't in use.")]
NewDatabaseOption = Annotated[bool, typer.Option("--new-database", help="Send without any record of earlier emails.")]
AlsoToOption = Annotated[
    int | None,
    typer.Option(
        "--also-to",
        metavar="N",
        min=1,
        help="Also to these N people, who were sent another issue of the month.",
        show_default=False,
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask; go ahead.")]
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        envvar="BULLETIN_LOG",
        help="Append what becomes of each message to this file, one JSON object a line. No addresses are in it.",
        show_default=False,
        show_envvar=True,
    ),
]
