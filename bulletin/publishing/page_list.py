"""Every page of the archive but those of the issues, each with its recipe: a digest of exactly what it reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bulletin.edition.languages.speech import speak
from bulletin.edition.web.accessibility_statement import Statement, render_statement
from bulletin.edition.web.archive_pages import (
    LEAST_ITEMS,
    Shelf,
    Topic,
    render_about,
    render_home,
    render_latest,
    render_missing,
    render_past_issues,
    render_shelf,
    render_topic,
    render_topics,
    render_year,
    write_robots,
    write_sitemap,
)
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.atom_feed import MOST_ENTRIES, AtomFeed, FeedEntry, FeedLink, write_feed
from bulletin.edition.web.issue_facts import IssueFacts, TopicItem
from bulletin.issue.identity import read_identity
from bulletin.issue.kinds.about import About
from bulletin.issue.model import Issue
from bulletin.publishing.publications import FeedIdentity, Publication
from bulletin.publishing.site_folder import digest
from bulletin.settings.settings import Settings

_MOST_LOOKED_AT = 6
"""Issues that the page about the organisation looks for cards in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedFile:
    """A file of the site: where it is, what it depends on, what kind it is, and what makes it."""

    path: str
    recipe: str
    kind: str
    make: Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Feeds:
    """What feeds are made of. `texts` has the HTML of each issue with its recipe, and gets what is made."""

    identities: Mapping[str, FeedIdentity]
    publications: Mapping[str, Publication]
    texts: dict[str, tuple[str, str]]
    recipes: Mapping[str, str]
    write_text: Callable[[str, str], str]
    files: Callable[[str], Sequence[FeedLink]]

    def find_text(self, issue_id: str, language: str = "") -> str:
        """The HTML of an issue for its feed, of a bilingual one in a language."""
        key = f"{issue_id} {language}".rstrip()
        recipe, html = self.texts.get(key, ("", ""))
        if recipe != self.recipes[issue_id]:
            html = self.write_text(issue_id, language)
            self.texts[key] = (self.recipes[issue_id], html)
        return html


def gather_shelves(settings: Settings, facts: Iterable[IssueFacts], *, language: str = "") -> tuple[Shelf, ...]:
    """The issues of each bulletin, the latest first, as they are in a language."""
    found: defaultdict[str, list[IssueFacts]] = defaultdict(list)
    for each in facts:
        found[each.bulletin].append(each.in_language(language))
    return tuple(
        Shelf(name=name, title=each.title, about=each.about or "", issues=tuple(sorted(found[name], key=_order)))
        for name, each in settings.bulletins.items()
    )


def gather_topics(settings: Settings, facts: Iterable[IssueFacts], *, language: str = "") -> tuple[Topic, ...]:
    """The topics with enough items, in the order of the settings, as they are in a language."""
    items: defaultdict[str, list[tuple[IssueFacts, TopicItem]]] = defaultdict(list)
    for each in sorted((one.in_language(language) for one in facts), key=_order):
        for item in each.topics:
            items[item.topic].append((each, item))
    return tuple(
        Topic(title=title, items=tuple(items[title])) for title in settings.topics if len(items[title]) >= LEAST_ITEMS
    )


