"""What surrounds the text of a saved page: navigation, cookie banners, likes, comments, buttons to share. Pure."""

from __future__ import annotations

import re

from lxml import etree

_ROLES = {
    "navigation": "navigation",
    "menubar": "navigation",
    "search": "a search box",
    "dialog": "a pop-up",
    "alertdialog": "a pop-up",
    "toolbar": "a toolbar",
}
_TAGS = {"nav": "navigation", "dialog": "a pop-up"}
_NAMES = (
    (
        r"cookies?|cookie-?\w+|.*cookie-?(?:banner|bar|notice|consent|policy|message)|onetrust.*|gdpr.*|.*-?consent",
        "a cookie banner",
    ),
    (
        r"nav|navbar|.*-nav|navigation|.*-navigation|breadcrumbs?|(?:main|site|top|primary|mobile|global)-?menu",
        "navigation",
    ),
    (
        r"skip-?(?:link|to-?\w+|nav\w*)?|skiplinks?|sr-only|visually-?hidden|screen-reader-text",
        "hidden help for browsers",
    ),
    (r"likes?|like-?(?:bar|button|count)|reactions?|social-?bar|views?-?count|page-?views", "likes and views"),
    (r"comments?-?(?:section|area|list|wrapper|form|box|container)?|commentlist|disqus.*|respond", "comments"),
    (
        r"share|share-?(?:bar|buttons?|links?|this|bulletin)|sharing|addthis.*|addtoany.*|social-?(?:share|sharing|links)",
        "buttons to share",
    ),
    (r"pagination|pager|post-?nav\w*|nav-?links|related-?(?:posts?|articles?|news)", "links to other pages"),
    (
        r"awesome\w*|archivebar|archive-?bar|translate-?\w*|language-?(?:picker|select\w*|switch\w*)",
        "the bar of a page of an archive",
    ),
    (r"search-?(?:form|box|bar)?|site-?search", "a search box"),
    (
        r"back-?to-?top|(?:page-?)?feedback.*|print-?(?:button|link|page)|ribbon.*|toolbar|accessibility-?(?:bar|toolbar)",
        "buttons of the page",
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _NAMES)
_TEXT_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "body", "html", "main", "article", "a", "b", "strong"}


def _surrounds(element: etree._Element) -> bool:
    """Whether a header or footer is that of the whole page, whose text is in an element of its own."""
    inside = any(one.tag in ("main", "article") for one in element.iterancestors())
    return not inside and any(True for _ in element.getroottree().iter("main", "article"))


def find_chrome(element: etree._Element) -> str:
    """What an element is, if it isn't text of the bulletin but of the page around it; "" for all others."""
    tag = str(element.tag)
    if tag in ("header", "footer") and _surrounds(element):
        return f"the {tag} of the page"
    if what := _TAGS.get(tag) or _ROLES.get((element.get("role") or "").lower(), ""):
        return what
    if tag in _TEXT_TAGS:
        return ""
    names = [*(element.get("class") or "").split(), element.get("id") or ""]
    return next((what for name in names if name for pattern, what in _PATTERNS if pattern.fullmatch(name)), "")
