"""The days by which readers act, or from which something is new: each `do:`, the ends of bookings, and the like. Pure.

The box “What you need to do” has a row for each, and a calendar an entry for each whole day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.issue.dates import PartialDate
from bulletin.issue.item import Task
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.vacancies import Vacancy


class DayPurpose(StrEnum):
    """What a day is the last one for. The value is part of a file's name."""

    TASK = "by"  # what `do:` says
    BOOKING = "book"
    APPLICATION = "apply"
    END = "end"  # of a campaign

    @property
    def is_task(self) -> bool:
        """Whether a `do:` asks for it."""
        return self is DayPurpose.TASK


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """What readers do, and by when; `begins` if the day is the first one. A task may have no day."""

    purpose: DayPurpose
    words: str
    day: PartialDate | None
    begins: bool = False


_ROW_WORDS = {
    DayPurpose.BOOKING: "Book: {title}",
    DayPurpose.APPLICATION: "Apply: {title}",
    DayPurpose.END: "Take part: {title}",
}
"""What readers do where no `do:` says it, as a phrase of the catalogue."""


def list_deadlines(task: Task, speech: Speech = ENGLISH_SPEECH, *, title: str) -> Iterator[Deadline]:
    """The deadlines of a record with this title. What won't take place has none.

    The end of a booking is the day of its task, if that has no day of its own.
    """
    if task.is_off:
        return
    own = task.by or task.from_
    if task.do:
        yield Deadline(purpose=DayPurpose.TASK, words=task.do, day=own or task.closing, begins=bool(task.from_))
    if task.closing and (own or not task.do):
        purpose = _find_purpose(task)
        yield Deadline(purpose=purpose, words=speech.say(_ROW_WORDS[purpose], title=title), day=task.closing)


def _find_purpose(task: Task) -> DayPurpose:
    match task:
        case Vacancy():
            return DayPurpose.APPLICATION
        case Campaign():
            return DayPurpose.END
        case _:
            return DayPurpose.BOOKING
