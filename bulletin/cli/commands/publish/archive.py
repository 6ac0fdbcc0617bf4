"""`bulletin archive`: builds the web archive into a folder."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, warn

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


def archive(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder that your web server shows.", show_default=False)
    ],
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="As it will be then, such as '3 December 2026, 9:30am'."),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: name addresses that emails carry and that are dead.")
    ] = False,
    typo: Annotated[
        bool, typer.Option("--typo", help="What changed is a typing error, which needs no correction.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Write past issues as web pages.

    Any web server can show them. An issue is there once it was sent or approved, and its embargo is over. Only what
    changed is written.

      bulletin archive --out /srv/bulletin
      bulletin archive --out early --at '3 December 2026'
      bulletin archive --out /srv/bulletin --check
    """
    with open_ledger(folder) as (workspace, engine):
        if check:
            _check(workspace, engine, out)
        else:
            _build(workspace, engine, out, at=at, typo=typo)


def _build(workspace: Workspace, engine: Engine, out: Path, *, at: str, typo: bool) -> None:
    from bulletin.cli.publishing.archive_text import describe_change, describe_hidden
    from bulletin.edition.web.addresses import require_website
    from bulletin.parts import Part, has_part
    from bulletin.publishing.archive import build_archive
    from bulletin.publishing.build_lock import hold_build
    from bulletin.publishing.calendar_files import CalendarMaker
    from bulletin.publishing.companions import CompanionMaker
    from bulletin.publishing.dead_addresses import list_carried
    from bulletin.publishing.pdf_files import PdfMaker
    from bulletin.publishing.search.search_files import SearchMaker

    began = time.monotonic()
    url = require_website(workspace.settings)
    now = _read_moment(at) if at else now_ms()
    calendars = CalendarMaker(
        engine=engine, settings=workspace.settings, now=now, draw=secrets.token_bytes, rehearsal=bool(at)
    )
    makers: list[CompanionMaker] = [calendars]
    if has_part(Part.PDF):
        makers.insert(0, PdfMaker(workspace))
    if has_part(Part.SEARCH):
        makers.append(SearchMaker(workspace=workspace))
    with hold_build(workspace.state_folder):
        report = build_archive(
            workspace,
            engine,
            out,
            now=now,
            typo=typo,
            rehearsal=bool(at),
            companions=makers,
            find_carried=lambda: {carried.file for carried in list_carried(engine, url)},
        )
    say(describe_change(report, seconds=time.monotonic() - began))
    for line in describe_hidden(report):
        say(line)
    if not has_part(Part.PDF):
        say(f"There are no PDFs. {Part.PDF.report_missing()}")
    if not has_part(Part.SEARCH):
        say(f"There is no search. {Part.SEARCH.report_missing()}")


def _check(workspace: Workspace, engine: Engine, out: Path) -> None:
    from bulletin.cli.publishing.archive_text import describe_dead
    from bulletin.edition.web.addresses import require_website
    from bulletin.publishing.dead_addresses import find_dead

    url = require_website(workspace.settings)
    dead = find_dead(engine, url, out)
    for line in describe_dead(dead, url):
        warn(line)
    if dead:
        say(f"Build the archive first, or bring the issue back: bulletin archive --out {out}")
        raise typer.Exit(1)
    say("Every address that emails carry is there.")


def _read_moment(text: str) -> int:
    """The moment in British time, in ms since 1970. Raises BulletinError for what is none."""
    from pydantic_core import PydanticCustomError

    from bulletin.errors import BulletinError
    from bulletin.issue.archiving import parse_embargo

    try:
        return int(parse_embargo(text).moment.timestamp() * 1000)
    except PydanticCustomError as error:
        (problem,) = (error.context or {})["problems"]
        raise BulletinError(problem.message, "Write it as in '3 December 2026, 9:30am'.") from None
