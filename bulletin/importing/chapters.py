"""An old bulletin split at its headings: the part before them, the chapters, and the items of each chapter. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.patterns import find_month
from bulletin.importing.restoring.dated_lines import LINE, find_dated_items
from bulletin.importing.restoring.typed_lists import drop_start, list_links
from bulletin.importing.tables import unroll

_FEWEST_LEADS = 2
_LONGEST_PRIORITY = 110  # letters
_LEAD = 5  # the level of bold words at the start of a paragraph
NUMBERED = re.compile(r"\s*([0-9]{1,2})[.)]\s+(?=\S)")
"""The number in front of a heading."""
PRIORITY = re.compile(r"priority\s+[0-9]{1,3}\s*[.):–—-]\s*", re.IGNORECASE)
"""The word and the number in front of a priority."""
_PRIORITIES = "Our priorities"
_TITLE = re.compile(
    r"newsletter|bulletin|\bnews\b|\bupdate\b|round-?up|\bissue\s+\d|\bedition\b|\bmatters\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedItem:
    """A sub-heading with the blocks after it, or a list's entry with the list inside it."""

    title: Block
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A heading with the blocks below it: first the `lead`, then `items`, then (after a list) the `tail`."""

    title: Block
    blocks: tuple[Block, ...]
    pictures: tuple[Block, ...]
    lead: tuple[Block, ...]
    items: tuple[ImportedItem, ...]
    tail: tuple[Block, ...]

    @property
    def headed(self) -> bool:
        """Whether the items have headings of their own."""
        return any(item.title.role is Role.HEADING for item in self.items)

    @property
    def tabled(self) -> bool:
        """Whether the items were the rows of a table."""
        return any(item.title.level == LINE for item in self.items)

    @property
    def words(self) -> list[Block]:
        """All blocks except the pictures, in their order."""
        return [block for block in self.blocks if block.role is not Role.PICTURE]


def split_chapters(blocks: Sequence[Block]) -> tuple[list[Block], list[Chapter]]:
    """The blocks before the first chapter, and the chapters. Without any heading, everything is one chapter."""
    level = _find_level(blocks)
    starts = [index for index, block in enumerate(blocks) if block.role is Role.HEADING and block.level == level]
    if len(starts) > _FEWEST_LEADS and _is_title(blocks, starts[0]):
        del starts[0]
    if not starts:
        head = [block for block in blocks if block.role is Role.HEADING]
        rest = [block for block in blocks if block.role is not Role.HEADING]
        title = Block(role=Role.HEADING, runs=head[0].runs if head else (Run(text="News"),), level=2)
        return head, list(_gather_priorities([_make_chapter(title, rest)])) if rest or head else []
    titles = _drop_numbers([blocks[start] for start in starts])
    chapters = [
        _make_chapter(title, blocks[start + 1 : end])
        for title, (start, end) in zip(titles, pairwise([*starts, len(blocks)]), strict=True)
    ]
    return list(blocks[: starts[0]]), list(_gather_priorities(chapters))


def _drop_numbers(titles: Sequence[Block]) -> list[Block]:
    """The titles without their numbers, if they are numbered from 1 on: an issue has no numbered sections."""
    numbers = [match[1] for title in titles if (match := NUMBERED.match(title.text))]
    if len(numbers) < _FEWEST_LEADS or [int(number) for number in numbers] != list(range(1, len(numbers) + 1)):
        return list(titles)
    ends = [match.end() if (match := NUMBERED.match(title.text)) else 0 for title in titles]
    return [
        replace(title, runs=join_runs(drop_start(title.runs, end))) for title, end in zip(titles, ends, strict=True)
    ]


def _is_title(blocks: Sequence[Block], first: int) -> bool:
    """Whether the first heading of a level is the bulletin's own title, with a month or a word such as `newsletter`."""
    text = blocks[first].text
    above = any(block.role is Role.HEADING or len(block.text) > _LONGEST_PRIORITY for block in blocks[:first])
    return not above and (find_month([text], []) is not None or bool(_TITLE.search(text)))


def is_priority(block: Block) -> bool:
    """Whether a heading or an entry names a priority by its number: `Priority 4: Neglect`."""
    match = PRIORITY.match(block.text.strip())
    return match is not None and match.end() < len(block.text.strip())


