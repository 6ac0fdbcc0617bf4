"""How similar two texts are: the same words, nearly the same title, one letter off. Pure.

Titles are looked up by their rarest words, and only the beginning of a long one is compared, so that the time stays
in proportion to the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from bulletin.issue.dates import MONTHS

T = TypeVar("T")

LEAST_LIKENESS = 0.7  # difflib's ratio: “… are moving” and “… have moved” reach 0.86, different subjects up to 0.65
LONGEST_COMPARED = 80  # characters; difflib takes the square of the time
MOST_COMPARED = 12  # titles that share a rare word

_QUOTES = str.maketrans("’‘“”–—\u00a0", "''\"\"-- ")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LITTLE = frozenset(
    (
        *("a", "about", "after", "all", "an", "and", "are", "as", "at", "be", "been", "before", "by", "can", "come"),
        *("comes", "did", "do", "for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its"),
        *("more", "new", "news", "next", "not", "of", "on", "or", "our", "out", "over", "said", "say", "says", "so"),
        *("some", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "up", "us"),
        *("was", "we", "were", "what", "when", "which", "who", "will", "with", "you", "your"),
    )
)
_PROMISING = frozenset(
    (
        *("bulletin", "detail", "details", "follow", "further", "hear", "issue", "issues", "month", "print"),
        *("publish", "report", "share", "tell", *(month.casefold() for month in MONTHS)),
    )
)


def fold(text: str) -> str:
    """A text for comparison, without its capitals, curly marks and line breaks."""
    return " ".join(text.translate(_QUOTES).casefold().split())


def fold_title(text: str) -> str:
    """Only the words of a title."""
    return " ".join(_WORD.findall(fold(text)))


def find_words(text: str, *, promise: bool = False) -> list[str]:
    """The words that say what a text is about, each once and without a plural s.

    For a `promise`, years and the words that promise are left out as well.
    """
    found = (word.removesuffix("'s") for word in _WORD.findall(fold(text)))
    kept = (word for word in found if word not in _LITTLE and not (promise and _is_promising(word)))
    return list(dict.fromkeys(_singular(word) for word in kept))


def _is_promising(word: str) -> bool:
    return word in _PROMISING or word.isdigit()


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


class Titles(Generic[T]):
    """Titles and the values they belong to, found again even if a title was reworded."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._same: dict[str, list[T]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for title, value in entries:
            key = fold_title(title)
            if key not in self._same:
                for word in find_words(title):
                    self._by_word[word].append(key)
            self._same[key].append(value)

    def find_same(self, title: str) -> Sequence[T]:
        """The values with exactly this title."""
        return self._same.get(fold_title(title), ())

    def find_near(self, title: str, *, least: float = LEAST_LIKENESS) -> Sequence[T]:
        """The values with the most similar title, searched by its rarest words."""
        if same := self.find_same(title):
            return same
        postings = sorted((self._by_word[word] for word in find_words(title) if word in self._by_word), key=len)
        candidates = list(dict.fromkeys(key for keys in postings for key in keys[:MOST_COMPARED]))[:MOST_COMPARED]
        rated = [(measure_likeness(title, key), key) for key in candidates]
        best = max(rated, default=(0.0, ""))
        return self._same[best[1]] if best[0] >= least else ()


def measure_likeness(first: str, second: str) -> float:
    """The similarity of two titles from 0 to 1, the same in both directions (difflib's own ratio is not)."""
    left, right = sorted((fold_title(first)[:LONGEST_COMPARED], fold_title(second)[:LONGEST_COMPARED]))
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def is_one_off(one: str, other: str) -> bool:
    """Whether two texts differ by one letter: changed, left out, added, or swapped with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    swapped = one[:at] + one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    shifts = ((1, 1), (1, 0), (0, 1))
    return swapped == other or any(one[at + here :] == other[at + there :] for here, there in shifts)


def is_swapped(one: str, other: str) -> bool:
    """Whether two texts differ by two neighbouring letters that have changed places."""
    left, right = find_difference(one, other)
    return len(left) == 2 and left == right[::-1]


def find_difference(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without their common beginning and end."""
    shortest = min(len(one), len(other))
    start = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    one, other = one[start:], other[start:]
    shortest = min(len(one), len(other))
    end = next((at for at in range(shortest) if one[-at - 1] != other[-at - 1]), shortest)
    return one[: len(one) - end], other[: len(other) - end]
