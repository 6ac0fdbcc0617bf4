"""`bulletin worker`: sends mailings beside other computers, from one PostgreSQL database."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.options import LogOption, WorkspaceOption


def worker(
    *,
    connections: Annotated[
        int,
        typer.Option(
            "--connections",
            metavar="NUMBER",
            min=0,
            help="To the mail server, for each mailing (default: its share of `sending: connections:`).",
            show_default=False,
        ),
    ] = 0,
    once: Annotated[bool, typer.Option("--once", help="Do what there is to do now, and end.")] = False,
    log: LogOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Send beside other computers (PostgreSQL).

    Run it on as many computers as you like, with the same workspace and database. `bulletin send` then leaves mailings
    to them. They also do what `bulletin run` does. Ctrl-C finishes the messages in hand, and hands the rest back.

      bulletin worker                   until you stop it
      bulletin worker --connections 8   with more connections to the mail server
      bulletin worker --once            what there is to do now
    """
    from bulletin.cli.working import work

    work(folder, connections=connections or None, once=once, log=log)
