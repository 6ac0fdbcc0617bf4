"""Continuity: what one issue has begun and the next one must go on with: months, priorities, counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bulletin.declaration.source import Place, Span
from bulletin.issue.item import Figure
from bulletin.issue.kinds.priorities import Priority, PriorityStatus
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import Titles, fold, fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

RECENT = 3  # issues that are looked back on: what is older, readers have forgotten
ALMOST_SAME = 0.85  # likeness of two titles of one priority that has another number


@dataclass(frozen=True, slots=True)
class _Placed:
    """A priority with its place."""

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
    reason="Readers who work on a priority want to know how it ends; one that is gone without a word looks forgotten.",
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
    """A priority of the last issue, not closed there, that is not in this one."""
    last = _find_last(context)
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
                f" ({_refer(last, placed.place)}), and is not in this one.",
                remedy="Go on with it, or show it once more with `status: closed` and say what came of it.",
            )


def _find_last(context: Context) -> ParsedIssue | None:
    """None as well for a second issue in a month: it stands by itself."""
    return context.earlier[0] if context.earlier and not context.issue.extra else None


def _find_priorities(parsed: ParsedIssue) -> list[_Placed]:
    return [_Placed(record.place, record.value) for record in parsed.records if isinstance(record.value, Priority)]


def _find_head(context: Context) -> Span:
    """The title of the first section of priorities; without one, the month at the head of the issue."""
    for index, section in enumerate(context.issue.sections):
        if section.kind == "priorities":
            return context.span("sections", index, "title")
    return context.span("month")


def _refer(parsed: ParsedIssue, place: Place) -> str:
    return f"{parsed.source.file}:{parsed.span(*place).line}"


_CLOSED = re.compile(r"\b(?:closed?|closes|completed?|ended|ends|finished|concluded|signed off)\b")


def _says_closed(context: Context, priority: Priority) -> bool:
    """Whether some text says that it has come to an end."""
    title, number = fold(priority.title), re.compile(rf"\bpriority {priority.number}\b")
    texts = (fold(passage.prose.text) for passage in context.texts)
    return any((title in text or number.search(text)) and _CLOSED.search(text) for text in texts)


_EASTER = """
- kind: notice
  title: Easter
  text: We are closed on 5 April 2021.
"""


@rule(
    "CONT06",
    "month-skipped",
    severity=Severity.WARNING,
    reason="A month between two issues is either a slip in `month:`, or something that readers should be told.",
    wrong=[Example(before=_EASTER, month_before="2021-03", at="2021-05")],
    right=[Example(before=_EASTER)],
)
def month_skipped(context: Context) -> Iterator[Violation]:
    """A month without an issue between the last one and this one."""
    last = _find_last(context)
    if not last or context.month - last.month < 2:
        return
    months = [parsed.month for parsed in context.earlier[: RECENT + 1]]
    gaps = [newer - older for newer, older in pairwise(months)]
    if len(gaps) > 1 and sum(gap > 1 for gap in gaps) * 2 > len(gaps):
        return  # it comes out less often than once a month
    first, until = last.month + 1, context.month + -1
    skipped = f"{first}" if first == until else f"{first} to {until}"
    yield Violation(
        span=context.span("month"),
        message=f"The last issue is of {last.month} ({last.source.file}): there is none of {skipped}.",
        remedy="Correct the month if it is a slip; otherwise tell readers why they had to wait.",
    )


_COURSE = """
- kind: training
  title: E-learning
  items:
    - title: Signs of Safety
      provider: Me Learning
      on_demand: yes
      figure: {{value: {value}, label: professionals have completed it so far, date: {date} 2021}}
