"""The page of one issue: rendered from the issue without what is not for the public. Pure.

The templates are in `templates/web/archive`; they are given what the email's are given (see `edition.rendering`), and

anchor_of, former_of            the anchor of a section or an item, and its old ones
corrections_of, removed_of      what was corrected in it, and the sentence that it was taken away, or ""
calendar_of                     the address of its calendar file, or ""
tasks, tasks_title              what readers need to do, seen from today; `more_tasks` are words for what it leaves out,
                                `all_tasks` all of them, if it leaves out any
picture(file, width=620)        a picture, with `address`, `width` and `height`
own_page                        whether this is the page of a section alone, which has its title already
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from typing import Any

from markupsafe import Markup

from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.edition.measures import WORDS_A_MINUTE
from bulletin.edition.rendering import describe_issue
from bulletin.edition.to_do import ToDo, age_box, gather_to_do, list_to_do, mark_past
from bulletin.edition.web.anchored import Anchored, find_anchored, map_anchors
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.page_pictures import SHARED, PageAlbum, PagePicture
from bulletin.issue.archiving import IssueCorrection
from bulletin.issue.item import Image, Item
from bulletin.issue.model import Issue
from bulletin.languages.known import ENGLISH

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageAction:
    """A link to a file beside a page. One in a `language` is on pages in that, in its `own_words`."""

    words: str
    address: str
    language: str = ""
    own_words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a page knows of other things: its neighbours, the day it is built on, old anchors, outputs beside it.

    `anchors` are those of the issue before it was pruned, by the `id()` of each record. `former` are old anchors by the
    anchor that they lead to now, "" for those of items that are gone. `removed_on` are the days on which items were
    taken away, by their anchor. `calendars` are addresses by the anchor of their item, and `dates` by the name that a
    row's file has. `actions` are links for the row of actions.
    """

    today: date
    anchors: Mapping[int, str] = field(default_factory=dict)
    previous: IssueFacts | None = None
    next: IssueFacts | None = None
    was_sent: bool = False
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)
    removed_on: Mapping[str, date] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    actions: Sequence[PageAction] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueBody:
    """What an issue says: what comes before its sections, and its sections, as HTML. The feed has both as well."""

    opening: str
    sections: str
    minutes: int
    values: Mapping[str, Any] = field(repr=False)

    @property
    def html(self) -> str:
        """All of it."""
        return f"{self.opening}\n{self.sections}"


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuePart:
    """An issue in one of its languages: the site in that, what the issue says, and what other pages say of it."""

    site: ArchiveSite
    issue: Issue
    body: IssueBody = field(repr=False)
    facts: IssueFacts


def render_body(
    site: ArchiveSite, issue: Issue, *, album: PageAlbum, around: Surroundings, facts_path: str
) -> IssueBody:
    """What an issue says. `facts_path` is its page's path. Raises ThemeError, and BulletinError for a bad picture."""
    values = _describe(site, issue, album, around)
    opening = site.render("opening.html.j2", path=facts_path, **values)
    sections = site.render("sections.html.j2", path=facts_path, **values)
    words = len(unescape(_TAG.sub(" ", opening + sections)).split())
    minutes = max(1, round(words / WORDS_A_MINUTE))
    return IssueBody(opening=opening, sections=sections, minutes=minutes, values=values)


def render_issue_page(
    site: ArchiveSite, issue: Issue, facts: IssueFacts, body: IssueBody, *, album: PageAlbum, around: Surroundings
) -> str:
    """The whole page, of an issue in one language or of a bilingual one in one of its languages."""
    label = facts.label_in(site.speech)
    return site.dress(facts.bulletin).render(
        "issue.html.j2",
        path=f"{facts.bulletin}/{facts.name}/",
        title=f"{label} – {site.settings.bulletins[facts.bulletin].title}",
        languages=facts.languages,
        **_describe_text(site, issue, facts, body, around),
        label=label,
        shared_picture=_find_shared(site, issue, album),
    )


