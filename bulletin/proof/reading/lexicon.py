"""The word lists of the proof, read from `words/` when first needed, and the dictionary.

Each list has one word or phrase on a line; anything after a # is a note. `en_GB.dic` and `en_GB.aff` are a Hunspell
dictionary of British English, with its licence and origin beside it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

_FOLDER = Path(__file__).parent / "words"
_LONGEST_WORD = 60  # letters; Hunspell itself stops at 100 bytes


class Dictionary(Protocol):
    """What the proof needs from a spelling dictionary."""

    def spell(self, word: str) -> bool:
        """Whether a word is in the dictionary."""
        ...

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words that may have been meant, the likeliest first. Takes about 0.1 s."""
        ...


@cache
def read_list(name: str) -> tuple[str, ...]:
    """The entries of a word list, in order."""
    lines = (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(entry for line in lines if (entry := line.partition("#")[0].strip()))


@cache
def read_words(name: str) -> frozenset[str]:
    """The words of a list that may have several on a line."""
    return frozenset(" ".join(read_list(name)).split())


@cache
def open_dictionary() -> Dictionary:
    """The dictionary of British English."""
    from hunspell import Hunspell

    dictionary: Dictionary = Hunspell("en_GB", hunspell_data_dir=str(_FOLDER), system_encoding="utf-8")
    return dictionary


@cache
def _read_plainly(name: str) -> frozenset[str]:
    """The words of a list, with straight apostrophes."""
    return frozenset(" ".join(read_list(name)).replace("’", "'").split())


@lru_cache(maxsize=1 << 18)
def is_word(word: str) -> bool:
    """Whether a word is spelled correctly in British English or in this field, as written or in lower case."""
    plain = word.replace("’", "'")
    if len(plain) > _LONGEST_WORD:
        return True
    field = _read_plainly("field")
    if plain in field or plain.lower() in field or open_dictionary().spell(plain):
        return True
    uncommon = _read_plainly("uncommon")  # large, so read only when it is needed
    single = plain.lower().removesuffix("'s")
    return single in uncommon or (single.removesuffix("s") in uncommon and not single.endswith("ss"))


def is_place(word: str) -> bool:
    """Whether a word is the name of a place in the United Kingdom, or part of one."""
    return word.replace("’", "'").removesuffix("'s") in _read_plainly("places")


def is_welsh(word: str) -> bool:
    """Whether a word is Welsh, as bilingual bulletins use it."""
    return word.lower().replace("’", "'") in _read_plainly("welsh")


def is_common(word: str) -> bool:
    """Whether a word is common in this field, so that a near match is more likely a slip of it than a name."""
    return word.lower().replace("’", "'") in read_words("everyday")
