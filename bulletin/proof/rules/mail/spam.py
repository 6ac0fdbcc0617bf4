"""E-mail: what spam filters weigh. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_FEWEST_CAPITALS = 10
_SPAM_WORDS = Path(__file__).parents[2] / "reading" / "words" / "spam.txt"


@cache
def _spam_pattern() -> re.Pattern[str]:
    lines = _SPAM_WORDS.read_text(encoding="utf-8").splitlines()
    phrases = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return re.compile(
        r"(?<![\w%])(?:" + "|".join(map(re.escape, phrases)) + r")(?![\w%])|!{2,}|[£$€]{2,}", re.IGNORECASE
    )


@rule(
    "MAIL11",
    "spam-words",
    severity=Severity.NOTE,
    reason="Spam filters weigh the words of advertising, most of all in the subject; so do readers.",
    wrong=[Example(header="subject: 'Act now: places on our courses!!!'", at="Act now")],
    right=[Example(header="subject: Places on our courses in June")],
)
def spam_words(context: Context) -> Iterator[Violation]:
    """Phrases of advertising, several exclamation or currency marks, or capitals alone, in what an inbox shows."""
    for passage in context.texts:
        if passage.place in (("subject",), ("preview_text",)):
            text = passage.prose.text
            for match in _spam_pattern().finditer(text):
                yield _say_weighed(passage, match.start(), match.end(), f"Spam filters weigh “{match[0]}”.")
            if passage.field == "subject" and text.isupper() and sum(map(str.isalpha, text)) >= _FEWEST_CAPITALS:
                yield _say_weighed(passage, 0, len(text), "Spam filters weigh a subject that is all in capitals.")


def _say_weighed(passage: Passage, start: int, end: int, message: str) -> Violation:
    return violation_at(passage, (start, end), message, "Say plainly what is in the issue.")


RULES: tuple[Rule, ...] = (spam_words,)
