"""How alike two names are: one letter off, or the same by ear. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.proof.reading.similarity import is_one_off

_LEAST_LETTERS = 5  # of a name that is one letter off: in shorter ones, most such names are others
_LONG_NAME = 9  # letters of a name in which two may be wrong

_BY_EAR = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[’'-]", ""),
        (r"ph|v", "f"),
        (r"ck|c(?![eiyh])|q", "k"),
        (r"th", "t"),
        (r"z", "s"),
        (r"h(?![aeiouy])", ""),
        (r"(?:ie|ey|ee|y)\Z", "i"),
        (r"y", "i"),
        (r"ai|ae", "a"),
        (r"ei|ee|ea", "e"),
        (r"(?<=..)e\Z", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=1 << 14)
def fold_sound(name: str) -> str:
    """A name as it sounds: Josie and Josey, Stephen and Steven, Clare and Claire are the same."""
    sound = name.lower()
    for pattern, same in _BY_EAR:
        sound = pattern.sub(same, sound)
    return sound


@lru_cache(maxsize=1 << 14)
def sounds_like(one: str, other: str) -> bool:
    """Whether two names of four letters or more are written differently, but sound the same."""
    return one != other and min(len(one), len(other)) > 3 and fold_sound(one) == fold_sound(other)


@lru_cache(maxsize=1 << 14)
def is_near_name(one: str, other: str) -> bool:
    """Whether one name may be a slip of the other. A longer ending, as in a plural or an adjective, makes another word.

    Names that begin with different letters are others, unless they sound the same.
    """
    left, right = one.lower(), other.lower()
    shorter, longer = sorted((left, right), key=len)
    if left == right or longer.startswith(shorter):
        return False
    if sounds_like(left, right):
        return True
    if left[0] != right[0] or len(shorter) < _LEAST_LETTERS:
        return False
    return is_one_off(left, right) or (len(shorter) >= _LONG_NAME and _is_two_off(left, right))


def differs_in_first(one: str, other: str) -> bool:
    """Whether two names of five letters or more differ in their first letter only: “Fenmarch” and “Penmarch”."""
    return one[1:] == other[1:] and one[:1] != other[:1] and len(one) >= _LEAST_LETTERS


def _is_two_off(one: str, other: str) -> bool:
    """Whether two letters were changed, left out or added (Levenshtein's distance is 2)."""
    if abs(len(one) - len(other)) > 2:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        above, row = row, [number]
        for at, counterpart in enumerate(other, 1):
            row.append(min(above[at] + 1, row[at - 1] + 1, above[at - 1] + (letter != counterpart)))
    return row[-1] <= 2
