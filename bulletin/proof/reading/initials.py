"""Tell whether words explain an abbreviation: their initials, in order, are its letters. Pure.

“The Integrated Care Board (ICB)” explains it, and so does a heading “ICB: your Integrated Care Board”. Words that
happen to have those initials somewhere in a sentence do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bulletin.proof.reading.sentences import Chunk, Sentence, bare_word

_MOST_WORDS = 12  # of the name beside an abbreviation
_ARTICLES = frozenset(
    ["a", "an", "the", "our", "your", "or", "is", "means", "i.e", "ie", "known", "as", "called", "and"]
)
_SMALL = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "&"])
_NEAR = 30  # words of the sentence on either side that are looked at
_SHARE = 0.6  # of the letters that must be initials in a bracket: “Coordinator” gives SENCO two of its letters


def is_explained(sentence: Sentence, at: int, short: str) -> bool:
    """Whether the sentence or heading explains the abbreviation `short`, which is in its chunk `at`."""
    chunks = sentence.chunks
    letters = find_letters(short)
    before, after = chunks[max(0, at - _MOST_WORDS) : at], chunks[at + 1 : at + 1 + _MOST_WORDS]
    if before and chunks[at].text.startswith("("):
        return _share_initials(before, letters)
    if before and before[-1].text.startswith("(") and chunks[at].text.rstrip(".,;:").endswith(")"):
        return _share_initials(before[:-1], letters)  # “(the LADO)”, “(or LADO)”
    if after and after[0].text.startswith("(") and len(after[0].text) > 1:
        return _share_initials(_until_bracket(after), letters)
    if " ".join(chunk.text for chunk in after[:2]).lower() in ("stands for", "is short"):
        return True
    return _is_beside(before, after, chunks[at], letters) or _is_named(chunks, at, letters)


def find_letters(short: str) -> list[str]:
    """The letters of an abbreviation, in lower case."""
    return [char.lower() for char in short if char.isalpha()]


def find_initials(name: str) -> frozenset[str]:
    """The abbreviations of a name: the initials of its capitalised words, of all its words, and of three or more."""
    words = [part for word in name.split() for part in re.split(r"[-/]", bare_word(word)) if part]
    capitals = [word[0] for word in words if word[0].isupper()]
    every = [word[0].upper() for word in words]
    runs = {
        "".join(capitals[start:end]) for start in range(len(capitals)) for end in range(start + 3, len(capitals) + 1)
    }
    return frozenset(text for text in {"".join(capitals), "".join(every)} | runs if len(text) > 1)


def _until_bracket(chunks: Sequence[Chunk]) -> Sequence[Chunk]:
    ends = next((at for at, chunk in enumerate(chunks) if ")" in chunk.text), len(chunks) - 1)
    return chunks[: ends + 1]


def _share_initials(chunks: Iterable[Chunk], letters: Sequence[str]) -> bool:
    """Whether enough of the letters are initials of the words, in order, and the first letter is one."""
    initials = [part[0] for chunk in chunks for part in _split(chunk)]
    if letters[0] not in initials:
        return False
    return _count_common(initials, letters) >= max(2, round(_SHARE * len(letters)))


def _split(chunk: Chunk) -> list[str]:
    return [part for part in re.split(r"[-/–]", bare_word(chunk.text).lower()) if part]


def _count_common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        last = row[:]
        for at, letter in enumerate(other, 1):
            row[at] = last[at - 1] + 1 if char == letter else max(last[at], row[at - 1])
    return row[-1]


def _is_beside(before: Sequence[Chunk], after: Sequence[Chunk], own: Chunk, letters: Sequence[str]) -> bool:
    """“MARAC, a multi-agency risk assessment conference”; “the Integrated Care Board – ICB”."""
    parted = own.text.endswith((",", ":", "–", "—")) or (after and after[0].text in ("–", "—", "-"))
    defined = len(after) > 1 and after[0].text in ("is", "means", "or") and after[1].text.lower() in _ARTICLES
    if parted or defined:
        words = [part for chunk in after for part in _split(chunk)]
        while words and words[0] in _ARTICLES:
            words = words[1:]
        if _begins_with(words, letters):
            return True
    if before and (before[-1].text in ("–", "—", "-", "or") or before[-1].text.endswith((",", ":"))):
        words = [part for chunk in before for part in _split(chunk)]
        if words and words[-1] in _ARTICLES:
            words = words[:-1]
        return _begins_with(words[::-1], letters[::-1])
    return False


def _begins_with(words: Sequence[str], letters: Sequence[str]) -> bool:
    """Whether the initials of the first words are these letters; small words may be left out."""
    left = list(letters)
    for word in words:
        if not left:
            return True
        if word[0] == left[0]:
            left.pop(0)
        elif word not in _SMALL:
            return False
    return not left


def _is_named(chunks: Sequence[Chunk], at: int, letters: Sequence[str]) -> bool:
    """Whether the sentence has a name in capitals with these initials, like “Integrated Care Board”."""
    longest = 2 * len(letters)  # words of a name, with its small ones
    return any(_begins_with(run, letters) for run in _find_capitals(chunks, at, longest) if run[0][0] == letters[0])


def _find_capitals(chunks: Sequence[Chunk], at: int, longest: int) -> Iterator[list[str]]:
    """The words from each capitalised word near `at` on, up to the next word that can't be part of a name."""
    words: list[str] = []
    for number in range(max(0, at - _NEAR), min(len(chunks), at + _NEAR)):
        bare = bare_word(chunks[number].text)
        if number != at and (bare[:1].isupper() or bare in _SMALL):
            words += _split(chunks[number])
            continue
        yield from (words[start : start + longest] for start in range(len(words)))
        words = []
    yield from (words[start : start + longest] for start in range(len(words)))
