"""The files of one issue: its page, the address that emails have, its pictures, and what is beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bulletin.edition.to_do import list_to_do, list_turning_days
from bulletin.edition.web.addresses import name_issue_path, name_lead_path
from bulletin.edition.web.anchored import find_anchored, map_anchors
from bulletin.edition.web.archive_pages import render_lead
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.atom_feed import clean_for_feed
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.issue_page import (
    IssueBody,
    Surroundings,
    render_body,
    render_issue_page,
    render_withdrawn_page,
    say_removed,
    sort_corrections,
)
from bulletin.edition.web.item_page import list_former_pages, list_item_pages
from bulletin.edition.web.page_pictures import PageAlbum
from bulletin.edition.web.topics import find_topics
from bulletin.issue.model import Issue
from bulletin.publishing.companions import CompanionFile, CompanionMaker
from bulletin.publishing.correcting import list_places
from bulletin.publishing.kept_anchors import list_former
from bulletin.publishing.manifest import WITHDRAWN
from bulletin.publishing.publications import Publication


@dataclass(frozen=True, kw_only=True)
class BundleMaker:
    """Makes the pages of issues. `read_picture` gives the bytes of a workspace picture by its path."""

    site: ArchiveSite
    today: date
    read_picture: Callable[[str], bytes]
    companions: Sequence[CompanionMaker] = ()

    def draft(self, issue: Issue, *, issue_id: str, publication: Publication, was_sent: bool) -> IssueDraft:
        """What an issue says and what other pages say of it, before its neighbours are known."""
        bulletin, name = _split(issue_id, self.site)
        path = name_issue_path(bulletin, name)
        album = PageAlbum(read=self.read_picture, base=self.site.base)
        page = self.site.canonical(path)
        beside = [file for each in self.companions for file in each.make(issue, issue_id=issue_id, page=page)]
        around = Surroundings(
            today=self.today,
            anchors=map_anchors(issue),
            was_sent=was_sent,
            former=list_former(publication.anchors),
            removed_on={anchor: date.fromisoformat(day) for anchor, day in publication.removed.items()},
            calendars={file.anchor: self.site.address(path + file.name) for file in beside if file.anchor},
            dates={file.entry: self.site.address(path + file.name) for file in beside if file.entry},
            actions=[(file.words, self.site.address(path + file.name)) for file in beside if file.words],
        )
        body = render_body(self.site, issue, album=album, around=around, facts_path=path)
        facts = self._describe(issue, issue_id, publication, body, album)
        return IssueDraft(issue=issue, facts=facts, body=body, album=album, around=around, beside=tuple(beside))

    def _describe(
        self, issue: Issue, issue_id: str, publication: Publication, body: IssueBody, album: PageAlbum
    ) -> IssueFacts:
        bulletin, name = _split(issue_id, self.site)
        corrections = sort_corrections(issue)
        return IssueFacts(
            id=issue_id,
            bulletin=bulletin,
            name=name,
            subject=issue.subject,
            preview_text=issue.preview_text,
            published=issue.published.isoformat(),
            minutes=body.minutes,
            corrected=corrections[0].on.isoformat() if corrections else "",
            withdrawn=publication.removed.get("", "") if issue.withdrawn else "",
            days=tuple(day.isoformat() for day in list_turning_days(list_to_do(issue))),
            anchors=list_places(issue),
            topics=() if issue.withdrawn else find_topics(find_anchored(issue), self.site.settings.topics),
            pictures=tuple(album.sources),
        )


@dataclass(frozen=True, kw_only=True)
class IssueDraft:
    """An issue that is rendered but for its frame and its neighbours."""

    issue: Issue
    facts: IssueFacts
    body: IssueBody = field(repr=False)
    album: PageAlbum = field(repr=False)
    around: Surroundings = field(repr=False)
    beside: tuple[CompanionFile, ...] = ()

    def write(self, site: ArchiveSite, around: Surroundings) -> Mapping[str, tuple[bytes, str]]:
        """The content and the kind of each file, by its path."""
        path = name_issue_path(self.facts.bulletin, self.facts.name)
        lead = {f"{name_lead_path(self.facts.id)}index.html": (render_lead(site, self.facts).encode(), "address")}
        if self.facts.withdrawn:
            removed = say_removed(date.fromisoformat(self.facts.withdrawn))
            former = sorted({*self.facts.anchors, *(each for old in around.former.values() for each in old)})
            page = render_withdrawn_page(site, self.facts, former=former, removed=removed)
            return {f"{path}index.html": (page.encode(), WITHDRAWN), **lead}
        page = render_issue_page(site, self.issue, self.facts, self.body, album=self.album, around=around)
        own = list_item_pages(site, self.issue, self.facts, self.body)
        return {
            f"{path}index.html": (page.encode(), "page"),
            **{name: (html.encode(), "page") for name, html in own},
            **lead,
            **{name: (content, "picture") for name, content in self.album.files.items()},
            **{path + file.name: (file.content, file.kind) for file in self.beside},
        }

    def lead_former(
        self, site: ArchiveSite, former: tuple[str, ...], made: Iterable[str]
    ) -> Mapping[str, tuple[bytes, str]]:
        """What is now at the addresses of own pages that `former`, an earlier build, had and `made` has not."""
        pages = list_former_pages(site, self.facts, former, frozenset(made))
        return {name: (html.encode(), "address") for name, html in pages}

    def write_for_feed(self, site: ArchiveSite) -> str:
        """What the feed has of it."""
        path = name_issue_path(self.facts.bulletin, self.facts.name)
        return clean_for_feed(self.body.html, page=site.canonical(path))


def _split(issue_id: str, site: ArchiveSite) -> tuple[str, str]:
    folder, _, name = issue_id.rpartition("/")
    return folder or next(iter(site.settings.bulletins)), name
