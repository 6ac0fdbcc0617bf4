"""The archive's PDFs: one of each issue, or one for each language of an issue in several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from bulletin.edition.languages.speech import speak
from bulletin.edition.leaks.leak_proof import require_no_leak_in
from bulletin.edition.pdf.document import PdfCorrection, PdfSurroundings
from bulletin.edition.pdf.making import PdfFile, make_pdf, name_pdf
from bulletin.edition.pdf.pdf_theme import find_pdf_theme
from bulletin.edition.theme import Theme
from bulletin.edition.web.issue_page import sort_corrections
from bulletin.languages.known import LANGUAGES
from bulletin.publishing.companions import CompanionFile

if TYPE_CHECKING:
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace


class PdfMaker:
    """Makes the PDF of each issue for its page. The part for PDFs has to be installed (`Part.PDF`)."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._theme = Theme(folders=workspace.theme_folders, settled=True)

    def write_recipe(self, issue_id: str) -> str:
        """A digest of the theme for PDFs, which is the same for all issues."""
        del issue_id
        return self._recipe

    def make(self, issue: Issue, *, issue_id: str, page: str) -> Sequence[CompanionFile]:
        """The PDF, with the address of its page. Raises LeakFound if it has what is not for everyone."""
        if issue.withdrawn:
            return ()
        whole = self._workspace.load_issue(issue_id)
        return [self._make_file(half, whole, issue_id, page) for half in issue.in_each_language]

    def _make_file(self, half: Issue, whole: Issue, issue_id: str, page: str) -> CompanionFile:
        settings, bulletin = self._workspace.settings, self._workspace.bulletin_of(issue_id)
        language = half.first_language if whole.languages else ""
        made = make_pdf(
            half,
            settings=settings,
            bulletin_name=bulletin,
            theme=self._theme,
            pictures=self._workspace.read_picture,
            around=PdfSurroundings(
                address=page,
                corrections=[PdfCorrection(on=each.on, text=each.text) for each in sort_corrections(half)],
            ),
        )
        require_no_leak_in(made.words, whole, half, settings=settings, theme=self._theme, output="the PDF")
        return CompanionFile(
            name=name_pdf(bulletin, issue_id, language=language),
            content=made.content,
            media_type="application/pdf",
            kind="PDF",
            words=_describe(made, language),
            language=language,
            own_words=_describe_in_own(made, half.first_language),
        )

    @cached_property
    def _recipe(self) -> str:
        files = find_pdf_theme(self._theme).files
        found = [(name, path.stat().st_size, path.stat().st_mtime_ns) for name, path in files.items()]
        return sha256(json.dumps(found).encode()).hexdigest()


def _describe_in_own(made: PdfFile, language: str) -> str:
    """`PDF, 3 tudalen, 83 KB`."""
    size = f"{max(1, round(made.size / 1000)):,} KB"
    return speak(language).say_number("PDF, {n} page, {size}", "PDF, {n} pages, {size}", made.pages, size=size)


def _describe(made: PdfFile, language: str) -> str:
    """`PDF, 3 pages, 83 KB`; `PDF in Welsh, 3 pages, 83 KB`."""
    pages = "1 page" if made.pages == 1 else f"{made.pages} pages"
    which = f" in {LANGUAGES[language].english_name}" if language else ""
    return f"PDF{which}, {pages}, {max(1, round(made.size / 1000)):,} KB"
