"""The pages around the issues: lists by bulletin and year, addresses that lead on, about, not found. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from bulletin.edition.markdown.markdown_text import render_inline_text
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.issue_facts import IssueFacts, TopicItem
from bulletin.issue.anchors import make_word
from bulletin.issue.kinds.about import About
from bulletin.languages.known import tag_of

MOST_YEARS = 6
"""On the page of all issues. With more, each older year has only its own page."""

LEAST_ITEMS = 3
"""Of a topic that is listed."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The visible issues of one bulletin, the latest first."""

    name: str
    title: str
    about: str
    issues: tuple[IssueFacts, ...]

    @property
    def latest(self) -> IssueFacts | None:
        """The latest issue that was not taken away."""
        return next((each for each in self.issues if not each.withdrawn), None)

    @property
    def years(self) -> Mapping[int, tuple[IssueFacts, ...]]:
        """The issues of each year, the latest year first."""
        found: defaultdict[int, list[IssueFacts]] = defaultdict(list)
        for each in self.issues:
            found[each.year].append(each)
        return {year: tuple(issues) for year, issues in found.items()}


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic with its items, each with the issue that it is in; the latest first."""

    title: str
    items: tuple[tuple[IssueFacts, TopicItem], ...]

    @property
    def path(self) -> str:
        """Where its page is, from the website's root."""
        return f"topics/{make_word(self.title)}/"


def render_home(site: ArchiveSite, shelves: Sequence[Shelf]) -> str:
    """The page of all bulletins."""
    several = len(shelves) > 1
    title = site.settings.organisation.name if several else shelves[0].title
    lead = "" if several else _write_lead(shelves[0])
    shown = [shelf for shelf in shelves if several or shelf.latest]
    cards = [_describe_card(site, shelf, lead=_write_lead(shelf) if several else "") for shelf in shown]
    described = [_describe_shelf(site, shelf, level=3 if several else 2) for shelf in shelves]
    return site.render("index.html.j2", path="", title=title, tagline="", lead=lead, cards=cards, shelves=described)


def render_shelf(site: ArchiveSite, shelf: Shelf) -> str:
    """The page of one bulletin."""
    return site.dress(shelf.name).render(
        "index.html.j2",
        path=f"{shelf.name}/",
        title=shelf.title,
        lead=_write_lead(shelf),
        tagline=site.settings.bulletins[shelf.name].tagline,
        cards=[_describe_card(site, shelf)] if shelf.latest else [],
        shelves=[_describe_shelf(site, shelf, level=2)],
    )


def render_year(site: ArchiveSite, shelf: Shelf, year: int) -> str:
    """The page of a year of a bulletin."""
    return site.dress(shelf.name).render(
        "year.html.j2",
        path=f"{shelf.name}/{year}/",
        title=f"{site.speech.say('Issues of {year}', year=year)} – {shelf.title}",
        shelf={"title": shelf.title, "path": site.page(f"{shelf.name}/")},
        year={"year": year, "issues": _describe_issues(site, shelf.years[year])},
    )


def render_latest(site: ArchiveSite, shelf: Shelf, latest: IssueFacts) -> str:
    """The address that always leads to a bulletin's latest issue."""
    path = f"{latest.bulletin}/{latest.name}/"
    return site.dress(shelf.name).render(
        "lead.html.j2",
        path=path,  # the address that counts is the issue's own
        title=f"{site.speech.say('The latest issue')} – {shelf.title}",
        words=site.speech.say("Read {title}, {month}", title=shelf.title, month=latest.label_in(site.speech)),
        to=site.find_issue(latest),
        unlisted=True,
        languages=(),
    )


def render_lead(site: ArchiveSite, facts: IssueFacts) -> str:
    """The address by which emails call an issue: it leads to the issue's page."""
    path = f"{facts.bulletin}/{facts.name}/"
    title = site.settings.bulletins[facts.bulletin].title
    return site.dress(facts.bulletin).render(
        "lead.html.j2",
        path=path,
        title=f"{facts.label_in(site.speech)} – {title}",
        words=site.speech.say("Read {title}, {month}", title=title, month=facts.label_in(site.speech)),
        to=site.address(path),
        unlisted=True,
        languages=(),
    )


def render_past_issues(site: ArchiveSite) -> str:
    """The address of past issues that every email has in its headers (`List-Archive`): it leads to the first page."""
    title, words = site.speech.say("Past issues"), site.speech.say("See all issues")
    return site.render("lead.html.j2", path="", title=title, words=words, to=site.page(""), unlisted=True, languages=())


def render_about(site: ArchiveSite, section: About | None) -> str:
    """The page about the organisation. Its cards are those of the latest issue that has some."""
    cards = [card for card in section.items if not card.withdrawn] if section else []
    return site.render("about.html.j2", path="about/", title=site.speech.say("About us"), cards=cards)


def render_topics(site: ArchiveSite, topics: Sequence[Topic]) -> str:
    """The list of topics."""
    described = [{"title": topic.title, "path": site.page(topic.path), "number": len(topic.items)} for topic in topics]
    return site.render("topics.html.j2", path="topics/", title=site.speech.say("Topics"), topics=described)


