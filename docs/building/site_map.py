"""Which page of the site is behind which door. Pure.

A page that no door names is behind the default one of its folder, so that a new page is never lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Door:
    """One of the four ways into the documentation.

    `pages` are paths in the site without their suffix, in order. `patterns` are those of pages that no door names.
    """

    title: str
    pages: tuple[str, ...]
    patterns: tuple[str, ...] = ()


DOORS: Final = (
    Door(title="Learn", pages=("tutorial/first-bulletin", "transcript", "project/readme"), patterns=("tutorial/*",)),
    Door(
        title="Do",
        pages=(
            "writing",
            "audiences",
            "howto/approve",
            "howto/schedule",
            "lists",
            "howto/unsubscribe",
            "readers",
            "problems",
            "howto/move-from-mailchimp",
            "howto/move-from-govdelivery",
            "howto/move-from-publisher",
            "howto/move-from-word-or-pdf",
            "howto/move-from-listmonk",
            "doctor",
            "mail-server",
            "howto/microsoft-365",
            "howto/amazon-ses",
            "howto/own-server",
            "transport",
            "howto/welsh",
            "howto/theme",
            "howto/section-kind",
            "howto/several-computers",
            "workers",
            "databases",
            "sizing",
            "second-bulletin",
            "howto/back-up",
            "upgrading",
            "archive",
            "serving",
            "accessibility",
            "calendars",
            "pdf",
            "running",
        ),
        patterns=("howto/*",),
    ),
    Door(
        title="Look up",
        pages=(
            "reference/commands/index",
            "reference/sections/index",
            "reference/settings",
            "rules/README",
            "checks/README",
            "reference/states",
            "reference/errors",
            "glossary",
            "gallery",
            "theme",
            "kinds",
            "languages",
            "welsh-phrases",
            "website",
            "returns",
            "smtp",
            "typography",
        ),
        patterns=("reference/*",),
    ),
    Door(
        title="Understand",
        pages=(
            "delivery",
            "approval",
            "personal-data",
            "law",
            "threats",
            "product-accessibility",
            "performance",
            "architecture",
        ),
        patterns=("*",),
    ),
)


def sort_pages(pages: Iterable[str]) -> dict[str, list[str]]:
    """The pages behind each door, by its title: those that it names in its order, then the others by name."""
    there = set(pages)
    sorted_out: dict[str, list[str]] = {}
    for door in DOORS:
        named = [page for page in door.pages if page in there]
        there -= set(named)
        sorted_out[door.title] = named
    for door in DOORS:
        found = sorted(page for page in there if any(fnmatch(page, pattern) for pattern in door.patterns))
        there -= set(found)
        sorted_out[door.title] += found
    return sorted_out
