"""`bulletin render`: writes the edition to files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.cli.wording.gate import warn_of_unreached

if TYPE_CHECKING:
    from bulletin.edition.pdf.making import PdfFile
    from bulletin.workspace.workspace import Workspace


def render(
    issue: IssueArgument,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)],
    pdf: Annotated[bool, typer.Option("--pdf", help="Also write a PDF to print.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Write the email and its text to a folder.

    It writes email.html, email.txt, and message.eml for a mail program.
    With --pdf it also writes a PDF to print, such as monthly-2021-05.pdf.

      bulletin render 2021-05 --out out --pdf
    """
    from bulletin.delivery.copies.export import write_edition
    from bulletin.edition.build import make_edition
    from bulletin.edition.measures import GMAIL_CLIPS, NEAR_CLIPPING
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    edition = make_edition(workspace, workspace.find_issue(issue))
    made = _make_pdfs(workspace, edition.issue, out) if pdf else []
    for path in write_edition(edition, out, now=datetime.now(UTC)):
        say(f"{path}  ({path.stat().st_size:,} bytes)")
    for path, pdf_file in made:
        _write_pdf(path, pdf_file)
    warn_of_unreached(workspace, edition.issue)
    size = len(edition.html.encode())
    if size > NEAR_CLIPPING:
        verb = "will cut" if size > GMAIL_CLIPS else "cuts"
        say(f"The HTML has {size:,} bytes; Gmail {verb} it at {GMAIL_CLIPS:,}. Shorten the issue, or split it.")


def _make_pdfs(workspace: Workspace, issue_id: str, out: Path) -> list[tuple[Path, PdfFile]]:
    """The PDF of an issue in each of its languages, and where it goes: beside its email."""
    from bulletin.edition.build import make_issue_pdfs

    return [(out / name, made) for name, made in make_issue_pdfs(workspace, issue_id).items()]


def _write_pdf(path: Path, made: PdfFile) -> None:
    """Write a PDF, readable by the owner only."""
    from bulletin.disk import File, write_all
    from bulletin.rights import OWNER_ALONE

    write_all([File(path=path, content=made.content, rights=OWNER_ALONE)], remedy="Choose another folder.")
    pages = "1 page" if made.pages == 1 else f"{made.pages} pages"
    say(f"{path}  ({made.size:,} bytes, {pages})")
