"""Short parts of an old bulletin as records: people, news in brief, large numbers and films. Pure.

Each maker returns the empty record for a chapter that isn't certainly of its kind.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.chapters import Chapter, ImportedItem
from bulletin.importing.items import line_field, read_point, text_field
from bulletin.importing.marking import is_usable
from bulletin.importing.writing import Field, Record
from bulletin.issue.dates import Month

_NAME = (
    r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Cllr|Councillor|Rev|Sir|Dame)\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]*\.?){1,3}"
)
_WITH_ROLE = re.compile(rf"(?P<name>{_NAME})(?:\s*[,:–—-]\s+(?P<role>\S.{{2,80}}))?")
_NOT_NAMES = re.compile(
    r"\b(?:team|service|services|group|board|news|office|partnership|council|day|week|month|centre|school|project|"
    r"welcome|new|our|the|meet|update|training|support|care|health|network|hub)\b",
    re.IGNORECASE,
)
_LONGEST_ROLE = 12  # words
_LONGEST_BRIEF = 45  # words of a piece of short news; with more it is an article
_FEWEST_BRIEFS = 2
_STATISTIC = re.compile(
    r"(?P<value>[1-9][0-9]* (?:in|out of) [1-9][0-9]*|"
    r"[£€]?[1-9][0-9,.]*(?:\s?(?:%|k|m|bn|per cent|million|billion))?)"
    r"\s*[:–—-]?\s+(?P<label>[a-z“‘(][^.!?]{3,90})\.?"
)
_MOST_STATISTICS = 4
_FEWEST_STATISTICS = 2
_FILM_HOSTS = re.compile(r"(?:^|\.)(?:youtube\.com|youtu\.be|vimeo\.com|youtube-nocookie\.com)$")
_FILM_WORDS = re.compile(r"\b(?:watch|film|video)\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b([0-9]{1,3})[- ]?min(?:ute)?s?\b", re.IGNORECASE)
_CAPTIONS = re.compile(r"\b(?:with|has|have) (?:captions|subtitles)\b", re.IGNORECASE)


def make_people(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001 -- as all makers
    """The people of a chapter, if each of its items is called by a name."""
    found = [_read_person(item) for item in chapter.items]
    if not found or not all(found):
        return ()
    return (*text_field("introduction", [*chapter.lead, *chapter.tail]), Field(name="items", value=found))


def _read_person(item: ImportedItem) -> Record:
    match = _WITH_ROLE.fullmatch(item.title.text.strip().rstrip("."))
    if not match or _NOT_NAMES.search(match["name"]):
        return ()
    role, body = match["role"] or "", item.body
    if not role and body and _is_role(body[0]):
        role, body = body[0].text, body[1:]
    return (*line_field("name", match["name"]), *line_field("role", role), *text_field("text", body))


def _is_role(block: Block) -> bool:
    short = len(find_words(block.text)) <= _LONGEST_ROLE
    return block.role is Role.PARAGRAPH and short and not block.links and block.text.rstrip()[-1:] not in ".!?:"


def make_briefs(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    """The short news of a chapter, if each of its items has a title and a few words."""
    found = [_read_brief(item) for item in chapter.items]
    if len(found) < _FEWEST_BRIEFS or not all(found):
        return ()
    return (*text_field("introduction", [*chapter.lead, *chapter.tail]), Field(name="items", value=found))


def _read_brief(item: ImportedItem) -> Record:
    point = read_point(item)
    names = [field.name for field in point]
    words = sum(len(find_words(block.text)) for block in item.body) or len(find_words(item.title.text))
    if names != ["title", "text"] or words > _LONGEST_BRIEF:
        return ()
    usable = [run.link for run in item.title.links if is_usable(run.link)]
    return (*point, *(Field(name="link", value=link) for link in usable[:1]))


def make_figures(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    """The numbers of a chapter, if it has two to four entries and each begins with one."""
    entries = [item.title.text.strip() for item in chapter.items if not item.body and not item.title.links]
    found = [match for entry in entries if (match := _STATISTIC.fullmatch(entry))]
    if len(found) != len(chapter.items) or not _FEWEST_STATISTICS <= len(found) <= _MOST_STATISTICS:
        return ()
    items = [(Field(name="value", value=match["value"]), *line_field("label", match["label"])) for match in found]
    return (*text_field("introduction", [*chapter.lead, *chapter.tail]), Field(name="items", value=items))


def make_film(chapter: Chapter, month: Month) -> Record:  # noqa: ARG001
    """A film, if the chapter is a few words and one link that leads to one."""
    links = [(block, run) for block in chapter.words for run in block.links]
    if chapter.items or len(links) != 1 or not is_usable(links[0][1].link):
        return ()
    ((block, run),) = links
    hosted = _FILM_HOSTS.search(urlsplit(run.link).hostname or "")
    if not hosted and not _FILM_WORDS.search(run.text):
        return ()
    alone = run.text.strip() == block.text.strip().rstrip(".")
    text = " ".join([chapter.title.text, *(one.text for one in chapter.words)])
    length = _LENGTH.search(text)
    rest = [one for one in chapter.words if not (alone and one is block)]
    return (
        *((Field(name="length", value=f"{length[1]} minutes"),) if length else ()),
        *((Field(name="captions", value="yes"),) if _CAPTIONS.search(text) else ()),
        Field(name="link", value=run.link),
        *text_field("text", rest),
    )
