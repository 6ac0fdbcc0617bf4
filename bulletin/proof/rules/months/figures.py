"""Months: a running total that has gone down. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bulletin.declaration.source import Place
from bulletin.issue.item import Figure
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold, fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_RECENT = 3  # issues to look back on: readers have forgotten older ones


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
    reason="A running total can’t go down: one of the two numbers is wrong, and readers will quote it.",
    wrong=[
        Example(
            before=_COURSE.format(value=214, date="April"), sections=_COURSE.format(value=187, date="May"), at="187"
        )
    ],
    right=[Example(before=_COURSE.format(value=187, date="April"), sections=_COURSE.format(value=214, date="May"))],
)
def figure_backwards(context: Context) -> Iterator[Violation]:
    """A running total that is lower than last time."""
    figures = [(place, figure) for place, _, figure in _find_figures(context) if _counts_up(figure)]
    if not figures:
        return
    before = _remember_figures(context.earlier[:_RECENT])
    for place, title, figure in _find_figures(context):
        old = before.get((title, fold_title(figure.label))) if _counts_up(figure) else None
        if old and (was := _read_value(old.figure)) and (now := _read_value(figure)) and _is_lower(now, was):
            yield Violation(
                span=context.span(*place, "value"),
                message=f"This was {old.figure.value} in the issue of {old.parsed.month}"
                f" ({old.parsed.refer(old.place)}). It is a running total, so it can’t be {figure.value} now.",
                remedy="Check the number with its source. If the old one was wrong, say so.",
            )


@dataclass(frozen=True, slots=True)
class _OldFigure:
    parsed: ParsedIssue
    place: Place
    figure: Figure


def _find_figures(parsed: ParsedIssue) -> Iterator[tuple[Place, str, Figure]]:
    """Each figure with its place and the title of the item it belongs to."""
    titles = {record.place: getattr(record.value, "title", "") for record in parsed.records}
    for record in parsed.records:
        if isinstance(record.value, Figure):
            yield record.place, fold_title(titles.get(record.place[:-1], "") or ""), record.value


def _remember_figures(issues: Iterable[ParsedIssue]) -> Mapping[tuple[str, str], _OldFigure]:
    """The latest value of each figure, by the title of its item and its label."""
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
    """The number and the text around it: 63 and “%”. None if there is more than one number."""
    match = re.fullmatch(
        r"([^0-9]{0,20})([0-9]{1,3}(?:[, ][0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,6})?([^0-9]{0,20})", figure.value
    )
    if not match:
        return None
    return float(re.sub("[, ]", "", match[2]) + (match[3] or "")), fold(match[1] + match[4])


def _is_lower(now: tuple[float, str], was: tuple[float, str]) -> bool:
    return now[1] == was[1] and now[0] < was[0]


RULES: tuple[Rule, ...] = (figure_backwards,)
