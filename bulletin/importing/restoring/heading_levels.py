"""The levels of headings in a page that has none: short lines in large or bold letters, the largest first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role

BOLD = 5  # the level of bold lines of the usual size
_LARGER = 1.2  # times the most frequent size of letters
_LARGER_AND_BOLD = 1.04
_MOST_LEVELS = 4
LONGEST_HEADING = 110  # letters


def raise_large(blocks: Sequence[Block], sizes: Sequence[float]) -> list[Block]:
    """The blocks. Some programs write pages without headings: there, short lines in large letters become headings."""
    if any(block.role is Role.HEADING and block.level < BOLD for block in blocks):
        return list(blocks)
    letters = Counter[float]()
    for block, size in zip(blocks, sizes, strict=True):
        letters[size] += len(block.text) if block.role in (Role.PARAGRAPH, Role.ENTRY, Role.HEADING) else 0
    usual = letters.most_common(1)[0][0] if letters else 0.0
    raised = [_is_raised(block, size, usual) for block, size in zip(blocks, sizes, strict=True)]
    found = {size for size, is_raised in zip(sizes, raised, strict=True) if is_raised}
    larger = sorted(found, reverse=True)[:_MOST_LEVELS]
    return [
        replace(block, role=Role.HEADING, level=larger.index(size) + 1, tight=False)
        if is_raised and size in larger
        else block
        for block, size, is_raised in zip(blocks, sizes, raised, strict=True)
    ]


def _is_raised(block: Block, size: float, usual: float) -> bool:
    if len(block.text) > LONGEST_HEADING or block.role not in (Role.PARAGRAPH, Role.HEADING):
        return False
    return size >= usual * (_LARGER_AND_BOLD if block.role is Role.HEADING else _LARGER)
