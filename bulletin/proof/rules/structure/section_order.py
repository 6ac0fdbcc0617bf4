"""Structure: items that are not in the order of their dates. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bulletin.declaration.source import Place
from bulletin.issue.item import Session
from bulletin.issue.kinds.events import Event, Events
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.kinds.training import Course
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "STRU04",
    "out-of-order",
    severity=Severity.WARNING,
    reason="Readers scan a list of dates for theirs, and miss one that is out of order.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Forum, date: 22 September 2021}
                - {title: Workshop, date: 10 June 2021}
            """,
            at="10 June 2021",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Workshop, date: 10 June 2021}
                - {title: Forum, date: 22 September 2021}
            """
        )
    ],
)
def out_of_order(context: Context) -> Iterator[Violation]:
    """Events, sessions or milestones that are not in date order."""
    for record in context.records:
        value = record.value
        if isinstance(value, Events):
            yield from _check_order(context, (*record.place, "items"), value.items)
        elif isinstance(value, Course | Event):
            yield from _check_order(context, (*record.place, "sessions"), value.sessions)
        elif isinstance(value, Priority):
            yield from _check_order(context, (*record.place, "milestones"), value.milestones)


def _check_order(context: Context, place: Place, entries: Sequence[Session | Milestone]) -> Iterator[Violation]:
    """A violation at the first entry that comes after a later one."""
    for number, (before, after) in enumerate(pairwise(entries), 1):
        if _end(after, context) < _begin(before, context):
            yield Violation(
                span=context.span(*place, number, "date"),
                message=f"{after.date} comes after {before.date} in this list.",
                remedy="Put the entries in date order.",
            )
            return


def _begin(entry: Session | Milestone, context: Context) -> date:
    return entry.date.earliest(year=context.issue.published.year)


def _end(entry: Session | Milestone, context: Context) -> date:
    return entry.date.latest(year=context.issue.published.year)


RULES: tuple[Rule, ...] = (out_of_order,)
