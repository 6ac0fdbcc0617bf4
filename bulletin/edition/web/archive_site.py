"""What all pages of the archive have in common: whose they are, how they look, where their links lead. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bulletin.declaration.translated import choose_language
from bulletin.edition.languages.speech import Speech, speak
from bulletin.edition.mail.halves import choose_bulletin
from bulletin.edition.mail.spoken import make_spoken
from bulletin.edition.palette import Palette, derive_palette
from bulletin.edition.phrases import dial
from bulletin.edition.theme import Theme
from bulletin.edition.typography.kept_together import join_heading_ends
from bulletin.edition.typography.typesetting import TypeStyle, read_type_style
from bulletin.edition.web.addresses import name_base
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.page_pictures import ASSETS, PageAlbum, PagePicture
from bulletin.edition.web.web_markdown import make_web_filters
from bulletin.languages.known import ENGLISH, LANGUAGES, tag_of
from bulletin.settings.joining import CLOSED, is_closed
from bulletin.settings.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
"""Content Security Policy of each page, for hosts that set no headers. `frame-ancestors` counts in a header only."""

SEARCH_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'")
"""That of the page that searches: what it searches with is compiled (WebAssembly), and works beside it."""

_FOLDER = "web/archive/"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageVersion:
    """A page in a language: what that is called in itself (`name`) and in HTML (`tag`), and where the page is."""

    tag: str
    address: str
    canonical: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ArchiveSite:
    """The frame of each page. `url` is the website's address without a slash at its end.

    `files` are those that all pages need, by their path: the style sheet, the script, the logo. `inputs` is a digest
    of what all pages are made by, such as the templates. `language` is that of its words, and `settings` are in it,
    which `written` has in all languages. `prefix` is what the paths of its pages begin with, as in `cy/`; `languages`
    are those that there are such pages in. `logos` has the logo of each bulletin that has a look of its own, and `look`
    is the class of the bulletin that the page is of.
    """

    settings: Settings
    theme: Theme
    url: str
    written: Settings | None = None
    inputs: str = ""
    language: str = ENGLISH
    prefix: str = ""
    languages: tuple[str, ...] = ()
    listed: bool = True
    has_topics: bool = False
    has_search: bool = False
    has_calendar: bool = False
    has_statement: bool = False
    style_address: str = ""
    script_address: str = ""
    logo: PagePicture | None = None
    look: str = ""
    logos: Mapping[str, PagePicture | None] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> str:
        """The path that all addresses begin with."""
        return name_base(self.url)

    @property
    def type_style(self) -> TypeStyle | None:
        """How words are set."""
        return read_type_style(self.settings)

    @property
    def speech(self) -> Speech:
        """How it says dates and phrases."""
        return speak(self.language)

    def in_language(self, language: str, *, prefix: str = "") -> ArchiveSite:
        """The same site with its own words and its settings in a language, and its pages below `prefix`."""
        written = self.written or self.settings
        organisation = choose_language(written.organisation, language)
        bulletins = {name: choose_bulletin(each, language) for name, each in written.bulletins.items()}
        settings = written.model_copy(update={"organisation": organisation, "bulletins": bulletins})
        return replace(self, settings=settings, written=written, language=language, prefix=prefix)

    def list_trees(self) -> tuple[ArchiveSite, ...]:
        """This site, and the one below the code of each language that there are pages in."""
        return (self, *(self.in_language(each, prefix=f"{each}/") for each in self.languages))

    def address(self, path: str) -> str:
        """The address of a file on this website, in whichever language: `/monthly/all.ics`."""
        return f"{self.base}/{path}"

    def page(self, path: str) -> str:
        """The address of a page in the language of the site: `/monthly/2021-05/`, `/cy/monthly/2021-05/`."""
        return f"{self.base}/{self.prefix}{path}"

    def find_issue(self, facts: IssueFacts) -> str:
        """The address of an issue's page: in the language of the site, if it has one in that."""
        path = f"{facts.bulletin}/{facts.name}/"
        return self.page(path) if self.language in facts.languages else self.address(path)

    def canonical(self, path: str) -> str:
        """The whole address of a file."""
        return f"{self.url}/{path}"

    def dress(self, bulletin: str) -> ArchiveSite:
        """The site in the look of a bulletin, if it has one of its own, in whichever language."""
        if bulletin not in self.logos:
            return self
        written = self.written.dress(bulletin) if self.written else None
        settings, logo = self.settings.dress(bulletin), self.logos[bulletin]
        return replace(self, settings=settings, written=written, logo=logo, look=name_look(bulletin))

    def canonical_page(self, path: str) -> str:
        """The whole address of a page in the language of the site."""
        return f"{self.url}/{self.prefix}{path}"

    def render(
        self, template: str, *, path: str, title: str = "", languages: Sequence[str] | None = None, **values: Any
    ) -> str:
        """A page from a template of `templates/web/archive`. Raises ThemeError for a faulty one.

        `languages` are those that the page is in besides the one without a prefix; None for those of the site.
        """
        versions = self._list_versions(path, self.languages if languages is None else languages)
        page = {
            "here": self.page(path),
            "canonical": self.canonical_page(path),
            "title": title,
            "versions": versions,
            "switch": [each for each in versions if each.name and each.address != self.page(path)],
        }
        spoken = make_spoken(self.type_style, year=0)
        filters = make_web_filters(self.type_style)
        shared = {**spoken, **self._share(), **page}
        html = self.theme.render(f"{_FOLDER}{template}", filters=filters, context={**shared, **values})
        # Lines that hold nothing, and what indents the others, are half of what templates write.
        html = re.sub(r"\n\s*", "\n", html)
        return join_heading_ends(html) if self.type_style else html

    def _list_versions(self, path: str, languages: Sequence[str]) -> list[PageVersion]:
        """A page in each language, and the one for everyone else."""
        if not languages:
            return []
        found = [
            PageVersion(
                name=LANGUAGES[each].name,
                tag=tag_of(each),
                address=f"{self.base}/{each}/{path}",
                canonical=f"{self.url}/{each}/{path}",
            )
            for each in languages
        ]
        everyone = PageVersion(tag="x-default", address=self.address(path), canonical=self.canonical(path))
        return [*found, everyone]

    def _share(self) -> dict[str, object]:
        organisation = self.settings.organisation
        return {
            "language": self.language,
            "locale": LANGUAGES[self.language].locale,
            "home_address": self.page(""),
            "topics_address": self.page("topics/"),
            "policy": POLICY,
            "organisation": organisation,
            "bulletins": self.list_bulletins(),
            "base": self.base,
            "listed": self.listed,
            "unlisted": False,
            "style_address": self.style_address,
            "script_address": self.script_address,
            "logo": self.logo,
            "look": self.look,
            "navigation": self._list_navigation(),
            "foot_links": self._list_foot_links(),
            "privacy": self.privacy,
            "dial": dial,
            "has_search": self.has_search,
        }

    def find_look(self, bulletin: str) -> str:
        """The class of what is in the look of a bulletin; "" if it has none of its own."""
        return name_look(bulletin) if bulletin in self.logos else ""

    def find_subscribing(self, bulletin: str) -> str:
        """Where people can ask for a bulletin; "" if none of its lists is open."""
        lists = self.settings.bulletins[bulletin].lists or self.settings.lists
        is_open = any(not is_closed(self.settings.lists[name].open) for name in lists)
        return self.address(f"subscribe#bulletin-{bulletin}") if is_open else ""

    @property
    def privacy(self) -> str:
        """Where the privacy notice is: the organisation's own, or that of the pages for readers."""
        return self.settings.organisation.privacy or f"{self.base}/privacy"

    def list_bulletins(self) -> list[dict[str, str]]:
        """Each bulletin with its title and its feed."""
        return [
            {"name": name, "title": each.title, "feed": self.page(f"{name}/feed.xml")}
            for name, each in self.settings.bulletins.items()
        ]

    def _list_navigation(self) -> list[tuple[str, str]]:
        is_open = any(each.open != (CLOSED,) for each in self.settings.lists.values())
        several = len(self.settings.bulletins) > 1
        pages = [
            ("All issues", self.page(""), True),
            ("Search", self.address("search/"), self.has_search),
            ("Topics", self.page("topics/"), self.has_topics),
            ("About us", self.page("about/"), True),
            ("Get our bulletins" if several else "Get this bulletin", self.address("subscribe"), is_open),
        ]
        return [(self.speech.say(words), address) for words, address, there in pages if there]

    def _list_foot_links(self) -> list[tuple[str, str]]:
        website, say = self.settings.website, self.speech.say
        elsewhere = (website and website.accessibility) or ""
        statement = self.address("accessibility/") if self.has_statement else elsewhere
        links = [(say("Accessibility statement"), statement)] if statement else []
        links.append((say("Privacy and complaints"), self.privacy))
        several = len(self.settings.bulletins) > 1
        for each in self.list_bulletins():
            title = each["title"]
            links.append((say("Feed of {title} (Atom)", title=title) if several else say("Feed (Atom)"), each["feed"]))
            if self.has_calendar:
                words = say("Calendar of {title}", title=title) if several else say("Calendar feed")
                links.append((words, self.address(f"{each['name']}/calendar.ics")))
        return links


