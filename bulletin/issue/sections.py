"""The kinds of section. Each has fields of its own, so that each can have a form of its own. Pure.

The larger kinds have modules of their own; those that need little are here. To add a kind: a class, its name in
`Section` below, and a template for it in the theme (CONTRIBUTING.md has a worked example).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bulletin.declaration.values import Line, LinkAddress, Text
from bulletin.issue.item import Item, Link, Points
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.events import Events, Training
from bulletin.issue.kinds.priorities import Priorities
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.section import BaseSection


class ExecutiveUpdates(BaseSection):
    """What the executive worked on, and what it looks ahead to."""

    noun: ClassVar[str] = "an executive_updates section"

    kind: Literal["executive_updates"] = Field(description="The kind of section.", examples=["executive_updates"])
    lead: Text = Field(description="The line that says it all.", examples=["Scrutiny was the Executive's main work."])
    items: Points = Field(description="The points, one by one.", examples=[["We reviewed the action plan."]])
    outlook: Text | None = Field(default=None, description="What comes next.", examples=["In May the report is out."])


class GroupUpdate(BaseSection):
    """What a group has been doing, point by point."""

    noun: ClassVar[str] = "a group_update section"

    kind: Literal["group_update"] = Field(description="The kind of section.", examples=["group_update"])
    group: Line = Field(description="The group's name.", examples=["Bexley F.L.A.R.E."])
    members: Line | None = Field(default=None, description="Who is in it.", examples=["Parents and carers"])
    introduction: Text | None = Field(
        default=None, description="A line before the points.", examples=["The group kept in touch online."]
    )
    items: Points = Field(description="The points, one by one.", examples=[["Workshops begin in June."]])


class Article(BaseSection):
    """A text to read."""

    noun: ClassVar[str] = "an article section"

    kind: Literal["article"] = Field(description="The kind of section.", examples=["article"])
    byline: Line | None = Field(default=None, description="Who wrote it.", examples=["Bexley Education Services"])
    text: Text = Field(description="The article.", examples=["The Executive met on 27 April 2021."])
    links: tuple[Link, ...] = Field(
        default=(), description="More to read.", examples=[[{"title": "Guidance", "link": "https://www.example.org"}]]
    )


class Notice(BaseSection):
    """A short announcement that must not be overlooked."""

    noun: ClassVar[str] = "a notice section"

    kind: Literal["notice"] = Field(description="The kind of section.", examples=["notice"])
    text: Text = Field(description="The announcement.", examples=["The office is closed on 3 May 2021."])
    links: tuple[Link, ...] = Field(
        default=(), description="More to read.", examples=[[{"title": "Details", "link": "https://www.example.org"}]]
    )


class Links(BaseSection):
    """Useful addresses."""

    noun: ClassVar[str] = "a links section"

    kind: Literal["links"] = Field(description="The kind of section.", examples=["links"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["Worth keeping."])
    items: Annotated[tuple[Link, ...], Field(min_length=1)] = Field(
        description="The links.", examples=[[{"title": "Past issues", "link": "https://www.example.org/archive"}]]
    )


class Card(Item):
    """One aspect of the organisation, in a line, with where to read more."""

    noun: ClassVar[str] = "a card"

    title: Line = Field(description="The aspect.", examples=["Independent scrutiny"])
    text: Text = Field(description="A line on it.", examples=["How our work is looked at from outside."])
    link: LinkAddress | None = Field(
        default=None, description="Where to read more.", examples=["https://www.example.org/scrutiny"]
    )


class About(BaseSection):
    """Who we are."""

    noun: ClassVar[str] = "an about section"

    kind: Literal["about"] = Field(description="The kind of section.", examples=["about"])
    text: Text = Field(description="Who we are, briefly.", examples=["We are a statutory partnership."])
    items: tuple[Card, ...] = Field(
        default=(), description="Aspects, each a card.", examples=[[{"title": "Scrutiny", "text": "A line on it."}]]
    )


Section = Annotated[
    ExecutiveUpdates
    | Priorities
    | Campaign
    | GroupUpdate
    | Training
    | Events
    | Article
    | Notice
    | Resources
    | Links
    | About,
    Field(discriminator="kind"),
]
