"""`bulletin report`: shows how an issue was delivered, on a page with charts to share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_issue
from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say, warn
from bulletin.disk import write_whole
from bulletin.rights import OWNER_ALONE


def report(
    issue: IssueArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="The file to write it to (default: ISSUE-report.html).", show_default=False
        ),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Write a page with charts to share.

    It shows how many got the issue, when, and what needs doing. The record and the details for IT follow: where, why
    some didn't get it, and the last issues. It has no addresses.

      bulletin report 2026-12

    See also: bulletin certificate, bulletin year
    """
    from bulletin.delivery.ledger.recovery import recover_lost
    from bulletin.delivery.record.report import make_report
    from bulletin.delivery.record.report_page import describe_report

    with open_issue(issue, folder) as (workspace, engine, name):
        recover_lost(engine, workspace.state_folder, name, now=now_ms())
        facts = make_report(engine, name, now=now_ms())
        page = describe_report(facts, publisher=workspace.settings.organisation.name, lists=workspace.settings.lists)
        out = out or Path(f"{name.replace('/', '-')}-report.html")
        colours = workspace.dress(name).colours
        html = page.to_html(accent=colours.accent, warm=colours.warm)
        write_whole(out, html.encode(), rights=OWNER_ALONE, remedy="Choose another file.")
        say(f"{out}  (open it in your browser)")
        if not facts.intact:
            warn(f"{page.warning} See what: bulletin certificate {facts.issue}")
            raise typer.Exit(1)
