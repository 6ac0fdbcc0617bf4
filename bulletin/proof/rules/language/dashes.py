"""Typography: hyphens used as dashes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.sentences import is_address
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.spaces import is_written
from bulletin.proof.rules.language.typeset_marks import is_set
from bulletin.settings.proof import DashStyle, Severity

_SPACED_HYPHEN = re.compile(r"(?<=[\w.,;!?”’)%]) - (?=[\w“‘(£])|(?<=[^\W\d_]{2}) -(?=[^\W\d_]{2})")
_FIGURES_BEFORE = re.compile(r"(?<![0-9])(?<![0-9] )([0-9]{1,30})\Z")
_FIGURES_AFTER = re.compile(r"([0-9]{1,30})(?! ?[0-9])")
_LONGEST_NUMBER = 4  # figures: a year
_TWO_HYPHENS = re.compile(r"(?<![-<!]) ?--(?![->]) ?(?=\S)")


@rule(
    "LANG12",
    "dash",
    severity=Severity.WARNING,
    reason="A hyphen joins words. Used as a dash, it is read out wrongly and looks like a mistake.",
    wrong=[
        Example(text="The course is for ages 12 - 15.", at="-"),
        Example(text="The course - free for all - takes two hours.", settings="typography: no\n", at="-"),
        Example(text="The course--it is free--takes two hours.", settings="typography: no\n", at="--"),
    ],
    right=[
        Example(text="The well-known course – free for all – is for 16- to 18-year-olds, on pages 12–15."),
        Example(text="The course - free for all - takes two hours--or three."),
        Example(text="The course - free for all - takes two hours.", settings="proof:\n  dashes: hyphen\n"),
    ],
)
def dash(context: Context) -> Iterator[Violation]:
    """A hyphen, or two, used as a dash where readers would get it so."""
    keeps_hyphens = context.settings.proof.house.dashes is DashStyle.HYPHEN
    for passage, match in context.matches(_SPACED_HYPHEN, _TWO_HYPHENS):
        text = match.string
        single = match[0].strip() == "-"
        if is_set(context, passage, text.index("-", match.start())) or (keeps_hyphens and single):
            continue
        if is_written(passage, match.start(), match.end()) and not _is_in_address(text, match):
            joins_figures = text[match.start() - 1 : match.start()].isdigit() and text[match.end()].isdigit()
            wanted = "one hyphen (-)" if keeps_hyphens else "a dash (–)"
            message = f"Use {wanted} here, not {'a hyphen' if single else 'hyphens'}."
            if joins_figures and not _is_range(text, match):
                continue
            # A hyphen before a word may belong to it: “the endings -ed and -ing”.
            sure = match[0] != " -"
            right = " - " if keeps_hyphens else "–" if joins_figures else " – "
            yield violation_at(passage, match, message, replacement=right if sure else None)


def _is_range(text: str, match: re.Match[str]) -> bool:
    """Whether figures on both sides are a range, and not a telephone number, a reference or a sum."""
    before, after = (
        _FIGURES_BEFORE.search(text, max(0, match.start() - 40), match.start()),
        _FIGURES_AFTER.match(text, match.end()),
    )
    if not before or not after or "=" in text[match.end() : match.end() + 20]:
        return False
    return not before[1].startswith("0") and max(len(before[1]), len(after[1])) <= _LONGEST_NUMBER


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] == " " or text[match.end() - 1] == " ":
        return False
    around = text[max(0, match.start() - 60) : match.end() + 60]
    at = match.start() - max(0, match.start() - 60)
    start = around.rfind(" ", 0, at) + 1
    end = around.find(" ", at)
    return is_address(around[start : end if end >= 0 else len(around)])


RULES: tuple[Rule, ...] = (dash,)
