"""Days to keep free. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Line, LinkAddress, Text
from bulletin.issue.item import Booking, Contact, Feature, Name, Session
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_IN_TABLES, NextMonth, Traits


class Event(Session, Feature):
    """Something that happens on a day."""

    noun: ClassVar[str] = "an event"
    takes_place: ClassVar[bool] = True

    title: Line = Field(description="What it is.", examples=["Safeguarding champions' meeting"])
    summary: Text | None = Field(default=None, description="What happens there.", examples=["Open to all champions."])
    audience: Name | None = Field(default=None, description="Who it is for.", examples=["Safeguarding champions"])
    link: LinkAddress | None = Field(
        default=None, description="A page about it.", examples=["https://www.example.org/event"]
    )
    book: Booking | None = Field(
        default=None, description="How to take part.", examples=[{"link": "https://www.example.org/book"}]
    )
    sessions: Annotated[tuple[Session, ...], NOT_IN_TABLES] = Field(
        default=(),
        description="Its further dates, if it is on several times.",
        examples=[[{"date": "16 June 2021", "starts": "9:30am"}]],
    )
    cost: Line | None = Field(default=None, description="What it costs.", examples=["Free"])
    contact: Contact | None = Field(
        default=None, description="The person to ask.", examples=[{"name": "Jo Bloggs", "email": "jo@example.org"}]
    )

    @property
    def booking(self) -> Booking | None:
        return self.book

    @property
    def occasions(self) -> tuple[Session, ...]:
        """Its own date, then its further dates."""
        return (self, *self.sessions)

    @property
    def is_off(self) -> bool:
        return all(session.cancelled for session in self.occasions)

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.title, self.date), self.title, self.model_copy(update={"title": ""}))


class Events(BaseSection):
    """Days to keep free."""

    noun: ClassVar[str] = "an events section"
    also_called: ClassVar[frozenset[str]] = frozenset({"diary", "dates", "calendar"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.UPDATED,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=True,
        headings=r"event|dates|diary|calendar|what.s on|coming up|meeting",
    )

    kind: Literal["events"] = Field(description="The kind of section.", examples=["events"])
    introduction: Text | None = Field(default=None, description="A line before the events.", examples=["All online."])
    items: Annotated[tuple[Event, ...], Field(min_length=1)] = Field(
        description="The events.", examples=[[{"title": "Champions' meeting", "date": "9 June 2021"}]]
    )
