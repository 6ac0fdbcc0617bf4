"""The contents list: each section with the anchor that links to it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bulletin.edition.markdown_text import render_inline_text
from bulletin.issue.model import Issue
from bulletin.issue.sections import Section


@dataclass(frozen=True, kw_only=True)
class ContentsEntry:
    """A section, and the word that an in-page link to it ends with: `#the-big-ask`."""

    anchor: str
    section: Section


def list_contents(issue: Issue) -> tuple[ContentsEntry, ...]:
    """Every section in order, each with an anchor of its own."""
    seen: Counter[str] = Counter()
    entries = []
    for section in issue.sections:
        word = _anchor(render_inline_text(section.title))
        seen[word] += 1
        # Two underscores occur in no anchor by themselves, so a counted one cannot meet a title.
        entries.append(ContentsEntry(anchor=f"{word}__{seen[word]}" if seen[word] > 1 else word, section=section))
    return tuple(entries)


def find_top_story(contents: Iterable[ContentsEntry]) -> ContentsEntry | None:
    """The section that comes first, with a large heading."""
    return next((entry for entry in contents if entry.section.top_story), None)


def _anchor(title: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-") or "section"
