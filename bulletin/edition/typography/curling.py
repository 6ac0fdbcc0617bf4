"""Which way a straight quote turns: “ or ”, ‘ or ’, or not at all. Pure.

A quote opens at the beginning of a text, and after a space, a bracket, a dash or another opening quote. A single one
does so only if another closes it. All other single quotes are apostrophes, which look the same as a closing quote. A
quote behind a figure is a measure (5' 6"), unless a quotation is open.
"""

from __future__ import annotations

import re
from typing import Final

_OPENS_AFTER: Final = frozenset("([{<«“‘–—/=|")
_NEVER_AFTER_OPENING: Final = frozenset(".,;:!?)]}»”’…")
_PAUSES: Final = frozenset(".,;:!?…")
_DOTS: Final = ".."
# Words that begin with an apostrophe; 'cos' in quotes is a word, and “rock 'n' roll” has two apostrophes.
_ELISION: Final = re.compile(r"(?:tis|twas|twere|twill|twould|til|cos|em|bout)\b(?!')|n\b", re.IGNORECASE)
_DECADE: Final = re.compile(r"[0-9]{2}s\b")
_SHORT_YEAR: Final = re.compile(r"[0-9]{2}(?![0-9])")
_CLOSER: Final = re.compile(r"(?<=[^\s'])['’](?![^\W_])")
_INCHES: Final = re.compile(r"[ \u00a0]?[0-9]+(?:[.½¼¾][0-9]*)?\"")
_FEET: Final = re.compile(r"[0-9]['′][ \u00a0]?[0-9]{1,2}(?:[.½¼¾][0-9]*)?\Z")
_FARTHEST: Final = 12  # characters before inches, in which their feet are


class Curler:
    """Turns the straight quotes of one text. All its quotes must come in order: each depends on those before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = (-1, "")
        self._in_double = self._in_single = False
        self._last_closer: int | None = None

    def curl(self, at: int) -> str:
        """The quote that belongs in place of the one at `at`: itself, if it is curly already or no quote at all."""
        mark = self._text[at]
        if mark in "“”‘’":
            self._follow(at, mark)
            return mark
        curled = self._turn_double(at) if mark == '"' else self._turn_single(at)
        self._follow(at, curled)
        self._last = (at, curled)
        return curled

    def _follow(self, at: int, mark: str) -> None:
        """Remember which quotations are open. ’ before a letter is an apostrophe."""
        if mark in "“”":
            self._in_double = mark == "“"
        elif mark == "‘" or (mark == "’" and not self._text[at + 1 : at + 2].isalnum()):
            self._in_single = mark == "‘"

    def _before(self, at: int) -> str:
        """The character before, already turned if it is a quote; "" at the beginning."""
        return self._last[1] if self._last[0] == at - 1 and at else self._text[at - 1 : at]

    def _turn_double(self, at: int) -> str:
        before, after = self._before(at), self._text[at + 1 : at + 2]
        if before.isdigit() and not self._closes_after_figure(at):
            return '"'
        begins_word = self._begins(at, after)
        if _is_open_place(before):
            opens = begins_word
            if not opens and not self._in_double and (not after or after.isspace()):
                return '"'  # alone between two spaces: no one can tell
        else:
            opens = begins_word and not self._in_double and (before in _PAUSES or before == "-")
        return "“" if opens else "”"

    def _turn_single(self, at: int) -> str:
        before, after = self._before(at), self._text[at + 1 : at + 2]
        if before.isdigit() and not after.isalpha() and self._is_feet(at):
            return "'"
        if _is_open_place(before):
            if not after or after.isspace():
                return "’" if self._in_single and before.strip() else "'"
            opens = self._begins(at, after) and not self._is_elision(at, before)
        else:
            opens = (before == "-" or before in _PAUSES) and not self._in_single and after.isalnum()
            opens = opens and not _ELISION.match(self._text, at + 1)
        return "‘" if opens and self._is_closed_later(at) else "’"

    def _begins(self, at: int, after: str) -> bool:
        """Whether words follow, and not a space or the rest of a sentence; three dots may begin a quotation."""
        if not after or after.isspace():
            return False
        return after not in _NEVER_AFTER_OPENING or self._text.startswith(_DOTS, at + 2) or after == "…"

    def _is_elision(self, at: int, before: str) -> bool:
        """Whether letters or figures are left out: ’tis, the ’90s, the class of ’21."""
        text = self._text
        if _ELISION.match(text, at + 1) or _DECADE.match(text, at + 1):
            return True
        return bool(_SHORT_YEAR.match(text, at + 1)) and before.isspace() and text[at - 2 : at - 1].isalpha()

    def _is_closed_later(self, at: int) -> bool:
        if self._last_closer is None:
            self._last_closer = max((match.start() for match in _CLOSER.finditer(self._text)), default=-1)
        return self._last_closer > at + 1

    def _is_feet(self, at: int) -> bool:
        return bool(_INCHES.match(self._text, at + 1)) or not self._in_single

    def _closes_after_figure(self, at: int) -> bool:
        """Whether a quotation ends here, rather than a measure in inches."""
        if _FEET.search(self._text, max(0, at - _FARTHEST), at):
            return False
        return self._in_double


def _is_open_place(before: str) -> bool:
    return not before or before.isspace() or before in _OPENS_AFTER
