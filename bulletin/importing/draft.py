"""The draft of an issue from the blocks of an old bulletin, with every word of it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.chapters import NUMBERED, PRIORITY, Chapter, is_priority, split_chapters
from bulletin.importing.items import LABEL_OF_PRIORITY
from bulletin.importing.kinds.vacancies import LABEL_OF_VACANCY
from bulletin.importing.marking import write_blocks
from bulletin.importing.occasions import CALL, LABELLED, is_call
from bulletin.importing.page.furniture import DATED_HEADER
from bulletin.importing.patterns import find_day, find_month, write_date, write_plainly
from bulletin.importing.pictures import ImportedPicture
from bulletin.importing.recognition import recognise
from bulletin.importing.restoring.capitals import lower_capitals
from bulletin.importing.restoring.continuations import join_continued
from bulletin.importing.tables import split_headings, unroll
from bulletin.importing.trimming import trim
from bulletin.importing.writing import Field, Record, write_comment, write_record
from bulletin.issue.dates import MONTHS, WEEKDAYS, Month

SCHEMA_LINE = "# yaml-language-server: $schema="
CHECK = "# check:"
PICTURES = "issues/images"
_NUMBER_OF_ISSUE = re.compile(r"(?:issue|edition|volume|no\.?|number)\s*\d+", re.IGNORECASE)
_NAME_OF_ISSUE = re.compile(r"newsletter|bulletin|(?:spring|summer|autumn|winter) (?:term )?\d{4}", re.IGNORECASE)
_SENT = re.compile(r"\bpublish|\bissued\b|\bsent\b", re.IGNORECASE)
_WELCOME = re.compile(r"(?:a warm )?(?:welcome|introduction|hello)\b(?:[^.?]{0,40})\W*", re.IGNORECASE)
_LONGEST_WELCOME = 90  # words
_LONGEST_DATELINE = 8  # words
_LONGEST_PARTED = 20  # words of a line with separators, such as `Autumn 2026 | Issue 12`
LONGEST_QUOTED = 400  # letters of a part that is left out
_UNNEEDED = {
    *(word.lower() for day in WEEKDAYS for word in (day, day[:3])),
    *("tues", "weds", "thur", "thurs", "of", "the", "to", "until", "till", "st", "nd", "rd", "th", "sept"),
    *(name.lower()[:3] for name in MONTHS),
}
"""Words of dates and hours that the draft may lack: weekdays, which an edition works out again, and what joins two."""


@dataclass(frozen=True, kw_only=True)
class OldBulletin:
    """The draft of an issue: its month, its YAML, its number of sections, and its pictures by their paths.

    `lost` tells which parts of the old file couldn't be read.
    """

    month: Month
    text: str
    sections: int
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    @property
    def guesses(self) -> int:
        """The number of places to check."""
        return self.text.count(CHECK)


def draft_from(
    blocks: Sequence[Block],
    *,
    name: str,
    month: Month | None = None,
    pictures: Mapping[str, ImportedPicture] | None = None,
    find_schema: Callable[[Month], str] = lambda _: "../.bulletin/issue.schema.json",
) -> OldBulletin:
    """The draft of the bulletin in the file `name`, for `month`, or for the month that its text names.

    `pictures` are its pictures by their source. `find_schema` gives the path to the schema from the draft of a month.
    Raises BulletinError if the bulletin is empty, or if no month is given or named.
    """
    lost = tuple(block.text for block in blocks if block.role is Role.LOST)
    preheaders = [block for block in blocks if block.role is Role.PREHEADER]
    joined = join_continued([block for block in blocks if block.role not in (Role.LOST, Role.PREHEADER)])
    kept, trimmed = trim(lower_capitals([block for block in joined if block.role is not Role.LEFT_OUT]))
    left_out = [*(block for block in joined if block.role is Role.LEFT_OUT), *preheaders[1:]]
    masthead, chapters = _take_welcome(*split_chapters(kept))
    if not chapters or not any(block.text for block in kept):
        raise BulletinError(f"{name} has no text to import.", "Is it a scan? Copy its text into a .txt file by hand.")
    head = [name, *(block.text for block in masthead)]
    found = month or find_month(head, [block.text for block in kept])
    guessed = month is None and find_month(head, []) is None
    if found is None:
        raise BulletinError(f"{name} doesn’t say which month it is for.", "Name it: --month 2021-05.")
    placed = _name_pictures(chapters, found, pictures or {})
    lines = [
        SCHEMA_LINE + find_schema(found),
        *write_comment(f"Drafted from {_one_line(name)}. Look at each line below “{CHECK}”."),
    ]
    for words in lost:
        lines += write_comment(f"check: this couldn’t be read, so it is missing here. {words}")
    lines += [*_describe_left_out(masthead, trimmed, left_out), ""]
    dated = [block for block in trimmed if DATED_HEADER.match(block.text)]
    lines += [*write_record(_head([*masthead, *dated], chapters, found, preheaders)), "", "sections:"]
    if guessed:
        at = lines.index(f"month: {found.id}")
        lines[at:at] = write_comment("check: its head names no month. Is it for this one?")
    for chapter in chapters:
        section = Field(name="sections", value=[recognise(chapter, month=found, pictures=placed)])
        lines += [*list(write_record((section,)))[1:], ""]
    text = "\n".join(lines)
    text = "\n".join([text, *_find_lost(kept, text)]).rstrip("\n") + "\n"
    return OldBulletin(
        month=found,
        text=text,
        sections=len(chapters),
        pictures={path: picture.content for path, picture in placed.values() if path and path in text},
        lost=lost,
    )


def _take_welcome(masthead: list[Block], chapters: list[Chapter]) -> tuple[list[Block], list[Chapter]]:
    """The blocks at the head, and the chapters. A first chapter that only welcomes becomes part of the head."""
    introduced = any(block.role is Role.PARAGRAPH and not _is_dateline(block) for block in masthead)
    first = chapters[0] if len(chapters) > 1 and not introduced else None
    if first is None or not _WELCOME.fullmatch(first.title.text) or first.items or first.pictures:
        return masthead, chapters
    if sum(len(find_words(block.text)) for block in first.words) > _LONGEST_WELCOME:
        return masthead, chapters
    check = f"this was a section, “{first.title.text}”. Is it the introduction?"
    words = [replace(first.words[0], check=f"{first.words[0].check} {check}".strip()), *first.words[1:]]
    return [*masthead, *words], chapters[1:]


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _name_pictures(
    chapters: Sequence[Chapter], month: Month, pictures: Mapping[str, ImportedPicture]
) -> dict[str, tuple[str, ImportedPicture]]:
    """The path in the workspace of each picture that can be imported."""
    placed: dict[str, tuple[str, ImportedPicture]] = {}
    for block in (block for chapter in chapters for block in chapter.pictures if block.source in pictures):
        picture = pictures[block.source]
        path = "" if picture.refused else f"{PICTURES}/{month.id}-{picture.name(block.text)}"
        placed.setdefault(block.source, (path, picture))
    return placed


def _head(masthead: Sequence[Block], chapters: Sequence[Chapter], month: Month, preheaders: Sequence[Block]) -> Record:
    titles = [block.text for block in masthead if block.role is Role.HEADING]
    shown = [block for block in masthead if block.role not in (Role.HEADING, Role.PICTURE)]
    words = [block for block in shown if not DATED_HEADER.match(block.text)]
    introduction = [block for block in words if not _is_dateline(block)]
    titles = titles or [block.text for block in masthead if block.role is Role.PICTURE and block.text]
    day = write_plainly(write_date(find_day(block.text for block in masthead if _tells_day(block))))
    listed = ", ".join(chapter.title.text for chapter in chapters[:3])
    record = (
        Field(name="month", value=month.id),
        Field(name="published", value=day or f"1 {month}", check="" if day else "which day was it sent?"),
        Field(name="subject", value=titles[0] if titles else str(month)),
        _write_preview(preheaders, listed),
    )
    check = " ".join(dict.fromkeys(block.check for block in masthead if block.check))
    written = write_blocks(introduction)
    return (*record, Field(name="introduction", value=written, check=check)) if introduction else record


def _write_preview(preheaders: Sequence[Block], listed: str) -> Field:
    """The line for the inbox: the hidden one of the old email, or else some headings."""
    if preheaders:
        check = "this was the hidden line for the inbox, and the subject is the title. Do both say what is inside?"
        return Field(name="preview_text", value=preheaders[0].text, check=check)
    check = "this is made from the headings, and the subject from the title. Rewrite both in your own words."
    return Field(name="preview_text", value=listed, check=check)


def _tells_day(block: Block) -> bool:
    """Whether a block at the head could say when the bulletin was sent: it is short, or speaks of that."""
    return len(find_words(block.text)) <= _LONGEST_PARTED or _SENT.search(block.text) is not None


def _is_dateline(block: Block) -> bool:
    """Whether a line at the head only identifies the issue: its number, and its month or day."""
    parted = re.search(r"\s[|·•–]\s", block.text) is not None
    short = len(find_words(block.text)) <= (_LONGEST_PARTED if parted else _LONGEST_DATELINE) and not block.links
    named = find_month([block.text], []) is not None or _NUMBER_OF_ISSUE.search(block.text) is not None
    named = named or _NAME_OF_ISSUE.search(block.text) is not None
    return short and named and block.text[-1] not in ".!?:"


def _describe_left_out(masthead: Sequence[Block], trimmed: Sequence[Block], left_out: Sequence[Block]) -> Iterator[str]:
    """Comments with the parts that are left out because each bulletin gets new ones."""
    head = [block for block in masthead if block.role is Role.PICTURE or _is_dateline(block)]
    head += [block for block in masthead if block.role is Role.HEADING][1:]
    head = [block for block in head if block.text]
    if head:
        yield from write_comment("Its head is left out: " + " / ".join(block.text for block in head))
    shown = [block.text for block in trimmed if block.text]
    if shown:
        yield from write_comment("Its mailer’s own text is left out: " + " / ".join(shown))
    named: dict[str, list[str]] = {}
    for block in left_out:
        named.setdefault(block.check or "hidden words", []).append(_shorten(block.text))
    for what, words in named.items():
        said = " / ".join(filter(None, words))
        yield from write_comment(f"Left out: {what}{f' ({said})' if said else ''}.")


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED].rstrip()} …"


def _find_lost(blocks: Sequence[Block], text: str) -> Iterator[str]:
    """Comments with each block that has a word or an address that the draft lacks."""
    words = {*_split_words(text), *_split_words(text.replace("\\", "")), *_UNNEEDED}  # as written, and as shown
    for block in blocks:
        addresses = [run.link for run in block.links if run.link not in text]
        if not addresses and is_call(block):
            continue  # the field `book` has it
        if addresses or not words.issuperset(_split_words(_words_to_place(block))):
            found = " ".join([block.text, *map(json.dumps, addresses)])
            yield from write_comment(f"check: this is missing from the draft, or has changed: {found}")


def _split_words(text: str) -> Iterator[str]:
    """The words of a text, with figures apart from letters: `9am` may be written as `9 am`."""
    for word in find_words(text):
        yield from re.findall(r"\d+|\D+", word)


def _drop_label(text: str) -> str:
    """A text without the label at its start, which became the name of a field."""
    match = LABELLED.match(text) or LABEL_OF_PRIORITY.match(text) or LABEL_OF_VACANCY.match(text)
    return text[match.end() :] if match else text


def _words_to_place(block: Block) -> str:
    """All words of a block, except a heading's number, and labels and a table's headings, which became fields."""
    if is_priority(block):
        return PRIORITY.sub("", block.text, count=1)
    if block.role is Role.HEADING:
        return NUMBERED.sub("", block.text)
    if not unroll(block):
        return _drop_label(block.text)
    runs = (run for row in split_headings(block.rows)[1] for cell in row for run in cell)
    return " ".join(run.text for run in runs if not (run.link and CALL.fullmatch(run.text.strip())))
