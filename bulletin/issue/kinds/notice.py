"""A short announcement. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Text
from bulletin.issue.item import Link
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_IN_TABLES, NextMonth, Traits


class Notice(BaseSection):
    """A short announcement that readers must not miss."""

    noun: ClassVar[str] = "a notice section"
    also_called: ClassVar[frozenset[str]] = frozenset({"announcement", "alert"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.LEFT_OUT,
        one_of_a_kind=False,
        links_recur=True,
        in_blank_forms=False,
        headings="",
    )

    kind: Literal["notice"] = Field(description="The kind of section.", examples=["notice"])
    text: Text = Field(description="The announcement.", examples=["The office is closed on 3 May 2021."])
    links: Annotated[tuple[Link, ...], NOT_IN_TABLES] = Field(
        default=(), description="More to read.", examples=[[{"title": "Details", "link": "https://www.example.org"}]]
    )
