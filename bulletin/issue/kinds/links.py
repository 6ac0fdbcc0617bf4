"""Useful addresses. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Text
from bulletin.issue.item import Link
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Links(BaseSection):
    """Useful addresses."""

    noun: ClassVar[str] = "a links section"
    also_called: ClassVar[frozenset[str]] = frozenset({"useful_links"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.KEPT,
        one_of_a_kind=True,
        links_recur=True,
        in_blank_forms=False,
        headings=r"\blinks?\b|useful|website|find out more|keep in touch|contact",
    )

    kind: Literal["links"] = Field(description="The kind of section.", examples=["links"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["Worth keeping."])
    items: Annotated[tuple[Link, ...], Field(min_length=1)] = Field(
        description="The links.", examples=[[{"title": "Past issues", "link": "https://www.example.org/archive"}]]
    )
