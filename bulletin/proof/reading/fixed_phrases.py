"""Phrases that are always the same, with one word wrong: “for granite”, “in do course”, “free or charge”. Pure.

`words/fixed_phrases.txt` has the phrases. A word is a slip of the right one if it looks like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.reading.word_classes import list_class

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|\n")
_STRAIGHT = "'"
_ANCHORS = 2  # words of a phrase by which it is found, so that one of them may be the slip
_SHORT = 3  # letters of a word that is a slip of another only if it is one letter off
_FARTHEST = 2  # letters that a slip may have more or less
_ENDING = re.compile(r"(?:'s|ing|ied|ies|ed|es|ly|en|s|d|e|y)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class WrongWord:
    """A slip in a text, from `start` to `end`, with the word that was meant and the whole phrase."""

    start: int
    end: int
    meant: str
    phrase: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrase:
    """The words of a phrase. Those in `firm` are never a slip: others may stand in their place."""

    words: tuple[str, ...]
    firm: frozenset[int]
    allowed: frozenset[str]

    @property
    def written(self) -> str:
        return " ".join(self.words)


@cache
def read_phrases() -> tuple[str, ...]:
    """The phrases of the list, in order, without what may stand in a place."""
    return tuple(phrase.written for phrase in _read())


@cache
def _read() -> tuple[_Phrase, ...]:
    return tuple(
        _read_phrase(part) for entry in read_list("fixed_phrases") for part in entry.split(",") if part.strip()
    )


def _read_phrase(entry: str) -> _Phrase:
    written, _, allowed = entry.partition("!")
    words = written.split()
    return _Phrase(
        words=tuple(word.removeprefix("=") for word in words),
        firm=frozenset(number for number, word in enumerate(words) if word.startswith("=")),
        allowed=frozenset(allowed.split()),
    )


@cache
def _index() -> Mapping[str, Sequence[tuple[_Phrase, int]]]:
    """The phrases by two of their words that aren’t frequent, with the place of the word in each."""
    found: dict[str, list[tuple[_Phrase, int]]] = {}
    frequent = list_class("frequent")
    for phrase in _read():
        rare = [at for at, word in enumerate(phrase.words) if word not in frequent]
        for at in rare[:_ANCHORS]:
            found.setdefault(phrase.words[at], []).append((phrase, at))
    return found


def find_phrase_slips(text: str) -> Iterator[WrongWord]:
    """The slips in a text, in order of the words that phrases are found by. None is found twice."""
    index, found = _index(), set()
    tokens = list(_TOKEN.finditer(text))
    words = [token[0].lower().replace("’", _STRAIGHT) for token in tokens]
    for at, word in enumerate(words):
        for phrase, place in index.get(word, ()):
            wrong = _find_wrong(phrase, words, at - place)
            if wrong >= 0 and (begin := at - place + wrong) not in found:
                found.add(begin)
                meant = phrase.words[wrong]
                yield WrongWord(
                    start=tokens[begin].start(), end=tokens[begin].end(), meant=meant, phrase=phrase.written
                )


def _find_wrong(phrase: _Phrase, words: Sequence[str], begin: int) -> int:
    """The place of the one wrong word of a phrase that begins at `begin`; -1 if all are right or too many wrong."""
    if begin < 0 or begin + len(phrase.words) > len(words):
        return -1
    wrong = [at for at, word in enumerate(phrase.words) if words[begin + at] != word]
    if len(wrong) != 1 or wrong[0] in phrase.firm:
        return -1
    written, meant = words[begin + wrong[0]], phrase.words[wrong[0]]
    if written in phrase.allowed or not _looks_like(written, meant):
        return -1
    return -1 if " ".join(words[begin : begin + len(phrase.words)]) in _written() else wrong[0]


@cache
def _written() -> frozenset[str]:
    """The phrases, since many are a word apart: “come into force” and “came into force”."""
    return frozenset(read_phrases())


@lru_cache(maxsize=4096)
def _looks_like(written: str, meant: str) -> bool:
    """Whether a word may have been typed for another: not another form of it, and near to it."""
    if not written.isalpha() or _is_other_form(written, meant):
        return False
    if is_one_off(written, meant):
        return True
    if min(len(written), len(meant)) <= _SHORT or abs(len(written) - len(meant)) > _FARTHEST:
        return False
    return written[0] == meant[0] and 2 * _count_same(written, meant) >= max(len(written), len(meant))


def _is_other_form(one: str, other: str) -> bool:
    """Whether two words are forms of one: “place” and “places”, “carried” and “carrying”."""
    return _find_stem(one) == _find_stem(other)


def _find_stem(word: str) -> str:
    stem = _ENDING.sub("", word) if len(word) > _SHORT else word
    return stem.removesuffix("y").removesuffix("i") if len(stem) > _SHORT else stem


def _count_same(one: str, other: str) -> int:
    """How many letters two words share at their beginnings and ends."""
    shorter = min(len(one), len(other))
    before = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    after = next((at for at in range(shorter - before) if one[-1 - at] != other[-1 - at]), shorter - before)
    return before + after
