"""Resources: what others published, in groups. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from bulletin.declaration.translated import Line, Text
from bulletin.declaration.values import one_or_more
from bulletin.issue.dates import ADate
from bulletin.issue.item import Item, Link, Organisation
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class ResourceKind(StrEnum):
    """What a resource is."""

    GUIDANCE = "guidance"
    REPORT = "report"
    BRIEFING = "briefing"
    RESEARCH = "research"
    ARTICLE = "article"
    NEWS = "news"
    TOOLKIT = "toolkit"
    TEMPLATE = "template"
    VIDEO = "video"
    PODCAST = "podcast"
    WEBSITE = "website"


class Resource(Link):
    """Something published that readers should know."""

    noun: ClassVar[str] = "a resource"

    publishers: Annotated[tuple[Organisation, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Who published it.", examples=[["Department for Education"]]
    )
    date: ADate | None = Field(default=None, description="When it was published.", examples=["24 March 2021"])
    kind: ResourceKind | None = Field(default=None, description="What it is.", examples=["guidance"])


class ResourceGroup(Item):
    """Resources under one heading."""

    noun: ClassVar[str] = "a group of resources"

    title: Line = Field(description="The group's heading.", examples=["Government guidance"])
    items: Annotated[tuple[Resource, ...], Field(min_length=1)] = Field(
        description="The resources.", examples=[[{"title": "Remote education", "link": "https://www.gov.uk"}]]
    )


class Resources(BaseSection):
    """Published guidance, reports and tools, in groups."""

    noun: ClassVar[str] = "a resources section"
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.EMPTIED,
        one_of_a_kind=True,
        links_recur=False,
        in_blank_forms=True,
        headings=r"resource|guidance|publication|report|\bread(?:ing)?\b|research|new from",
    )

    kind: Literal["resources"] = Field(description="The kind of section.", examples=["resources"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["New this month."])
    groups: Annotated[tuple[ResourceGroup, ...], Field(min_length=1)] = Field(
        description="The groups.",
        examples=[[{"title": "Reports", "items": [{"title": "A report", "link": "https://www.example.org"}]}]],
    )
