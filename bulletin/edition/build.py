"""Make an issue of a workspace into an edition: read, check, render. Preview, copies, emails and files use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bulletin.edition.audiences import AudienceEdition, AudienceIssue, divide_issue, list_signatures, make_editions
from bulletin.edition.edition import Edition
from bulletin.edition.leaks.leak_proof import (
    find_edition_leaks,
    open_leak_proof,
    require_no_leak,
    require_no_leak_in,
)
from bulletin.edition.leaks.leak_search import Leak
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.model import Issue
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from bulletin.edition.pdf.making import PdfFile


class EditionMaker:
    """Makes editions of one issue of a workspace, and proves that each has only what is for its readers."""

    def __init__(self, workspace: Workspace, issue_id: str, whole: Issue) -> None:
        self._workspace, self._issue_id, self._whole = workspace, issue_id, whole
        self._theme = Theme(folders=workspace.theme_folders)
        self._proof = open_leak_proof(whole, settings=workspace.settings, theme=self._theme)

    def make(self, pruned: Issue) -> Edition:
        """The edition with all that is in `pruned`, which is the whole issue made for an audience.

        Raises ThemeError for a faulty template, LeakFound if the edition has more.
        """
        edition = self._render(pruned)
        if self._proof:
            require_no_leak(edition, pruned, self._proof.make(pruned))
        return edition

    def list_leaks(self, pruned: Issue) -> list[Leak]:
        """What `make` would refuse in the edition with all that is in `pruned`. Raises ThemeError."""
        return list(find_edition_leaks(self._render(pruned), pruned, self._proof.make(pruned))) if self._proof else []

    def _render(self, pruned: Issue) -> Edition:
        return render_edition(
            pruned,
            issue_id=self._issue_id,
            settings=self._workspace.settings,
            bulletin_name=self._workspace.bulletin_of(self._issue_id),
            theme=self._theme,
            pictures=self._workspace.read_picture,
        )


def make_edition(workspace: Workspace, issue_id: str, *, audience: Audience = PUBLIC) -> Edition:
    """The edition of an issue for `audience`; without one, for everyone.

    Raises FaultyFiles with every fault of the issue, ThemeError for a faulty template, LeakFound if the edition has
    something that is not for its readers.
    """
    issue = workspace.load_issue(issue_id)
    return EditionMaker(workspace, issue_id, issue).make(issue.for_audience(audience))


def divide_by_audience(
    workspace: Workspace, issue: Issue, *, lists: Sequence[str], signatures: Iterable[Audience] | None = None
) -> tuple[AudienceIssue, ...]:
    """What of an issue each edition of a mailing to `lists` has, one for each audience that sees something else.

    `signatures`: those that its readers have (`edition.audiences.sign_reader`); None for all that can occur. Raises
    BulletinError for more editions than bulletin.yaml allows.
    """
    return divide_issue(
        issue,
        list_signatures(issue, lists) if signatures is None else signatures,
        lists=lists,
        titles=workspace.settings.list_titles,
        most=workspace.settings.editions,
    )


def make_audience_editions(
    workspace: Workspace, issue_id: str, *, lists: Sequence[str], signatures: Iterable[Audience] | None = None
) -> tuple[AudienceEdition, ...]:
    """The editions of a mailing of an issue. All is as in `divide_by_audience`; raises as `make_edition` too."""
    issue = workspace.load_issue(issue_id)
    parts = divide_by_audience(workspace, issue, lists=lists, signatures=signatures)
    maker = EditionMaker(workspace, issue_id, issue)
    return tuple(make_editions(parts, lambda part: maker.make(part.issue)))


def make_issue_pdfs(workspace: Workspace, issue_id: str, *, audience: Audience = PUBLIC) -> dict[str, PdfFile]:
    """The PDF of an issue in each of its languages, by the name of its file; for everyone, unless `audience` is given.

    It has the address that leads to the issue on the website. Raises FaultyFiles with every fault of the issue,
    LeakFound if a PDF has something that is not for its readers, and as `make_pdf` does.
    """
    from bulletin.edition.pdf.making import name_pdf

    whole = workspace.load_issue(issue_id)
    issue, theme = whole.for_audience(audience), Theme(folders=workspace.theme_folders)
    bulletin_name = workspace.bulletin_of(issue_id)
    made = {
        name_pdf(bulletin_name, issue_id, language=half.first_language if issue.languages else ""): _make_pdf(
            workspace, issue_id, half, theme
        )
        for half in issue.in_each_language
    }
    words = "\n".join(each.words for each in made.values())
    require_no_leak_in(words, whole, issue, settings=workspace.settings, theme=theme, output="the PDF")
    return made


def _make_pdf(workspace: Workspace, issue_id: str, issue: Issue, theme: Theme) -> PdfFile:
    from bulletin.edition.pdf.document import PdfSurroundings
    from bulletin.edition.pdf.making import make_pdf

    website = workspace.settings.website
    return make_pdf(
        issue,
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(issue_id),
        theme=theme,
        pictures=workspace.read_picture,
        around=PdfSurroundings(address=f"{website.url.rstrip('/')}/issues/{issue_id}" if website else ""),
    )