def open_site(
    settings: Settings, theme: Theme, url: str, album: PageAlbum, *, inputs: str = "", has_calendar: bool = False
) -> ArchiveSite:
    """The site in the language of the first bulletin, with its style sheet, its script and its logo.

    Raises ThemeError, and BulletinError for a bad logo.
    """
    base = name_base(url)
    dressed = {name: settings.dress(name) for name, each in settings.bulletins.items() if each.look}
    looks = {name_look(name): _derive(each) for name, each in dressed.items() if each.colours != settings.colours}
    sheet = theme.render(f"{_FOLDER}style.css", filters={}, context={"palette": _derive(settings), "looks": looks})
    script = theme.render(f"{_FOLDER}print.js", filters={}, context={})
    style = _name_asset("archive", "css", _pack(sheet))
    print_script = _name_asset("print", "js", script.encode())
    site = ArchiveSite(
        settings=settings,
        theme=theme,
        url=url,
        listed=settings.archive.listed,
        inputs=inputs,
        has_calendar=has_calendar,
        style_address=f"{base}/{style[0]}",
        script_address=f"{base}/{print_script[0]}",
        logo=_show_logo(settings, album),
        logos={name: _show_logo(each, album) for name, each in dressed.items()},
        files=dict([style, print_script, *album.files.items()]),
    )
    return site.in_language(next(iter(settings.bulletins.values())).language)


def name_look(bulletin: str) -> str:
    """The class of what is in the look of a bulletin."""
    return f"of-{bulletin}"


def _derive(settings: Settings) -> Palette:
    return derive_palette(settings.colours.accent, settings.colours.warm)


def _show_logo(settings: Settings, album: PageAlbum) -> PagePicture | None:
    logo = settings.organisation.logo
    return album.show(logo.file, width=min(logo.width, 180), most_height=50, logo=True) if logo else None


def _pack(sheet: str) -> bytes:
    """A style sheet without the ends of its lines."""
    return re.sub(r"\s*\n\s*", "", sheet).encode()


def _name_asset(stem: str, suffix: str, content: bytes) -> tuple[str, bytes]:
    return f"{ASSETS}{stem}.{sha256(content).hexdigest()[:12]}.{suffix}", content
