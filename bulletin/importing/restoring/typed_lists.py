"""Bullets and numbers that were typed as letters: such paragraphs become the entries of a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs

_BULLET = re.compile(r"[•·▪◦‣●○■□⁃➢➤►✓✔❖\uf0b7\uf0a7\uf0d8\uf0fc]\s*(?=\S)")
_WORD_BULLET = re.compile(rf"(?:{_BULLET.pattern}|[§üo–-]\s+(?=\S))")
_DASH = re.compile(r"(?P<mark>[-–—*>o])\s+(?=\S)")
_NUMBER = re.compile(r"\(?(?P<number>\d{1,2})[.)]\s+(?=\S)")
_LONGEST_LINKED = 25  # words of a line with a link
_FEWEST = 2  # paragraphs with a dash: one alone may be a quotation's source


def make_entries(blocks: Sequence[Block]) -> list[Block]:
    """The blocks. Paragraphs with a typed bullet, or several with dashes or with rising numbers, become entries."""
    made: list[Block] = []
    index = 0
    while index < len(blocks):
        entries = _read_stretch(blocks, index)
        made += entries or [blocks[index]]
        index += len(entries) or 1
    return made


def _read_stretch(blocks: Sequence[Block], start: int) -> list[Block]:
    """The entries that begin at `start`; none if there is no list."""
    if blocks[start].role is not Role.PARAGRAPH:
        return []
    if _BULLET.match(blocks[start].text):
        return [_make_entry(blocks[start], _BULLET)]
    for pattern in (_DASH, _NUMBER):
        found: list[Block] = []
        for block in blocks[start:]:
            if block.role is not Role.PARAGRAPH or not _continues(found, block, pattern):
                break
            found.append(block)
        if len(found) >= _FEWEST:
            return [_make_entry(block, pattern) for block in found]
    return []


def _continues(found: Sequence[Block], block: Block, pattern: re.Pattern[str]) -> bool:
    """Whether a paragraph has the same dash as those before, or the next number."""
    match = pattern.match(block.text)
    if not match:
        return False
    first = pattern.match(found[0].text) if found else match
    if "number" in pattern.groupindex:
        return int(match["number"]) == (int(first["number"]) if first else 0) + len(found)
    return first is not None and match["mark"] == first["mark"]


def _make_entry(block: Block, pattern: re.Pattern[str]) -> Block:
    match = pattern.match(block.text)
    number = int(match["number"]) if match and "number" in pattern.groupindex else None
    runs = join_runs(drop_start(block.runs, match.end() if match else 0))
    return replace(block, role=Role.ENTRY, runs=runs, number=number, tight=False)


def drop_sign(runs: Sequence[Run]) -> list[Run]:
    """The runs of an entry without a bullet that was typed at their start."""
    match = _WORD_BULLET.match("".join(run.text for run in runs))
    return drop_start(runs, match.end()) if match else list(runs)


def drop_start(runs: Sequence[Run], count: int) -> list[Run]:
    """The runs without their first `count` characters."""
    left: list[Run] = []
    for run in runs:
        if rest := run.text[count:]:
            left.append(replace(run, text=rest))
        count = max(0, count - len(run.text))
    return left


def keep_start(runs: Sequence[Run], count: int) -> list[Run]:
    """The first `count` characters of the runs."""
    kept: list[Run] = []
    for run in runs:
        if count > 0:
            kept.append(replace(run, text=run.text[:count]))
        count -= len(run.text)
    return kept


def list_links(blocks: Sequence[Block]) -> list[Block]:
    """The blocks. Several short lines in a row that each have one link, and no full stop, become entries."""
    if any(block.role is not Role.PARAGRAPH for block in blocks):
        return list(blocks)
    linked = [_is_link_line(block) for block in blocks]
    found = [
        is_linked and any(linked[at] for at in (index - 1, index + 1) if 0 <= at < len(linked))
        for index, is_linked in enumerate(linked)
    ]
    return [
        replace(block, role=Role.ENTRY, tight=False) if is_entry else block
        for block, is_entry in zip(blocks, found, strict=True)
    ]


def _is_link_line(block: Block) -> bool:
    text = block.text.rstrip()
    whole = len(block.links) == 1 and block.links[0].text.strip() == text
    short = len(find_words(text)) <= _LONGEST_LINKED and text[-1:] not in ".!?:,"
    return (len(block.links) == 1 and short) or whole
