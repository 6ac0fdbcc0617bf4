"""The addresses of the archive. Each is for ever: emails, feeds and people's bookmarks have it. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from bulletin.errors import BulletinError
from bulletin.settings.settings import Settings

SEARCH = "search/"
"""The page that searches past issues, from the website's root."""

SEARCH_INDEX = "pagefind/"
"""The folder of what it searches."""


def require_website(settings: Settings) -> str:
    """The website's address without a slash at its end. Raises BulletinError if there is none."""
    if settings.website is None:
        raise BulletinError(
            "bulletin.yaml has no `website`, so the pages would have no address.",
            "Write their public address there: website: {url: https://…}",
        )
    return settings.website.url.rstrip("/")


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