def render_bilingual_page(
    site: ArchiveSite, parts: Sequence[IssuePart], facts: IssueFacts, *, album: PageAlbum, around: Surroundings
) -> str:
    """The page with all languages of an issue, each whole; `site` and the frame are in the first.

    The anchors of the first are those of the issue; those of the others begin with their code.
    """
    label = facts.label_in(site.speech)
    path = f"{facts.bulletin}/{facts.name}/"
    halves = [
        {**_describe_text(part.site, part.issue, part.facts, part.body, around), "site": part.site} for part in parts
    ]
    for number, (half, part) in enumerate(zip(halves, parts, strict=True)):
        html = part.site.render("half.html.j2", path=path, label=facts.label_in(part.site.speech), **half)
        half["html"] = Markup(prefix_anchors(html, f"{part.site.language}-" if number else ""))  # noqa: S704 -- templates made it
    return site.dress(facts.bulletin).render(
        "bilingual.html.j2",
        path=path,
        title=f"{label} – {site.settings.bulletins[facts.bulletin].title}",
        languages=facts.languages,
        **{**halves[0], "previous": _name_neighbour(site, around.previous), "next": _name_neighbour(site, around.next)},
        label=label,
        halves=halves,
        shared_picture=_find_shared(site, parts[0].issue, album),
    )


def prefix_anchors(html: str, prefix: str) -> str:
    """HTML with each anchor, and each link to one of the same page, begun with `prefix`."""
    named = _NAMED.sub(rf'\g<1>{prefix}\g<2>"', html)
    return _LED.sub(rf"\g<1>{prefix}", named)


# Within a tag only: what authors write is escaped, so that no text has a quotation mark.
_NAMED = re.compile(r'((?: id| aria-labelledby)=")([^"]+)"')
_LED = re.compile(r'( href="(?:\./)?#)(?=[^"])')


def _describe_text(
    site: ArchiveSite, issue: Issue, facts: IssueFacts, body: IssueBody, around: Surroundings
) -> dict[str, Any]:
    """What a page has around the text of an issue."""
    mail = _write_mail(facts, site.canonical_page(f"{facts.bulletin}/{facts.name}/"))
    return {
        **body.values,
        "bulletin": site.settings.bulletins[facts.bulletin],
        "facts": facts,
        "actions": [*_list_actions(site, around.actions), (site.speech.say("Email this page"), mail)],
        "print_words": _write_print_words(site.speech),
        "corrections": _describe_corrections(issue, site.speech),
        "was_sent": around.was_sent,
        "opening": Markup(body.opening),  # noqa: S704 -- templates made it
        "sections": Markup(body.sections),  # noqa: S704 -- templates made it
        "previous": _name_neighbour(site, around.previous),
        "next": _name_neighbour(site, around.next),
        "home": site.page(f"{facts.bulletin}/"),
        "lost_anchors": around.former.get("", ()),
        "useful_link": _find_useful_page(site, facts),
    }


def _find_useful_page(site: ArchiveSite, facts: IssueFacts) -> str:
    other = "" if site.language == site.settings.bulletins[facts.bulletin].language else site.language
    return site.settings.website.find_useful_page(facts.id, language=other) if site.settings.website else ""


def _write_print_words(speech: Speech) -> Markup:
    """The attribute with the words of the button that the script puts in; English is its own."""
    words = speech.say("Print")
    return Markup("") if speech.language == ENGLISH else Markup(' data-print="{}"').format(words)


def _list_actions(site: ArchiveSite, actions: Sequence[PageAction]) -> list[tuple[str, str]]:
    """The links for the row of actions: files in the page's language, and those in none."""
    own = (each for each in actions if each.language in ("", site.language))
    return [(each.own_words if each.language else site.speech.say(each.words), each.address) for each in own]


def render_withdrawn_page(site: ArchiveSite, facts: IssueFacts, *, former: Iterable[str], removed: str) -> str:
    """The page of an issue that was taken away: its address and its anchors stay. `removed` is its one sentence."""
    return site.dress(facts.bulletin).render(
        "withdrawn.html.j2",
        path=f"{facts.bulletin}/{facts.name}/",
        title=f"{facts.label_in(site.speech)} – {site.settings.bulletins[facts.bulletin].title}",
        bulletin=site.settings.bulletins[facts.bulletin],
        label=facts.label_in(site.speech),
        removed=removed,
        lost_anchors=tuple(former),
        home=site.page(f"{facts.bulletin}/"),
        unlisted=True,
        languages=facts.languages,
    )


def say_removed(day: date | None, speech: Speech = ENGLISH_SPEECH) -> str:
    """`Removed on 30 November 2026.`"""
    return speech.say("Removed on {date}.", date=speech.day(day)) if day else speech.say("Removed.")


