"""Priorities: numbered, each with its state, its dated steps and what comes next. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from bulletin.declaration.translated import Line, Text
from bulletin.declaration.values import WholeNumber, YesOrNo, invalid
from bulletin.issue.dates import ADate
from bulletin.issue.item import Feature, Item, Organisation
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_SHOWN, NextMonth, Traits


class PriorityStatus(StrEnum):
    """The state of a priority."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    DELAYED = "delayed"
    PAUSED = "paused"
    CLOSED = "closed"


class Milestone(Item):
    """A dated step of a priority."""

    noun: ClassVar[str] = "a milestone"

    date: ADate = Field(description="The day, month or year.", examples=["June 2021"])
    until: ADate | None = Field(default=None, description="The end date, if it takes longer.", examples=["July 2021"])
    text: Line = Field(description="What happens.", examples=["The first phase ends"])
    done: Annotated[YesOrNo | None, NOT_SHOWN] = Field(
        default=None, description="Whether it has happened.", examples=["yes"]
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.text, self.date), self.text)


class Priority(Feature):
    """A numbered priority with its state, its dates and what comes next."""

    noun: ClassVar[str] = "a priority"

    number: WholeNumber = Field(description="Its number.", examples=[6])
    title: Line = Field(description="Its name.", examples=["Getting basic child protection right"])
    status: PriorityStatus = Field(description="Its state.", examples=["under way"])
    led_by: Organisation | None = Field(default=None, description="The lead organisation.", examples=["Bexley CCG"])
    summary: Text = Field(description="What was done, in a sentence or two.", examples=["The action plan moved on."])
    milestones: tuple[Milestone, ...] = Field(
        default=(),
        description="Its dated steps, in order.",
        examples=[[{"date": "June 2021", "text": "The first phase ends"}]],
    )
    next: Text | None = Field(default=None, description="What comes next.", examples=["Learning is shared from July."])

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return (self.number, self.title)


def _check_numbers(priorities: tuple[Priority, ...]) -> tuple[Priority, ...]:
    seen: set[int] = set()
    for priority in priorities:
        if priority.number in seen:
            raise invalid(f"Two priorities have the number {priority.number}.", "Give each its own number.")
        seen.add(priority.number)
    return priorities


class Priorities(BaseSection):
    """The priorities that the partnership works on."""

    noun: ClassVar[str] = "a priorities section"
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.UPDATED,
        one_of_a_kind=True,
        links_recur=False,
        in_blank_forms=False,
        headings="priorit",
    )

    kind: Literal["priorities"] = Field(description="The kind of section.", examples=["priorities"])
    introduction: Text | None = Field(
        default=None, description="A line before the priorities.", examples=["Three priorities are open."]
    )
    items: Annotated[tuple[Priority, ...], Field(min_length=1), AfterValidator(_check_numbers)] = Field(
        description="The priorities.",
        examples=[[{"number": 6, "title": "Neglect", "status": "planned", "summary": "It begins in June."}]],
    )
