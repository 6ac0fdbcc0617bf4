"""The first name in a person's whole name, for the greeting; none where it can't be told. Pure."""

from __future__ import annotations

import re
from typing import Final

_TITLES: Final = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "fr", "father"),
        *("sister", "sir", "dame", "lord", "lady", "cllr", "councillor", "ald", "hon", "rt", "the", "pc", "sgt", "dc"),
        *("ds", "di", "dci", "insp", "inspector", "capt", "captain", "col", "major", "judge", "rabbi", "imam", "canon"),
    )
)


def find_first_name(name: str) -> str:
    """The first name: `Anna` of “Dr Anna Smith”, “Smith, Anna” and “Anna”; "" of “Mrs Smith” and “A. Smith”."""
    last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else last).split()
    has_title = False
    while words and words[0].casefold().rstrip(".") in _TITLES:
        words, has_title = words[1:], True
    if not words or (has_title and len(words) == 1 and not comma):
        return ""
    return "" if re.fullmatch(r"(?:\w\.?){1,2}\.|\w\.?", words[0]) else words[0]
