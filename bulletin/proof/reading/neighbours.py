"""Slips that are words themselves, told by the words on either side: “its” for “it’s”, “form” for “from”. Pure.

`words/neighbours.txt` has pairs of words that people mix up. For each it has how much every neighbour speaks for one or
the other, as counted in guidance of public bodies. A slip is told only if the neighbours speak for the other word more
clearly than they ever did where the word was right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from bulletin.proof.reading.lexicon import read_list

_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*|\d[\d.,:]*\w*|[^\w\s]|\n")
_STRAIGHT = "'"
_MARK = "."  # any mark, and the beginning and end of a text
_DIGITS = "0"
_ENDINGS = ("ing", "ed", "ly", "tion", "s")
_SHORTEST = 2  # letters before an ending
_LEAST_WORDS = 4  # of a sentence: neighbours in a shorter one, such as a title, say little


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundNeighbour:
    """A slip in a text, from `start` to `end`, with the word that was meant."""

    start: int
    end: int
    meant: str


class _Pair(NamedTuple):
    """Two words that are mixed up.

    The weights of what is around them add up with `bias`: below 0 they speak for the first word, above for the second.
    `least` is how clearly they must speak for the other one if the first, or the second, is written. The weights of
    each place are as the list has them: most are never asked for.
    """

    words: tuple[str, str]
    least: tuple[float, float]
    bias: float
    weights: Mapping[str, str]


@cache
def _index_pairs() -> Mapping[str, Sequence[str]]:
    """The lines of the list by each of the two words that they are about."""
    found: dict[str, list[str]] = {}
    for line in read_list("neighbours"):
        for word in line.partition(" ")[0].split("/"):
            found.setdefault(word, []).append(line)
    return found


@lru_cache(maxsize=256)
def _read_pair(line: str) -> _Pair:
    head, *parts = line.split(" ; ")
    words, least, bias = head.split()
    one, _, other = words.partition("/")
    first, _, second = least.partition("/")
    weights = {place: f" {entries} " for place, _, entries in (part.partition(" ") for part in parts)}
    return _Pair((one, other), (float(first), float(second)), float(bias), weights)


@lru_cache(maxsize=1 << 14)
def _weigh(entries: str, word: str) -> float:
    """The weight of a word among the entries of a place, such as " by=-14 on=2 "."""
    _, found, rest = entries.partition(f" {word}=")
    return int(rest[: rest.index(" ")]) / 10 if found else 0.0


def find_neighbour_slips(text: str) -> Iterator[FoundNeighbour]:
    """The slips in a text, in order."""
    index = _index_pairs()
    tokens = list(_TOKEN.finditer(text))
    words = [_read_word(token[0]) for token in tokens]
    for at, word in enumerate(words):
        if word in index and _is_plain(tokens[at][0], words, at):
            around = _look_around(words, at)
            meant = next((other for line in index[word] if (other := _find_meant(_read_pair(line), word, around))), "")
            if meant:
                yield FoundNeighbour(start=tokens[at].start(), end=tokens[at].end(), meant=meant)


def _read_word(written: str) -> str:
    if written[0].isalpha():
        return written.lower().replace("’", _STRAIGHT)
    return _DIGITS if written[0].isdigit() else _MARK


def _is_plain(written: str, words: Sequence[str], at: int) -> bool:
    """Whether a word is no name or heading: in small letters or at the beginning of a sentence, and not alone there."""
    begins = at == 0 or words[at - 1] == _MARK
    if not (written.islower() or (begins and written[1:].islower())):
        return False
    if words[at] in (words[at - 1] if at else _MARK, words[at + 1] if at + 1 < len(words) else _MARK):
        return False  # “of of”: the word is there twice
    near = words[max(0, at - _LEAST_WORDS) : at + _LEAST_WORDS + 1]
    return sum(word != _MARK for word in near) > _LEAST_WORDS


def _look_around(words: Sequence[str], at: int) -> Sequence[tuple[str, str]]:
    """What is around a word: two words on either side (`P`, `p`, `n`, `N`), and how three of them end."""
    before = words[max(0, at - 2) : at]
    last_but_one, last = [_MARK] * (2 - len(before)) + list(before)
    after = words[at + 1 : at + 3]
    following, second = list(after) + [_MARK] * (2 - len(after))
    endings = (("ps", _find_ending(last)), ("ns", _find_ending(following)), ("Ns", _find_ending(second)))
    return (("p", last), ("n", following), ("P", last_but_one), ("N", second), *endings)


@lru_cache(maxsize=1 << 14)
def _find_ending(word: str) -> str:
    if word in (_DIGITS, _MARK):
        return word
    return next((end for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + _SHORTEST), "~")


def _find_meant(pair: _Pair, word: str, around: Sequence[tuple[str, str]]) -> str:
    """The other word of a pair, if what is around the word that is written speaks clearly for it; else nothing."""
    written = pair.words.index(word)
    least = pair.least[written]
    if not least:
        return ""
    score = pair.bias + sum(_weigh(pair.weights[place], near) for place, near in around if place in pair.weights)
    return pair.words[1 - written] if (score if written == 0 else -score) > least else ""
