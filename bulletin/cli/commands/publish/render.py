"""`bulletin render`: writes each edition of an issue to files, or shows which part is in which."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.list_names import read_audience
from bulletin.cli.options import AsOption, IssueArgument, WorkspaceOption
from bulletin.cli.terminal import say, say_data
from bulletin.cli.wording.gate import warn_of_unreached

if TYPE_CHECKING:
    from bulletin.edition.audiences import AudienceEdition
    from bulletin.edition.edition import Edition
    from bulletin.edition.pdf.making import PdfFile
    from bulletin.issue.audience import Audience
    from bulletin.workspace.workspace import Workspace


def render(
    issue: IssueArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also write a PDF to print.")] = False,
    seen_as: AsOption = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Write nothing. Show which part is in whose edition.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Write the email and its text to a folder.

    It writes email.html, email.txt, and message.eml for a mail program. If parts are for some readers only, each
    edition gets a folder of its own. With --pdf it also writes a PDF to print, such as monthly-2026-12.pdf.

      bulletin render 2026-12 --out out
      bulletin render 2026-12 --out out --pdf          with a PDF to print
      bulletin render 2026-12 --out out --as schools   as readers on this list get it
      bulletin render 2026-12 --matrix                 which part is in whose edition

    See also: bulletin preview, bulletin archive
    """
    from bulletin.edition.build import make_audience_editions, make_edition
    from bulletin.issue.audience import PUBLIC
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    name = workspace.find_issue(issue)
    if matrix:
        _show_matrix(workspace, name)
        return
    if out is None:
        raise typer.BadParameter("No folder is given to write to. Add --out and a folder, as in --out out.")
    audience = read_audience(workspace, seen_as) if seen_as else PUBLIC
    made = _make_pdfs(workspace, name, out, audience) if pdf else []
    if seen_as:
        _write(make_edition(workspace, name, audience=audience), out)
    else:
        editions = make_audience_editions(workspace, name, lists=workspace.lists_of(name))
        for edition in editions:
            _write(edition.edition, out / _name_folder(edition) if len(editions) > 1 else out)
    for path, pdf_file in made:
        _write_pdf(path, pdf_file)
    warn_of_unreached(workspace, name)


def _name_folder(edition: AudienceEdition) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", edition.words.lower()).strip("-")
    return f"{edition.number}-{words[:60].rstrip('-')}"


def _write(edition: Edition, folder: Path) -> None:
    from bulletin.delivery.copies.export import write_edition
    from bulletin.edition.measures import GMAIL_CLIPS, NEAR_CLIPPING

    for path in write_edition(edition, folder, now=datetime.now(UTC)):
        say(f"{path}  ({path.stat().st_size:,} bytes)")
    size = len(edition.html.encode())
    if size > NEAR_CLIPPING:
        verb = "will cut" if size > GMAIL_CLIPS else "cuts"
        say(f"The HTML has {size:,} bytes; Gmail {verb} it at {GMAIL_CLIPS:,}. Shorten the issue, or split it.")


def _make_pdfs(workspace: Workspace, issue_id: str, out: Path, audience: Audience) -> list[tuple[Path, PdfFile]]:
    """The PDF for an audience in each language of an issue, and where it goes."""
    from bulletin.edition.build import make_issue_pdfs

    return [(out / name, made) for name, made in make_issue_pdfs(workspace, issue_id, audience=audience).items()]


def _write_pdf(path: Path, made: PdfFile) -> None:
    """Write a PDF, readable by the owner only."""
    from bulletin.disk import File, write_all
    from bulletin.rights import OWNER_ALONE

    write_all([File(path=path, content=made.content, rights=OWNER_ALONE)], remedy="Choose another folder.")
    pages = "1 page" if made.pages == 1 else f"{made.pages} pages"
    say(f"{path}  ({made.size:,} bytes, {pages})")


def _show_matrix(workspace: Workspace, name: str) -> None:
    from bulletin.cli.publishing.matrix_text import describe_matrix
    from bulletin.edition.build import divide_by_audience
    from bulletin.edition.matrix import list_matrix

    issue = workspace.load_issue(name)
    parts = divide_by_audience(workspace, issue, lists=workspace.lists_of(name))
    rows = list_matrix(issue, parts, titles=workspace.settings.list_titles)
    for line in describe_matrix(rows, parts):
        say_data(line)  # a table is not folded to the terminal's width
