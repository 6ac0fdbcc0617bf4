"""The words that come with the proof, read from `words/` when they are first needed, and the dictionary.

The files there are lists, a word or a phrase a line; what follows a # is a note. `en_GB.dic` and `en_GB.aff` are a
dictionary of British English for Hunspell; its licence and origin stand beside it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

_FOLDER = Path(__file__).parent / "words"
_LONGEST_WORD = 60  # letters; Hunspell itself stops at 100 bytes


class Dictionary(Protocol):
    """What a spelling dictionary does."""

    def spell(self, word: str) -> bool:
        """Whether a word is in it."""
        ...

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words that may have been meant, the likeliest first. It takes about a tenth of a second."""
        ...


@cache
def read_list(name: str) -> tuple[str, ...]:
    """The entries of a list, in its order."""
    lines = (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(entry for line in lines if (entry := line.partition("#")[0].strip()))


@cache
def read_words(name: str) -> frozenset[str]:
    """The words of a list in which several may stand in a line."""
    return frozenset(word for entry in read_list(name) for word in entry.split())


@cache
def open_dictionary() -> Dictionary:
    """The dictionary of British English."""
    from hunspell import Hunspell

    dictionary: Dictionary = Hunspell("en_GB", hunspell_data_dir=str(_FOLDER), system_encoding="utf-8")
    return dictionary


@cache
def _field_words() -> frozenset[str]:
    return frozenset(word.replace("’", "'") for word in read_words("field"))


@lru_cache(maxsize=1 << 18)
def is_word(word: str) -> bool:
    """Whether a word is spelt right in British English or is one of the field's, in small letters or as it stands."""
    plain = word.replace("’", "'")
    if len(plain) > _LONGEST_WORD:
        return True
    field = _field_words()
    return plain in field or plain.lower() in field or open_dictionary().spell(plain)


def is_common(word: str) -> bool:
    """Whether a word is one that this field uses every day, so that a slip of it is more likely than a name like it."""
    return word.lower().replace("’", "'") in read_words("everyday")
