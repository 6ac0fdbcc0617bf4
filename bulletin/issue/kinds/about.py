"""Who we are. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from bulletin.declaration.translated import Line, LinkAddress, Plain, Text
from bulletin.declaration.values import invalid
from bulletin.issue.item import Item
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Card(Item):
    """One aspect of the organisation, in a line, with where to read more."""

    noun: ClassVar[str] = "a card"

    title: Line = Field(description="The aspect.", examples=["Independent scrutiny"])
    text: Text = Field(description="A line on it.", examples=["How outsiders review our work."])
    link: LinkAddress | None = Field(
        default=None, description="Where to read more.", examples=["https://www.example.org/scrutiny"]
    )
    link_text: Plain | None = Field(
        default=None, description="The words of that link.", examples=["Read about scrutiny"]
    )

    @model_validator(mode="after")
    def _check_link_text(self) -> Self:
        if self.link_text and not self.link:
            raise invalid("leads nowhere.", "Give its `link:` beside it.", field="link_text")
        return self

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.title, self.link), self.link or self.title, self.title)


class About(BaseSection):
    """Who we are."""

    noun: ClassVar[str] = "an about section"
    also_called: ClassVar[frozenset[str]] = frozenset({"about_us"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.KEPT,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=False,
        headings=r"about us|who we are|^about\b",
    )

    kind: Literal["about"] = Field(description="The kind of section.", examples=["about"])
    text: Text = Field(description="Who we are, briefly.", examples=["We are a statutory partnership."])
    items: tuple[Card, ...] = Field(
        default=(), description="Aspects, each a card.", examples=[[{"title": "Scrutiny", "text": "A line on it."}]]
    )
