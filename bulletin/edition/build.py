"""Make an issue of a workspace into its edition: read, check, render. Preview, copies, emails and files use it."""

from __future__ import annotations

from bulletin.edition.edition import Edition
from bulletin.edition.pdf.document import PdfSurroundings
from bulletin.edition.pdf.making import PdfFile, make_pdf
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.workspace.workspace import Workspace


def make_edition(workspace: Workspace, issue_id: str) -> Edition:
    """The edition of an issue. Raises FaultyFiles with every fault of the issue, ThemeError for a faulty template."""
    return render_edition(
        workspace.load_issue(issue_id),
        issue_id=issue_id,
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(issue_id),
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
    )


def make_issue_pdf(workspace: Workspace, issue_id: str) -> PdfFile:
    """The PDF of an issue, with the address that leads to it on the website.

    Raises FaultyFiles with every fault of the issue, and as `make_pdf` does.
    """
    website = workspace.settings.website
    address = f"{website.url.rstrip('/')}/issues/{issue_id}" if website else ""
    return make_pdf(
        workspace.load_issue(issue_id),
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(issue_id),
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
        around=PdfSurroundings(address=address),
    )