"""


@rule(
    "CONT07",
    "figure-backwards",
    severity=Severity.WARNING,
    reason="A number that counts up cannot go down: one of the two is a slip, and somebody will quote it.",
    wrong=[
        Example(
            before=_COURSE.format(value=214, date="April"), sections=_COURSE.format(value=187, date="May"), at="187"
        )
    ],
    right=[Example(before=_COURSE.format(value=187, date="April"), sections=_COURSE.format(value=214, date="May"))],
)
def figure_backwards(context: Context) -> Iterator[Violation]:
    """A figure that counts up, and is lower than the last time."""
    figures = [(place, figure) for place, _, figure in _find_figures(context) if _counts_up(figure)]
    if not figures:
        return
    before = _remember_figures(context.earlier[:RECENT])
    for place, title, figure in _find_figures(context):
        old = before.get((title, fold_title(figure.label))) if _counts_up(figure) else None
        if old and (was := _read_value(old.figure)) and (now := _read_value(figure)) and _is_lower(now, was):
            yield Violation(
                span=context.span(*place, "value"),
                message=f"This was {old.figure.value} in the issue of {old.parsed.month}"
                f" ({_refer(old.parsed, old.place)}), and it counts up: it cannot be {figure.value} now.",
                remedy="Ask for the number again; if the first one was wrong, say so.",
            )


@dataclass(frozen=True, slots=True)
class _OldFigure:
    parsed: ParsedIssue
    place: Place
    figure: Figure


def _find_figures(parsed: ParsedIssue) -> Iterator[tuple[Place, str, Figure]]:
    """Each figure with its place and the title of what it belongs to."""
    titles = {record.place: getattr(record.value, "title", "") for record in parsed.records}
    for record in parsed.records:
        if isinstance(record.value, Figure):
            yield record.place, fold_title(titles.get(record.place[:-1], "") or ""), record.value


def _remember_figures(issues: Iterable[ParsedIssue]) -> Mapping[tuple[str, str], _OldFigure]:
    """The latest of each figure, by its owner and label."""
    found: dict[tuple[str, str], _OldFigure] = {}
    for parsed in issues:
        for place, title, figure in _find_figures(parsed):
            found.setdefault((title, fold_title(figure.label)), _OldFigure(parsed, place, figure))
    return found


_COUNTING = re.compile(
    r"\b(?:so far|to date|in total|altogether|overall|in all|since|"
    r"(?:have|has) (?:now |already |been )?[a-z]{1,20}(?:ed|en|un))\b",
    re.IGNORECASE,
)
_STARTS_AGAIN = re.compile(r"\bthis (?:year|term|month|week|quarter|season)\b|\b(?:last|past) \w+\b", re.IGNORECASE)


def _counts_up(figure: Figure) -> bool:
    return bool(_COUNTING.search(figure.label)) and not _STARTS_AGAIN.search(figure.label)


def _read_value(figure: Figure) -> tuple[float, str] | None:
    """The number, and what stands around it: 63 and “%”. None if there is more than one number."""
    match = re.fullmatch(
        r"([^0-9]{0,20})([0-9]{1,3}(?:[, ][0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,6})?([^0-9]{0,20})", figure.value
    )
    if not match:
        return None
    return float(re.sub("[, ]", "", match[2]) + (match[3] or "")), fold(match[1] + match[4])


def _is_lower(now: tuple[float, str], was: tuple[float, str]) -> bool:
    return now[1] == was[1] and now[0] < was[0]


@rule(
    "CONT08",
    "priority-renamed",
    severity=Severity.WARNING,
    reason="Readers follow a priority by its number and its name; if one of them changes in silence, they lose it.",
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
    """A priority whose name or number is not that of the last issue."""
    last = _find_last(context)
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
    """The last issue's priorities by title and number, and the titles that this one has."""

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
    """Whether a priority goes on under another name: it was open, and its own name is nowhere in the new issue."""
    return old.status is not PriorityStatus.CLOSED and fold_title(old.title) not in before.taken


def _violation_at_name(context: Context, last: ParsedIssue, placed: _Placed, old: _Placed) -> Violation:
    return Violation(
        span=context.span(*placed.place, "title"),
        message=f"Priority {placed.priority.number} was called “{old.priority.title}” in the issue of {last.month}"
        f" ({_refer(last, old.place)}).",
        remedy="Use the same name; or say in the summary that, and why, it is called otherwise now.",
    )


def _violation_at_number(context: Context, last: ParsedIssue, placed: _Placed, old: _Placed) -> Violation:
    return Violation(
        span=context.span(*placed.place, "number"),
        message=f"“{placed.priority.title}” was priority {old.priority.number} in the issue of {last.month}"
        f" ({_refer(last, old.place)}), not {placed.priority.number}.",
        remedy="Give it its old number; or say in the summary that the numbers have changed.",
    )


RULES: tuple[Rule, ...] = (priority_vanished, month_skipped, figure_backwards, priority_renamed)
