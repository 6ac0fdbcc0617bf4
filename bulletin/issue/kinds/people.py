"""People: who has come, who goes, and how to reach them. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Line, Plain, Text
from bulletin.declaration.values import MailAddress
from bulletin.issue.item import Feature, Name
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Person(Feature):
    """A person, with what they do and how to reach them."""

    noun: ClassVar[str] = "a person"

    name: Name = Field(description="Their name.", examples=["Tom Okafor"])
    role: Line | None = Field(default=None, description="What they do.", examples=["Participation lead"])
    text: Text | None = Field(
        default=None, description="A sentence or two about them.", examples=["Tom comes to us from the youth service."]
    )
    email: MailAddress | None = Field(default=None, description="Their email address.", examples=["tom@example.org"])
    telephone: Plain | None = Field(default=None, description="Their number.", examples=["01632 960 145"])

    @property
    def marks(self) -> tuple[Hashable, ...]:
        said = (self.role, self.text)
        return (self.name, self.email or self.name, said if any(said) else self.name)


class People(BaseSection):
    """People: who has come, who goes, who to ask."""

    noun: ClassVar[str] = "a people section"
    also_called: ClassVar[frozenset[str]] = frozenset({"person", "staff", "team"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.LEFT_OUT,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=True,
        headings=r"^people$|new (?:starters|faces|colleagues|staff)|meet the|staff news|welcome to|joiners|leavers",
    )

    kind: Literal["people"] = Field(description="The kind of section.", examples=["people"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["Two have joined us."])
    items: Annotated[tuple[Person, ...], Field(min_length=1)] = Field(
        description="The people, one by one.", examples=[[{"name": "Tom Okafor", "role": "Participation lead"}]]
    )
