"""The feed of a bulletin, as feed readers know it (RFC 4287): the newest issues with their whole text. Pure.

The ids are given: they were stored when each issue was first published, and never change, even with the website's
address. All times are in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulletin.languages.known import ENGLISH, tag_of
from bulletin.times import format_utc

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_ENTRIES: Final = 20

_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_KEPT: Final = {
    "a": ("href",),
    "img": ("src", "alt", "width", "height"),
    "ol": ("start",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
}
_DROPPED: Final = ("script", "style", "form", "input", "button", "nav")
_UNWRAPPED: Final = ("div", "section", "span", "article")
_NOT_EMPTY: Final = ("p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "a", "figure", "dd")
# XML 1.0 has no form for these (section 2.2).
_IMPOSSIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLink:
    """A file that belongs to an entry, such as its PDF. `length` is in bytes, `language` "" for all."""

    address: str
    media_type: str
    length: int
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEntry:
    """One issue. `published_at` and `updated_at` are in ms since 1970; `html` may have relative addresses."""

    id: str
    title: str
    summary: str
    address: str
    published_at: int
    updated_at: int
    html: str
    topics: tuple[str, ...] = ()
    files: tuple[FeedLink, ...] = ()
    language: str = ENGLISH


@dataclass(frozen=True, kw_only=True, slots=True)
class AtomFeed:
    """A bulletin's feed. `address` is its own, `page` that of the bulletin's page, `icon` that of a picture or ""."""

    id: str
    title: str
    subtitle: str
    author: str
    address: str
    page: str
    began_at: int
    language: str = ENGLISH
    icon: str = ""
    entries: Sequence[FeedEntry] = ()


def write_feed(feed: AtomFeed) -> bytes:
    """The feed as XML in UTF-8, the same bytes for the same feed."""
    from lxml import etree

    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # lxml has None for the default
    root.set(f"{{{_XML}}}lang", tag_of(feed.language))
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    author = _add(root, "author")
    _add(author, "name", feed.author)
    _add(root, "updated", format_utc(max([feed.began_at, *(entry.updated_at for entry in feed.entries)])))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.icon:
        _add(root, "icon", feed.icon)
    for entry in feed.entries[:MOST_ENTRIES]:
        _write_entry(root, entry, within=feed.language)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_entry(root: Element, entry: FeedEntry, *, within: str) -> None:
    element = _add(root, "entry")
    if entry.language != within:
        element.set(f"{{{_XML}}}lang", tag_of(entry.language))
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", format_utc(entry.published_at))
    _add(element, "updated", format_utc(entry.updated_at))
    _add(element, "link", rel="alternate", type="text/html", href=entry.address)
    for file in entry.files:
        _add(element, "link", rel="enclosure", type=file.media_type, href=file.address, length=str(file.length))
    for topic in entry.topics:
        _add(element, "category", term=topic)
    _add(element, "summary", entry.summary)
    _add(element, "content", clean_for_feed(entry.html, page=entry.address), type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()})
    if text:
        element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def clean_for_feed(html: str, *, page: str) -> str:
    """The HTML of a page as feed readers show it: whole addresses; no class, style, script or empty element.

    `page` is the page's whole address, from which relative ones lead.
    """
    from lxml import html as parser

    if not _IMPOSSIBLE.sub("", html).strip():
        return ""
    root = parser.fragment_fromstring(_IMPOSSIBLE.sub("", html), create_parent="div")
    root.make_links_absolute(page)
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED or element.get("aria-hidden") == "true":
            _remove(element)
            continue
        kept = _KEPT.get(element.tag, ())
        for name in list(element.attrib):
            if name not in kept:
                del element.attrib[name]
    _unwrap(root)
    _remove_empty(root)
    written = parser.tostring(root, encoding="unicode")
    return re.sub(r"\n\s*\n+", "\n", written.removeprefix("<div>").removesuffix("</div>").strip())


def _remove(element: Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()  # type: ignore[attr-defined]  # what lxml.html parses can


def _unwrap(root: Element) -> None:
    for element in list(root.iterdescendants(*_UNWRAPPED)):
        if element.tag == "span" or not _holds_text(element):
            element.drop_tag()  # type: ignore[attr-defined]
        else:
            element.tag = "p"  # words of their own, such as a label


def _holds_text(element: Element) -> bool:
    inline = {"a", "strong", "em", "code", "span", "br", "wbr"}
    has_blocks = any(child.tag not in inline for child in element)
    return not has_blocks and bool(_tell_text(element))


def _remove_empty(root: Element) -> None:
    for element in reversed(list(root.iterdescendants(*_NOT_EMPTY))):
        if not _tell_text(element) and element.find(".//img") is None:
            _remove(element)


def _tell_text(element: Element) -> str:
    return "".join(map(str, element.itertext())).strip()
