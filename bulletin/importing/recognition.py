"""Which kind of section a chapter of an old bulletin is, judged by its heading and by what it holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bulletin.drafting.placeholders import TO_WRITE
from bulletin.importing import items
from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.chapters import Chapter
from bulletin.importing.marking import escape, write_blocks
from bulletin.importing.noticing import read_label
from bulletin.importing.writing import Field, Record

_LONGEST_NOTICE = 60


def recognise(chapter: Chapter) -> Record:
    """The chapter as a section of the likeliest kind; an article where none fits."""
    title = chapter.title.text
    for kind, heading, make in _KINDS:
        if re.search(heading, title, re.IGNORECASE) and (fields := make(chapter)):
            return _finish(kind, chapter, fields)
    return _finish("article", chapter, _make_article(chapter))


def _finish(kind: str, chapter: Chapter, fields: Record) -> Record:
    noun = kind.replace("_", " ")
    notes = [f"is this {'an' if noun[0] in 'aeiou' else 'a'} {noun} section?"]
    notes += [f"Here was a picture, “{block.text}”: add its file as `image`." for block in chapter.pictures]
    return (
        Field(name="kind", value=kind, check=" ".join(notes)),
        Field(name="title", value=escape(chapter.title.text)),
        *fields,
    )


def _text(name: str, blocks: Iterable[Block]) -> Record:
    written = write_blocks(blocks)
    return (Field(name=name, value=written),) if written else ()


def _make_executive(chapter: Chapter) -> Record:
    if not chapter.items:
        return ()
    lead = _text("lead", chapter.lead) or (Field(name="lead", value=TO_WRITE, check="no lead was found."),)
    return (*lead, Field(name="items", value=_points(chapter)), *_text("outlook", chapter.tail))


def _points(chapter: Chapter) -> list[Record]:
    return [items.read_point(item) for item in chapter.items]


def _make_group(chapter: Chapter) -> Record:
    if not chapter.items or chapter.tail:
        return ()
    group = Field(name="group", value=escape(chapter.title.text), check="is this the group’s name?")
    return (group, *_text("introduction", chapter.lead), Field(name="items", value=_points(chapter)))


def _make_priorities(chapter: Chapter) -> Record:
    found = [items.read_priority(item) for item in chapter.items]
    numbers = [field.value for record in found for field in record if field.name == "number"]
    if not found or not all(found) or len(set(map(str, numbers))) < len(found) or chapter.tail:
        return ()
    return (*_text("introduction", chapter.lead), Field(name="items", value=found))


def _make_campaign(chapter: Chapter) -> Record:
    blocks = _words_of(chapter)
    running = Field(name="status", value="running", check="is it planned, running or finished?")
    return (running, *_text("text", blocks)) if blocks else ()


def _make_occasions(read: Callable[..., Record]) -> Callable[[Chapter], Record]:
    def make(chapter: Chapter) -> Record:
        found = [read(item) for item in chapter.items]
        if not found or not all(found) or chapter.tail:
            return ()
        return (*_text("introduction", chapter.lead), Field(name="items", value=found))

    return make


def _make_resources(chapter: Chapter) -> Record:
    """Groups where there are sub-headings; else one group, which takes the section's title."""
    if chapter.tail:
        return ()
    groups = [(item.title, item.body) for item in chapter.items] if chapter.headed else []
    groups = groups or [(chapter.title, tuple(item.title for item in chapter.items))]
    found = [(title, [items.read_resource(block) for block in blocks]) for title, blocks in groups]
    if not all(entries and all(entries) for _, entries in found):
        return ()
    records = [
        (Field(name="title", value=escape(title.text)), Field(name="items", value=entries)) for title, entries in found
    ]
    return (*_text("introduction", chapter.lead), Field(name="groups", value=records))


def _make_links(chapter: Chapter) -> Record:
    found = [items.read_link(item.title) for item in chapter.items]
    if chapter.headed or not found or not all(found) or chapter.tail:
        return ()
    return (*_text("introduction", chapter.lead), Field(name="items", value=found))


def _make_notice(chapter: Chapter) -> Record:
    blocks = _words_of(chapter)
    short = sum(len(find_words(block.text)) for block in blocks) <= _LONGEST_NOTICE
    return _text("text", blocks) if short and not chapter.items else ()


def _make_about(chapter: Chapter) -> Record:
    return _text("text", _words_of(chapter))


def _make_article(chapter: Chapter) -> Record:
    blocks = _words_of(chapter)
    byline = read_label(blocks[0].text, "By") if blocks and len(blocks[0].text) < 80 else ""
    if not byline or len(blocks) == 1 or blocks[0].links:
        return _text("text", blocks) or (Field(name="text", value=TO_WRITE, check="nothing stood below the heading."),)
    return (Field(name="byline", value=escape(byline)), *_text("text", blocks[1:]))


def _words_of(chapter: Chapter) -> list[Block]:
    return [block for block in chapter.blocks if block.role is not Role.PICTURE]


_KINDS: tuple[tuple[str, str, Callable[[Chapter], Record]], ...] = (
    ("priorities", r"priorit", _make_priorities),
    ("executive_updates", r"executive|board update|director|leadership", _make_executive),
    ("resources", r"resource|guidance|publication|report|reading|research|new from", _make_resources),
    ("links", r"\blinks?\b|useful|website|find out more|keep in touch|contact", _make_links),
    ("training", r"training|learning|course|workshop|webinar", _make_occasions(items.read_course)),
    ("events", r"event|dates|diary|calendar|what.s on|coming up|meeting", _make_occasions(items.read_event)),
    ("campaign", r"campaign|big ask|awareness|appeal|(?:week|day|month)\b.*\d{4}|coping with", _make_campaign),
    ("about", r"about us|who we are|^about\b", _make_about),
    ("group_update", r"group|network|forum|council|champions|f\.?l\.?a\.?r\.?e", _make_group),
    ("notice", r".", _make_notice),
)
