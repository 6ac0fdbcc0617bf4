"""Vacancies of an old bulletin as records: what a post pays, where it is, and until when to apply. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.chapters import Chapter, ImportedItem
from bulletin.importing.items import date_field, line_field, take_label, text_field
from bulletin.importing.marking import is_usable
from bulletin.importing.patterns import find_dates, find_hours
from bulletin.importing.writing import Field, Record
from bulletin.issue.dates import Month

_LABELS = {
    "employer": ("Employer", "Organisation", "Recruiting organisation"),
    "pay": ("Pay", "Salary", "Pay scale", "Rate of pay", "Remuneration"),
    "hours": ("Hours", "Working hours", "Contract", "Time commitment", "Commitment"),
    "place": ("Location", "Place", "Where", "Base", "Based at", "Workplace"),
}
_CLOSES = (
    r"(?:clos(?:es|ing)(?: date)?|deadline|apply(?: online)? by|applications? (?:by|closes?|must be (?:in|received) by|"
    r"should (?:be in|reach us) by))(?: for (?:all )?applications?)?"
    r"(?: is| are| on| at|:|,| by| noon| midday| midnight| \d{1,2}(?:[.:]\d\d)? ?[ap]m)*"
)
_INTERVIEWS = r"interviews?(?: dates?)?(?: will| to| are| is| be| take| place| held| planned| for| on|:)*"
_CLOSING = re.compile(rf"\b{_CLOSES}\s*\Z", re.IGNORECASE)
_INTERVIEWING = re.compile(rf"\b{_INTERVIEWS}\s*\Z", re.IGNORECASE)
LABEL_OF_VACANCY = re.compile(
    rf"(?:(?:{'|'.join(one for labels in _LABELS.values() for one in labels)})\s*:|{_CLOSES}|{_INTERVIEWS})\s+",
    re.IGNORECASE,
)
"""The words at the start of a line that gives a fact of a vacancy."""
_ONLY_FACT = re.compile(r"(?:clos|deadline|interview|apply by|applications? (?:by|close))", re.IGNORECASE)
_LONGEST_FACT = 14  # words of a line that says a date and nothing else
_LONGEST_TITLE = 12
_PREFIX = re.compile(
    r"(?:job |current |staff )?(?:vacanc(?:y|ies)|jobs?|recruitment|we are recruiting)\s*[:–—-]\s*", re.IGNORECASE
)


def make_vacancies(chapter: Chapter, month: Month) -> Record:
    """The posts of a chapter, if each of them has a closing date; the empty record if not."""
    entries = chapter.items or _read_alone(chapter)
    found = [_read_vacancy(item, month) for item in entries]
    if not found or not all(found):
        return ()
    lead = [*chapter.lead, *chapter.tail] if chapter.items else []
    return (*text_field("introduction", lead), Field(name="items", value=found))


def _read_alone(chapter: Chapter) -> tuple[ImportedItem, ...]:
    """A chapter that is one vacancy: its post is named in the heading, or on a short line below it."""
    words = chapter.words
    if match := _PREFIX.match(chapter.title.text):
        runs = chapter.title.runs
        if len(runs) == 1 and len(chapter.title.text) > match.end():
            title = Block(role=Role.HEADING, runs=(type(runs[0])(text=chapter.title.text[match.end() :]),))
            return (ImportedItem(title=title, body=tuple(words)),)
    short = words and len(find_words(words[0].text)) <= _LONGEST_TITLE and not words[0].text.rstrip().endswith(".")
    dated = words and find_dates(words[0].text)
    return (ImportedItem(title=words[0], body=tuple(words[1:])),) if short and not dated else ()


def _read_vacancy(item: ImportedItem, month: Month) -> Record:
    labelled = {name: take_label(item.body, *labels) for name, labels in _LABELS.items()}
    taken = [block for block, _ in labelled.values() if block is not None]
    blocks = [block for block in (item.title, *item.body) if not any(block is one for one in taken)]
    closes, interviews = _find_date(blocks, _CLOSING), _find_date(blocks, _INTERVIEWING)
    title = item.title.text.strip()
    if not closes or not title or len(find_words(title)) > _LONGEST_TITLE or find_dates(title):
        return ()
    rest = [block for block in blocks[1:] if not _is_only_fact(block)]
    link, rest = _take_link(item, rest)
    return (
        *line_field("title", title),
        *line_field("employer", labelled["employer"][1]),
        *text_field("text", rest),
        *(field for name in ("pay", "hours", "place") for field in line_field(name, labelled[name][1])),
        *date_field("closes", closes, month),
        *date_field("interviews", interviews, month),
        *link,
    )


def _find_date(blocks: Sequence[Block], before: re.Pattern[str]) -> str:
    """The first date, as written, that follows such words; "" without one."""
    for block in blocks:
        at = 0
        for date in find_dates(block.text):
            start = block.text.index(date, at)
            at = start + len(date)
            if before.search(block.text[:start]):
                return date
    return ""


def _is_only_fact(block: Block) -> bool:
    """Whether a line says a closing date or a day of interviews, and nothing else: no hour, no link."""
    short = len(find_words(block.text)) <= _LONGEST_FACT and not block.links and not find_hours(block.text)[0]
    return short and bool(_ONLY_FACT.match(block.text.strip())) and bool(find_dates(block.text))


def _take_link(item: ImportedItem, blocks: Sequence[Block]) -> tuple[Record, list[Block]]:
    """The address of the post: that of its title, or of a line that is only a link; and the other lines."""
    titled = [run.link for run in item.title.links if is_usable(run.link)]
    if titled:
        return (Field(name="link", value=titled[0]),), list(blocks)
    for block in blocks:
        alone = len(block.links) == 1 and block.links[0].text.strip() == block.text.strip().rstrip(".")
        if alone and is_usable(block.links[0].link):
            return (Field(name="link", value=block.links[0].link),), [one for one in blocks if one is not block]
    return (), list(blocks)
