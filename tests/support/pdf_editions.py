"""PDFs of the specimen, of a workspace's issue, and of a document that a test has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bulletin.edition.build import make_issue_pdfs
from bulletin.edition.pdf.document import PdfSurroundings
from bulletin.edition.pdf.making import PdfFile, describe_pdf, make_pdf, typeset
from bulletin.edition.pdf.pdf_theme import find_pdf_theme
from bulletin.edition.pdf.picture_files import PictureFiles
from bulletin.edition.theme import Theme
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from specimen import ISSUE, SETTINGS, THEME, read_picture

AROUND = PdfSurroundings(address="https://bulletin.anytown.example.org/news/2021-05/")


def specimen_issue(**changes: Any) -> Issue:
    return Issue.model_validate({**ISSUE, **changes})


def specimen_settings(**changes: Any) -> Settings:
    return Settings.model_validate({**SETTINGS, **changes})


def make_specimen(issue: Issue | None = None, *, theme: Theme = THEME, around: PdfSurroundings = AROUND) -> PdfFile:
    return make_pdf(
        issue or specimen_issue(),
        settings=specimen_settings(),
        bulletin_name="news",
        theme=theme,
        pictures=read_picture,
        around=around,
    )


def describe(
    issue: Issue | None = None, *, around: PdfSurroundings = AROUND, settings: Settings | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The JSON of an issue, and its pictures by their names in the theme."""
    album = PictureFiles(read=read_picture)
    document = describe_pdf(
        issue or specimen_issue(),
        settings=settings or specimen_settings(),
        bulletin_name="news",
        files=find_pdf_theme(THEME),
        album=album,
        around=around,
    )
    return document, {f"pictures/{name}": content for name, content in album.files.items()}


def typeset_document(document: dict[str, Any], pictures: dict[str, bytes]) -> PdfFile:
    return typeset(document, find_pdf_theme(THEME), pictures)


def make_may_2021() -> PdfFile:
    return make_issue_pdfs(open_workspace(sample_folder(), environ={}), "2021-05")["monthly-2021-05.pdf"]


def make_november_2026() -> PdfFile:
    """An issue with every kind of section."""
    (made,) = make_issue_pdfs(open_workspace(Path(TESTS, "edition/november"), environ={}), "2026-11").values()
    return made
