"""Make an issue of a workspace into an edition: read, check, render. Preview, copies, emails and files use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bulletin.edition.audiences import AudienceEdition, divide_issue, list_signatures, make_editions
from bulletin.edition.edition import Edition
from bulletin.edition.pdf.document import PdfSurroundings
from bulletin.edition.pdf.making import PdfFile, make_pdf, name_pdf
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.model import Issue
from bulletin.workspace.workspace import Workspace


def make_edition(workspace: Workspace, issue_id: str, *, audience: Audience = PUBLIC) -> Edition:
    """The edition of an issue for `audience`; without one, for everyone.

    Raises FaultyFiles with every fault of the issue, ThemeError for a faulty template.
    """
    return render_pruned(workspace, issue_id, workspace.load_issue(issue_id).for_audience(audience))


def render_pruned(workspace: Workspace, issue_id: str, issue: Issue) -> Edition:
    """The edition with all that is in `issue`, which has been made for an audience: see `Issue.for_audience`.

    Raises ThemeError for a faulty template.
    """
    return render_edition(
        issue,
        issue_id=issue_id,
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(issue_id),
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
    )


def make_audience_editions(
    workspace: Workspace, issue_id: str, *, lists: Sequence[str], signatures: Iterable[Audience] | None = None
) -> tuple[AudienceEdition, ...]:
    """The editions of an issue for a mailing to `lists`, one for each audience that sees something else.

    `signatures`: those that its readers have (`edition.audiences.sign_reader`); None for all that can occur. Raises as
    `make_edition`, and BulletinError for more editions than bulletin.yaml allows.
    """
    settings, issue = workspace.settings, workspace.load_issue(issue_id)
    parts = divide_issue(
        issue,
        list_signatures(issue, lists) if signatures is None else signatures,
        lists=lists,
        titles={name: each.title for name, each in settings.lists.items()},
        most=settings.editions,
    )
    return tuple(make_editions(parts, lambda part: render_pruned(workspace, issue_id, part.issue)))


def make_issue_pdfs(workspace: Workspace, issue_id: str, *, audience: Audience = PUBLIC) -> dict[str, PdfFile]:
    """The PDF of an issue in each of its languages, by the name of its file; for everyone, unless `audience` is given.

    It has the address that leads to the issue on the website. Raises FaultyFiles with every fault of the issue, and as
    `make_pdf` does.
    """
    issue = workspace.load_issue(issue_id).for_audience(audience)
    return {
        name_pdf(workspace.bulletin_of(issue_id), issue_id, language=half.first_language if issue.languages else ""): (
            _make_pdf(workspace, issue_id, half)
        )
        for half in issue.in_each_language
    }


def _make_pdf(workspace: Workspace, issue_id: str, issue: Issue) -> PdfFile:
    website = workspace.settings.website
    return make_pdf(
        issue,
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(issue_id),
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
        around=PdfSurroundings(address=f"{website.url.rstrip('/')}/issues/{issue_id}" if website else ""),
    )
