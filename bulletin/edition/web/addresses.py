"""The addresses of the archive. Each is for ever: emails, feeds and people's bookmarks have it. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bulletin.errors import BulletinError
from bulletin.settings.settings import Settings

REFUSED_NAMES = frozenset(
    {
        *("issues", "search", "topics", "about", "accessibility", "assets", "latest", "feed", "calendar", "pagefind"),
        *("subscribe", "confirm", "preferences", "unsubscribe", "report", "sitemap", "robots", "404", ".well-known"),
        *("privacy", "complaint", "hooks", "style", "useful"),
    }
)
"""Words that begin the address of another page."""

# ISO 639-1: a second language has its pages below its code. With these the archive can always have one.
_LANGUAGES = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)


def refuse_bulletin_name(name: str) -> str:
    """Why a bulletin can't be called `name`, as its pages would take another page's address; "" if it can."""
    if name in REFUSED_NAMES:
        return f"“{name}” is the address of another page of the website."
    if name in _LANGUAGES:
        return f"“{name}” is the code of a language, below which that language’s pages are."
    return f"“{name}” looks like a year." if re.fullmatch(r"[0-9]{4}", name) else ""


def require_website(settings: Settings) -> str:
    """The website's address without a slash at its end. Raises BulletinError if there is none."""
    if settings.website is None:
        raise BulletinError(
            "bulletin.yaml has no `website`, so the pages would have no address.",
            "Write their public address there: website: {url: https://…}",
        )
    return settings.website.url.rstrip("/")


def require_free_names(settings: Settings) -> None:
    """Raises BulletinError if the pages of a bulletin would take the address of another page."""
    for name in settings.bulletins:
        if problem := refuse_bulletin_name(name):
            raise BulletinError(
                f"The bulletin can't have a web archive: {problem}",
                f"Give it another short name under `bulletins:` in bulletin.yaml, as in {name}-news, "
                "and rename its folder in issues/.",
            )


def name_base(url: str) -> str:
    """The path that all addresses begin with: "" if the website has its host for itself."""
    return urlsplit(url).path.rstrip("/")


def name_host(url: str) -> str:
    """The host, for the ids of feeds."""
    return urlsplit(url).hostname or ""


def name_issue_path(bulletin: str, name: str) -> str:
    """`monthly/2021-05/`: where an issue's page is, from the website's root."""
    return f"{bulletin}/{name}/"


def name_lead_path(issue_id: str) -> str:
    """`issues/2021-05/`: what emails call an issue."""
    return f"issues/{issue_id}/"
