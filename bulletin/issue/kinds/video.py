"""A film to watch. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Line, LinkAddress, Text
from bulletin.declaration.values import YesOrNo
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_SHOWN, NextMonth, Traits


class Video(BaseSection):
    """A film to watch."""

    noun: ClassVar[str] = "a video section"
    also_called: ClassVar[frozenset[str]] = frozenset({"film", "films", "videos"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.LEFT_OUT,
        one_of_a_kind=False,
        links_recur=False,
        in_blank_forms=False,
        headings=r"\b(?:film|video)\b|watch",
    )

    kind: Literal["video"] = Field(description="The kind of section.", examples=["video"])
    length: Line | None = Field(default=None, description="How long it is.", examples=["7 minutes"])
    captions: Annotated[YesOrNo, NOT_SHOWN] = Field(
        default=False, description="Whether it has captions.", examples=["yes"]
    )
    link: LinkAddress = Field(description="Where it is.", examples=["https://www.example.org/watch"])
    text: Text | None = Field(
        default=None, description="What it shows, in a sentence or two.", examples=["Good for a team meeting."]
    )
