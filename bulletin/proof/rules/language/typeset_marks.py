"""Marks that readers get right without a finding, because the email is set by typographic rules. Pure."""

from __future__ import annotations

from collections.abc import Collection

from bulletin.edition.typography.typesetting import NO_BREAK, NOT_WORDS, TypeStyle, find_edits, read_type_style
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context


def is_set(context: Context, passage: Passage, at: int) -> bool:
    """Whether readers get the right character where this one is typed; never if `typography: no` is set."""
    style = read_type_style(context.settings)
    if style is None:
        return False
    known = context.gather(_know_none)
    if id(passage) not in known:
        known[id(passage)] = frozenset(_find_places(passage, style))
    return at in known[id(passage)]


def _know_none(_context: Context) -> dict[int, Collection[int]]:
    return {}


def _find_places(passage: Passage, style: TypeStyle) -> set[int]:
    """Each place in the prose whose character is replaced when the email is made."""
    prose = passage.prose
    text = prose.text.replace(NO_BREAK, " ")
    typed = [*prose.codes, *((link.start, link.end) for link in prose.links if link.bare)]
    for start, end in typed:
        text = text[:start] + NOT_WORDS * (end - start) + text[end:]
    return {block.start + at for block in prose.blocks for at in find_edits(text[block.start : block.end], style)}
