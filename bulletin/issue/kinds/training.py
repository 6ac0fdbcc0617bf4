"""Training offers. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bulletin.declaration.translated import Line, LinkAddress, Text
from bulletin.declaration.values import WholeNumber, YesOrNo, invalid
from bulletin.issue.item import Booking, Contact, Feature, Figure, Name, Organisation, Session
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_SHOWN, NextMonth, Traits


class Course(Feature):
    """One training offer: on demand, or on given dates."""

    noun: ClassVar[str] = "a course"
    takes_place: ClassVar[bool] = True

    title: Line = Field(description="The course's name.", examples=["Signs of Safety for partners"])
    provider: Organisation = Field(description="The training provider.", examples=["Me Learning"])
    summary: Text | None = Field(default=None, description="What people learn.", examples=["The practice framework."])
    audience: Name | None = Field(default=None, description="Who it is for.", examples=["All partners"])
    on_demand: Annotated[YesOrNo, NOT_SHOWN] = Field(
        default=False, description="Whether people can take it at any time.", examples=["yes"]
    )
    sessions: tuple[Session, ...] = Field(
        default=(), description="Its dates, if it has any.", examples=[[{"date": "9 June 2021", "starts": "9:30am"}]]
    )
    places: WholeNumber | None = Field(default=None, description="How many can take part.", examples=[20])
    cost: Line | None = Field(default=None, description="What it costs.", examples=["Free"])
    link: LinkAddress | None = Field(
        default=None, description="The course, or a page about it.", examples=["https://www.example.org/course"]
    )
    book: Booking | None = Field(
        default=None, description="How to book.", examples=[{"how": "Sign in.", "link": "https://www.example.org"}]
    )
    contact: Contact | None = Field(
        default=None, description="The person to ask.", examples=[{"name": "Jo Bloggs", "email": "jo@example.org"}]
    )
    figure: Figure | None = Field(
        default=None,
        description="A number worth showing.",
        examples=[{"value": "24", "label": "have completed it", "date": "April 2021"}],
    )

    @property
    def booking(self) -> Booking | None:
        return self.book

    @property
    def occasions(self) -> tuple[Session, ...]:
        """Its dates; none if it is on demand."""
        return self.sessions

    @property
    def is_off(self) -> bool:
        return bool(self.sessions) and all(session.cancelled for session in self.sessions)

    @model_validator(mode="after")
    def _check_when(self) -> Self:
        if self.on_demand == bool(self.sessions):
            found = "is both on demand and on given dates." if self.on_demand else "has no dates and is not on demand."
            raise invalid(f"This course {found}", "Write `on_demand: yes`, or `sessions:` with their dates.")
        return self


class Training(BaseSection):
    """Training offers."""

    noun: ClassVar[str] = "a training section"
    also_called: ClassVar[frozenset[str]] = frozenset({"course", "courses", "workshops"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.UPDATED,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=True,
        headings="training|learning|course|workshop|webinar",
    )

    kind: Literal["training"] = Field(description="The kind of section.", examples=["training"])
    introduction: Text | None = Field(default=None, description="A line before the courses.", examples=["All free."])
    items: Annotated[tuple[Course, ...], Field(min_length=1)] = Field(
        description="The courses.",
        examples=[[{"title": "Signs of Safety", "provider": "Me Learning", "on_demand": "yes"}]],
    )