def render_topic(site: ArchiveSite, topic: Topic) -> str:
    """The page of one topic: its items by year."""
    years: defaultdict[int, list[dict[str, object]]] = defaultdict(list)
    for facts, item in topic.items:
        years[facts.year].append(
            {
                "address": f"{site.find_issue(facts)}#{item.anchor}",
                "title": item.title,
                "bulletin": site.settings.bulletins[facts.bulletin].title,
                "label": facts.label_in(site.speech),
                "kind": site.speech.say(item.kind),
                "lang": write_lang(site, facts),
                "corrected": facts.corrected,
            }
        )
    return site.render("topic.html.j2", path=topic.path, title=topic.title, years=list(years.items()))


def render_missing(site: ArchiveSite, shelves: Sequence[Shelf]) -> str:
    """What a web server shows where there is no page."""
    first = next((shelf for shelf in shelves if shelf.latest), None)
    latest = site.page(f"{first.name}/latest/") if first else ""
    title = site.speech.say("Page not found")
    return site.render("missing.html.j2", path="404.html", title=title, latest=latest, unlisted=True, languages=())


def write_robots(site: ArchiveSite) -> bytes:
    """`robots.txt` (RFC 9309). Pages that aren't listed say so themselves, which they can only if they are read."""
    sitemap = f"\nSitemap: {site.canonical('sitemap.xml')}\n" if site.listed else ""
    return f"User-agent: *\nDisallow:\n{sitemap}".encode()


def write_sitemap(site: ArchiveSite, shelves: Sequence[Shelf], paths: Sequence[str]) -> bytes:
    """`sitemap.xml` (sitemaps.org 0.9): each issue with the day of its last change, and the other `paths`."""
    entries = [(f"{tree.prefix}{path}", "") for tree in site.list_trees() for path in paths]
    for shelf in shelves:
        shown = [each for each in shelf.issues if not each.withdrawn]
        entries += [
            (f"{prefix}{each.bulletin}/{each.name}/", each.corrected or each.published)
            for each in shown
            for prefix in ("", *(f"{language}/" for language in each.languages))
        ]
    lines = [
        f"<url><loc>{escape(site.canonical(path))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in entries
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return "\n".join([head.rstrip("\n"), *lines, "</urlset>\n"]).encode()


def _write_lead(shelf: Shelf) -> str:
    """What a bulletin brings, as a sentence of its own."""
    about = shelf.about
    if not about:
        return ""
    return f"{shelf.title} {about}" if about[:1].islower() else about


def _describe_card(site: ArchiveSite, shelf: Shelf, *, lead: str = "") -> dict[str, object]:
    """What the first page and its own say of a bulletin: its latest issue, and where to get it."""
    latest = shelf.latest
    shown = {**_describe(site, latest), "published": latest.published_day} if latest else {"path": ""}
    return {
        **shown,
        "title": shelf.title,
        "lead": lead,
        "look": site.find_look(shelf.name),
        "subscribe": site.find_subscribing(shelf.name),
    }


def _describe_shelf(site: ArchiveSite, shelf: Shelf, *, level: int) -> dict[str, object]:
    prefix = f"{shelf.name}/"
    years = []
    for at, (year, issues) in enumerate(shelf.years.items()):
        here = at < MOST_YEARS
        years.append(
            {
                "year": year,
                "here": here,
                "whole": at == 0,
                "anchor": f"{shelf.name}__{year}",
                "address": f"#{shelf.name}__{year}" if here else site.page(f"{prefix}{year}/"),
                "issues": _describe_issues(site, issues if at == 0 else issues[::-1]),
            }
        )
    return {
        "name": shelf.name,
        "title": shelf.title,
        "level": level,
        "years": [year for year in years if year["here"]],
        "older": [year for year in years if not year["here"]],
        "issues": shelf.issues,
        "feed": site.page(f"{prefix}feed.xml"),
        "calendar": site.address(f"{prefix}calendar.ics") if site.has_calendar else "",
    }


def _describe_issues(site: ArchiveSite, issues: Sequence[IssueFacts]) -> list[dict[str, object]]:
    return [_describe(site, each) for each in issues]


def _describe(site: ArchiveSite, facts: IssueFacts) -> dict[str, object]:
    return {
        "path": site.find_issue(facts),
        "label": facts.label_in(site.speech),
        "month_word": facts.name_month(site.speech),
        "line": site.speech.say("Withdrawn") if facts.withdrawn else facts.line,
        "subject": facts.subject,
        "lang": "" if facts.withdrawn else write_lang(site, facts),
        "minutes": facts.minutes,
        "corrected": facts.corrected,
    }


def write_lang(site: ArchiveSite, facts: IssueFacts) -> Markup:
    """The attribute for what is said of an issue in another language than the page's; "" for one in the same."""
    return Markup("") if facts.language == site.language else Markup(' lang="{}"').format(tag_of(facts.language))


def tell_kind(kind: str) -> str:
    """`group_update` as people read it: `Group update`."""
    words = render_inline_text(kind.replace("_", " "))
    return words[:1].upper() + words[1:]
