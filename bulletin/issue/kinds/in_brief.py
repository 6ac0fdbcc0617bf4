"""News in brief: a title, a sentence or two, and where to read more. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Line, Text
from bulletin.issue.item import Feature
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Brief(Feature):
    """A piece of news in a sentence or two."""

    noun: ClassVar[str] = "a brief"

    title: Line = Field(description="The news, in a few words.", examples=["Family hubs open on Saturdays"])
    text: Text = Field(
        description="A sentence or two, 30 words at most.", examples=["Two hubs open from 10am to 1pm from 9 January."]
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return (self.title, self.link or self.text, self.text)


class InBrief(BaseSection):
    """News in brief, two beside each other."""

    noun: ClassVar[str] = "an in_brief section"
    also_called: ClassVar[frozenset[str]] = frozenset({"brief", "briefs", "news", "news_in_brief", "short_news"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.EMPTIED,
        one_of_a_kind=True,
        links_recur=False,
        in_blank_forms=True,
        headings=r"in brief|in short|news round-?up|short news|other news",
    )

    kind: Literal["in_brief"] = Field(description="The kind of section.", examples=["in_brief"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["Short and new."])
    items: Annotated[tuple[Brief, ...], Field(min_length=1)] = Field(
        description="The news, one by one.",
        examples=[[{"title": "Family hubs open on Saturdays", "text": "Two hubs open from 10am to 1pm."}]],
    )