def _gather_priorities(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """The chapters, with priorities in chapters of their own: those that are chapters, and those among other items."""
    title = Block(
        role=Role.HEADING, runs=(Run(text=_PRIORITIES),), level=2, check="this heading is new. What should it say?"
    )
    gathered: list[Chapter] = []
    for chapter in chapters:
        if is_priority(chapter.title):
            gathered.append(chapter)
            continue
        if gathered:
            yield _join_chapters(title, gathered)
            gathered = []
        yield from _split_off(title, chapter)
    if gathered:
        yield _join_chapters(title, gathered)


def _join_chapters(title: Block, chapters: Sequence[Chapter]) -> Chapter:
    blocks = [block for chapter in chapters for block in (chapter.title, *chapter.blocks)]
    items = tuple(ImportedItem(title=chapter.title, body=tuple(chapter.words)) for chapter in chapters)
    pictures = tuple(picture for chapter in chapters for picture in chapter.pictures)
    return Chapter(title=title, blocks=tuple(blocks), pictures=pictures, lead=(), items=items, tail=())


def _split_off(title: Block, chapter: Chapter) -> Iterator[Chapter]:
    """A chapter; and the priorities among its items as another one."""
    numbered = tuple(item for item in chapter.items if is_priority(item.title))
    if not numbered or len(numbered) == len(chapter.items):
        yield chapter
        return
    moved = [block for item in numbered for block in (item.title, *item.body)]
    others = tuple(item for item in chapter.items if item not in numbered)
    left = tuple(block for block in chapter.blocks if not any(block is one for one in moved))
    yield replace(chapter, blocks=left, items=others)
    yield Chapter(title=title, blocks=tuple(moved), pictures=(), lead=(), items=numbered, tail=())


def _find_level(blocks: Sequence[Block]) -> int:
    """The highest level with two headings, because a title is the only one of its level.

    Else the deepest; 0 if the only heading is a title.
    """
    levels = Counter(block.level for block in blocks if block.role is Role.HEADING)
    often = [level for level, number in levels.items() if number > 1]
    return min(often) if often else max(levels) if len(levels) > 1 else 0


def _make_chapter(title: Block, blocks: Sequence[Block]) -> Chapter:
    pictures = tuple(block for block in blocks if block.role is Role.PICTURE)
    words, tail = _unroll_tables([block for block in blocks if block.role is not Role.PICTURE])
    words = list_links(find_dated_items(_raise_priorities(_raise_leads(words))))
    role = Role.HEADING if any(block.role is Role.HEADING for block in words) else Role.ENTRY
    starts = [index for index, block in enumerate(words) if block.role is role and not block.depth]
    first = starts[0] if starts else len(words)
    if role is Role.ENTRY and starts:
        below = range(starts[-1] + 1, len(words))
        last = next((n for n in below if words[n].role is not Role.ENTRY and not words[n].tight), len(words))
        tail, words = [*words[last:], *tail], words[:last]
    items = tuple(
        ImportedItem(title=words[start], body=tuple(words[start + 1 : end]))
        for start, end in pairwise([*starts, len(words)])
    )
    return Chapter(
        title=title, blocks=tuple(blocks), pictures=pictures, lead=tuple(words[:first]), items=items, tail=tuple(tail)
    )


def _raise_leads(blocks: list[Block]) -> list[Block]:
    """The blocks. Without headings and lists, bold words at the start of paragraphs become sub-headings."""
    led = [len(block.runs) > 1 and block.runs[0].strong and not block.runs[0].link for block in blocks]
    if sum(led) < _FEWEST_LEADS or any(block.role is not Role.PARAGRAPH for block in blocks):
        return blocks
    return [part for block, is_led in zip(blocks, led, strict=True) for part in (_part(block) if is_led else (block,))]


def _raise_priorities(blocks: list[Block]) -> list[Block]:
    """The blocks. Without headings, short paragraphs that name a priority by its number become sub-headings."""
    named = [
        block.role is Role.PARAGRAPH and is_priority(block) and len(block.text) <= _LONGEST_PRIORITY for block in blocks
    ]
    if any(block.role is Role.HEADING for block in blocks):
        return blocks
    return [
        replace(block, role=Role.HEADING, level=_LEAD, tight=False) if is_named else block
        for block, is_named in zip(blocks, named, strict=True)
    ]


def _part(block: Block) -> tuple[Block, Block]:
    lead = replace(block.runs[0], strong=False, text=block.runs[0].text.rstrip(" :–—-"))
    rest = join_runs([replace(block.runs[1], text=block.runs[1].text.lstrip(" :–—-")), *block.runs[2:]])
    return Block(role=Role.HEADING, runs=(lead,), level=_LEAD), replace(block, runs=rest)


def _unroll_tables(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks with the rows of their tables as items, and the blocks between such a table and the next heading."""
    words: list[Block] = []
    tail: list[Block] = []
    below = False
    for block in blocks:
        rows = unroll(block) if block.role is Role.TABLE else []
        words += rows
        below = bool(rows) or (below and block.role is not Role.HEADING)
        if not rows:
            (tail if below else words).append(block)
    return words, tail
