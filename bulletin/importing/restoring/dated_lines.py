"""Lines with dates as the items of a section: lines that begin with a date, and dates on lines of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, find_words
from bulletin.importing.patterns import find_dates, find_hours, spell_ranges
from bulletin.importing.restoring.places import is_place

_FEWEST = 2
_LONGEST_LINE = 34  # words; a longer line that begins with a date is a report
_LONGEST_TITLED = 16  # words of a line that has a date elsewhere
_LONGEST_TITLE = 110  # letters
LINE = 6  # the level of a heading that was a line, or the row of a table
_FILLERS = {"at", "from", "to", "until", "and", "on", "date", "dates", "when", "time", "starts", "between", "am", "pm"}


def find_dated_items(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with dated lines as entries, or as headings with their dates below; unchanged if there are too few."""
    headings = [block for block in blocks if block.role is Role.HEADING]
    if headings:
        dated = sum(is_only_date(block.text) for block in headings)
        return _head_by_next(blocks) if dated >= _FEWEST and dated == len(headings) else list(blocks)
    lines = [block for block in blocks if block.role is Role.PARAGRAPH]
    if sum(map(_is_detail_line, lines)) >= _FEWEST and not _is_date_first(blocks):
        return _head_by_before(blocks)
    if sum(is_only_date(block.text) for block in lines) >= _FEWEST:
        return _head_by_next(blocks)
    if sum(map(_is_dated_line, lines)) >= _FEWEST and not any(block.role is Role.ENTRY for block in blocks):
        return [_make_entry(block) if _is_dated_line(block) else block for block in blocks]
    return list(blocks)


def is_only_date(text: str) -> bool:
    """Whether a line has a date, perhaps its hours, and nothing else."""
    return _remove_date(text) == ""


def _is_detail_line(block: Block) -> bool:
    """Whether a line has just a date, perhaps its hours and its place: what is written below a title."""
    rest = _remove_date(block.text)
    return block.role is Role.PARAGRAPH and rest is not None and (not rest or is_place(rest))


def _remove_date(text: str) -> str | None:
    """What a line says beside its date and its hours; None if it has no date."""
    spelled = spell_ranges(text)
    dates = find_dates(spelled)
    rest = spelled
    for piece in (*dates, find_hours(spelled)[0]):
        rest = rest.replace(piece, " ", 1) if piece else rest
    rest = " ".join(rest.split()).strip(" ,;:.·|–—-")
    return None if not dates else "" if _FILLERS.issuperset(find_words(rest)) else rest


def _is_dated_line(block: Block) -> bool:
    """Whether a line begins with a date, or has one between its columns, or is short and has just one."""
    text = spell_ranges(block.text)
    dates = find_dates(text)
    if block.role is not Role.PARAGRAPH or not dates or is_only_date(text) or len(find_words(text)) > _LONGEST_LINE:
        return False
    begins = re.sub(r"^\W*(?:on\s+)?", "", text, flags=re.IGNORECASE).startswith(dates[0])
    titled = len(dates) == 1 and len(find_words(text)) <= _LONGEST_TITLED and text.rstrip()[-1:] not in ".!?:"
    return begins or titled or any(is_only_date(part) for part in text.split(" · "))


def _make_entry(block: Block) -> Block:
    return replace(block, role=Role.ENTRY, tight=False)


def _is_date_first(blocks: Sequence[Block]) -> bool:
    """Whether titles follow their dates: nothing that could be a title is right before the first date."""
    first = next(at for at, block in enumerate(blocks) if _is_detail_line(block))
    return first == 0 or not _is_title(blocks[first - 1])


def _is_title(block: Block) -> bool:
    short = len(block.text) <= _LONGEST_TITLE and block.text[-1:] not in ".!?:;,"
    return block.role in (Role.PARAGRAPH, Role.HEADING) and short and not find_dates(block.text)


def _head_by_next(blocks: Sequence[Block]) -> list[Block]:
    """Each date below the words that follow it, which become its heading."""
    made: list[Block] = []
    index = 0
    while index < len(blocks):
        block, after = blocks[index], blocks[index + 1] if index + 1 < len(blocks) else None
        if after is None or not is_only_date(block.text) or not _can_head(after):
            made.append(block)
            index += 1
            continue
        made += [_make_heading(after), replace(block, role=Role.PARAGRAPH, level=0, tight=False)]
        index += 2
    return made


def _can_head(block: Block) -> bool:
    named = block.role in (Role.PARAGRAPH, Role.ENTRY) and len(block.text) <= _LONGEST_TITLE
    return named and not is_only_date(block.text)


def _head_by_before(blocks: Sequence[Block]) -> list[Block]:
    """Each title that is right before a date as a heading."""
    return [
        _make_heading(block) if after is not None and _is_detail_line(after) and _is_title(block) else block
        for block, after in zip(blocks, [*blocks[1:], None], strict=True)
    ]


def _make_heading(block: Block) -> Block:
    return replace(block, role=Role.HEADING, level=LINE, number=None, depth=0, tight=False)
