"""The kicker of a section: a few words above its title that say what the title does not. Pure.

A section or an item that is for some lists only says so, for those who forward an email.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from bulletin.declaration.declared import Declared
from bulletin.edition.audiences import describe_lists
from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.edition.markdown.markdown_text import render_inline_text
from bulletin.issue.item import Item
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus, Phase
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.video import Video
from bulletin.issue.model import Issue
from bulletin.issue.section import NO_KICKER, BaseSection

_STATES = {CampaignStatus.PLANNED: "to come", CampaignStatus.FINISHED: "finished"}


def find_readers(issue: Issue, titles: Mapping[str, str], speech: Speech = ENGLISH_SPEECH) -> Callable[[Item], str]:
    """What names the lists that a record of `issue` is for: “schools and colleges”, or "".

    `titles` are those of the lists. It is "" too for what is in a record for the same lists, because that says so, and
    in a section with `kicker: no`.
    """
    words: dict[int, str] = {}
    for section in issue.sections:
        if section.kicker != NO_KICKER:
            _name_readers(section, frozenset(), partial(_say_lists, titles=titles, speech=speech), words)
    return lambda item: words.get(id(item), "")  # the issue's own records, which live as long as it does


def _name_readers(
    record: Declared, around: frozenset[str], describe: Callable[[tuple[str, ...]], str], words: dict[int, str]
) -> None:
    lists = frozenset(record.for_) if isinstance(record, Item) and record.for_ else around
    if lists != around and isinstance(record, Item):
        words[id(record)] = describe(tuple(dict.fromkeys(record.for_)))
    for name in type(record).model_fields:
        value = getattr(record, name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, Declared):
                _name_readers(entry, lists, describe, words)


def _say_lists(names: tuple[str, ...], *, titles: Mapping[str, str], speech: Speech) -> str:
    if speech is ENGLISH_SPEECH:
        return describe_lists(names, titles)
    return speech.names([titles.get(name, name) for name in names])


def join_kicker(section: BaseSection, readers: str, speech: Speech = ENGLISH_SPEECH) -> str:
    """The section's kicker, and which readers it is for."""
    return " · ".join(filter(None, (find_kicker(section, speech), readers and speech.say("For {list}", list=readers))))


def find_kicker(section: BaseSection, speech: Speech = ENGLISH_SPEECH) -> str:
    """The section's own kicker, or that of its kind; "" if it has none.

    What the title says already is left out: above "The Big Ask campaign" is no "Campaign".
    """
    if section.kicker:
        return "" if section.kicker == NO_KICKER else section.kicker
    name, more = _describe_kind(section, speech)
    if name and _says(section.title, name):
        first, rest = (more[:1], more[1:])
        return first.upper() + rest
    return " · ".join(part for part in (name, more) if part)


def find_unsaid(section: BaseSection, speech: Speech = ENGLISH_SPEECH) -> str:
    """What the kicker of its kind would have said, such as a campaign's phase, where the section has its own kicker."""
    more = _describe_kind(section, speech)[1] if section.kicker else ""
    return more[:1].upper() + more[1:]


def _describe_kind(section: BaseSection, speech: Speech) -> tuple[str, str]:
    """The words for its kind, and what more is known."""
    match section:
        case Campaign():
            phase = _say_phase(section.phase, speech) if section.phase else ""
            state = speech.say(_STATES[section.status]) if section.status in _STATES else ""
            return speech.say("Campaign"), " · ".join(part for part in (phase, state) if part)
        case GroupUpdate():
            return speech.say("Group update"), section.members or ""
        case Video():
            captions = speech.say("with captions") if section.captions else ""
            return speech.say("Film"), ", ".join(part for part in (section.length, captions) if part)
        case Notice():
            return speech.say("Please note"), ""
        case _:
            return "", ""


def _say_phase(phase: Phase, speech: Speech) -> str:
    if phase.total:
        return speech.say("phase {n} of {m}", n=phase.number, m=phase.total)
    return speech.say("phase {n}", n=phase.number)


def _says(title: str, name: str) -> bool:
    words = re.findall(r"\w+", render_inline_text(title).lower())
    return all(word in words for word in name.lower().split())
