"""Months: priorities that vanish, or change their name or number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bulletin.declaration.source import Place, Span
from bulletin.issue.kinds.priorities import Priority, PriorityStatus
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import Titles, fold, fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

ALMOST_SAME = 0.85  # likeness of two titles that are one priority under another number


@dataclass(frozen=True, slots=True)
class _Placed:
    """A priority and its place."""

    place: Place
    priority: Priority


_SIX = """
- kind: priorities
  title: Our priorities
  items:
    - number: 6
      title: {title}
      status: under way
      summary: The action plan is half complete.
"""
_SEVEN = """\
    - number: 7
      title: Young carers
      status: {status}
      summary: Six schools took part.
"""


@rule(
    "CONT01",
    "priority-vanished",
    severity=Severity.WARNING,
    reason="Readers want to know how a priority ends. One that disappears without a word looks forgotten.",
    wrong=[
        Example(
            before=_SIX.format(title="Neglect") + _SEVEN.format(status="under way"),
            sections=_SIX.format(title="Neglect"),
            at="Our priorities",
        )
    ],
    right=[
        Example(
            before=_SIX.format(title="Neglect") + _SEVEN.format(status="closed"),
            sections=_SIX.format(title="Neglect"),
        )
    ],
)
def priority_vanished(context: Context) -> Iterator[Violation]:
    """A priority that was open in the last issue and is missing from this one."""
    last = context.predecessor
    if not last:
        return
    now = _find_priorities(context)
    numbers = {placed.priority.number for placed in now}
    titles = Titles((placed.priority.title, placed) for placed in now)
    for placed in _find_priorities(last):
        old = placed.priority
        if old.status is PriorityStatus.CLOSED or old.number in numbers or titles.find_near(old.title):
            continue
        if not _says_closed(context, old):
            yield Violation(
                span=_find_head(context),
                message=f"Priority {old.number}, “{old.title}”, was {old.status} in the issue of {last.month}"
                f" ({last.refer(placed.place)}). It is missing from this one.",
                remedy="Include it, or show it once more with `status: closed` and say what was achieved.",
            )


def _find_priorities(parsed: ParsedIssue) -> list[_Placed]:
    return [_Placed(record.place, record.value) for record in parsed.records if isinstance(record.value, Priority)]


def _find_head(context: Context) -> Span:
    """The title of the first section of priorities; if there is none, the month at the top of the issue."""
    for index, section in enumerate(context.issue.sections):
        if section.kind == "priorities":
            return context.span("sections", index, "title")
    return context.span("month")


_CLOSED = re.compile(r"\b(?:closed?|closes|completed?|ended|ends|finished|concluded|signed off)\b")


def _says_closed(context: Context, priority: Priority) -> bool:
    """Whether some text says that the priority has ended."""
    title, number = fold(priority.title), re.compile(rf"\bpriority {priority.number}\b")
    texts = (fold(passage.prose.text) for passage in context.texts)
    return any((title in text or number.search(text)) and _CLOSED.search(text) for text in texts)


@rule(
    "CONT08",
    "priority-renamed",
    severity=Severity.WARNING,
    reason="Readers follow a priority by its number and name. If one changes without a word, they lose track.",
    wrong=[
        Example(
            before=_SIX.format(title="Getting basic child protection right"),
            sections=_SIX.format(title="Getting child protection right"),
            at="Getting child protection right",
        )
    ],
    right=[
        Example(
            before=_SIX.format(title="Getting child protection right"),
            sections=_SIX.format(title="Getting child protection right"),
        )
    ],
)
def priority_renamed(context: Context) -> Iterator[Violation]:
    """A priority whose name or number has changed since the last issue."""
    last = context.predecessor
    now = _find_priorities(context)
    if not last or not now:
        return
    before = _find_priorities(last)
    titles = Titles((placed.priority.title, placed) for placed in before)
    numbers: dict[int, list[_Placed]] = {}
    for placed in before:
        numbers.setdefault(placed.priority.number, []).append(placed)
    taken = {fold_title(placed.priority.title) for placed in now}
    for placed in now:
        yield from _check_name(context, last, placed, _Before(titles, numbers, taken))


@dataclass(frozen=True, slots=True)
class _Before:
    """The priorities of the last issue by title and number, and the titles in this issue."""

    titles: Titles[_Placed]
    numbers: Mapping[int, list[_Placed]]
    taken: set[str]


def _check_name(context: Context, last: ParsedIssue, placed: _Placed, before: _Before) -> Iterator[Violation]:
    new = placed.priority
    if same := before.titles.find_same(new.title):
        if new.number not in {old.priority.number for old in same} and len(same) == 1:
            yield _violation_at_number(context, last, placed, same[0])
    elif numbered := before.numbers.get(new.number):
        if len(numbered) == 1 and _was_renamed(numbered[0].priority, before):
            yield _violation_at_name(context, last, placed, numbered[0])
    elif len(near := before.titles.find_near(new.title, least=ALMOST_SAME)) == 1:
        yield _violation_at_number(context, last, placed, near[0])


def _was_renamed(old: Priority, before: _Before) -> bool:
    """Whether a priority has a new name: it was open, and its old name is nowhere in this issue."""
    return old.status is not PriorityStatus.CLOSED and fold_title(old.title) not in before.taken


def _violation_at_name(context: Context, last: ParsedIssue, placed: _Placed, old: _Placed) -> Violation:
    return Violation(
        span=context.span(*placed.place, "title"),
        message=f"Priority {placed.priority.number} was called “{old.priority.title}” in the issue of {last.month}"
        f" ({last.refer(old.place)}).",
        remedy="Use the same name, or explain the new one in the summary.",
    )


def _violation_at_number(context: Context, last: ParsedIssue, placed: _Placed, old: _Placed) -> Violation:
    return Violation(
        span=context.span(*placed.place, "number"),
        message=f"“{placed.priority.title}” was priority {old.priority.number} in the issue of {last.month}"
        f" ({last.refer(old.place)}), not {placed.priority.number}.",
        remedy="Give it its old number, or say in the summary that the numbers have changed.",
    )


RULES: tuple[Rule, ...] = (priority_vanished, priority_renamed)
