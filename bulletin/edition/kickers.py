"""The kicker of a section: a few words above its title that say what the title does not. Pure.

A section or an item that is for some lists only says so, for those who forward an email.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bulletin.declaration.declared import Declared
from bulletin.edition.audiences import describe_lists
from bulletin.edition.markdown_text import render_inline_text
from bulletin.issue.item import Item
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.video import Video
from bulletin.issue.model import Issue
from bulletin.issue.section import NO_KICKER, BaseSection

_STATES = {CampaignStatus.PLANNED: "to come", CampaignStatus.FINISHED: "finished"}


def find_readers(issue: Issue, titles: Mapping[str, str]) -> Callable[[Item], str]:
    """What names the lists that a record of `issue` is for: “schools and colleges”, or "".

    `titles` are those of the lists. It is "" too for what is in a record for the same lists, because that says so, and
    in a section with `kicker: no`.
    """
    words: dict[int, str] = {}
    for section in issue.sections:
        if section.kicker != NO_KICKER:
            _name_readers(section, frozenset(), titles, words)
    return lambda item: words.get(id(item), "")  # the issue's own records, which live as long as it does


def _name_readers(record: Declared, around: frozenset[str], titles: Mapping[str, str], words: dict[int, str]) -> None:
    lists = frozenset(record.for_) if isinstance(record, Item) and record.for_ else around
    if lists != around and isinstance(record, Item):
        words[id(record)] = describe_lists(tuple(dict.fromkeys(record.for_)), titles)
    for name in type(record).model_fields:
        value = getattr(record, name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, Declared):
                _name_readers(entry, lists, titles, words)


def join_kicker(section: BaseSection, readers: str) -> str:
    """The section's kicker, and which readers it is for."""
    return " · ".join(filter(None, (find_kicker(section), readers and f"For {readers}")))


def find_kicker(section: BaseSection) -> str:
    """The section's own kicker, or that of its kind; "" if it has none.

    What the title says already is left out: above "The Big Ask campaign" is no "Campaign".
    """
    if section.kicker:
        return "" if section.kicker == NO_KICKER else section.kicker
    name, more = _describe_kind(section)
    if name and _says(section.title, name):
        first, rest = (more[:1], more[1:])
        return first.upper() + rest
    return " · ".join(part for part in (name, more) if part)


def find_unsaid(section: BaseSection) -> str:
    """What the kicker of its kind would have said, such as a campaign's phase, where the section has its own kicker."""
    more = _describe_kind(section)[1] if section.kicker else ""
    return more[:1].upper() + more[1:]


def _describe_kind(section: BaseSection) -> tuple[str, str]:
    """The words for its kind, and what more is known."""
    match section:
        case Campaign():
            phase = f"phase {str(section.phase).removeprefix('Phase ')}" if section.phase else ""
            return "Campaign", " · ".join(part for part in (phase, _STATES.get(section.status, "")) if part)
        case GroupUpdate():
            return "Group update", section.members or ""
        case Video():
            return "Film", ", ".join(part for part in (section.length, section.captions and "with captions") if part)
        case Notice():
            return "Please note", ""
        case _:
            return "", ""


def _says(title: str, name: str) -> bool:
    words = re.findall(r"\w+", render_inline_text(title).lower())
    return all(word in words for word in name.lower().split())
