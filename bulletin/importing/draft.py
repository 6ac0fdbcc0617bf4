"""The draft of an issue from the blocks of an old bulletin. No word of it is lost. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.chapters import Chapter, split_chapters
from bulletin.importing.marking import write_blocks
from bulletin.importing.noticing import find_day, find_month
from bulletin.importing.recognition import recognise
from bulletin.importing.writing import Field, Record, write_comment, write_record
from bulletin.issue.dates import Month

SCHEMA_LINE = "# yaml-language-server: $schema=../.bulletin/issue.schema.json"
CHECK = "# check:"


@dataclass(frozen=True, kw_only=True)
class OldBulletin:
    """The draft of an issue: its month, its YAML, and how many sections and guesses are in it."""

    month: Month
    text: str
    sections: int

    @property
    def guesses(self) -> int:
        return self.text.count(CHECK)


def draft_from(blocks: Sequence[Block], *, name: str, month: Month | None = None) -> OldBulletin:
    """The draft of the bulletin that was called `name`, for `month`, or for the month that its text names.

    Raises BulletinError if there is nothing in it, or if no month is given or named.
    """
    masthead, chapters = split_chapters(blocks)
    if not chapters:
        raise BulletinError(f"{name} has no text to take in.", "Is it a scan? Copy its text into a .txt file by hand.")
    found = month or find_month([name, *(block.text for block in masthead)], [block.text for block in blocks])
    if found is None:
        raise BulletinError(f"{name} does not say which month it is of.", "Name it: --month 2021-05.")
    lines = [SCHEMA_LINE, *write_comment(f"Drafted from {_one_line(name)}. Look at each line below “{CHECK}”."), ""]
    lines += write_record(_head(masthead, chapters, found))
    lines += ["", "sections:"]
    for chapter in chapters:
        section = Field(name="sections", value=[recognise(chapter)])
        lines += [*list(write_record((section,)))[1:], ""]
    text = "\n".join(lines)
    lost = list(_find_lost(blocks, text))
    return OldBulletin(month=found, text="\n".join([text, *lost]).rstrip("\n") + "\n", sections=len(chapters))


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _head(masthead: Sequence[Block], chapters: Sequence[Chapter], month: Month) -> Record:
    titles = [block.text for block in masthead if block.role is Role.HEADING]
    introduction = [block for block in masthead if block.role in (Role.PARAGRAPH, Role.ENTRY)]
    day = find_day(block.text for block in masthead)
    listed = ", ".join(chapter.title.text for chapter in chapters[:3])
    record = (
        Field(name="month", value=month.id),
        Field(name="published", value=day or f"1 {month}", check="is this the day on which readers got it?"),
        Field(name="subject", value=titles[0] if titles else str(month), check="is this what an inbox should show?"),
        Field(name="preview_text", value=listed, check="made from the headings; say it in your own words."),
    )
    if not introduction:
        return record
    return (*record, Field(name="introduction", value=write_blocks(introduction)))


def _find_lost(blocks: Sequence[Block], text: str) -> Iterator[str]:
    """Comments with each block of which a word, or an address, stands nowhere in the draft."""
    words = {*find_words(text), *find_words(text.replace("\\", ""))}  # as written, and as Markdown shows it
    for block in blocks:
        addresses = [run.link for run in block.links if run.link not in text]
        if addresses or not words.issuperset(find_words(block.text)):
            found = " ".join([block.text, *map(json.dumps, addresses)])
            yield from write_comment(f"check: this was not placed, or not as it was: {found}")
