"""Typography: hyphens in the place of dashes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.sentences import is_address
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.spaces import is_written
from bulletin.settings.proof import Severity

_SPACED_HYPHEN = re.compile(r"(?<=[\w.,;!?”’)%]) - (?=[\w“‘(£])|(?<=[^\W\d_]{2}) -(?=[^\W\d_]{2})")
_TWO_HYPHENS = re.compile(r"(?<![-<!]) ?--(?![->]) ?(?=\S)")


@rule(
    "LANG12",
    "dash",
    severity=Severity.WARNING,
    reason="A hyphen joins words; one that stands for a dash is read out wrongly, and looks like a slip.",
    wrong=[
        Example(text="The course - free for all - takes two hours.", at="-"),
        Example(text="The course--it is free--takes two hours.", at="--"),
    ],
    right=[Example(text="The well-known course – free for all – is for 16- to 18-year-olds, on pages 12–15.")],
)
def dash(context: Context) -> Iterator[Violation]:
    """A hyphen, or two, where a dash is meant."""
    for passage in context.texts:
        text = passage.prose.text
        for pattern in (_SPACED_HYPHEN, _TWO_HYPHENS):
            for match in pattern.finditer(text):
                if is_written(passage, match.start(), match.end()) and not _is_in_address(text, match):
                    spaced = text[match.start() - 1 : match.start()].isdigit() and text[match.end()].isdigit()
                    right = "–" if spaced else " – "
                    message, remedy = f"“{match[0].strip()}” stands here for a dash.", "Write – instead."
                    yield violation_at(passage, match, message, remedy, replacement=right)


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] == " " or text[match.end() - 1] == " ":
        return False
    around = text[max(0, match.start() - 60) : match.end() + 60]
    at = match.start() - max(0, match.start() - 60)
    start = around.rfind(" ", 0, at) + 1
    end = around.find(" ", at)
    return is_address(around[start : end if end >= 0 else len(around)])


RULES: tuple[Rule, ...] = (dash,)
