"""Slips that are words themselves, so that no dictionary finds them: “form” for “from”, “there” for “their”. Pure.

`words/real_words.txt` has each with its context. A pattern is compiled only if one of its words is in the text, with
what it needs on either side, and tried only near that word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from bulletin.proof.reading.fixed_texts import Choice, fold, list_beginnings, list_endings, read_group, split_pattern
from bulletin.proof.reading.lexicon import read_list

_BEFORE = 50  # characters before a word that its pattern may look at
_AFTER = 60
_STRAIGHT = "'"
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
    return tuple(map(_read_slip, _list_entries()))


def _list_entries() -> list[str]:
    return [entry for entry in read_list("real_words") if " ;; " in entry]


@lru_cache(maxsize=1024)
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
def _index_entries() -> Mapping[str, Sequence[str]]:
    """The entries by their words. Most have none in a text, and are never read further."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in _list_entries():
        for word in entry[: entry.index(" = ")].split():
            found[word].append(entry)
    return found


@lru_cache(maxsize=1024)
def _fill_in(pattern: str) -> str:
    """The pattern with the alternatives in the place of each @name."""
    groups = _read_groups()
    while (filled := _GROUP.sub(lambda match: f"(?:{groups[match[1]]})", pattern)) != pattern:
        pattern = filled
    return pattern


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(_mark_slip(_fill_in(pattern)), re.IGNORECASE)


_GROUP = re.compile("@([a-z]+)")
_GAP = re.compile(r"[ -](?!i:)")  # between the words of a slip


class _Alternative(NamedTuple):
    """One alternative of a pattern, and the texts of which one is where its slip begins.

    `apart`: whether the slip may have several words, of which any may be the one that was found.
    """

    pattern: str
    texts: tuple[str, ...]
    apart: bool


@lru_cache(maxsize=1024)
def _read_alternatives(pattern: str) -> tuple[_Alternative, ...]:
    """The alternatives of a pattern. To compile one takes far longer than to look at the text around."""
    return tuple(map(_read_alternative, split_pattern(pattern)))


def _read_alternative(signs: Sequence[str]) -> _Alternative:
    pattern = "".join(signs)
    if signs.count("«") != 1:
        return _Alternative(pattern, ("",), apart=False)
    at, end = signs.index("«"), signs.index("»")
    apart = any(_GAP.search(sign) for sign in signs[at:end])
    return _Alternative(pattern, list_beginnings(signs[at:], _read_group), apart)


@lru_cache(maxsize=1024)
def _list_before(pattern: str) -> tuple[str, ...]:
    """The texts of which one is before the slip of an alternative."""
    (signs,) = split_pattern(pattern)
    return list_endings(signs[: signs.index("«")], _read_group) if signs.count("«") == 1 else ("",)


@cache
def _read_group(name: str) -> Choice:
    """The alternatives behind a @name."""
    return read_group(_read_groups()[name], _read_group)


def _may_match(one: _Alternative, plain: str, word: tuple[int, int]) -> bool:
    """Whether an alternative may match with the word from the first place to the second in its slip."""
    start, end = word
    if one.apart:
        near = plain[max(0, start - _BEFORE) : end + _AFTER]
        return any(text in near for text in one.texts)
    return plain.startswith(one.texts, start) and plain.endswith(_list_before(one.pattern), 0, start)


def _mark_slip(pattern: str) -> str:
    """The pattern with a group for each « », which ends with whole words."""
    numbers = iter(range(100))
    marked = re.sub("«", lambda _: rf"(?P<slip{next(numbers)}>(?<![\w’'])", pattern)
    return rf"(?:(?<![\w’'])|(?=\W))(?:{marked.replace('»', ')')})"


def find_word_slips(text: str) -> Iterator[FoundSlip]:
    """The slips in a text, in order; of two that overlap, the one that begins first."""
    index, done = _index_entries(), 0
    plain = fold(text)
    for match in _WORD.finditer(text):
        word = match.span()
        for entry in index.get(plain[word[0] : word[1]], ()) if word[0] >= done else ():
            if found := _find_at(_read_slip(entry), text, plain, word):
                done = found.end
                yield found
                break


def _find_at(slip: WordSlip, text: str, plain: str, word: tuple[int, int]) -> FoundSlip | None:
    for one in _read_alternatives(slip.pattern):
        if _may_match(one, plain, word) and (found := _try(slip, one.pattern, text, word)):
            return found
    return None


def _try(slip: WordSlip, pattern: str, text: str, word: tuple[int, int]) -> FoundSlip | None:
    start, end = word
    for match in _compile(pattern).finditer(text, max(0, start - _BEFORE), end + _AFTER):
        name = match.lastgroup
        if name and match.start(name) <= start < match.end(name):
            return FoundSlip(start=match.start(name), end=match.end(name), slip=slip)
    return None
