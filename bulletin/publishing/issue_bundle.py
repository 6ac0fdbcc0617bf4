"""The files of one issue: its page, the address that emails have, its pictures, and what is beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    IssuePart,
    PageAction,
    Surroundings,
    render_bilingual_page,
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
        site = self.site.in_language(issue.first_language)
        page = self.site.canonical(path)
        beside = [file for each in self.companions for file in each.make(issue, issue_id=issue_id, page=page)]
        around = Surroundings(
            today=self.today,
            was_sent=was_sent,
            former=list_former(publication.anchors),
            removed_on={anchor: date.fromisoformat(day) for anchor, day in publication.removed.items()},
            calendars={file.anchor: self.site.address(path + file.name) for file in beside if file.anchor},
            dates={file.entry: self.site.address(path + file.name) for file in beside if file.entry},
            actions=[
                PageAction(
                    words=file.words,
                    address=self.site.address(path + file.name),
                    language=file.language,
                    own_words=file.own_words,
                )
                for file in beside
                if file.words
            ],
        )
        parts = []
        for half in issue.in_each_language:
            own = site.in_language(half.first_language, prefix=f"{half.first_language}/") if issue.languages else site
            seen = replace(around, anchors=map_anchors(half))
            body = render_body(own, half, album=album, around=seen, facts_path=path)
            facts = self._describe(half, issue_id, publication, body, album)
            parts.append(IssuePart(site=own, issue=half, body=body, facts=facts))
        facts = replace(parts[0].facts, pictures=tuple(album.sources))
        if issue.languages:
            facts = replace(facts, versions=tuple(part.facts for part in parts))
        return IssueDraft(
            issue=issue, facts=facts, parts=tuple(parts), album=album, around=around, beside=tuple(beside)
        )

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
            language=issue.first_language,
        )


@dataclass(frozen=True, kw_only=True)
class IssueDraft:
    """An issue that is rendered but for its frame and its neighbours. It has a part in each of its languages."""

    issue: Issue
    facts: IssueFacts
    parts: tuple[IssuePart, ...]
    album: PageAlbum = field(repr=False)
    around: Surroundings = field(repr=False)
    beside: tuple[CompanionFile, ...] = ()

    def write(self, site: ArchiveSite, around: Surroundings) -> Mapping[str, tuple[bytes, str]]:
        """The content and the kind of each file, by its path."""
        path = name_issue_path(self.facts.bulletin, self.facts.name)
        lead = {f"{name_lead_path(self.facts.id)}index.html": (render_lead(site, self.facts).encode(), "address")}
        whole = self._take_frame(site, self.parts[0].site)
        if self.facts.withdrawn:
            removed = date.fromisoformat(self.facts.withdrawn)
            former = sorted({*self.facts.anchors, *(each for old in around.former.values() for each in old)})
            pages = {
                own.prefix: render_withdrawn_page(
                    own, self.facts, former=former, removed=say_removed(removed, own.speech)
                )
                for own in self._list_sites(site)
            }
            return {f"{prefix}{path}index.html": (page.encode(), WITHDRAWN) for prefix, page in pages.items()} | lead
        pages = {part.site.prefix: self._write_part(site, part, around) for part in self.parts}
        if len(self.parts) > 1:
            parts = [replace(part, site=self._take_frame(site, part.site)) for part in self.parts]
            pages[""] = render_bilingual_page(
                replace(whole, prefix=""), parts, self.facts, album=self.album, around=around
            )
        return {
            **{f"{prefix}{path}index.html": (page.encode(), "page") for prefix, page in pages.items()},
            **{name: (html.encode(), "page") for name, html in self._list_item_pages(site)},
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

    def _list_item_pages(self, site: ArchiveSite) -> Iterator[tuple[str, str]]:
        """Those of each part, and of the first also at the address without a language."""
        sites = self._list_sites(site)
        parts = self.parts if len(sites) == 1 else (self.parts[0], *self.parts)
        for own, part in zip(sites, parts, strict=True):
            facts = replace(part.facts, versions=self.facts.versions)
            yield from list_item_pages(own, part.issue, facts, part.body)

    def _write_part(self, site: ArchiveSite, part: IssuePart, around: Surroundings) -> str:
        own = self._take_frame(site, part.site)
        facts = replace(part.facts, versions=self.facts.versions)
        return render_issue_page(own, part.issue, facts, part.body, album=self.album, around=around)

    def _list_sites(self, site: ArchiveSite) -> list[ArchiveSite]:
        """The site of each of its pages, the one with all of its languages first."""
        first = self._take_frame(site, self.parts[0].site)
        more = [self._take_frame(site, part.site) for part in self.parts] if len(self.parts) > 1 else []
        return [replace(first, prefix=""), *more]

    def _take_frame(self, site: ArchiveSite, own: ArchiveSite) -> ArchiveSite:
        """The site of a part, with the links of the whole site in its frame."""
        prefix = own.prefix if own.language in site.languages else ""
        return replace(site.in_language(own.language), prefix=prefix)

    def write_for_feed(self, site: ArchiveSite, language: str) -> str:
        """What the feed in a language has of it."""
        part = next((each for each in self.parts if each.site.language == language), self.parts[0])
        path = name_issue_path(self.facts.bulletin, self.facts.name)
        return clean_for_feed(part.body.html, page=site.canonical(f"{part.site.prefix}{path}"))


def _split(issue_id: str, site: ArchiveSite) -> tuple[str, str]:
    folder, _, name = issue_id.rpartition("/")
    return folder or next(iter(site.settings.bulletins)), name