def list_pages(
    site: ArchiveSite,
    facts: Sequence[IssueFacts],
    *,
    feeds: Feeds,
    load: Callable[[str], Issue],
    statement: Statement | None = None,
) -> Iterator[PlannedFile]:
    """All of them in each language, and the files that every page needs.

    `statement` is about accessibility, if there is one.
    """
    shelves = gather_shelves(site.settings, facts, language=site.language)
    topics = gather_topics(site.settings, facts, language=site.language)
    frame = _describe_frame(site)
    lists = digest(json.dumps([frame, [_describe(shelf) for shelf in shelves]]).encode())
    for path, content in site.files.items():
        yield PlannedFile(path=path, recipe=digest(content), kind="asset", make=partial(bytes, content))
    yield _page("404.html", "page", lists, partial(render_missing, site, shelves))
    yield _page("issues/", "address", frame, partial(render_past_issues, site))
    if statement:
        yield _page(
            "accessibility/", "page", _digest(frame, repr(statement)), partial(render_statement, site, statement)
        )
    yield PlannedFile(path="robots.txt", recipe=frame, kind="page", make=partial(write_robots, site))
    for tree in site.list_trees():
        yield from _list_tree(tree, facts, feeds, load)
    if site.listed:
        own = [f"{shelf.name}/" for shelf in shelves] + [topic.path for topic in topics]
        paths = ["", *own, *(["topics/"] if topics else []), "about/", *(["accessibility/"] if statement else [])]
        make = partial(write_sitemap, site, shelves, paths)
        yield PlannedFile(path="sitemap.xml", recipe=_digest(lists, *paths), kind="page", make=make)


def _list_tree(
    site: ArchiveSite, facts: Sequence[IssueFacts], feeds: Feeds, load: Callable[[str], Issue]
) -> Iterator[PlannedFile]:
    """The pages in one language."""
    shelves = gather_shelves(site.settings, facts, language=site.language)
    frame = _describe_frame(site)
    lists = _digest(frame, *(_describe(shelf) for shelf in shelves))
    about = _digest(frame, *_newest(shelves, feeds))
    yield _page(site.prefix, "page", lists, partial(render_home, site, shelves))
    yield _page(f"{site.prefix}about/", "page", about, partial(_write_about, site, shelves, load))
    for shelf in shelves:
        yield from _list_shelf(site, shelf, _digest(frame, _describe(shelf)), feeds)
    yield from _list_topics(site, gather_topics(site.settings, facts, language=site.language), frame)


def _list_shelf(site: ArchiveSite, shelf: Shelf, recipe: str, feeds: Feeds) -> Iterator[PlannedFile]:
    path = f"{site.prefix}{shelf.name}/"
    yield _page(path, "page", recipe, partial(render_shelf, site, shelf))
    for year in shelf.years:
        yield _page(f"{path}{year}/", "page", recipe, partial(render_year, site, shelf, year))
    if shelf.latest:
        yield _page(f"{path}latest/", "address", recipe, partial(render_latest, site, shelf, shelf.latest))
    shown = [each for each in shelf.issues if not each.withdrawn][:MOST_ENTRIES]
    told = [(each.id, feeds.recipes[each.id], feeds.publications[each.id].updated_at) for each in shown]
    yield PlannedFile(
        path=f"{path}feed.xml",
        recipe=_digest(recipe, feeds.identities[shelf.name].feed_id, json.dumps(told)),
        kind="feed",
        make=partial(_write_feed, site, shelf, shown, feeds),
    )


def _list_topics(site: ArchiveSite, topics: Sequence[Topic], frame: str) -> Iterator[PlannedFile]:
    for topic in topics:
        items = [[_describe_facts(facts), item.anchor, item.title, item.kind] for facts, item in topic.items]
        recipe = _digest(frame, topic.title, json.dumps(items))
        yield _page(f"{site.prefix}{topic.path}", "page", recipe, partial(render_topic, site, topic))
    if topics:
        recipe = _digest(frame, *(f"{topic.title} {len(topic.items)}" for topic in topics))
        yield _page(f"{site.prefix}topics/", "page", recipe, partial(render_topics, site, topics))


def _write_feed(site: ArchiveSite, shelf: Shelf, shown: Sequence[IssueFacts], feeds: Feeds) -> bytes:
    identity, logo = feeds.identities[shelf.name], site.dress(shelf.name).logo
    return write_feed(
        AtomFeed(
            id=_name_in(site, identity.feed_id),
            language=site.language,
            title=shelf.title,
            subtitle=shelf.about,
            author=site.settings.organisation.name,
            address=site.canonical_page(f"{shelf.name}/feed.xml"),
            page=site.canonical_page(f"{shelf.name}/"),
            began_at=identity.began_at,
            icon=site.canonical(logo.address.removeprefix(site.base).lstrip("/")) if logo else "",
            entries=[_describe_entry(site, each, feeds) for each in shown],
        )
    )


