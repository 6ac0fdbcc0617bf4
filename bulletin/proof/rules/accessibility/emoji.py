"""Accessibility: strings of emoji. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

# An emoji with its skin tone or variant, or several joined into one; or the two letters of a flag.
_SIGN = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|"
    "[\u203c\u2049\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f300-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff\u20e3]{0,3}"
    "(?:\u200d[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]{0,2}){0,6})"
)
_SIGNS = re.compile(rf"{_SIGN}(?:[ ]?{_SIGN}){{2,}}")
_FIRST_SIGN = re.compile(rf"{_SIGN}(?:[ ]?{_SIGN})*")


@rule(
    "ACC06",
    "strings-of-emoji",
    severity=Severity.WARNING,
    reason="A screen reader says the name of each, “party popper, balloon, balloon”, before your words.",
    wrong=[
        Example(text="The garden is open 🌻🌻🌻 to everyone.", at="🌻🌻🌻"),
        Example(header="subject: 🎉 Ten years of the family centre", at="🎉"),
    ],
    right=[Example(text="The garden is open 🌻 to everyone.")],
)
def strings_of_emoji(context: Context) -> Iterator[Violation]:
    """Three emoji or more in a row, or one at the beginning of the subject."""
    for passage in context.texts:
        text = passage.prose.text
        for match in () if text.isascii() else _SIGNS.finditer(text):
            yield violation_at(
                passage, match, "A screen reader says the name of each emoji.", "Keep one, after the words."
            )
        first = _FIRST_SIGN.match(text) if passage.place == ("subject",) else None
        if first:
            yield violation_at(passage, (0, first.end()), "The subject begins with an emoji.", "Begin with the words.")


RULES: tuple[Rule, ...] = (strings_of_emoji,)
