"""Find the word that a misspelled one was meant to be: in a list of known slips, or one letter away. Pure.

A correction must never change what a text says. So there is one only for a known slip, or for a word of six letters
or more that is one slip away from exactly one other word. Everything else is for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from bulletin.proof.reading.lexicon import is_word, read_list

LEAST_LETTERS = 6
"""Letters of a word that is corrected by its likeness: shorter words are near to too many others."""

_IZE = re.compile(r"(\w{2})iz(e|ed|es|er|ers|ing|ation|ations|ational)\Z")
_LONGEST = 30  # letters of a word whose near words are searched
_ALPHABET = "esianrtolcdugmphbyfvkwzxjq"
_DOUBLED = re.compile(r"(.)\1")
_LONG = 8  # letters
_ENDING = 2  # last letters that a sure correction leaves alone: “debriefer” is not “debriefed”


class MeantWord(NamedTuple):
    """The word that was meant. `sure`: it is safe to write it without asking."""

    word: str
    sure: bool


def find_correction(word: str, is_right: Callable[[str], bool], is_usual: Callable[[str], bool]) -> MeantWord | None:
    """The word that `word` (in lower case, with straight apostrophes) was meant to be; None if that is not clear.

    `is_right` says whether a word is spelled correctly, `is_usual` whether it is common in this field or this issue.
    """
    if listed := find_listed(word):
        return MeantWord(listed, sure=True)
    if len(word) < LEAST_LETTERS:
        return None
    near = {text for text in find_near(word) if is_right(text)}
    if len(near) != 1:
        return None
    (meant,) = near
    return MeantWord(meant, sure=_is_typing_slip(word, meant, usual=is_usual(meant)))


def find_listed(word: str) -> str:
    """The right word for a known slip, or for a spelling in -ize; "" for any other word."""
    if listed := read_slips().get(word):
        return listed
    british = _IZE.sub(r"\1is\2", word)
    return british if british != word and is_word(british) else ""


@cache
def read_slips() -> dict[str, str]:
    """The known slips, each with the right word.

    A line such as `receiv -e -ed: reciev` means “recieve” for “receive” and “recieved” for “received”.
    """
    found: dict[str, str] = {}
    for line in read_list("slips"):
        right, _, wrong = line.partition(":")
        stem, *endings = right.split()
        for slip in wrong.split():
            for ending in endings or ["-"]:
                found[slip + ending[1:]] = (stem + ending[1:]).replace("_", " ")
    return found


def find_near(word: str) -> Iterator[str]:
    """Every text one slip away from a word: two letters swapped, one left out, one wrong, one too many."""
    if len(word) > _LONGEST:
        return
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1 and tail[0] != tail[1])
    yield from (head + letter + tail for head, tail in splits for letter in _ALPHABET + "'")
    yield from (head + letter + tail[1:] for head, tail in splits if tail for letter in _ALPHABET if letter != tail[0])
    yield from (head + tail[1:] for head, tail in splits if tail and len(word) > 2)


def _is_typing_slip(written: str, meant: str, *, usual: bool) -> bool:
    """Whether fingers made the difference, rather than another word or a name.

    The first letter and the ending are the same, and two letters have changed places, or one is doubled or is not. Of a
    long word, any letter may be missing or be one too many, if the right word is a usual one. Another letter makes
    another word: “pydantic” is not “pedantic”, and the Welsh “prosiect” is not a “prospect”.
    """
    if "'" in meant or written[0] != meant[0] or written[-_ENDING:] != meant[-_ENDING:]:
        return False
    if len(written) == len(meant):
        return sorted(written) == sorted(meant)
    doubled = _DOUBLED.sub(r"\1", written) == _DOUBLED.sub(r"\1", meant)
    return doubled or (usual and len(written) >= _LONG)