def _describe_entry(site: ArchiveSite, facts: IssueFacts, feeds: Feeds) -> FeedEntry:
    publication = feeds.publications[facts.id]
    speech, day = speak(facts.language), facts.corrected_day
    corrected = f"{speech.say('Corrected on {date}.', date=speech.day(day))} " if day else ""
    language = site.language if site.language in facts.languages else ""
    return FeedEntry(
        id=_name_in(site, publication.feed_id),
        language=facts.language,
        title=facts.subject,
        summary=corrected + facts.preview_text,
        address=f"{site.url}{site.find_issue(facts).removeprefix(site.base)}",
        published_at=publication.first_at,
        updated_at=publication.updated_at,
        html=feeds.find_text(facts.id, language),
        topics=tuple(dict.fromkeys(item.topic for item in facts.topics)),
        files=tuple(each for each in feeds.files(facts.id) if each.language in ("", facts.language)),
    )


def _name_in(site: ArchiveSite, feed_id: str) -> str:
    """The id of a feed or an entry in the language of the site: what was stored, and what that is below."""
    return f"{feed_id}/{site.prefix.rstrip('/')}" if site.prefix else feed_id


def _write_about(site: ArchiveSite, shelves: Sequence[Shelf], load: Callable[[str], Issue]) -> str:
    """The page about the organisation, with the cards of the latest issue that has some."""
    for shelf in shelves:
        for facts in [each for each in shelf.issues if not each.withdrawn][:_MOST_LOOKED_AT]:
            whole = load(facts.id)
            issue = whole.in_language(site.language if site.language in whole.languages else facts.language)
            sections = [each for each in issue.sections if isinstance(each, About) and not each.withdrawn]
            if found := next((each for each in sections if each.items), None):
                return render_about(site, found)
    return render_about(site, None)


def _newest(shelves: Sequence[Shelf], feeds: Feeds) -> list[str]:
    """What the cards of the page about the organisation may come from."""
    return [feeds.publications[each.id].digest for shelf in shelves for each in shelf.issues[:_MOST_LOOKED_AT]]


def _page(path: str, kind: str, recipe: str, render: Callable[[], str]) -> PlannedFile:
    where = path if path.endswith(".html") else f"{path}index.html"
    return PlannedFile(path=where, recipe=recipe, kind=kind, make=lambda: render().encode())


def _digest(*parts: str) -> str:
    return digest("\n".join(parts).encode())


def _describe_frame(site: ArchiveSite) -> str:
    """What all pages depend on: the settings, and the files and links of the frame. Templates are files too."""
    return _digest(
        site.settings.model_dump_json(),
        site.inputs,
        *sorted(site.files),
        str((site.has_topics, site.has_search, site.has_statement)),
        *site.languages,
        site.prefix,
    )


def _describe(shelf: Shelf) -> str:
    return json.dumps([shelf.name, shelf.title, shelf.about, [_describe_facts(each) for each in shelf.issues]])


def _describe_facts(facts: IssueFacts) -> list[object]:
    """What lists show of an issue."""
    shown = (facts.id, facts.subject, facts.published, facts.minutes, facts.corrected, facts.withdrawn)
    return [*shown, facts.language, *facts.languages]


def _order(facts: IssueFacts) -> tuple[int, int, str, str]:
    """The latest month first; in a month, the regular issue after a second one."""
    identity = read_identity(facts.name)
    if identity is None:
        return (0, 0, "", facts.name)
    return (-identity.month.year, -identity.month.month, "" if identity.word else "~", identity.word)
