"""The contents list: each section with the anchor that links to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bulletin.issue.model import Issue
from bulletin.issue.sections import Section


@dataclass(frozen=True, kw_only=True)
class ContentsEntry:
    """A section, and the word that an in-page link to it ends with: `#the-big-ask`."""

    anchor: str
    section: Section


def list_contents(issue: Issue) -> tuple[ContentsEntry, ...]:
    """Every section in order, each with an anchor of its own."""
    anchors = issue.anchors
    return tuple(
        ContentsEntry(anchor=anchors["sections", number], section=section)
        for number, section in enumerate(issue.sections)
    )


def find_top_story(contents: Iterable[ContentsEntry]) -> ContentsEntry | None:
    """The section that comes first, with a large heading."""
    return next((entry for entry in contents if entry.section.top_story), None)
