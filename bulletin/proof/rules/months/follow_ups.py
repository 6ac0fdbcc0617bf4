"""Months: follow-ups that this issue should answer. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulletin.declaration.source import Span
from bulletin.drafting.comments import read_data
from bulletin.drafting.promises import FollowUp, find_follow_ups
from bulletin.issue.sections import stays_the_same
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import Titles, find_words, fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

MOST_MONTHS = 24  # before this issue; readers have stopped waiting for older promises


@dataclass(frozen=True, slots=True)
class _Promise:
    """A follow-up, its own title (or ""), and the words that say what it is about."""

    follow_up: FollowUp
    title: str
    words: tuple[str, ...]


@rule(
    "CONT03",
    "follow-up-unanswered",
    severity=Severity.WARNING,
    reason="Readers remember your promises, and read a bulletin that keeps its word.",
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
    """A promise due this month, or still open in the last issue, that this issue doesn’t answer."""
    last = context.predecessor
    promises = _find_due(context, last) if last else []
    if not last or not promises:
        return
    here, there = _Answers(context), _Answers(last)
    for promise in promises:
        overdue = promise.follow_up.month <= last.month
        if not here.has(promise) and not (overdue and there.has(promise)):
            yield _violation_at_promise(context, promise.follow_up)


def _find_due(context: Context, last: ParsedIssue) -> list[_Promise]:
    """The promises due from the month of the last issue to this month. A repeated promise counts once."""
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
    """Looks up whether an issue answers a promise."""

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
        """Whether an item has nearly the same title, or one text has the words of the promise.

        For a promise without its own title, half of the words are enough.
        """
        kinds = self._titles.find_near(promise.title) if promise.title else ()
        if any(kind == promise.follow_up.kind or kind not in self._kept for kind in kinds):
            return True
        if not promise.words:
            return True  # there is nothing to search for
        needed = len(promise.words) if promise.title else (len(promise.words) + 1) // 2
        return self._name_together(promise.words, needed)

    def _name_together(self, words: Iterable[str], needed: int) -> bool:
        """Whether one text has at least `needed` of the words."""
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
        " Nothing in this issue answers it.",
        remedy="Answer it under the same title, or say that it takes longer and set a later month in `follow_up:`.",
    )


def _find_head(context: Context, promise: FollowUp) -> Span:
    """The title of the closest section: one of the same kind, preferably with the same title."""
    sections = [
        (index, section) for index, section in enumerate(context.issue.sections) if section.kind == promise.kind
    ]
    titled = fold_title(promise.titles[0]) if promise.titles else ""
    nearest = sorted(sections, key=lambda entry: fold_title(entry[1].title) != titled)
    return context.span("sections", nearest[0][0], "title") if nearest else context.span("month")


RULES: tuple[Rule, ...] = (follow_up_unanswered,)
