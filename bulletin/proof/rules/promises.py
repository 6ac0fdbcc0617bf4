"""Promises: what earlier issues announced for this one, and what this one announces without noting it down. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Place, Span
from bulletin.drafting.comments import read_data
from bulletin.drafting.promises import FollowUp, find_follow_ups
from bulletin.issue.dates import MONTHS, Month
from bulletin.issue.passages import Passage
from bulletin.issue.sections import stays_the_same
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import Titles, find_words, fold_title
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

MOST_MONTHS = 24  # back from this issue; what was due before that, nobody waits for


@dataclass(frozen=True, slots=True)
class _Promise:
    """A follow-up, the title of its own that it has (or ""), and the words that say what it is about."""

    follow_up: FollowUp
    title: str
    words: tuple[str, ...]


@rule(
    "CONT03",
    "follow-up-unanswered",
    severity=Severity.WARNING,
    reason="Readers remember what they were promised; a bulletin that keeps its word is read.",
    wrong=[
        Example(
            before="""
- kind: article
  title: Independent scrutiny
  text: We are choosing a scrutineer. The May 2021 issue will say more.
  follow_up: 2021-05
""",
            at="2021-05",
        )
    ],
    right=[
        Example(
            before="""
- kind: article
  title: Independent scrutiny
  text: We are choosing a scrutineer. The May 2021 issue will say more.
  follow_up: 2021-05
""",
            sections="""
- kind: notice
  title: Scrutiny
  text: We have found two people for the independent scrutiny of our work.
