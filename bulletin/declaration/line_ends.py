"""Which line ends of a text readers see: short lines stay lines, as in an address or a list of numbers. Pure.

CommonMark makes one paragraph of all lines without a blank line between them. Officers type an address line by line,
and expect to see it so. Lines that were only wrapped while typing are long, or continue with a small letter.
"""

from __future__ import annotations

import re

LONGEST_KEPT = 45
"""Characters of a line, without the spaces around it, that stays a line."""

_MARKS = "*_["
# “a) …”, “(b) …”, “iv. …”: the label of an entry, not the first letter of a word.
_LABEL = re.compile(r"\(?(?:[a-z]|[ivx]{2,4})[.)][ \t\xa0]")
_LETTERED = re.compile(r"(?m)^[ \t]*\(?(?:[a-z]|[ivx]{2,4})\)[ \t\xa0]")
_ADDRESS = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.")


def keeps_line_end(text: str, at: int) -> bool:
    """Whether readers see the line end at `text[at]`: the one rule for HTML, plain text and the proof.

    A line of at most LONGEST_KEPT characters stays a line unless the next one begins with a small letter. An address
    and a label (“b)”) begin no sentence, so they never count as such. Where two lines or more have a label, each of
    them stays, however long it is.
    """
    before = text[text.rfind("\n", 0, at) + 1 : at].strip()
    end = text.find("\n", at + 1)
    after = text[at + 1 : end if end >= 0 else len(text)].strip()
    if not before or not after:
        return False
    if len(before) <= LONGEST_KEPT:
        return not _continues(after)
    return bool(_LETTERED.match(after)) and _is_lettered(text)


def _continues(line: str) -> bool:
    """Whether a line begins with a small letter, so that it may continue the one before."""
    if _LABEL.match(line) or _ADDRESS.match(line):
        return False
    return line.lstrip(_MARKS)[:1].islower()


def _is_lettered(text: str) -> bool:
    """Whether at least two lines begin with a label."""
    first = _LETTERED.search(text)
    return bool(first and _LETTERED.search(text, first.end()))
