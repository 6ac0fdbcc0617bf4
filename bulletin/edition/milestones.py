"""The states of dated steps and priorities, in words and shape: never by colour alone (WCAG 2.2, 1.4.1). Pure."""

from __future__ import annotations

from datetime import date
from enum import Enum

from bulletin.issue.kinds.priorities import Milestone, PriorityStatus

_PRIORITY_SHAPES = {
    PriorityStatus.PLANNED: "○",
    PriorityStatus.UNDER_WAY: "◐",
    PriorityStatus.DELAYED: "▲",
    PriorityStatus.PAUSED: "■",
    PriorityStatus.CLOSED: "●",
}


class StepState(Enum):
    """The state of a dated step on the day of publication: its shape, and the word beside it."""

    DONE = ("●", "done")
    PAST = ("●", "past")  # its date is over, and the issue does not say whether it happened
    NOW = ("◐", "now")
    AHEAD = ("○", "to come")
    LATE = ("▲", "late")

    def __init__(self, shape: str, word: str) -> None:
        self.shape = shape
        self.word = word


def judge_step(step: Milestone, *, published: date) -> StepState:
    """The state of `step` for someone who reads the issue on the day of publication."""
    begins = step.date.earliest(year=published.year)
    ends = (step.until or step.date).latest(year=published.year)
    if step.done:
        return StepState.DONE
    if ends < published:
        return StepState.LATE if step.done is False else StepState.PAST
    return StepState.NOW if begins <= published else StepState.AHEAD


def shape_of(status: PriorityStatus) -> str:
    """The shape beside a priority's state."""
    return _PRIORITY_SHAPES[status]
