"""Months: promises to say more that have no follow-up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Place
from bulletin.issue.dates import MONTHS, Month
from bulletin.issue.passages import Passage
from bulletin.issue.sections import stays_the_same
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_ISSUE = r"(?:issue|edition|e-?bulletin|bulletin|newsletter)"
_MONTH = rf"(?:{'|'.join(MONTHS)})(?: [0-9]{{4}})?"
_MORE = r"(?:more|further|full|fuller|additional)"
_NEWS = r"(?:details?|news|information|dates?|updates?|programme)"
_SEASON = r"(?:month|year|spring|summer|autumn|winter)"
_SOON = rf"(?:next month|next time|soon|shortly|later this {_SEASON}|in due course|in {_MONTH})"
_ABOUT_IT = r"(?:(?:on|about|of) (?:this|that|it|these|them) )?"
_TELL = (
    r"(?:report back(?! to (?!you\b|readers))|keep you (?:posted|informed|updated|up to date)|update you|tell you more|"
    rf"say more|share more|have more {_NEWS}|come back to (?:this|you)\b|return to (?:this|it)\b|let you know more)"
)
_PROMISE = re.compile(
    "|".join(
        (
            rf"\b{_MORE} (?:{_NEWS} )?{_ABOUT_IT}(?:will follow |to follow |to come )?{_SOON}\b",
            rf"\b(?:{_MORE} )?{_NEWS} (?:will|to|are to|is to) (?:follow|come)\b(?! up)",
            rf"\b{_MORE} {_NEWS} will be (?:announced|shared|published|confirmed|given)\b",
            r"\b(?:more|further) (?:to follow|to come|will follow)\b",
            rf"\b(?:will|’ll|'ll|shall|hope to|plan to) (?:then )?{_TELL}",
            r"\byou(?:’ll|'ll| will) (?:soon )?(?:hear|read|find out|learn) more\b",
            rf"\blook out for {_MORE}\b",
            r"\bwatch this space\b",
            r"\bstay tuned\b",
            rf"\b(?:the|our) (?:next|{_MONTH}) {_ISSUE} (?:will|brings|tells|says|reports|carries|has more)\b",
            rf"\b(?:in|for) (?:the|our|a) (?:next|coming|later|{_MONTH}) {_ISSUE}\b",
            rf"\b(?:in|for) next month(?:’s|'s) {_ISSUE}\b",
        )
    ),
    re.IGNORECASE,
)
_BEARS = re.compile(
    r"\b(?:will|shall|more|further|follow|details|update|report|look out|share|tell|continued?|watch|stay)\b|[’']ll\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\s*(?:please|ring|call|phone|e-?mail|write|contact|ask|come|join|visit|send|book|reply|tell|sign|click|read|see|"
    r"get|text|if|once|when|would you|to (?:have|get|see|be|find))\b|.{0,200}\b(?:if|once|when|after) you\b",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = re.compile(
    r"(?:[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|once|twice|many|some|any|no|few|even|much|a)) $",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][”’)\"]?\s|\n")


@rule(
    "CONT04",
    "promise-without-follow-up",
    severity=Severity.WARNING,
    reason="A promise in the text alone is easily forgotten. With `follow_up`, the next draft reminds you.",
    wrong=[
        Example(
            sections="""
- kind: article
  title: Independent scrutiny
  text: We are choosing a scrutineer. You will hear more in the June 2021 issue.
""",
            at="hear more",
        )
    ],
    right=[
        Example(
            sections="""
- kind: article
  title: Independent scrutiny
  text: We are choosing a scrutineer. You will hear more in the June 2021 issue.
  follow_up: 2021-06
"""
        ),
        Example(text="To find out more, ask the lead in your school."),
    ],
)
def promise_without_follow_up(context: Context) -> Iterator[Violation]:
    """A promise to say more, in an item without `follow_up`."""
    kept = _find_kept(context)
    for passage in context.texts:
        if _can_promise(context, passage) and not _is_kept(passage, kept):
            for start, end, due in _find_promises(passage.prose.text, context.month):
                yield violation_at(
                    passage,
                    (start, end),
                    "This promises more, but nothing will remind you.",
                    f"Add `follow_up: {due.id}` (the month when you will answer it) to "
                    + ("the item that it is about." if passage.section is None else "this item."),
                )


def _find_kept(context: Context) -> Mapping[Place, Declared]:
    """The records with a follow-up, by place."""
    return {record.place: record.value for record in context.records if getattr(record.value, "follow_up", None)}


def _can_promise(context: Context, passage: Passage) -> bool:
    if passage.section is None:
        return passage.field == "introduction"
    return not stays_the_same(context.issue.sections[passage.section])


def _is_kept(passage: Passage, kept: Mapping[Place, Declared]) -> bool:
    """Whether its item or one around it has a follow-up; for a section's or issue's own text, one inside it."""
    around = (passage.place[:depth] for depth in range(len(passage.place) + 1))
    if any(place in kept for place in around):
        return True
    whole = passage.place[:-1]
    return len(whole) <= 2 and any(place[: len(whole)] == whole for place in kept)


def _find_promises(text: str, month: Month) -> Iterator[tuple[int, int, Month]]:
    """The words that promise, once a sentence, and the month when the promise is due."""
    done = 0
    for match in _PROMISE.finditer(text):
        if match.start() < done:
            continue
        start, end = _find_sentence(text, match.start(), match.end())
        named = _read_month(match[0], month)
        if _is_promise(text[start:end], match) and not (named and named <= month):
            said = named or _read_month(text[start:end], month)
            yield *match.span(), said if said and said > month else month + 1
            done = end


def _read_month(text: str, near: Month) -> Month | None:
    """The month that a text names. Without a year, it is the next of that name, or one of the last six months."""
    match = _NAMED.search(text)
    if not match:
        return None
    number = MONTHS.index(match[1]) + 1
    return Month(int(match[2]) if match[2] else near.year + (number < near.month - 6), number)


_NAMED = re.compile(rf"\b({'|'.join(MONTHS)})(?: ([0-9]{{4}}))?\b")


def _find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The start and end of the sentence around a match; of a very long one, 300 characters on either side."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text, max(0, start - 300), start)]
    begin = ends[-1] if ends else max(0, start - 300)
    close = _SENTENCE_END.search(text, end, end + 300)
    return begin, close.start() if close else min(len(text), end + 300)


def _is_promise(sentence: str, match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 12) : match.start()]
    return not _ASKS.match(sentence) and bool(_BEARS.search(sentence)) and not _COUNTED.search(before)


RULES: tuple[Rule, ...] = (promise_without_follow_up,)
