"""What all pages of the archive have in common: whose they are, how they look, where their links lead. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bulletin.edition.palette import Palette, derive_palette
from bulletin.edition.phrases import dial
from bulletin.edition.theme import Theme
from bulletin.edition.typography.kept_together import join_heading_ends
from bulletin.edition.typography.typesetting import TypeStyle, read_type_style
from bulletin.edition.web.addresses import name_base
from bulletin.edition.web.page_pictures import ASSETS, PageAlbum, PagePicture
from bulletin.edition.web.web_markdown import make_web_filters
from bulletin.settings.joining import CLOSED, is_closed
from bulletin.settings.settings import Settings

LANGUAGE = "en-GB"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
"""Content Security Policy of each page, for hosts that set no headers. `frame-ancestors` counts in a header only."""

_FOLDER = "web/archive/"


@dataclass(frozen=True, kw_only=True)
class ArchiveSite:
    """The frame of each page. `url` is the website's address without a slash at its end.

    `files` are those that all pages need, by their path: the style sheet, the script, the logo. `inputs` is a digest
    of what all pages are made by, such as the templates. `logos` has the logo of each bulletin that has a look of its
    own, and `look` is the class of the bulletin that the page is of.
    """

    settings: Settings
    theme: Theme
    url: str
    inputs: str = ""
    listed: bool = True
    has_topics: bool = False
    has_search: bool = False
    has_calendar: bool = False
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

    def address(self, path: str) -> str:
        """The address of a path on this website: `/monthly/2021-05/`."""
        return f"{self.base}/{path}"

    def canonical(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.url}/{path}"

    def dress(self, bulletin: str) -> ArchiveSite:
        """The site in the look of a bulletin, if it has one of its own."""
        if bulletin not in self.logos:
            return self
        settings, logo = self.settings.dress(bulletin), self.logos[bulletin]
        return replace(self, settings=settings, logo=logo, look=name_look(bulletin))

    def render(self, template: str, *, path: str, title: str = "", **values: Any) -> str:
        """A page from a template of `templates/web/archive`. Raises ThemeError for a faulty one."""
        shared = {**self._share(), "here": self.address(path), "canonical": self.canonical(path), "title": title}
        filters = make_web_filters(self.type_style)
        html = self.theme.render(f"{_FOLDER}{template}", filters=filters, context={**shared, **values})
        # Lines that hold nothing, and what indents the others, are half of what templates write.
        html = re.sub(r"\n\s*", "\n", html)
        return join_heading_ends(html) if self.type_style else html

    def _share(self) -> dict[str, object]:
        organisation = self.settings.organisation
        return {
            "page_language": LANGUAGE,
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
            {"name": name, "title": each.title, "feed": self.address(f"{name}/feed.xml")}
            for name, each in self.settings.bulletins.items()
        ]

    def _list_navigation(self) -> list[tuple[str, str]]:
        is_open = any(each.open != (CLOSED,) for each in self.settings.lists.values())
        several = len(self.settings.bulletins) > 1
        pages = [
            ("All issues", "", True),
            ("Search", "search/", self.has_search),
            ("Topics", "topics/", self.has_topics),
            ("About us", "about/", True),
            ("Get our bulletins" if several else "Get this bulletin", "subscribe", is_open),
        ]
        return [(words, self.address(path)) for words, path, there in pages if there]

    def _list_foot_links(self) -> list[tuple[str, str]]:
        website = self.settings.website
        links = [("Accessibility statement", website.accessibility)] if website and website.accessibility else []
        links.append(("Privacy and complaints", self.privacy))
        several = len(self.settings.bulletins) > 1
        for each in self.list_bulletins():
            links.append((f"Feed of {each['title']} (Atom)" if several else "Feed (Atom)", each["feed"]))
            if self.has_calendar:
                words = f"Calendar of {each['title']}" if several else "Calendar feed"
                links.append((words, self.address(f"{each['name']}/calendar.ics")))
        return links


def open_site(
    settings: Settings, theme: Theme, url: str, album: PageAlbum, *, inputs: str = "", has_calendar: bool = False
) -> ArchiveSite:
    """The site with its style sheet, its script and its logo. Raises ThemeError, and BulletinError for a bad logo."""
    base = name_base(url)
    dressed = {name: settings.dress(name) for name, each in settings.bulletins.items() if each.look}
    looks = {name_look(name): _derive(each) for name, each in dressed.items() if each.colours != settings.colours}
    sheet = theme.render(f"{_FOLDER}style.css", filters={}, context={"palette": _derive(settings), "looks": looks})
    script = theme.render(f"{_FOLDER}print.js", filters={}, context={})
    style = _name_asset("archive", "css", _pack(sheet))
    print_script = _name_asset("print", "js", script.encode())
    return ArchiveSite(
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