def _describe(site: ArchiveSite, issue: Issue, album: PageAlbum, around: Surroundings) -> dict[str, Any]:
    anchors = around.anchors or map_anchors(issue)

    def find_anchor(record: object) -> str:
        return anchors.get(id(record), "")

    def find_calendar(record: object) -> str:
        return around.calendars.get(find_anchor(record), "")

    speech = site.speech
    box = age_box(gather_to_do(issue, speech, page=_HERE, own_anchors=True), today=around.today)
    every = list_to_do(issue, speech, page=_HERE, own_anchors=True) if box.more else ()
    return {
        **describe_issue(issue, site.type_style, site.language),
        "own_page": False,
        "picture": album.show,
        "anchor_of": find_anchor,
        "former_of": lambda record: around.former.get(find_anchor(record) or "-", ()),
        "corrections_of": _find_corrections(issue, find_anchor),
        "removed_of": lambda record: _find_removed(record, around.removed_on.get(find_anchor(record)), speech),
        "calendar_of": find_calendar,
        "tasks": _find_files(box.rows, around.dates),
        "tasks_title": speech.say(box.heading),
        "more_tasks": box.more_words,
        "all_tasks": _find_files(mark_past(every, speech, today=around.today), around.dates),
    }


_HERE = "./"
"""The address of a page on the page itself."""


def _find_files(rows: Iterable[ToDo], dates: Mapping[str, str]) -> tuple[ToDo, ...]:
    """The rows, each with the address of its file for calendars, if that is among the files that there are."""
    return tuple(
        replace(row, calendar=dates.get(row.calendar.removeprefix(_HERE).removesuffix(".ics"), "")) for row in rows
    )


def _find_corrections(issue: Issue, find_anchor: Callable[[object], str]) -> Callable[[object], list[IssueCorrection]]:
    return lambda record: [
        each for each in sort_corrections(issue) if each.item and each.item == (find_anchor(record) or "-")
    ]


def sort_corrections(issue: Issue) -> list[IssueCorrection]:
    """The corrections, the newest first."""
    return sorted(issue.corrections, key=lambda each: each.on, reverse=True)


def _find_removed(record: object, day: date | None, speech: Speech) -> str:
    withdrawn = record.withdrawn if isinstance(record, Item) else None
    if not withdrawn:
        return ""
    return say_removed(withdrawn.day or day, speech)


def _describe_corrections(issue: Issue, speech: Speech) -> list[dict[str, object]]:
    anchored = {each.anchor: each for each in find_anchored(issue)}
    return [
        {
            "on": each.on,
            "text": each.text,
            "see": _lead_to(anchored[each.item], speech) if each.item in anchored else "",
        }
        for each in sort_corrections(issue)
    ]


def _lead_to(corrected: Anchored, speech: Speech) -> Markup:
    """`See the corrected event.`, as a link to it. A language with grammar has words that fit all."""
    english = speech.language == ENGLISH
    words = f"the corrected {_name_noun(corrected.record)}" if english else speech.say("the corrected part")
    link = Markup('<a href="#{}">{}</a>').format(corrected.anchor, words)
    return Markup(speech.say("See {link}.", link=link))  # noqa: S704 -- it is Markup, whose parts are escaped


def _name_noun(record: Item) -> str:
    """`event`, `section`: what a link to it is called."""
    noun = str(getattr(type(record), "noun", "an item"))
    return "section" if "section" in noun else noun.partition(" ")[2] or noun


def _name_neighbour(site: ArchiveSite, facts: IssueFacts | None) -> dict[str, str] | None:
    return {"path": site.find_issue(facts), "label": facts.label_in(site.speech)} if facts else None


def _write_mail(facts: IssueFacts, address: str) -> str:
    from urllib.parse import quote

    return f"mailto:?subject={quote(facts.subject)}&body={quote(address)}"


def _find_shared(site: ArchiveSite, issue: Issue, album: PageAlbum) -> PagePicture | None:
    """The first picture of a section that has a text alternative, as other websites show it."""
    images = (section.image for section in issue.sections if not section.withdrawn)
    image: Image | None = next((each for each in images if each and each.alt), None)
    if image is None:
        return None
    shown = album.take(image.file, SHARED, alt=image.alt)
    path = shown.address.removeprefix(site.base).lstrip("/")
    return PagePicture(address=site.canonical(path), width=shown.width, height=shown.height, alt=image.alt)
