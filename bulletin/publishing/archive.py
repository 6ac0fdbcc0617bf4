"""Build the web archive into a folder: only what changed is made anew, and nothing is public that shouldn't be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.edition.theme import Theme
from bulletin.edition.web.addresses import name_host, require_website
from bulletin.edition.web.archive_site import ArchiveSite, open_site
from bulletin.edition.web.atom_feed import FeedLink
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.page_pictures import PageAlbum
from bulletin.issue.archiving import ZONE
from bulletin.issue.model import Issue
from bulletin.publishing.catalogue import (
    Catalogue,
    CatalogueEntry,
    HiddenIssue,
    digest_inputs,
    load_public,
    read_catalogue,
)
from bulletin.publishing.companions import CompanionMaker, SeriesMaker
from bulletin.publishing.correcting import UnexplainedChange, UnexplainedChanges, update_publication
from bulletin.publishing.issue_bundle import BundleMaker, IssueDraft
from bulletin.publishing.kept_anchors import list_former
from bulletin.publishing.leak_check import require_public
from bulletin.publishing.manifest import (
    Bundle,
    IssueMemory,
    Manifest,
    WrittenFile,
    load_manifest,
    load_texts,
    save_manifest,
    save_texts,
)
from bulletin.publishing.page_list import Feeds, PlannedFile, gather_shelves, gather_topics, list_pages
from bulletin.publishing.pdf_files import PdfMaker
from bulletin.publishing.publications import (
    FeedIdentity,
    Publication,
    load_feeds,
    load_publications,
    record_publications,
)
from bulletin.publishing.search.search_files import BUNDLE as SEARCH
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.publishing.site_folder import SiteChange, digest, find_intact, write_site
from bulletin.publishing.statement_plan import StatementPlan, plan_statement
from bulletin.publishing.visibility import SentIssues, find_sent
from bulletin.times import read_local

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

_ENCLOSED: Final = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class ArchiveReport:
    """What a build did, and what isn't public yet.

    `statement` is what to do about the accessibility statement, or "".
    """

    change: SiteChange
    public: int
    hidden: tuple[HiddenIssue, ...] = ()
    faulty: tuple[str, ...] = ()
    statement: str = ""

    @property
    def next_hidden(self) -> HiddenIssue | None:
        """The issue whose embargo ends next."""
        from bulletin.publishing.visibility import Visibility

        waiting = [each for each in self.hidden if each.why is Visibility.UNDER_EMBARGO]
        return min(waiting, key=lambda each: each.embargo_at, default=None)


def build_archive(
    workspace: Workspace,
    engine: Engine,
    out: Path,
    *,
    now: int,
    typo: bool = False,
    rehearsal: bool = False,
    companions: Sequence[CompanionMaker] = (),
    find_carried: Callable[[], Iterable[str]] = tuple,
) -> ArchiveReport:
    """Build the archive into `out`, as it is at `now` (ms since 1970).

    `typo`: changed words are typing errors, which need no correction. A `rehearsal` publishes nothing, so nothing of it
    is recorded in the database. `find_carried` gives the paths that sent emails carry: they are never removed. Raises
    UnexplainedChanges, LeakFound, FaultyFiles for a published issue, ThemeError, Unwritten, DatabaseError, and
    BulletinError for settings that make no website. The old site stays as it was then.
    """
    build = _Build(
        workspace=workspace,
        engine=engine,
        out=out,
        now=now,
        typo=typo,
        rehearsal=rehearsal,
        companions=companions,
    )
    return build.run(find_carried)


@dataclass(kw_only=True)
class _Build:
    """One build. Its properties are worked out once, in the order in which they need each other."""

    workspace: Workspace
    engine: Engine
    out: Path
    now: int
    typo: bool
    rehearsal: bool
    companions: Sequence[CompanionMaker]
    drafts: dict[str, IssueDraft] = field(default_factory=dict)

    def run(self, find_carried: Callable[[], Iterable[str]]) -> ArchiveReport:
        self._refuse_lost()
        self._prepare_companions()
        facts = {entry.id: self._find_facts(entry) for entry in self.catalogue.entries}
        site = replace(
            self.plain_site,
            has_topics=bool(gather_topics(self.workspace.settings, facts.values())),
            has_search=bool(self._search_maker and facts),
            has_statement=self.statement.page is not None,
            languages=tuple(dict.fromkeys(language for each in facts.values() for language in each.languages)),
        )
        contents, bundles = self._write_bundles(site, facts)
        planned = [*self._plan_pages(site, facts, bundles, dict(contents)), *self._plan_series()]
        planned += self._write_search(site, facts, contents, bundles)
        kept = {path for bundle in bundles.values() for path in bundle.files if path not in contents}
        files = {path: self.manifest.files[path] for path in kept}
        for plan in planned:
            known = self.manifest.files.get(plan.path)
            if known and known.recipe == plan.recipe and plan.path in self.intact:
                files[plan.path] = known
                kept.add(plan.path)
            else:
                contents[plan.path] = (plan.make(), plan.kind)
        recipes = {plan.path: plan.recipe for plan in planned}
        files |= {
            path: WrittenFile(recipe=recipes.get(path, ""), digest=digest(content), kind=kind)
            for path, (content, kind) in contents.items()
        }
        unwanted = set(self.manifest.files) - set(files)
        unwanted -= set(find_carried()) if unwanted else set()
        if not self.rehearsal:
            self._record()
        change = write_site(self.out, contents, kept=len(kept), unwanted=sorted(unwanted))
        self._remember(Manifest(files=files, issues=self._list_memories(facts), bundles=bundles))
        hidden, faulty = self.catalogue.hidden, self.catalogue.faulty
        return ArchiveReport(
            change=change, public=len(facts), hidden=hidden, faulty=faulty, statement=self.statement.advice
        )

    @cached_property
    def url(self) -> str:
        return require_website(self.workspace.settings)

    @cached_property
    def today(self) -> date:
        return read_local(self.now, ZONE).date()

    @cached_property
    def sent(self) -> SentIssues:
        return find_sent(self.engine)

    @cached_property
    def manifest(self) -> Manifest:
        return load_manifest(self.workspace.state_folder, self.out)

    @cached_property
    def intact(self) -> frozenset[str]:
        return find_intact(self.out, self.manifest.files)

    @cached_property
    def catalogue(self) -> Catalogue:
        remembered = self.manifest.issues
        return read_catalogue(self.workspace, self.engine, now=self.now, sent=self.sent, remembered=remembered)

    @cached_property
    def before(self) -> Mapping[str, Publication]:
        return load_publications(self.engine)

    @cached_property
    def feeds(self) -> Mapping[str, FeedIdentity]:
        return load_feeds(self.engine)

    @cached_property
    def plain_site(self) -> ArchiveSite:
        """The site as issues' texts need it: what is in the navigation isn't known before they are read."""
        album = PageAlbum(read=self.workspace.read_picture, base="")
        album.base = ArchiveSite(settings=self.workspace.settings, theme=self.theme, url=self.url).base
        return open_site(
            self.workspace.settings,
            self.theme,
            self.url,
            album,
            inputs=digest_inputs(self.workspace),
            has_calendar=bool(self._series_makers),
        )

    @cached_property
    def theme(self) -> Theme:
        return Theme(folders=self.workspace.theme_folders, settled=True)

    @cached_property
    def maker(self) -> BundleMaker:
        return BundleMaker(
            site=self.plain_site,
            today=self.today,
            read_picture=self.workspace.read_picture,
            companions=self.companions,
        )

    @cached_property
    def statement(self) -> StatementPlan:
        public = [entry.id for entry in self.catalogue.entries]
        return plan_statement(
            self.workspace,
            public,
            has_pdfs=any(isinstance(each, PdfMaker) for each in self.companions),
            today=self.today,
        )

    @cached_property
    def publications(self) -> dict[str, Publication]:
        """What is public from now on. Raises UnexplainedChanges."""
        found: dict[str, Publication] = {}
        unexplained = []
        for entry in self.catalogue.entries:
            before = self.before.get(entry.id)
            if before and entry.memory and entry.memory.model == before.digest:
                found[entry.id] = before
                continue
            updated = update_publication(
                self._load(entry),
                before,
                fresh=self._start_publication(entry),
                now=self.now,
                today=self.today,
                typo=self.typo,
            )
            if isinstance(updated, UnexplainedChange):
                unexplained.append(updated)
            else:
                found[entry.id] = updated
        if unexplained:
            raise UnexplainedChanges(tuple(unexplained))
        return found

    def _start_publication(self, entry: CatalogueEntry) -> Publication:
        feed_id = f"tag:{name_host(self.url)},{self.today.year}:{entry.bulletin}/{entry.name}"
        at = entry.embargo_at
        return Publication(issue=entry.id, feed_id=feed_id, first_at=at, updated_at=at, digest="", model=b"{}")

    def _refuse_lost(self) -> None:
        """Raises FaultyFiles for an issue that is public and can't be read now: it would be gone."""
        for issue_id in self.catalogue.faulty:
            if issue_id in self.before:
                self.workspace.load_issue(issue_id)

    def _load(self, entry: CatalogueEntry) -> Issue:
        return entry.issue or load_public(self.workspace, entry.id)

    def _prepare_companions(self) -> None:
        """Hand each issue that has changed to what keeps something of it, the oldest first."""
        changed = [entry for entry in self.catalogue.entries if self._is_changed(entry)]
        for entry in sorted(changed, key=lambda each: (each.published, each.id)):
            for maker in self._series_makers:
                maker.prepare(self._load(entry), issue_id=entry.id)

    def _is_changed(self, entry: CatalogueEntry) -> bool:
        memory = entry.memory
        return not (memory and memory.facts and memory.model == self.publications[entry.id].digest)

    @property
    def _series_makers(self) -> list[SeriesMaker]:
        return [each for each in self.companions if isinstance(each, SeriesMaker)]

    def _plan_series(self) -> Iterable[PlannedFile]:
        for maker in self._series_makers:
            for each in maker.list_series(today=self.today):
                yield PlannedFile(path=each.path, recipe=each.recipe, kind=each.kind, make=each.make)

    @property
    def _search_maker(self) -> SearchMaker | None:
        return next((each for each in self.companions if isinstance(each, SearchMaker)), None)

    def _write_search(
        self,
        site: ArchiveSite,
        facts: Mapping[str, IssueFacts],
        contents: dict[str, tuple[bytes, str]],
        bundles: dict[str, Bundle],
    ) -> list[PlannedFile]:
        """Put the index among the bundles, and its files into `contents` if it is new; the page that searches it."""
        maker = self._search_maker
        if not (maker and site.has_search):
            return []
        entries = {entry.id: entry for entry in self.catalogue.entries}
        maker.gather(
            site,
            gather_shelves(self.workspace.settings, facts.values()),
            keys={name: entry.key for name, entry in entries.items()},
            load=lambda issue_id: self._load(entries[issue_id]),
            out=self.out,
        )
        bundles[SEARCH] = maker.write_index(self.manifest.bundles.get(SEARCH), self.intact, contents)
        return maker.plan(site)

    def _find_facts(self, entry: CatalogueEntry) -> IssueFacts:
        """What is remembered of an issue, or what it says now that it is read."""
        publication = self.publications[entry.id]
        memory = entry.memory
        if memory and memory.facts and memory.model == publication.digest:
            return memory.facts
        return self._draft(entry).facts

    def _draft(self, entry: CatalogueEntry) -> IssueDraft:
        if entry.id not in self.drafts:
            self.drafts[entry.id] = self.maker.draft(
                self._load(entry),
                issue_id=entry.id,
                publication=self.publications[entry.id],
                was_sent=entry.id in self.sent.began_at,
            )
        return self.drafts[entry.id]

    def _write_bundles(
        self, site: ArchiveSite, facts: Mapping[str, IssueFacts]
    ) -> tuple[dict[str, tuple[bytes, str]], dict[str, Bundle]]:
        """The files of those issues whose recipe is new, and the bundles of all."""
        contents: dict[str, tuple[bytes, str]] = {}
        bundles: dict[str, Bundle] = {}
        entries = {entry.id: entry for entry in self.catalogue.entries}
        for shelf in gather_shelves(self.workspace.settings, facts.values()):
            for at, own in enumerate(shelf.issues):
                following = shelf.issues[at - 1] if at else None
                former = shelf.issues[at + 1] if at + 1 < len(shelf.issues) else None
                recipe = self._write_recipe(site, entries[own.id], own, following, former)
                known = self.manifest.bundles.get(own.id)
                if known and known.recipe == recipe and self.intact.issuperset(known.files):
                    bundles[own.id] = known
                    continue
                draft = self._draft(entries[own.id])
                made = draft.write(site, replace(draft.around, previous=former, next=following))
                require_public(self.workspace, self.theme, own.id, draft.issue, made)
                made = {**made, **draft.lead_former(site, known.files if known else (), made)}
                contents.update(made)
                bundles[own.id] = Bundle(recipe=recipe, files=tuple(sorted(made)))
        return contents, bundles

    def _write_recipe(
        self,
        site: ArchiveSite,
        entry: CatalogueEntry,
        own: IssueFacts,
        following: IssueFacts | None,
        former: IssueFacts | None,
    ) -> str:
        """A digest of exactly what an issue's files depend on."""
        publication = self.publications[entry.id]
        parts = [
            entry.key,
            sorted(site.files),
            site.has_topics,
            site.has_search,
            site.has_statement,
            site.languages,
            [(each.id, each.label, each.languages) for each in (following, former) if each] + [bool(following)],
            sum(day < self.today.isoformat() for day in own.days),
            sorted(list_former(publication.anchors).items()),
            sorted(publication.removed.items()),
            entry.id in self.sent.began_at,
            [self._describe_picture(name) for name in own.pictures],
            [each.write_recipe(entry.id) for each in self.companions],
        ]
        return digest(json.dumps(parts).encode())

    def _describe_picture(self, name: str) -> list[object]:
        """A picture's size and time: another file under its name has others."""
        try:
            found = (self.workspace.root / name).stat()
        except OSError:
            return [name]
        return [name, found.st_size, found.st_mtime_ns]

    def _plan_pages(
        self,
        site: ArchiveSite,
        facts: Mapping[str, IssueFacts],
        bundles: Mapping[str, Bundle],
        contents: Mapping[str, tuple[bytes, str]],
    ) -> Iterable[PlannedFile]:
        entries = {entry.id: entry for entry in self.catalogue.entries}
        feeds = Feeds(
            identities=self._identities,
            publications=self.publications,
            texts=self._texts,
            recipes={issue_id: bundle.recipe for issue_id, bundle in bundles.items()},
            write_text=lambda issue_id, language: self._draft(entries[issue_id]).write_for_feed(site, language),
            files=lambda issue_id: self._list_enclosures(site, bundles[issue_id], contents),
        )
        return list_pages(
            site,
            list(facts.values()),
            feeds=feeds,
            load=lambda issue_id: self._load(entries[issue_id]),
            statement=self.statement.page,
        )

    def _list_enclosures(
        self, site: ArchiveSite, bundle: Bundle, contents: Mapping[str, tuple[bytes, str]]
    ) -> list[FeedLink]:
        """The files of an issue that its entry of the feed names: its PDF."""
        return [
            FeedLink(
                address=site.canonical(path),
                media_type=_ENCLOSED,
                length=len(contents[path][0]) if path in contents else (self.out / path).stat().st_size,
                language=next((each for each in site.languages if path.endswith(f"-{each}.pdf")), ""),
            )
            for path in bundle.files
            if path.endswith(".pdf")
        ]

    @cached_property
    def _texts(self) -> dict[str, tuple[str, str]]:
        return load_texts(self.workspace.state_folder, self.out)

    @cached_property
    def _identities(self) -> dict[str, FeedIdentity]:
        """The feed of each bulletin: its own for ever, or one that begins now."""
        host, year = name_host(self.url), self.today.year
        return {
            name: self.feeds.get(name)
            or FeedIdentity(bulletin=name, feed_id=f"tag:{host},{year}:{name}", began_at=self._find_beginning(name))
            for name in self.workspace.settings.bulletins
        }

    def _find_beginning(self, bulletin: str) -> int:
        """When a bulletin's first issue appeared: not when the feed was first built."""
        return min((each.embargo_at for each in self.catalogue.entries if each.bulletin == bulletin), default=self.now)

    def _list_memories(self, facts: Mapping[str, IssueFacts]) -> dict[str, IssueMemory]:
        """What the next build need not read again, of issues that are public and of those that aren't."""
        unseen = {
            entry.id: IssueMemory(
                key=entry.key, embargo_at=entry.embargo_at, published=entry.published, is_empty=entry.is_empty
            )
            for entry in self.catalogue.unseen
        }
        return unseen | {
            entry.id: IssueMemory(
                key=entry.key,
                embargo_at=entry.embargo_at,
                published=entry.published,
                facts=facts[entry.id],
                model=self.publications[entry.id].digest,
            )
            for entry in self.catalogue.entries
        }

    def _record(self) -> None:
        """Promises first: an id or an anchor that is public is stored."""
        changed = [each for each in self.publications.values() if each != self.before.get(each.issue)]
        new = [each for each in self._identities.values() if each.bulletin not in self.feeds]
        if changed or new:
            record_publications(self.engine, changed, new)

    def _remember(self, manifest: Manifest) -> None:
        """The manifest is last: without it, the next build looks at every file."""
        if self._search_maker:
            self._search_maker.remember(self.out)
        if manifest != self.manifest:
            texts = load_texts(self.workspace.state_folder, self.out)
            if self._texts != texts:
                save_texts(self.workspace.state_folder, self.out, self._texts)
            save_manifest(self.workspace.state_folder, self.out, manifest)
