"""The parts of an old bulletin that couldn't be read, in words, so that no loss goes unnoticed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs

MOST_WORDS = 40  # of a loss that are quoted
_MOST_LOOKED_FOR = 2_000
_PAGE_NUMBER = re.compile(r"page|of|\d{1,3}")
_UNREADABLE = re.compile(r"\ufffd|\(cid:\d+\)")


def make_loss(words: str) -> Block:
    """A block that describes a loss."""
    return Block(role=Role.LOST, runs=join_runs([Run(text=words)]))


def find_missing(text: str, found: str) -> list[str]:
    """The words of `text` that `found` lacks, in their order; none if they are only page numbers.

    A word inside a longer one counts as found, because some formats don't say where words begin and end.
    """
    known = {*find_words(found)}
    unknown = list(dict.fromkeys(word for word in find_words(text) if word not in known))
    solid = "".join(find_words(found))
    missing = [word for word in unknown[:_MOST_LOOKED_FOR] if word not in solid]
    return missing if any(not _PAGE_NUMBER.fullmatch(word) for word in missing) else []


def report_missing(what: str, text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """A loss if no block has some words of `text`, which are in the part of the file that `what` names."""
    if missing := find_missing(text, join_texts(blocks)):
        yield make_loss(f"{what}: {quote_words(missing)}")


def join_texts(blocks: Iterable[Block]) -> str:
    """All words and addresses of the blocks."""
    parts = (part for block in blocks for part in (block.text, *(run.link for run in block.links)))
    return "\n".join(parts)


def quote_words(words: Sequence[str]) -> str:
    """The words between quotation marks, the first of many."""
    more = f" … and {len(words) - MOST_WORDS:,} more" if len(words) > MOST_WORDS else ""
    return f"“{' '.join(words[:MOST_WORDS])}”{more}"


def find_unreadable(blocks: Iterable[Block]) -> Iterator[Block]:
    """A loss for the letters of a file that have no known encoding or font, with the words around the first."""
    texts = [block.text for block in blocks if _UNREADABLE.search(block.text)]
    number = sum(len(_UNREADABLE.findall(text)) for text in texts)
    if number:
        at = _UNREADABLE.search(texts[0])
        start = max(0, at.start() - 40) if at else 0
        letters = "1 character couldn’t be read: it is" if number == 1 else f"{number:,} characters couldn’t be read:"
        shown = "shown as “�” or “(cid:…)”"
        yield make_loss(f"{letters} {shown} in the draft, first in “{texts[0][start : start + 80].strip()}”")
