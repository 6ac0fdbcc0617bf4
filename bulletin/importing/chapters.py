"""An old bulletin split at its headings: the part before them, the chapters, and the items of each chapter. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.tables import unroll

_FEWEST_LEADS = 2
_LEAD = 5  # the level of bold words at the start of a paragraph
_ROW = 6  # the level of a table's row


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
        return any(item.title.level == _ROW for item in self.items)

    @property
    def words(self) -> list[Block]:
        """All blocks except the pictures, in their order."""
        return [block for block in self.blocks if block.role is not Role.PICTURE]


def split_chapters(blocks: Sequence[Block]) -> tuple[list[Block], list[Chapter]]:
    """The blocks before the first chapter, and the chapters. Without any heading, everything is one chapter."""
    level = _find_level(blocks)
    starts = [index for index, block in enumerate(blocks) if block.role is Role.HEADING and block.level == level]
    if not starts:
        head = [block for block in blocks if block.role is Role.HEADING]
        rest = [block for block in blocks if block.role is not Role.HEADING]
        title = Block(role=Role.HEADING, runs=head[0].runs if head else (Run(text="News"),), level=2)
        return head, [_make_chapter(title, rest)] if rest or head else []
    chapters = [
        _make_chapter(blocks[start], blocks[start + 1 : end]) for start, end in pairwise([*starts, len(blocks)])
    ]
    return list(blocks[: starts[0]]), chapters


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
    words = _raise_leads(words)
    role = Role.HEADING if any(block.role is Role.HEADING for block in words) else Role.ENTRY
    starts = [index for index, block in enumerate(words) if block.role is role and not block.depth]
    first = starts[0] if starts else len(words)
    if role is Role.ENTRY and starts:
        last = next((n for n in range(starts[-1] + 1, len(words)) if words[n].role is not Role.ENTRY), len(words))
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
