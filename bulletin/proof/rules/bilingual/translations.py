"""Two languages: a translation that is much longer or shorter, or is in the wrong language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bulletin.issue.passages import Passage
from bulletin.languages.known import ENGLISH, WELSH, name_language
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.bilingual.parity import LANGUAGES, find_texts
from bulletin.settings.proof import Severity

_LEAST, _MOST = 0.6, 1.7  # of the length in the other language: Welsh is about a tenth longer than English
_FEWEST = 60  # characters: shorter texts differ by chance

_SMALL_WORDS: Final = {
    ENGLISH: frozenset(
        {"the", "of", "and", "to", "is", "are", "was", "were", "with", "our", "we", "you", "for", "from", "that"}
        | {"this", "will", "have", "your", "by"}
    ),
    WELSH: frozenset(
        {"y", "yr", "yn", "mae", "ac", "ar", "gyda", "bydd", "oedd", "eich", "ein", "chi", "ni", "wedi", "hwn"}
        | {"hon", "sydd", "gan", "ei", "fel"}
    ),
}
_SENTENCE: Final = re.compile(r"[^.!?\n]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 2  # small words of the wrong language in a sentence
_FEWEST_SENTENCES = 2


@rule(
    "PAR06",
    "different-length",
    severity=Severity.WARNING,
    reason="A translation that is half as long has usually lost a sentence.",
    wrong=[
        Example(
            header=LANGUAGES,
            sections="- kind: notice\n  title: {cy: Oriau, en: Hours}\n  text:\n    cy: Rydym ar gau.\n"
            "    en: We are closed for the whole of the week. Ring the other office if you need someone to talk to.",
            at="We are closed",
        )
    ],
    right=[
        Example(
            header=LANGUAGES,
            sections="- kind: notice\n  title: {cy: Oriau, en: Hours}\n  text:\n"
            "    cy: Rydym ar gau trwy gydol yr wythnos. Ffoniwch y swyddfa arall os oes angen siarad â rhywun.\n"
            "    en: We are closed for the whole of the week. Ring the other office if you need someone to talk to.",
        )
    ],
)
def different_length(context: Context) -> Iterator[Violation]:
    """A text that is much shorter or longer in one language than in the other."""
    for text in context.gather(find_texts):
        versions = [text.versions[code] for code in context.issue.languages if code in text.versions]
        if len(versions) < 2:
            continue
        one, other = (len(version.prose.text) for version in versions)
        if max(one, other) >= _FEWEST and not _LEAST <= other / max(one, 1) <= _MOST:
            first, second = (name_language(version.language) for version in versions)
            yield violation_at(
                versions[1],
                (0, other),
                f"This has {one:,} characters in {first} and {other:,} in {second}.",
                "Check that both say the same.",
            )


@rule(
    "PAR07",
    "wrong-language",
    severity=Severity.WARNING,
    reason="A text that was put in the wrong place is read out in the wrong voice, and to the wrong readers.",
    wrong=[
        Example(
            header=LANGUAGES,
            sections="- kind: notice\n  title: {cy: Oriau, en: Hours}\n  text:\n"
            "    cy: The office is closed to all of you. We are back with our team on Monday.\n"
            "    en: Mae’r swyddfa ar gau. Rydym yn ôl ar ddydd Llun.",
            at="The office",
        )
    ],
    right=[
        Example(
            header=LANGUAGES,
            sections="- kind: notice\n  title: {cy: Oriau, en: Hours}\n  text:\n"
            "    cy: Mae’r swyddfa ar gau. Darllenwch “The Big Ask”.\n"
            "    en: The office is closed. Read “The Big Ask”.",
        )
    ],
)
def wrong_language(context: Context) -> Iterator[Violation]:
    """A text whose small words are those of the other language."""
    for text in context.gather(find_texts):
        for passage in text.versions.values():
            if passage.language in _SMALL_WORDS and _is_other(passage):
                other = WELSH if passage.language == ENGLISH else ENGLISH
                yield violation_at(
                    passage,
                    (0, len(passage.prose.text)),
                    f"This reads like {name_language(other)}, but it is the text in {name_language(passage.language)}.",
                    f"Write it in {name_language(passage.language)}, or swap the two.",
                )


def _is_other(passage: Passage) -> bool:
    sentences = [set(_WORD.findall(match[0].lower())) for match in _SENTENCE.finditer(passage.prose.text)]
    own = _SMALL_WORDS[passage.language]
    (others,) = (words for code, words in _SMALL_WORDS.items() if code != passage.language)
    wrong = sum(len(words & others) >= _FEWEST_WORDS > len(words & own) for words in sentences)
    return wrong >= min(_FEWEST_SENTENCES, max(1, len(sentences)))


RULES: tuple[Rule, ...] = (different_length, wrong_language)
