"""A text to read. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Text
from bulletin.issue.item import Link, Name
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_IN_TABLES, NextMonth, Traits


class Article(BaseSection):
    """A text to read."""

    noun: ClassVar[str] = "an article section"
    also_called: ClassVar[frozenset[str]] = frozenset({"story", "text", "feature"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.LEFT_OUT,
        one_of_a_kind=False,
        links_recur=False,
        in_blank_forms=True,
        headings="",
    )

    kind: Literal["article"] = Field(description="The kind of section.", examples=["article"])
    byline: Name | None = Field(default=None, description="Who wrote it.", examples=["Bexley Education Services"])
    text: Text = Field(description="The article.", examples=["The Executive met on 27 April 2021."])
    links: Annotated[tuple[Link, ...], NOT_IN_TABLES] = Field(
        default=(), description="More to read.", examples=[[{"title": "Guidance", "link": "https://www.example.org"}]]
    )
