"""Slips that are words themselves, so that no dictionary finds them: “form” for “from”, “there” for “their”. Pure.

`words/real_words.txt` has each with its context. A pattern is compiled only if one of its words is in the text, and
tried only near that word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from bulletin.proof.reading.lexicon import read_list

_BEFORE = 50  # characters before a word that its pattern may look at
_AFTER = 60
_NEAR = 4  # words on either side that a pattern may need
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
def _fill_in(pattern: str) -> str:
    """The pattern with the alternatives in the place of each @name."""
    groups = _read_groups()
    while (filled := _GROUP.sub(lambda match: f"(?:{groups[match[1]]})", pattern)) != pattern:
        pattern = filled
    return pattern


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(_mark_slip(_fill_in(pattern)), re.IGNORECASE)


_ANYTHING = re.compile(r"\\[dwA]|\[(?!’')|\{")
_NEEDLESS = re.compile(r"\\.|[a-z]\?|\[’'\]\??")
_BRACKET = re.compile(r"\((?:\?(?:<?!|:|=|<=))?|\)\??")


_DROPPED = "&"  # parts the words around what was dropped, and counts as no gap
_COUNTED = re.compile(r"[ ,.;:/\\–—()|-]")  # each backslash too: to count one too many only means to look further
_GROUP = re.compile("@([a-z]+)")


class _Beginnings(NamedTuple):
    """How one of the `near` words beside a slip begins. Where there is nothing, any words will do."""

    words: tuple[str, ...]
    near: int


class _Alternative(NamedTuple):
    """One alternative of a pattern, and what it needs around the slip."""

    pattern: str
    before: _Beginnings
    after: _Beginnings


@lru_cache(maxsize=1024)
def _read_alternatives(pattern: str) -> tuple[_Alternative, ...]:
    """The alternatives of a pattern.

    To compile one takes far longer than to look at the words around, so most are never compiled.
    """
    return tuple(_read_alternative(alternative) for alternative in _split(pattern))


def _read_alternative(pattern: str) -> _Alternative:
    before, _, rest = pattern.replace("(?-i:", "(?:").partition("«")
    slip, _, after = rest.partition("»")
    further = _count_gaps(slip)  # the word that was found may be any of the slip's own
    return _Alternative(pattern, _find_beginnings(before, further), _find_beginnings(after, further))


def _find_beginnings(side: str, further: int) -> _Beginnings:
    there = _drop_brackets(side.lower(), lambda begin, _: begin.endswith("!"))  # all but what must not be there
    needed = _drop_brackets(there, lambda _, end: end == ")?")
    groups = [_read_group(name) for name in _GROUP.findall(needed)]
    words = _GROUP.sub(" ", _NEEDLESS.sub(" ", needed))
    beginnings = {word if len(word) > 1 else f"{word} " for word in re.findall(r"[a-z]+", words)}
    beginnings.update(*(group.words for group in groups))
    unsure = _ANYTHING.search(needed) or not all(group.words for group in groups)
    if unsure or all(len(word) == 2 for word in beginnings):
        return _Beginnings((), 0)
    near = _count_gaps(_GROUP.sub("", there)) + sum(_read_group(name).near for name in _GROUP.findall(there)) + further
    return _Beginnings(words=tuple(beginnings), near=min(_NEAR, near))


@cache
def _read_group(name: str) -> _Beginnings:
    """What the alternatives of a @name need."""
    return _find_beginnings(_read_groups()[name], 0)


def _count_gaps(part: str) -> int:
    """At most how many gaps between words are in what a part of a pattern matches, of its alternatives the most."""
    counts = [[0, 0]]  # at each depth: of the alternative that is read, and the most of those before it
    for char in _COUNTED.findall(part.replace("\\b", "")):
        if char == "(":
            counts.append([0, 0])
        elif char == "|":
            counts[-1] = [0, max(counts[-1])]
        elif char == ")" and len(counts) > 1:
            most = max(counts.pop())
            counts[-1][0] += most
        elif char != ")":
            counts[-1][0] += 1
    return max(counts[-1])


def _drop_brackets(side: str, is_dropped: Callable[[str, str], bool]) -> str:
    """A part of a pattern without some of its brackets. `is_dropped` is asked with how each begins and ends."""
    opened: list[re.Match[str]] = []
    dropped: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(side):
        if match[0][0] == "(":
            opened.append(match)
        elif opened:
            begin = opened.pop()
            if is_dropped(begin[0], match[0]):
                dropped = [*(one for one in dropped if one[0] < begin.start()), (begin.start(), match.end())]
    starts = [0, *(end for _, end in dropped)]
    ends = [*(start for start, _ in dropped), len(side)]
    return _DROPPED.join(side[start:end] for start, end in zip(starts, ends, strict=True))


def _find_likely(pattern: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The alternatives of a pattern that may match between these words."""
    for one in _read_alternatives(pattern):
        if _begins(before, one.before, last=True) and _begins(after, one.after, last=False):
            yield one.pattern


def _begins(words: Sequence[str], needed: _Beginnings, *, last: bool) -> bool:
    """Whether one of the nearest words, which are the last or the first, begins as is needed."""
    if not needed.words:
        return True
    for word in words[max(0, len(words) - needed.near) :] if last else words[: needed.near]:
        if word.startswith(needed.words):
            return True
        if _STRAIGHT in word and word.partition(_STRAIGHT)[2].startswith(needed.words):
            return True
    return False


def _split(pattern: str) -> list[str]:
    """The alternatives of a pattern that aren’t in brackets."""
    parts, depth = [""], 0
    for piece in _SYNTAX.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


_SYNTAX = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]|[^\\\[()|]+")  # escapes, sets, brackets, bars, all else


def _mark_slip(pattern: str) -> str:
    """The pattern with a group for each « », which ends with whole words."""
    numbers = iter(range(100))
    marked = re.sub("«", lambda _: rf"(?P<slip{next(numbers)}>(?<![\w’'])", pattern)
    return rf"(?:(?<![\w’'])|(?=\W))(?:{marked.replace('»', ')')})"


def find_word_slips(text: str) -> Iterator[FoundSlip]:
    """The slips in a text, in order; of two that overlap, the one that begins first."""
    index, end = _index_slips(), 0
    words = list(_WORD.finditer(text))
    plain = [f"{match[0].lower().replace('’', _STRAIGHT)} " for match in words]
    for number, word in enumerate(words):
        for slip in index.get(plain[number][:-1], ()) if word.start() >= end else ():
            before, after = plain[max(0, number - _NEAR) : number], plain[number + 1 : number + 1 + _NEAR]
            tried = (_try(slip, one, text, word) for one in _find_likely(slip.pattern, before, after))
            if found := next(filter(None, tried), None):
                end = found.end
                yield found
                break


def _try(slip: WordSlip, pattern: str, text: str, word: re.Match[str]) -> FoundSlip | None:
    first, last = max(0, word.start() - _BEFORE), min(len(text), word.end() + _AFTER)
    for match in _compile(pattern).finditer(text, first, last):
        name = match.lastgroup
        if name and match.start(name) <= word.start() < match.end(name):
            return FoundSlip(start=match.start(name), end=match.end(name), slip=slip)
    return None
