"""Slips that are words themselves, so that no dictionary finds them: “form” for “from”, “there” for “their”. Pure.

`words/real_words.txt` has each with its context. A pattern is compiled only if one of its words is in the text, and
tried only near that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bulletin.proof.reading.lexicon import read_list

_BEFORE = 50  # characters before a word that its pattern may look at
_AFTER = 60
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class WordSlip:
    """A slip: the words that may be one, what was meant, the context, and a text for each of wrong and right.

    `meant` is a whole remedy if it begins with an exclamation mark.
    """

    words: tuple[str, ...]
    meant: str
    pattern: str
    wrong: str
    right: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundSlip:
    """A slip in a text, from `start` to `end`."""

    start: int
    end: int
    slip: WordSlip


@cache
def read_word_slips() -> tuple[WordSlip, ...]:
    """The slips of the list, in order."""
    return tuple(_read_slip(entry) for entry in read_list("real_words") if " ;; " in entry)


def _read_slip(entry: str) -> WordSlip:
    head, pattern, wrong, right = (part.strip() for part in entry.split(" ;; "))
    words, _, meant = head.partition(" = ")
    return WordSlip(words=tuple(words.split()), meant=meant, pattern=pattern, wrong=wrong, right=right)


@cache
def _read_groups() -> Mapping[str, str]:
    """The alternatives behind each @name."""
    lines = (entry for entry in read_list("real_words") if entry.startswith("@"))
    return {name[1:]: rest for name, _, rest in (line.partition(" ") for line in lines)}


@cache
def _index_slips() -> Mapping[str, Sequence[WordSlip]]:
    found: dict[str, list[WordSlip]] = {}
    for slip in read_word_slips():
        for word in slip.words:
            found.setdefault(word, []).append(slip)
    return found


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    groups = _read_groups()
    whole = pattern
    while (filled := re.sub(r"@([a-z]+)", lambda match: f"(?:{groups[match[1]]})", whole)) != whole:
        whole = filled
    return re.compile(_mark_slip(whole), re.IGNORECASE)


def _mark_slip(pattern: str) -> str:
    """The pattern with a group for each « », which ends with whole words."""
    numbers = iter(range(100))
    marked = re.sub("«", lambda _: rf"(?P<slip{next(numbers)}>(?<![\w’'])", pattern)
    return rf"(?<![\w’'])(?:{marked.replace('»', ')')})"


def find_word_slips(text: str) -> Iterator[FoundSlip]:
    """The slips in a text, in order; of two that overlap, the one that begins first."""
    index, end = _index_slips(), 0
    for match in _WORD.finditer(text):
        for slip in index.get(match[0].lower().replace("’", "'"), ()):
            found = _try(slip, text, match) if match.start() >= end else None
            if found:
                end = found.end
                yield found
                break


def _try(slip: WordSlip, text: str, word: re.Match[str]) -> FoundSlip | None:
    first, last = max(0, word.start() - _BEFORE), min(len(text), word.end() + _AFTER)
    for match in _compile(slip.pattern).finditer(text, first, last):
        name = match.lastgroup
        if name and match.start(name) <= word.start() < match.end(name):
            return FoundSlip(start=match.start(name), end=match.end(name), slip=slip)
    return None
