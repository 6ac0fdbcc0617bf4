"""What emails show of a teaser: its title and picture, its first sentences, and where all of it is. Pure.

The issue is shortened before it is rendered, so that every template, and a workspace's own, shows teasers alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, Final

from pydantic.fields import FieldInfo

from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import escape_marks
from bulletin.declaration.prose import BlockKind, Prose, read_line, read_text
from bulletin.declaration.source import Place
from bulletin.edition.kickers import find_kicker
from bulletin.edition.languages.speech import Speech
from bulletin.issue.item import YES, Feature
from bulletin.issue.kinds.article import Article
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection
from bulletin.issue.teasers import find_teasers, find_text_field

MOST_WORDS: Final = 50
"""Words of first sentences. A first sentence that is longer stays whole."""

_KEPT: Final = frozenset(
    {"kind", "title", "name", "role", "number", "status", "image", "id", "topics", "follow_up", "withdrawn", "language"}
)
"""The fields of an item that its beginning has."""

_END: Final = re.compile(r"[.!?…][\"'”’)]*(?=\s|$)")
_ABBREVIATIONS: Final = frozenset(
    {"e.g", "i.e", "etc", "dr", "mr", "mrs", "ms", "prof", "st", "no", "vs", "approx", "cf"}
)


def shorten_teasers(issue: Issue, *, page: str, speech: Speech) -> Issue:
    """The issue with the beginning of each teaser in place of all of it, and the anchors that it had before.

    `page` is the address of the issue's page, with a slash at its end. Without a website, "", nothing is shortened:
    readers get all of it.
    """
    if not page or not any(find_teasers(issue.sections)):
        return issue
    anchors = issue.anchors

    def lead_on(record: Feature, place: Place) -> str:
        words = escape_marks(speech.say("Read all of it: {title}", title=_tell_title(record)))
        return f"[{words}]({page}{anchors[place]}/)"

    sections = tuple(
        _shorten_section(section, ("sections", number), speech, lead_on)
        for number, section in enumerate(issue.sections)
    )
    return issue.with_sections(sections)


def digest_teasers(issue: Issue) -> str:
    """SHA-256 of all that its teasers lead to, in hexadecimal; "" if it has none.

    An approval covers that too: readers are sent to it.
    """
    told = [record.model_dump_json() for _, record in find_teasers(issue.sections)]
    return sha256("\n".join(told).encode()).hexdigest() if told else ""


LeadOn = Callable[[Feature, Place], str]


def _shorten_section(section: Any, place: Place, speech: Speech, lead_on: LeadOn) -> Any:
    if section.teaser:
        return _begin_section(section, f"{begin_text(section)}\n\n{lead_on(section, place)}", speech)
    items = section.entries
    if not any(isinstance(item, Feature) and item.teaser for item in items):
        return section
    short = tuple(
        _begin_item(item, f"{begin_text(item)}\n\n{lead_on(item, (*place, 'items', index))}")
        if isinstance(item, Feature) and item.teaser
        else item
        for index, item in enumerate(items)
    )
    return section.model_copy(update={"items": short})


def _begin_section(section: BaseSection, text: str, speech: Speech) -> Article:
    """Of any kind, as an article with the kicker that its kind has."""
    return Article.model_construct(
        kind="article",
        title=section.title,
        kicker=section.kicker or find_kicker(section, speech) or None,
        image=section.image,
        top_story=section.top_story,
        language=section.language,
        id=section.id,
        text=text,
    )


def _begin_item(item: Feature, text: str) -> Feature:
    """An item of its kind, without what it can be without."""
    main = find_text_field(item)
    emptied = {name: info.get_default() for name, info in type(item).model_fields.items() if _can_go(name, info)}
    return item.model_copy(update={**emptied, main: text})


def _can_go(name: str, info: FieldInfo) -> bool:
    return name not in _KEPT and not info.is_required()


def begin_text(record: Feature) -> str:
    """Its own words for the teaser, or its first sentences up to 50 words, as Markdown."""
    if record.teaser and record.teaser != YES:
        return record.teaser
    text: str = getattr(record, find_text_field(record))
    prose = read_text(text)
    end = _find_end(prose)
    written = text[: prose.offsets[end]].rstrip()
    # Marks that are cut in two would be shown as they are typed: such a beginning is given in plain words.
    return written if read_text(written).text.strip() == prose.text[:end].strip() else _write_plain(prose, end)


def _find_end(prose: Prose) -> int:
    """Where the last sentence ends that still fits; that of the first one at least."""
    found = 0
    for end in _list_ends(prose):
        if found and len(prose.text[:end].split()) > MOST_WORDS:
            break
        found = end
    return found or len(prose.text)


def _list_ends(prose: Prose) -> Iterator[int]:
    """The ends of sentences, up to the first block that is no paragraph: a list, a table, a heading."""
    for block in prose.blocks:
        if block.kind is not BlockKind.PARAGRAPH:
            return
        words = prose.text[block.start : block.end]
        yield from (block.start + match.end() for match in _END.finditer(words) if _ends_sentence(words, match))
        yield block.end


def _ends_sentence(words: str, match: re.Match[str]) -> bool:
    """Whether a mark is the end of a sentence, and not that of an abbreviation or an initial."""
    last = re.search(r"[\w.]*$", words[: match.start()])
    word = last[0].lower() if last else ""
    after = words[match.end() :].lstrip()[:1]
    return not (words[match.start()] == "." and (word in _ABBREVIATIONS or len(word) == 1 or "." in word)) and (
        not after or not after.islower()
    )


def _write_plain(prose: Prose, end: int) -> str:
    blocks = (prose.text[block.start : min(block.end, end)] for block in prose.blocks if block.start < end)
    return "\n\n".join(escape_marks(" ".join(words.split())) for words in blocks)


def _tell_title(record: Declared) -> str:
    title = getattr(record, "title", None) or getattr(record, "name", None) or ""
    return read_line(title).text
