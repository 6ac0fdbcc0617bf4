"""How long a figure or a finished milestone has been carried along from issue to issue. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bulletin.drafting.following import last_day
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.item import Figure
from bulletin.issue.kinds.priorities import Milestone, Priorities, Priority
from bulletin.issue.kinds.training import Training
from bulletin.issue.model import Issue

LONG_CARRIED = 2  # months in issues, until it is worth asking
LONG_PAST = 3  # months since its own date


def describe_figure_age(figure: Figure, history: Sequence[Issue], *, month: Month, near: date) -> str:
    """How old a figure is in the issue of `month`; "" if it is not worth asking.

    `history` are the issues before, the latest first. A date without its year is the one nearest to `near`.
    """
    since = _find_since(history, lambda issue: figure in _list_figures(issue))
    return _describe_age("it was counted", figure.date, since, month=month, near=near)


def describe_milestone_age(
    priority: Priority, milestone: Milestone, history: Sequence[Issue], *, month: Month, near: date
) -> str:
    """How long a milestone has been done in the issue of `month`; "" if that is not worth asking. As for a figure."""
    if not milestone.done:
        return ""
    own = (priority.number, milestone.text)
    since = _find_since(history, lambda issue: own in _list_done(issue))
    return _describe_age("it was due", milestone.until or milestone.date, since, month=month, near=near)


def _find_since(history: Sequence[Issue], has_it: Callable[[Issue], bool]) -> Month | None:
    """The month of the first issue that has it, going back from the latest one; None if that doesn't have it."""
    since = None
    for issue in history:
        if not has_it(issue):
            break
        since = issue.month
    return since


def _list_figures(issue: Issue) -> Iterator[Figure]:
    for section in issue.sections:
        if isinstance(section, Training):
            yield from (course.figure for course in section.items if course.figure)


def _list_done(issue: Issue) -> Iterator[tuple[int, str]]:
    for section in issue.sections:
        if isinstance(section, Priorities):
            yield from (
                (priority.number, milestone.text)
                for priority in section.items
                for milestone in priority.milestones
                if milestone.done
            )


def _describe_age(verb: str, written: PartialDate, since: Month | None, *, month: Month, near: date) -> str:
    """`it was counted 7 months ago (April 2021), and has been in every issue since May 2021`."""
    day = last_day(written, near=near)
    age = month - Month(day.year, day.month)
    carried = month - since if since else 0
    if carried < LONG_CARRIED and age < LONG_PAST:
        return ""
    words = [f"{verb} {age} months ago ({written})" if age >= LONG_CARRIED else f"its date is {written}"]
    if since and carried >= LONG_CARRIED:
        words.append(f"has been in every issue since {since}, for {carried} months")
    return ", and ".join(words)
