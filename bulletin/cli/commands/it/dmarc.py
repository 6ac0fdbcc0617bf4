"""`bulletin dmarc`: reads what mail services report, and says who sends email in our name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import today
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, say_data, warn
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.doctor.reports.report_files import ReadReports
    from bulletin.workspace.workspace import Workspace

_MOST_TOLD = 5  # files that can't be read


def dmarc(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Reports: .xml, .gz, .zip, .eml, or a folder.", show_default=False),
    ] = None,
    *,
    place: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PLACE",
            help="Read maildir:FOLDER, mbox:FILE or imaps://USER@HOST instead of the mailbox in bulletin.yaml.",
            show_default=False,
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """See who sends email in your name.

    Mail services report each day what they get from your domain, if its DMARC record asks for it. Without a file, the
    reports are read in the mailbox where emails come back. Nothing there is changed.

      bulletin dmarc                         read the mailbox
      bulletin dmarc reports/                read a folder
      bulletin dmarc google.com!us.zip       read a file
    """
    from bulletin.cli.wording.doctor.dmarc_text import describe_senders, write_senders_json
    from bulletin.doctor.case import domain_of_address
    from bulletin.doctor.reports.senders import sum_up_senders
    from bulletin.workspace.workspace import open_workspace

    if files and place:
        raise typer.BadParameter("Give files or --from, not both.")
    workspace = open_workspace(folder)
    read = _read(workspace, files or [], place)
    domains = [domain_of_address(one.sender.email) for one in workspace.settings.bulletins.values()]
    summary = sum_up_senders(read.reports, domains=domains)
    if as_json:
        say_data(write_senders_json(summary, domain=domains[0], faults=read.faults))
    else:
        for line in describe_senders(summary, domain=domains[0]):
            say(line)
        for fault in read.faults[:_MOST_TOLD]:
            warn(fault)
        if len(read.faults) > _MOST_TOLD:
            warn(f"And {len(read.faults) - _MOST_TOLD:,} more.")
    if read.faults and not read.reports:
        raise typer.Exit(1)


def _read(workspace: Workspace, files: list[Path], place: str) -> ReadReports:
    from bulletin.bounces.sources import open_source
    from bulletin.doctor.reports.report_files import read_report_files, read_reports_by_mail

    if files:
        return read_report_files(files)
    if not place and not workspace.imap_url:
        raise BulletinError(
            "There are no reports to read.",
            "Name a file or a folder: bulletin dmarc FOLDER. Or write the mailbox to `returns:` in bulletin.yaml, and "
            "ask IT to send the reports there: rua=mailto: in the DMARC record.",
        )
    return read_reports_by_mail(open_source(workspace, place, today=today()))
