"""`bulletin render`: writes the edition to files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.cli.wording.gate import warn_of_unreached

NEAR_CLIPPING = 80_000


def render(
    issue: IssueArgument,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)],
    folder: WorkspaceOption = None,
) -> None:
    """Write the email and its text to a folder.

    It writes email.html, email.txt, and message.eml for a mail program.

      bulletin render 2021-05 --out out
    """
    from bulletin.delivery.copies.export import write_edition
    from bulletin.edition.build import make_edition
    from bulletin.edition.measures import GMAIL_CLIPS
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    edition = make_edition(workspace, workspace.find_issue(issue))
    for path in write_edition(edition, out, now=datetime.now(UTC)):
        say(f"{path}  ({path.stat().st_size:,} bytes)")
    warn_of_unreached(workspace, edition.issue)
    size = len(edition.html.encode())
    if size > NEAR_CLIPPING:
        verb = "will cut" if size > GMAIL_CLIPS else "cuts"
        say(f"The HTML has {size:,} bytes; Gmail {verb} it at {GMAIL_CLIPS:,}. Shorten the issue, or split it.")
