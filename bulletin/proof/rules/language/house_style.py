"""Typography: the house style for ranges, days and titles, chosen in bulletin.yaml. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.issue.section import BaseSection
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.lexicon import is_common
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import HeadingStyle, OrdinalStyle, RangeStyle, Severity

_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = rf"(?:{'|'.join(WEEKDAYS)})"
_TIME = r"(?:\d{1,2}(?:[:.]\d\d)?(?:am|pm)?|noon|midday|midnight)"
_HALF = r"(?:\d{1,2}(?:[:.]\d\d)?(?:am|pm)|noon|midday|midnight)"
_BEFORE = r"(?<![\w.,:£/–-])"
_DASHED = LazyPattern(
    rf"{_BEFORE}(?:{_TIME}(?P<a> ?[–-] ?){_HALF}|{_DAY}(?P<b> ?[–-] ?){_DAY}|\d{{1,2}}(?P<c> ?[–-] ?)\d{{1,2}} {_MONTH}"
    rf"|{_MONTH}(?P<d> ?[–-] ?){_MONTH}|\d{{1,2}} {_MONTH}(?P<e> ?[–-] ?)\d{{1,2}} {_MONTH})\b"
)
_WORDED = LazyPattern(rf"{_BEFORE}(?<!from )(?:{_TIME}(?P<a> to ){_HALF}|{_DAY}(?P<b> to ){_DAY})\b")


@rule(
    "LANG19",
    "range-style",
    severity=Severity.NOTE,
    reason="Screen readers leave a dash out: “9am–5pm” is heard as “9am 5pm”.",
    wrong=[
        Example(text="We are open 9am–5pm.", settings="proof:\n  style: govuk\n", at="–"),
        Example(text="We are open Monday to Friday.", settings="proof:\n  ranges: dash\n", at="to"),
    ],
    right=[
        Example(text="We are open 9am to 5pm.", settings="proof:\n  style: nhs\n"),
        Example(text="We are open 9am–5pm."),
        Example(text="See pages 12–15.", settings="proof:\n  style: govuk\n"),
    ],
)
def range_style(context: Context) -> Iterator[Violation]:
    """A range of times or days that isn’t in the house style (`proof: ranges:`)."""
    ranges = context.settings.proof.house.ranges
    if ranges is RangeStyle.ANY:
        return
    wrong, right = (_DASHED, "to") if ranges is RangeStyle.TO else (_WORDED, "–")
    for passage, match in context.matches(wrong, texts=own_texts(context)):
        start, end = next(match.span(name) for name, found in match.groupdict().items() if found)
        written = match.string[start:end].strip()
        begin = start + match.string[start:end].index(written)
        instead = (
            f"{match[0][: start - match.start()]}{' to ' if right == 'to' else right}{match[0][end - match.start() :]}"
        )
        message = f"“{match[0]}” isn’t in your house style for ranges."
        yield violation_at(passage, (begin, begin + len(written)), message, f"Write {instead}.")


_ORDINAL = LazyPattern(
    rf"(?<![\w.])\d{{1,2}}(?P<ending>st|nd|rd|th)(?= (?:of )?{_MONTH}\b)|\b{_MONTH} \d{{1,2}}(?P<after>st|nd|rd|th)\b"
)


@rule(
    "LANG20",
    "ordinal-style",
    severity=Severity.NOTE,
    reason="“4 May” is read as fast as “4th May”, and looks the same as the dates in lists.",
    wrong=[Example(text="We meet on 4th May 2021.", settings="proof:\n  style: govuk\n", at="th")],
    right=[
        Example(text="We meet on 4 May 2021, for the 4th time.", settings="proof:\n  style: govuk\n"),
        Example(text="We meet on 4th May 2021."),
    ],
)
def ordinal_style(context: Context) -> Iterator[Violation]:
    """A day with an ending, such as 4th May, where the house style has none (`proof: ordinals: never`)."""
    if context.settings.proof.house.ordinals is not OrdinalStyle.NEVER:
        return
    for passage, match in context.matches(_ORDINAL, texts=own_texts(context)):
        span = match.span("ending") if match["ending"] else match.span("after")
        yield violation_at(
            passage,
            span,
            f"Your house style writes days without “{match.string[slice(*span)]}”.",
            "Delete it.",
            replacement="",
        )


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.:!?–—]\s*[“‘(]?\Z|\A[“‘(]?\Z")


@rule(
    "LANG21",
    "heading-style",
    severity=Severity.NOTE,
    reason="Titles in sentence case are read faster, and capital letters show what is a name.",
    wrong=[
        Example(
            sections="- {kind: notice, title: News From Our Schools And Families, text: We met.}",
            settings="proof:\n  style: govuk\n",
            at="News From Our Schools And Families",
        )
    ],
    right=[
        Example(
            sections="- {kind: notice, title: News from Anytown Council, text: We met.}",
            settings="proof:\n  style: govuk\n",
        ),
        Example(sections="- {kind: notice, title: News From Our Schools And Families, text: We met.}"),
    ],
)
def heading_style(context: Context) -> Iterator[Violation]:
    """A section’s title with capital letters on everyday words (`proof: headings: sentence`)."""
    if context.settings.proof.house.headings is not HeadingStyle.SENTENCE:
        return
    terms = " ".join(context.settings.proof.terms)
    for passage in own_texts(context):
        if passage.field != "title" or not isinstance(passage.record, BaseSection) or passage.prose.text in terms:
            continue
        text = passage.prose.text
        words = [match for match in _WORD.finditer(text) if not _SENTENCE_END.search(text[: match.start()])]
        raised = [match[0] for match in words if _is_raised(match[0])]
        if len(raised) >= 2 and len(raised) * 2 > len(words):
            message = f"“{text}” has capital letters on everyday words."
            remedy = "Write the first word and names alone with a capital letter."
            yield violation_at(passage, (0, len(text)), message, remedy)


def _is_raised(word: str) -> bool:
    return word[0].isupper() and word[1:].islower() and (is_common(word) or word.lower() in _SMALL)


_SMALL = frozenset({"and", "or", "the", "for", "from", "our", "your", "with", "in", "on", "to", "of", "at", "by", "a"})

RULES: tuple[Rule, ...] = (range_style, ordinal_style, heading_style)
