"""Measure how easy each section is to read: its Flesch reading ease. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bulletin.issue.passages import TextFormat
from bulletin.languages.known import ENGLISH
from bulletin.proof.context import Context
from bulletin.proof.reading.sentences import Sentence


class ReadingEase(NamedTuple):
    """A section's title, its Flesch reading ease (0 to 100 and a little beyond) and its number of words."""

    title: str
    figure: float
    words: int


def measure_sections(context: Context) -> list[ReadingEase]:
    """The reading ease of each section that has sentences, in the order of the issue."""
    return [ease for index, ease in measure_all(context) if index >= 0]


def measure_all(context: Context) -> list[tuple[int, ReadingEase]]:
    """The reading ease of each section by its number; -1 for the texts before the sections."""
    sentences: dict[int, list[Sentence]] = {}
    for passage in context.texts:
        if passage.format is TextFormat.TEXT:
            number = -1 if passage.section is None else passage.section
            sentences.setdefault(number, []).extend(context.sentences_of(passage))
    titles = [section.title for section in context.issue.in_language(ENGLISH).sections]
    measured = ((index, _measure(found)) for index, found in sorted(sentences.items()))
    return [(index, ReadingEase(titles[index] if index >= 0 else "", *ease)) for index, ease in measured if ease[1]]


def _measure(sentences: list[Sentence]) -> tuple[float, int]:
    words = [word.text for sentence in sentences for word in sentence.words]
    if not words:
        return 100.0, 0
    syllables = sum(map(count_syllables, words))
    figure = 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)
    return round(figure, 1), len(words)


_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûü]+")


_SILENT = re.compile(r"(?:[^aeiouy]|[aeiouy]{2}[^aeiouy]|qu|gu)e(?:s|d)?\Z")


_HEARD = re.compile(r"(?:[td]ed|[sxz]es|[cs]hes|[cg]es|[^aeiouy]les?|[^aeiouy]le?d)\Z")


_APART = re.compile(r"(?<![tcsgxln])i[aou]|ea(?:te|tor)|eo(?!p|us|n\b)|ua[lt]|ying|ism\Z|[aeo]ing")


_JOINED = re.compile(r"\A(?:saf|car|som|hous|hom|lif|tim|lik|ther|wher)(e)(?=[bcdfghklmpqstvwz])")


@lru_cache(maxsize=1 << 16)
def count_syllables(word: str) -> int:
    """The approximate number of syllables in an English word: its groups of vowels, with the usual exceptions."""
    if word.isupper() and len(word) < 5:
        return len(word)  # an abbreviation is read letter by letter
    plain = word.lower().partition("'")[0].partition("’")[0]
    count = len(_VOWELS.findall(plain))
    if len(plain) > 3 and _SILENT.search(plain) and not _HEARD.search(plain):
        count -= 1
    count += len(_APART.findall(plain)) - bool(_JOINED.match(plain) and len(plain) > 5)
    return max(1, count)