""",
        )
    ],
)
def follow_up_unanswered(context: Context) -> Iterator[Violation]:
    """A promise for this month, or one that the last issue left open, that nothing in this issue comes back to."""
    last = context.earlier[0] if context.earlier and not context.issue.extra else None
    promises = _find_due(context, last) if last else []
    if not last or not promises:
        return
    here, there = _Answers(context), _Answers(last)
    for promise in promises:
        overdue = promise.follow_up.month <= last.month
        if not here.has(promise) and not (overdue and there.has(promise)):
            yield _violation_at_promise(context, promise.follow_up)


def _find_due(context: Context, last: ParsedIssue) -> list[_Promise]:
    """The promises for the months from the last issue to this one; one that was repeated counts once."""
    months = [context.month + -back for back in range(MOST_MONTHS)]
    due = [month for month in months if month >= last.month]
    found: dict[tuple[str, tuple[str, ...], str], _Promise] = {}
    for parsed in context.find_promising(due):
        for follow_up in find_follow_ups(parsed.source, made_in=parsed.month):
            if follow_up.month in due:
                promise = _read_promise(parsed, follow_up)
                key = (follow_up.kind, follow_up.titles, "" if promise.title else follow_up.words)
                found.setdefault(key, promise)
    return sorted(found.values(), key=lambda promise: (promise.follow_up.month, promise.follow_up.made_in))


def _read_promise(parsed: ParsedIssue, follow_up: FollowUp) -> _Promise:
    holder = read_data(parsed.source, follow_up.place)
    title = holder.get("title") if isinstance(holder, dict) else None
    own = title if isinstance(title, str) else ""
    words = find_words(own, promise=True) if own else find_words(follow_up.words, promise=True)
    return _Promise(follow_up, own, tuple(words))


class _Answers:
    """What an issue has to say, to be asked whether it comes back to a promise."""

    def __init__(self, parsed: ParsedIssue) -> None:
        sections = parsed.issue.sections
        self._kept = {section.kind for section in sections if stays_the_same(section)}
        self._titles = Titles(
            (title, sections[number].kind)
            for record in parsed.records
            if isinstance(title := getattr(record.value, "title", None), str)
            and isinstance(number := record.place[1], int)
        )
        self._passages: dict[str, set[int]] = defaultdict(set)
        for number, passage in enumerate(parsed.passages):
            if passage.section is None or not stays_the_same(sections[passage.section]):
                for word in find_words(passage.prose.text):
                    self._passages[word].add(number)

    def has(self, promise: _Promise) -> bool:
        """Whether something has nearly the same title, or one text names what was promised.

        Of a promise without a title of its own half of the words are enough.
        """
        kinds = self._titles.find_near(promise.title) if promise.title else ()
        if any(kind == promise.follow_up.kind or kind not in self._kept for kind in kinds):
            return True
        if not promise.words:
            return True  # nothing to look for
        needed = len(promise.words) if promise.title else (len(promise.words) + 1) // 2
        return self._name_together(promise.words, needed)

    def _name_together(self, words: Iterable[str], needed: int) -> bool:
        """Whether one text has at least so many of the words."""
        counts: dict[int, int] = defaultdict(int)
        for word in words:
            for number in self._passages.get(word, ()):
                counts[number] += 1
        return max(counts.values(), default=0) >= needed


def _violation_at_promise(context: Context, promise: FollowUp) -> Violation:
    overdue = promise.month < context.month
    return Violation(
        span=_find_head(context, promise),
        message=f"Promised for {promise.month}{' and still open' if overdue else ''}: {promise}."
        " Nothing in this issue comes back to it.",
        remedy="Come back to it under the same title; or say that it takes longer, with a later month in `follow_up:`.",
    )


def _find_head(context: Context, promise: FollowUp) -> Span:
    """The title of the section that is the nearest: of the same kind, if possible with the same title."""
    sections = [
        (index, section) for index, section in enumerate(context.issue.sections) if section.kind == promise.kind
    ]
    titled = fold_title(promise.titles[0]) if promise.titles else ""
    nearest = sorted(sections, key=lambda entry: fold_title(entry[1].title) != titled)
    return context.span("sections", nearest[0][0], "title") if nearest else context.span("month")


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
    reason="A promise that is only in the text is forgotten; with `follow_up` the next draft reminds you of it.",
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
    """A text that promises more, in an item that has no `follow_up`."""
    kept = _find_kept(context)
    for passage in context.texts:
        if _can_promise(context, passage) and not _is_kept(passage, kept):
            for start, end, due in _find_promises(passage.prose.text, context.month):
                yield violation_at(
                    passage,
                    (start, end),
                    "This promises more, and nothing will remind you of it.",
                    f"Add `follow_up: {due.id}` (the month that answers it) to "
                    + ("the item that it is about." if passage.section is None else "this item."),
                )


def _find_kept(context: Context) -> Mapping[Place, Declared]:
    """The records that have a follow-up, by their places."""
    return {record.place: record.value for record in context.records if getattr(record.value, "follow_up", None)}


def _can_promise(context: Context, passage: Passage) -> bool:
    if passage.section is None:
        return passage.field == "introduction"
    return not stays_the_same(context.issue.sections[passage.section])


def _is_kept(passage: Passage, kept: Mapping[Place, Declared]) -> bool:
    """Whether its item or one around it has a follow-up; for what a section or an issue says as a whole, one inside."""
    around = (passage.place[:depth] for depth in range(len(passage.place) + 1))
    if any(place in kept for place in around):
        return True
    whole = passage.place[:-1]
    return len(whole) <= 2 and any(place[: len(whole)] == whole for place in kept)


def _find_promises(text: str, month: Month) -> Iterator[tuple[int, int, Month]]:
    """The words that promise, one stretch a sentence, and the month that is to keep it."""
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
    """The month that a text names; one without its year is the next of that name, or was not long ago."""
    match = _NAMED.search(text)
    if not match:
        return None
    number = MONTHS.index(match[1]) + 1
    return Month(int(match[2]) if match[2] else near.year + (number < near.month - 6), number)


_NAMED = re.compile(rf"\b({'|'.join(MONTHS)})(?: ([0-9]{{4}}))?\b")


def _find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """From where to where its sentence goes; of a very long one, what stands near."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text, max(0, start - 300), start)]
    begin = ends[-1] if ends else max(0, start - 300)
    close = _SENTENCE_END.search(text, end, end + 300)
    return begin, close.start() if close else min(len(text), end + 300)


def _is_promise(sentence: str, match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 12) : match.start()]
    return not _ASKS.match(sentence) and bool(_BEARS.search(sentence)) and not _COUNTED.search(before)


RULES: tuple[Rule, ...] = (follow_up_unanswered, promise_without_follow_up)
