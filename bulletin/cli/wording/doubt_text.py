"""Asks a person to confirm a database that may not know all that was sent: once, by typing the whole word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.terminal import NOTHING_SENT, confirm_in_full, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.sending.doubts import Doubt
    from bulletin.workspace.workspace import Workspace


def settle_doubts(
    workspace: Workspace, engine: Engine, issue: str, *, moved: bool, new_database: bool, only_show: bool
) -> None:
    """Show each doubt, and ask. `moved` and `new_database` answer in advance; `only_show` asks nothing.

    Raises MailingError if there is no one to ask, and Exit after a no.
    """
    from bulletin.delivery.sending.doubts import accept_place, close_gap, doubt_gap, doubt_place, doubt_record

    if doubt := doubt_place(workspace, engine):
        _settle(doubt, answered=moved, only_show=only_show)
        if not only_show:
            accept_place(workspace, engine)
    if doubt := doubt_gap(engine):
        _settle(doubt, answered=False, only_show=only_show)
        if not only_show:
            close_gap(engine, now=now_ms())
    if doubt := doubt_record(workspace, engine, issue, now=now_ms()):
        _settle(doubt, answered=new_database, only_show=only_show)


def _settle(doubt: Doubt, *, answered: bool, only_show: bool) -> None:
    if answered:
        return
    if only_show:
        say(f"{doubt.words} You'll be asked before anything is sent.")
        return
    if not confirm_in_full(doubt.question, because=doubt.words, otherwise=NOTHING_SENT, unasked=doubt.to_error()):
        say(NOTHING_SENT)
        raise typer.Exit(1)
