"""Email: words that spam filters look for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_FEWEST_CAPITALS = 10
_REMEDY = "Say plainly what is in the issue."


@cache
def _spam_pattern() -> LazyPattern:
    phrases = sorted(read_list("spam"), key=len, reverse=True)
    return LazyPattern(
        r"(?<![\w%])(?:" + "|".join(map(re.escape, phrases)) + r")(?![\w%])|!{2,}|[£$€]{2,}",
        re.IGNORECASE,
        needs=[*(phrase.casefold() for phrase in phrases), "!!", *map("".join, product("£$€", repeat=2))],
    )


@rule(
    "MAIL11",
    "spam-words",
    severity=Severity.NOTE,
    reason="Spam filters look for the words of advertising, most of all in the subject. So do readers.",
    wrong=[Example(header="subject: 'Act now: places on our courses!!!'", at="Act now")],
    right=[Example(header="subject: Places on our courses in June")],
)
def spam_words(context: Context) -> Iterator[Violation]:
    """Words of advertising, repeated exclamation or currency marks, or only capitals, in what an inbox shows."""
    shown = [passage for passage in context.texts if passage.place in (("subject",), ("preview_text",))]
    for passage, match in context.matches(_spam_pattern(), texts=shown):
        yield violation_at(passage, match, f"Spam filters look for “{match[0]}”.", _REMEDY)
    for passage in shown:
        text = passage.prose.text
        if passage.field == "subject" and text.isupper() and sum(map(str.isalpha, text)) >= _FEWEST_CAPITALS:
            message = "Spam filters distrust a subject that is all in capitals."
            yield violation_at(passage, (0, len(text)), message, _REMEDY)


RULES: tuple[Rule, ...] = (spam_words,)
