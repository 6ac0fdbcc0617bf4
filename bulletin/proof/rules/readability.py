"""How easily a text reads: the length of its sentences, and Flesch's figure for each section. Pure.

Reading ease: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948). 100 is a comic, 60 plain
English, 30 a learned article; below 20 even practised readers stumble. Sentences of at most 25 words: GOV.UK's advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.sentences import Sentence, count_words
from bulletin.proof.reading.vocabulary import is_name
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

MOST_WORDS = 25  # of a sentence
LEAST_EASE = 20.0
LEAST_WORDS = 100  # of a section: of fewer, the figure says little
WORST_EASE = 0.0  # so hard that fewer words say enough
FEW_WORDS = 20


class ReadingEase(NamedTuple):
    """A section's title, its reading ease (Flesch's figure, 0 to 100 and a little beyond) and its number of words."""

    title: str
    figure: float
    words: int


def measure_sections(context: Context) -> list[ReadingEase]:
    """The reading ease of each section that has sentences, in the order of the issue."""
    return [ease for index, ease in _measure_all(context) if index >= 0]


def _measure_all(context: Context) -> list[tuple[int, ReadingEase]]:
    """The reading ease of each section by its number; of what stands before them by -1."""
    sentences: dict[int, list[Sentence]] = {}
    for passage in context.texts:
        if passage.format is TextFormat.TEXT:
            number = -1 if passage.section is None else passage.section
            sentences.setdefault(number, []).extend(context.sentences_of(passage))
    titles = [section.title for section in context.issue.sections]
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
    """The syllables of an English word, near enough: groups of vowels, but for those that are silent or part."""
    if word.isupper() and len(word) < 5:
        return len(word)  # an abbreviation is spelt
    plain = word.lower().partition("'")[0].partition("’")[0]
    count = len(_VOWELS.findall(plain))
    if len(plain) > 3 and _SILENT.search(plain) and not _HEARD.search(plain):
        count -= 1
    count += len(_APART.findall(plain)) - bool(_JOINED.match(plain) and len(plain) > 5)
    return max(1, count)


def _own_sentences(context: Context) -> Iterator[tuple[Passage, Sentence]]:
    for passage in context.texts:
        if not is_name(passage):
            for sentence in context.sentences_of(passage):
                yield passage, sentence


@rule(
    "LANG05",
    "long-sentence",
    severity=Severity.NOTE,
    reason="Readers on a phone lose a sentence of more than 25 words before they reach its end.",
    wrong=[
        Example(
            text="The Board met in the town hall and looked at the plan and at the budget and at the many letters "
            "from families who had written about the hours of the clinic.",
            at="The Board met",
        )
    ],
    right=[Example(text="The Board met in the town hall. Dr Hale spoke of S.H.I.E.L.D. at 9:30am, e.g. of its plan.")],
)
def long_sentence(context: Context) -> Iterator[Violation]:
    """A sentence of more than 25 words."""
    for passage, sentence in _own_sentences(context):
        if (words := count_words(sentence)) > MOST_WORDS:
            yield violation_at(
                passage,
                (sentence.start, sentence.end),
                f"This sentence has {words} words.",
                f"Make two of it: {MOST_WORDS} words are as many as most readers take in at once.",
            )


_HARD = " ".join(
    ["Organisational accountability necessitates comprehensive interdisciplinary administrative collaboration."] * 15
)


@rule(
    "LANG06",
    "reading-ease",
    severity=Severity.NOTE,
    reason="A section of long words and long sentences is read by few of those for whom it is written.",
    wrong=[Example(sections=f"- kind: notice\n  title: Accountability\n  text: {_HARD}", at="Accountability")],
    right=[
        Example(sections="- kind: notice\n  title: Visits\n  text: " + "We went to see ten schools this year. " * 15)
    ],
)
def reading_ease(context: Context) -> Iterator[Violation]:
    """A section that is hard to read."""
    for index, ease in _measure_all(context):
        if _is_hard(ease):
            what = "This section" if index >= 0 else "The introduction"
            message = f"{what} is hard to read: its reading ease is {max(0, ease.figure):.0f}, plain English has 60."
            remedy = "Shorten its sentences, and say long words in short ones."
            if index >= 0:
                yield Violation(span=context.span("sections", index, "title"), message=message, remedy=remedy)
            else:
                passage = next(passage for passage in context.texts if passage.field == "introduction")
                first = context.sentences_of(passage)[0]
                yield violation_at(passage, (first.start, first.end), message, remedy)


def _is_hard(ease: ReadingEase) -> bool:
    return (ease.words >= LEAST_WORDS and ease.figure < LEAST_EASE) or (
        ease.words >= FEW_WORDS and ease.figure < WORST_EASE
    )


RULES: tuple[Rule, ...] = (long_sentence, reading_ease)
