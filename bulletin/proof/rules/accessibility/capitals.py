"""Accessibility: words in capitals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_CAPITALS = re.compile(
    r"(?<![\w.&@/-])[A-Z]{1,40}(?:['’][A-Z]{0,40})?(?:[ \n][A-Z]{1,40}(?:['’][A-Z]{0,40})?)*(?![\w&@/-]|\.\w)"
)
_FEWEST_CAPITALS = 3
_LONG_WORD = 12


@rule(
    "ACC05",
    "all-capitals",
    severity=Severity.WARNING,
    reason="Capitals are harder to read, sound like shouting, and some screen readers spell them out.",
    wrong=[
        Example(text="PLEASE READ THIS BEFORE YOU BOOK. Places go fast.", at="PLEASE READ THIS BEFORE YOU BOOK"),
        Example(sections="- {kind: notice, title: ANNOUNCEMENT, text: We now open at 8am.}", at="ANNOUNCEMENT"),
    ],
    right=[
        Example(text="Please **read this** before you book."),
        Example(text="The NHS, the DfE and F.L.A.R.E. met MASH and CAMHS."),
    ],
)
def all_capitals(context: Context) -> Iterator[Violation]:
    """Three words or more in capitals, or one of twelve letters or more. Abbreviations don’t count."""
    known = frozenset(
        word for term in (*context.settings.proof.terms, *context.settings.proof.abbreviations) for word in term.split()
    )
    remedy = "Use lower case. To stress the most important words, use **bold**."
    texts = (passage for passage in context.texts if passage.field != "author")
    for passage, match in context.matches(_CAPITALS, texts=texts):
        in_code = any(start <= match.start() < end for start, end in passage.prose.codes)
        if not in_code and _shouts(match[0].split(), known):
            yield violation_at(passage, match, "These words are in capitals.", remedy)


def _shouts(words: list[str], known: frozenset[str]) -> bool:
    if len(words) < _FEWEST_CAPITALS:
        return any(len(word) >= _LONG_WORD and word not in known for word in words)
    spoken = [word for word in words if len(word) >= 4 and word not in known and not _VOWELS.isdisjoint(word)]
    return len(spoken) >= 2 and (any(len(word) >= 6 for word in spoken) or not _SMALL_WORDS.isdisjoint(words))


_VOWELS = frozenset("AEIOUY")
_SMALL_WORDS = frozenset(
    {"A", "ALL", "AND", "ARE", "AT", "BE", "BY", "DO", "FOR", "FROM", "IN", "IS", "NO", "NOT", "NOW", "OF", "ON", "OR"}
    | {"OUR", "PLEASE", "THE", "THIS", "TO", "UP", "WE", "WITH", "YOU", "YOUR"}
)


RULES: tuple[Rule, ...] = (all_capitals,)
