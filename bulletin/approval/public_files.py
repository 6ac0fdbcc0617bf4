"""What the website would show of an issue, as digests that an approval covers. Pure but for the theme's files.

Its page, its PDF and its files for calendars are made when it is published, from the public edition and the theme. So a
digest is of the page as it would be on the day that the issue comes out, and of all that a PDF is made from (what it
says, the pictures, the theme, the fonts) and a calendar says. It isn't of the PDF's own bytes, which differ with the
library that makes them, and which not every computer has. Nor is it of what only publishing decides: neighbours in the
list of issues, the names of dates in calendars, later corrections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bulletin.errors import BulletinError
from bulletin.issue.audience import ON_THE_WEB

if TYPE_CHECKING:
    from bulletin.edition.theme import Theme
    from bulletin.edition.web.archive_site import ArchiveSite
    from bulletin.edition.web.page_pictures import PageAlbum
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace

PAGE: Final = "web page"
PDF: Final = "PDF"
CALENDAR: Final = "calendar files"
FAULTY: Final = "can’t be made"


def digest_public_files(workspace: Workspace, issue_id: str, whole: Issue) -> dict[str, str]:
    """The SHA-256 of each, by what it is; none without a website, or if nothing of the issue is public.

    What can't be made has no digest: FAULTY is in its place, so that approving is possible, and fixing it is a change.
    """
    from bulletin.edition.theme import Theme

    issue = whole.for_audience(ON_THE_WEB).model_copy(update={"corrections": ()})
    if workspace.settings.website is None or not issue.sections:
        return {}
    theme = Theme(folders=workspace.theme_folders)
    found: dict[str, str] = {}
    for name, digest in ((PAGE, _digest_page), (PDF, _digest_pdf), (CALENDAR, _digest_calendar)):
        try:
            found[name] = digest(workspace, issue_id, issue, theme)
        except BulletinError:
            found[name] = FAULTY
    return {name: digest for name, digest in found.items() if digest}


def _digest_page(workspace: Workspace, issue_id: str, issue: Issue, theme: Theme) -> str:
    """The page in each language, its style sheet and its pictures."""
    from bulletin.edition.web.archive_site import open_site
    from bulletin.edition.web.page_pictures import PageAlbum

    settings = workspace.settings
    album = PageAlbum(read=workspace.read_picture, base="")
    site = open_site(settings, theme, settings.website.url.rstrip("/") if settings.website else "", album)
    pages = [
        _render_page(site.in_language(half.first_language), half, workspace.bulletin_of(issue_id), issue_id, album)
        for half in issue.in_each_language
    ]
    return _digest([*(page.encode() for page in pages), *_list_contents({**site.files, **album.files})])


def _render_page(site: ArchiveSite, issue: Issue, bulletin: str, issue_id: str, album: PageAlbum) -> str:
    from bulletin.edition.web.addresses import name_issue_path
    from bulletin.edition.web.anchored import map_anchors
    from bulletin.edition.web.issue_facts import IssueFacts
    from bulletin.edition.web.issue_page import Surroundings, render_body, render_issue_page

    name = issue_id.rpartition("/")[2]
    around = Surroundings(today=issue.published, anchors=map_anchors(issue))
    body = render_body(site, issue, album=album, around=around, facts_path=name_issue_path(bulletin, name))
    facts = IssueFacts(
        id=issue_id,
        bulletin=bulletin,
        name=name,
        subject=issue.subject,
        preview_text=issue.preview_text,
        published=issue.published.isoformat(),
        minutes=body.minutes,
        language=issue.first_language,
    )
    return render_issue_page(site, issue, facts, body, album=album, around=around)


def _digest_pdf(workspace: Workspace, issue_id: str, issue: Issue, theme: Theme) -> str:
    """All that the PDF of each language is made from."""
    from bulletin.edition.pdf.document import PdfSurroundings, write_json
    from bulletin.edition.pdf.making import describe_pdf
    from bulletin.edition.pdf.pdf_theme import find_pdf_theme
    from bulletin.edition.pdf.picture_files import PictureFiles

    files, album = find_pdf_theme(theme), PictureFiles(read=workspace.read_picture)
    documents = [
        describe_pdf(
            half,
            settings=workspace.settings,
            bulletin_name=workspace.bulletin_of(issue_id),
            files=files,
            album=album,
            around=PdfSurroundings(),
        )
        for half in issue.in_each_language
    ]
    return _digest([*map(write_json, documents), *_list_contents(album.files), *_list_contents(files.read())])


def _digest_calendar(workspace: Workspace, issue_id: str, issue: Issue, theme: Theme) -> str:
    """Each date; "" if there is none."""
    from bulletin.edition.calendar.entries import list_entries
    from bulletin.edition.calendar.stored import digest_entry
    from bulletin.edition.typography.typesetting import read_type_style

    del theme
    entries = list_entries(issue, style=read_type_style(workspace.settings))
    return _digest(digest_entry(each, issue=issue_id).encode() for each in entries) if entries else ""


def _list_contents(files: Mapping[str, bytes]) -> Iterable[bytes]:
    for name, content in sorted(files.items()):
        yield name.encode()
        yield content


def _digest(parts: Iterable[bytes]) -> str:
    """One digest of all parts, of which none can be taken for two."""
    return sha256(json.dumps([sha256(part).hexdigest() for part in parts]).encode()).hexdigest()
