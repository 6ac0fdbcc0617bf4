"""What names a complaint: `C-7K4M-2P`. It says nothing of the person who made it, and can't be guessed. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is mistaken for something else when it is read out: 0 and O, 1 and I and L, U and V."""

_SHAPE: Final = (4, 2)


def make_reference(choose: Callable[[str], str]) -> str:
    """A new reference. `choose` takes one of the letters and figures by chance, as `secrets.choice` does."""
    return "-".join(["C", *("".join(choose(ALPHABET) for _ in range(size)) for size in _SHAPE)])


def tidy_reference(text: str) -> str:
    """A reference as someone typed it, with small letters or without hyphens, as it was made; "" if it is none."""
    letters = "".join(one for one in text.upper() if one.isalnum())
    first, second = _SHAPE
    if len(letters) != 1 + first + second or letters[0] != "C" or not set(letters[1:]) <= set(ALPHABET):
        return ""
    return f"C-{letters[1 : 1 + first]}-{letters[1 + first :]}"
