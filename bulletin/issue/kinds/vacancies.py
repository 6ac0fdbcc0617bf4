"""Vacancies: posts that readers may apply for. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Line, Text
from bulletin.issue.dates import ADate
from bulletin.issue.item import Contact, Feature, Name, Organisation
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Vacancy(Feature):
    """A post that readers may apply for, until a day."""

    noun: ClassVar[str] = "a vacancy"

    title: Line = Field(description="The post.", examples=["Chair of the champions’ network"])
    employer: Organisation | None = Field(
        default=None, description="The organisation that appoints.", examples=["Riverbourne Council"]
    )
    text: Text | None = Field(
        default=None, description="A sentence or two on the work.", examples=["You lead 60 champions."]
    )
    pay: Line | None = Field(default=None, description="What it pays.", examples=["£180 a day"])
    hours: Line | None = Field(default=None, description="How much time it takes.", examples=["12 days a year"])
    place: Name | None = Field(default=None, description="Where it is.", examples=["Riverbourne and online"])
    closes: ADate = Field(description="The last day to apply.", examples=["11 December 2026"])
    interviews: ADate | None = Field(
        default=None, description="The day of the interviews.", examples=["16 December 2026"]
    )
    contact: Contact | None = Field(
        default=None, description="The person to ask.", examples=[{"name": "Jo Bloggs", "email": "jo@example.org"}]
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.title, self.employer), self.title, self.model_copy(update={"title": ""}))


class Vacancies(BaseSection):
    """Posts that readers may apply for. A post that has closed is left out of the next draft."""

    noun: ClassVar[str] = "a vacancies section"
    also_called: ClassVar[frozenset[str]] = frozenset({"vacancy", "job", "jobs", "post", "posts", "recruitment"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.UPDATED,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=True,
        headings=r"vacanc|\bjobs?\b|recruit(?!ment:)|work (?:for|with) us|join our team|opportunit",
    )

    kind: Literal["vacancies"] = Field(description="The kind of section.", examples=["vacancies"])
    introduction: Text | None = Field(
        default=None, description="A line before them.", examples=["Both posts are open to all."]
    )
    items: Annotated[tuple[Vacancy, ...], Field(min_length=1)] = Field(
        description="The posts.", examples=[[{"title": "Chair", "closes": "11 December 2026"}]]
    )
