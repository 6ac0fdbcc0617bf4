"""`bulletin complaints`: the log of complaints about how personal information is used."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.complaints.subject import ComplaintChannel, ComplaintSubject

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


class ComplaintAction(StrEnum):
    """What to do with the log."""

    LIST = "list"
    ADD = "add"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"


def _read_word(text: str, words: type[StrEnum]) -> str:
    if text not in set(words):
        raise typer.BadParameter(f"“{text}” isn’t known. Use one of: {', '.join(words)}.")
    return text


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” isn’t a date. Write it as in 2027-03-05.") from None


def complaints(
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="list (default), add, acknowledge or close.", show_default=False),
    ] = ComplaintAction.LIST,
    reference: Annotated[
        str,
        typer.Argument(metavar="REFERENCE", help="The complaint, such as C-7K4M-2P.", show_default=False),
    ] = "",
    *,
    by: Annotated[
        str,
        typer.Option("--by", metavar="WAY", help="How it came: phone, email, letter or person.", show_default=False),
    ] = "",
    about: Annotated[
        str,
        typer.Option(
            "--about",
            metavar="SUBJECT",
            help="not-asked, still-getting, wrong, no-answer or other.",
            show_default=False,
        ),
    ] = ComplaintSubject.OTHER,
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help="What happened, in their words.", show_default=False)
    ] = "",
    email: Annotated[
        str,
        typer.Option(
            "--email", metavar="ADDRESS", help="Where to reply; we email that we have it.", show_default=False
        ),
    ] = "",
    received: Annotated[
        str, typer.Option("--received", metavar="DATE", help="When it came (default: today).", show_default=False)
    ] = "",
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="TEXT", help="What you found and did.", show_default=False)
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="List closed ones too.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Record a complaint and the answer.

    It is the log of complaints about people's information. The law gives you 30 days to tell people that you have their
    complaint. You must look into it without delay, tell them the outcome, and that they can go to the Information
    Commissioner’s Office.

      bulletin complaints                           those that are open
      bulletin complaints add --by phone --text "Still gets it"  one that came another way
      bulletin complaints acknowledge C-7K4M-2P     you told them that you have it
      bulletin complaints close C-7K4M-2P --outcome "Removed"  you told them what you found
    """
    chosen = ComplaintAction(_read_word(action, ComplaintAction))
    _check_usage(chosen, reference, by=by, text=text, outcome=outcome)
    day = _read_date(received) if received else None
    _read_word(about, ComplaintSubject)
    with open_ledger(folder) as (workspace, engine):
        if chosen is ComplaintAction.LIST:
            _list(engine, everything=everything)
        elif chosen is ComplaintAction.ADD:
            _add(workspace, engine, by=by, about=about, text=text, email=email, received=day)
        elif chosen is ComplaintAction.ACKNOWLEDGE:
            _acknowledge(engine, reference)
        else:
            _close(engine, reference, outcome)


def _check_usage(action: ComplaintAction, reference: str, *, by: str, text: str, outcome: str) -> None:
    """Raises BadParameter for what is missing, or of no use with this action."""
    named = action in (ComplaintAction.ACKNOWLEDGE, ComplaintAction.CLOSE)
    if named and not reference:
        raise typer.BadParameter(f"Name the complaint: bulletin complaints {action} REFERENCE")
    if reference and not named:
        raise typer.BadParameter(f"“{action}” takes no reference, so there is no use for “{reference}”.")
    if action is ComplaintAction.ADD:
        if by not in {*ComplaintChannel} - {ComplaintChannel.WEBSITE}:
            raise typer.BadParameter("Say how it came: --by phone, email, letter or person.")
        if not text.strip():
            raise typer.BadParameter("Say what happened, in their words: --text TEXT")
    elif action is ComplaintAction.CLOSE and not outcome.strip():
        raise typer.BadParameter("Say what you found and did: --outcome TEXT")


def _list(engine: Engine, *, everything: bool) -> None:
    from bulletin.cli.wording.complaint_text import describe_complaint
    from bulletin.complaints.register import find_complaints
    from bulletin.database.reading import begin_snapshot

    with begin_snapshot(engine) as connection:
        found = find_complaints(connection, closed=everything)
    if not found:
        say("There are no complaints." if everything else "No complaint is open. See closed ones: --all")
    for one in found:
        for line in describe_complaint(one):
            say(line)


def _add(
    workspace: Workspace, engine: Engine, *, by: str, about: str, text: str, email: str, received: date | None
) -> None:
    import secrets

    from bulletin.cli.wording.complaint_text import find_noon, write_day
    from bulletin.complaints.register import NewComplaint, add_complaint
    from bulletin.database.errors import database_errors
    from bulletin.subscribers.address import parse_address

    reply_to = parse_address(email).written if email else ""
    new = NewComplaint(channel=ComplaintChannel(by), about=ComplaintSubject(about), text=text, reply_to=reply_to)
    now = now_ms()
    received_at = find_noon(received, now=now) if received else now
    with database_errors(), engine.begin() as connection:
        nation = workspace.settings.proof.nation
        complaint = add_complaint(
            connection, new, nation=nation, now=now, choose=secrets.choice, received_at=received_at
        )
    say(f"The complaint is in the log. Its reference is {complaint.reference}.")
    by_day = write_day(complaint.acknowledge_by)
    say(f"Tell them that you have it by {by_day}, then run: bulletin complaints acknowledge {complaint.reference}")


def _acknowledge(engine: Engine, reference: str) -> None:
    from bulletin.complaints.register import acknowledge
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        complaint = acknowledge(connection, reference, now=now_ms())
    say(f"{complaint.reference} is acknowledged.")
    say(f"When it’s settled, tell them, then run: bulletin complaints close {complaint.reference} --outcome TEXT")


def _close(engine: Engine, reference: str, outcome: str) -> None:
    from bulletin.cli.wording.complaint_text import COMPLAIN_FURTHER
    from bulletin.complaints.register import close
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        complaint = close(connection, reference, outcome, now=now_ms())
    reply = f" Write to {complaint.reply_to}." if complaint.reply_to else ""
    say(f"{complaint.reference} is closed.")
    say(f"Tell them the outcome, and that they can complain to the ICO: {COMPLAIN_FURTHER}{reply}")
