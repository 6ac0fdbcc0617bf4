"""Passages in another language, as an author marks them: `[cy: Croeso i bawb]`, or `[cy:` and `]` around paragraphs.

Pure. Both name a language by its code. A screen reader then says them in its voice (WCAG 2.2, success criterion 3.1.2),
and the proof doesn't read them as English. Brackets with anything else in them stay what they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulletin.languages.known import SPOKEN

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

LANGUAGE_OPEN: Final = "language_open"
LANGUAGE_CLOSE: Final = "language_close"
LANGUAGE_BLOCK: Final = "language_block_open"
LANGUAGE_END: Final = "language_block_close"

_BEGIN: Final = re.compile(rf"\[({'|'.join(SPOKEN)}):[ \t\n]+(?=\S)")
_FIRST_LINE: Final = re.compile(rf"\[({'|'.join(SPOKEN)}):[ \t]*\Z")


def may_have_languages(text: str) -> bool:
    """Whether a text may have such a passage: most have none, and are read without looking for any."""
    return bool(re.search(rf"\[(?:{'|'.join(SPOKEN)}):\s", text))


def add_languages(parser: MarkdownIt) -> None:
    """Let `parser` read passages in other languages."""
    parser.inline.ruler.before("link", "language", _read_passage)
    parser.block.ruler.before("paragraph", "language", _read_block, {"alt": ["paragraph", "list", "blockquote"]})


def _read_passage(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the signature is markdown-it's
    """`[cy: …]` within a paragraph, which may hold links and emphasis."""
    if state.src[state.pos] != "[" or not (begin := _BEGIN.match(state.src, state.pos)):
        return False
    start, whole = begin.end(), state.posMax
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    if end < start or state.src.startswith("(", end + 1):
        return False
    if not silent:
        opening = state.push(LANGUAGE_OPEN, "span", 1)
        opening.info, opening.markup = begin[1], begin[0]
        state.pos, state.posMax = start, end
        state.md.inline.tokenize(state)
        state.push(LANGUAGE_CLOSE, "span", -1).markup = "]"
    state.pos, state.posMax = end + 1, whole
    return True


def _read_block(state: StateBlock, start: int, last: int, silent: bool) -> bool:  # noqa: FBT001 -- the signature is theirs
    """Paragraphs between a line `[cy:` and a line `]`."""
    begin = _FIRST_LINE.match(_read_line(state, start))
    end = next((line for line in range(start + 1, last) if _read_line(state, line).strip() == "]"), 0)
    if not begin or not end:
        return False
    if not silent:
        opening = state.push(LANGUAGE_BLOCK, "div", 1)
        opening.info, opening.map, opening.block = begin[1], [start, end], True
        whole, state.lineMax = state.lineMax, end
        state.level -= 1  # what is in it looks as it would outside
        state.md.block.tokenize(state, start + 1, end)
        state.level += 1
        state.lineMax = whole
        state.push(LANGUAGE_END, "div", -1).block = True
        state.line = end + 1
    return True


def _read_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
