"""The typographic rules on a paragraph of Markdown: its words are one text, whatever is bold or linked in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bulletin.declaration.bare_links import BARE
from bulletin.edition.typography.typesetting import TypeStyle, set_runs

if TYPE_CHECKING:
    from markdown_it.token import Token

_BREAKS = {"softbreak": "\n", "hardbreak": "\n"}
_TYPED = (BARE, "auto")  # links whose words are their address


def set_words(tokens: Sequence[Token], style: TypeStyle | None) -> list[str | None]:
    """What each inline token of a paragraph says, set; None for code and for addresses, which stay as typed.

    A line end comes as the character for it, and what opens or closes a mark as "".
    """
    runs: list[str | None] = []
    typed = False
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            typed = token.type == "link_open" and token.info in _TYPED
        shown_as_typed = token.type == "code_inline" or (typed and token.type == "text")
        runs.append(None if shown_as_typed else _BREAKS.get(token.type, token.content))
    if style is None:
        return runs
    return [None if run is None else words for run, words in zip(runs, set_runs(runs, style), strict=True)]
