"""`bulletin render`: writes each edition of an issue to files, or shows which part is in which."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.list_names import read_audience
from bulletin.cli.options import AsOption, IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.cli.wording.gate import warn_of_unreached
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.edition.audiences import AudienceEdition
    from bulletin.edition.edition import Edition
    from bulletin.workspace.workspace import Workspace

NEAR_CLIPPING = 80_000


def render(
    issue: IssueArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
    ] = None,
    seen_as: AsOption = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Write nothing. Show which part is in whose edition.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Write the email and its text to a folder.

    It writes email.html, email.txt, and message.eml for a mail program. If parts are for some readers only, each
    edition gets a folder of its own.

      bulletin render 2021-05 --out out
      bulletin render 2021-05 --out out --as schools   as readers on this list get it
      bulletin render 2021-05 --matrix                 which part is in whose edition
    """
    from bulletin.edition.build import make_audience_editions, make_edition
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    name = workspace.find_issue(issue)
    if matrix:
        _show_matrix(workspace, name)
        return
    if out is None:
        raise BulletinError("No folder is given to write to.", "Add --out and a folder, as in --out out.")
    if seen_as:
        _write(make_edition(workspace, name, audience=read_audience(workspace, seen_as)), out)
    else:
        editions = make_audience_editions(workspace, name, lists=workspace.lists_of(name))
        for edition in editions:
            _write(edition.edition, out / _name_folder(edition) if len(editions) > 1 else out)
    warn_of_unreached(workspace, name)


def _name_folder(edition: AudienceEdition) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", edition.words.lower()).strip("-")
    return f"{edition.number}-{words[:60].rstrip('-')}"


def _write(edition: Edition, folder: Path) -> None:
    from bulletin.delivery.copies.export import write_edition
    from bulletin.edition.measures import GMAIL_CLIPS

    for path in write_edition(edition, folder, now=datetime.now(UTC)):
        say(f"{path}  ({path.stat().st_size:,} bytes)")
    size = len(edition.html.encode())
    if size > NEAR_CLIPPING:
        verb = "will cut" if size > GMAIL_CLIPS else "cuts"
        say(f"The HTML has {size:,} bytes; Gmail {verb} it at {GMAIL_CLIPS:,}. Shorten the issue, or split it.")


def _show_matrix(workspace: Workspace, name: str) -> None:
    from bulletin.cli.wording.matrix_text import describe_matrix
    from bulletin.edition.build import divide_by_audience
    from bulletin.edition.matrix import list_matrix

    issue = workspace.load_issue(name)
    parts = divide_by_audience(workspace, issue, lists=workspace.lists_of(name))
    rows = list_matrix(issue, parts, titles=workspace.settings.list_titles)
    for line in describe_matrix(rows, parts):
        typer.echo(line)  # a table is not folded to the terminal's width
