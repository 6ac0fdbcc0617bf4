"""Readability: the length of sentences, and the Flesch reading ease of each section. Pure.

Reading ease: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948). 100 is a comic, 60 is
plain English, 30 is an academic article; below 20 even practised readers struggle. Sentences of 25 words: GOV.UK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.sentences import Sentence, count_words
from bulletin.proof.reading_ease import ReadingEase, measure_all
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import is_name
from bulletin.settings.proof import Severity

MOST_WORDS = 25  # of a sentence
LEAST_EASE = 20.0
LEAST_WORDS = 100  # of a section: with fewer, the figure says little
WORST_EASE = 0.0  # so hard that fewer words are enough to tell
FEW_WORDS = 20


def _own_sentences(context: Context) -> Iterator[tuple[Passage, Sentence]]:
    for passage in context.texts:
        if not is_name(passage):
            for sentence in context.sentences_of(passage):
                yield passage, sentence


@rule(
    "LANG05",
    "long-sentence",
    severity=Severity.NOTE,
    reason="Readers on a phone lose track of a sentence of more than 25 words.",
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
        if (words := count_words(sentence)) > MOST_WORDS and _count_longest_part(passage, sentence) > MOST_WORDS:
            yield violation_at(
                passage,
                (sentence.start, sentence.end),
                f"This sentence has {words} words.",
                f"Split it in two: most readers follow a sentence of up to {MOST_WORDS} words.",
            )


# What begins an entry of a list that is typed rather than marked up: “a) … b) …”, “1. …”, “• …”; or lines and
# semicolons after a colon.
_ENTRY = re.compile(r"(?:^|[\s;:,.])(?:[•·▪◦‣–-]|\(?(?:[a-h]|[ivx]{1,4}|[0-9]{1,2})[.)])(?=\s)|\n|;")
_FEWEST_ENTRIES = 2


def _count_longest_part(passage: Passage, sentence: Sentence) -> int:
    """The words of the longest entry, if a sentence is a typed list: readers take that one entry at a time."""
    text = passage.prose.text[sentence.start : sentence.end]
    parts = [part for part in re.split(_ENTRY, text) if any(map(str.isalnum, part))]
    if len(parts) <= _FEWEST_ENTRIES or (";" in text and ":" not in text):
        return MOST_WORDS + 1
    return max(sum(any(map(str.isalnum, word)) for word in part.split()) for part in parts)


_HARD = " ".join(
    ["Organisational accountability necessitates comprehensive interdisciplinary administrative collaboration."] * 15
)


@rule(
    "LANG06",
    "reading-ease",
    severity=Severity.NOTE,
    reason="Few of your readers finish a section of long words and long sentences.",
    wrong=[Example(sections=f"- kind: notice\n  title: Accountability\n  text: {_HARD}", at="Accountability")],
    right=[
        Example(sections="- kind: notice\n  title: Visits\n  text: " + "We went to see ten schools this year. " * 15)
    ],
)
def reading_ease(context: Context) -> Iterator[Violation]:
    """A section that is hard to read."""
    for index, ease in measure_all(context):
        if _is_hard(ease):
            what = "This section" if index >= 0 else "The introduction"
            message = f"{what} is hard to read: its reading ease is {max(0, ease.figure):.0f}; plain English scores 60."
            remedy = "Shorten the sentences, and use shorter words."
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
