"""Words that earlier issues have used so often that they are right here. Pure.

A word or an abbreviation is learned if it is at least twice in each of two earlier issues. A slip that is repeated
every month is not: no known slip is learned, and nothing that is one letter off a word in the dictionary or off a
known abbreviation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from bulletin.proof.reading.corrections import find_listed, find_near
from bulletin.proof.reading.lexicon import is_word, read_words
from bulletin.proof.reading.similarity import is_one_off

ISSUES: int = 12
"""The number of earlier issues that are read: those of a year."""

_LEAST_ISSUES = 2
_LEAST_TIMES = 2  # in each of them
_NOT_READ = re.compile(r"https?://\S+|^\s*#.*$|\s#\s.*$", re.MULTILINE)  # addresses and comments


class LearnedWords:
    """The words of earlier issues. `load` returns the text of each file, once a word is asked about."""

    def __init__(self, load: Callable[[], Iterable[str]]) -> None:
        self._load = load
        self._known: dict[str, bool] = {}

    def is_word(self, text: str) -> bool:
        """Whether a word, in capital or small letters, is learned."""
        plain = text.lower().replace("’", "'")
        if plain not in self._known:
            usual = self._is_usual(plain, self._lower_texts) and not find_listed(plain)
            self._known[plain] = usual and not any(is_word(other) for other in find_near(plain))
        return self._known[plain]

    def is_abbreviation(self, short: str) -> bool:
        """Whether an abbreviation is learned, in exactly these capitals."""
        if short not in self._known:
            usual = self._is_usual(short, self._texts)
            self._known[short] = usual and not any(is_one_off(short, other) for other in _read_abbreviations())
        return self._known[short]

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(_NOT_READ.sub(" ", text).replace("’", "'") for text in self._load())

    @cached_property
    def _lower_texts(self) -> tuple[str, ...]:
        return tuple(text.lower() for text in self._texts)

    def _is_usual(self, word: str, texts: Iterable[str]) -> bool:
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?:s|'s)?(?!\w)")
        issues = 0
        for text in texts:
            if text.count(word) >= _LEAST_TIMES and len(pattern.findall(text)) >= _LEAST_TIMES:
                issues += 1
        return issues >= _LEAST_ISSUES


def _read_abbreviations() -> frozenset[str]:
    return read_words("abbreviations") | read_words("professional")
