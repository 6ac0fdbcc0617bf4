"""How many words readers see of an issue: without addresses, the heads of tables, and what every email has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletin.declaration.declared import Declared
from bulletin.declaration.prose import read_line, read_text
from bulletin.edition.audiences import list_signatures
from bulletin.edition.languages.speech import speak
from bulletin.edition.mail.teasers import shorten_teasers
from bulletin.errors import BulletinError
from bulletin.issue.audience import PUBLIC, Audience, find_widest
from bulletin.issue.model import Issue
from bulletin.issue.passages import TextFormat, find_format, find_unshown, walk_records

_ADDRESS = "https://bulletin.example.org/"
"""Of no page: where an issue's page is has no influence on its words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WordCount:
    """The words of the longest email of an issue: in all, and by section, by the number that it has in its file."""

    total: int
    sections: dict[int, int]


def count_longest(issue: Issue, lists: Sequence[str], *, has_website: bool) -> WordCount:
    """The longest email that readers on `lists` get of an issue. Without a website, teasers are whole."""
    counts = [
        _count_edition(half, has_website=has_website)
        for audience in _list_audiences(issue, lists)
        for half in issue.for_audience(audience).in_each_language
    ]
    return max(counts, key=lambda count: count.total)


def count_words(record: Declared) -> int:
    """The words of a record, and of all that is in it."""
    return sum(_count_own(found.value) for found in walk_records(record))


def _list_audiences(issue: Issue, lists: Sequence[str]) -> Iterable[Audience]:
    widest = find_widest(issue)
    if not widest.lists and not widest.consent:
        return (PUBLIC,)
    try:
        return list_signatures(issue, lists)
    except BulletinError:
        return (widest,)  # too many to go through: none is longer than all of it


def _count_edition(issue: Issue, *, has_website: bool) -> WordCount:
    short = shorten_teasers(issue, page=_ADDRESS if has_website else "", speech=speak(issue.first_language))
    sections = {_find_number(issue, at): count_words(section) for at, section in enumerate(short.sections)}
    own = len(read_text(issue.introduction).text.split()) if issue.introduction else 0
    signed = count_words(issue.signed) if issue.signed else 0
    return WordCount(total=sum(sections.values()) + own + signed, sections=sections)


def _find_number(issue: Issue, at: int) -> int:
    place = issue.origin_of(("sections", at))
    return int(place[1])


def _count_own(record: Declared) -> int:
    unshown = find_unshown(type(record))
    found = 0
    for name, info in type(record).model_fields.items():
        text_format = find_format(info)
        if text_format is None or (info.alias or name) in unshown or name == "teaser":
            continue
        value = getattr(record, name)
        texts = value if isinstance(value, tuple) else (value,)
        found += sum(_count_text(text, text_format) for text in texts if isinstance(text, str))
    return found


def _count_text(text: str, text_format: TextFormat) -> int:
    if text_format is not TextFormat.TEXT:
        return len((read_line(text).text if text_format is TextFormat.LINE else text).split())
    prose = read_text(text)
    heads = (cell for table in prose.tables for cell in table.rows[0].cells)
    return len(prose.text.split()) - sum(len(cell.split()) for cell in heads)
