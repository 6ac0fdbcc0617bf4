"""Campaigns: their progress, and the one thing that they ask of the reader. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from bulletin.declaration.translated import Line, LinkAddress, Plain, Text
from bulletin.declaration.values import invalid, one_or_more, parsed_by
from bulletin.issue.dates import ADate
from bulletin.issue.item import Item, Link, Name, Organisation
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NOT_IN_TABLES, NextMonth, Traits


class CampaignStatus(StrEnum):
    """Whether a campaign is planned, running or finished."""

    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Phase:
    """Phase `number` of `total`; `total` is None if it is not known."""

    number: int
    total: int | None = None

    def __str__(self) -> str:
        return f"Phase {self.number}" + (f" of {self.total}" if self.total else "")


def parse_phase(text: str) -> Phase:
    """`1 of 2`, or `1`. Raises PydanticCustomError."""
    match = re.fullmatch(r"(?:phase\s+)?([0-9]{1,2})(?:\s+of\s+([0-9]{1,2}))?", text, re.IGNORECASE)
    if not match:
        raise invalid(f"“{text}” is not a phase.", "Write it as 1 of 2, or as 1.")
    phase = Phase(int(match[1]), int(match[2]) if match[2] else None)
    if phase.number < 1 or (phase.total is not None and phase.number > phase.total):
        raise invalid(f"“{text}” is not a phase: the first number goes from 1 to the second.", "Write it as 1 of 2.")
    return phase


class Ask(Item):
    """The one thing that a campaign asks of the reader: a sentence and a button."""

    noun: ClassVar[str] = "an ask"

    text: Text = Field(description="What you ask, in a sentence.", examples=["Share the survey in your organisation."])
    button: Plain = Field(description="The button's words.", examples=["Open The Big Ask"])
    link: LinkAddress = Field(description="Where the button leads.", examples=["https://thebigask.uk"])


class Asset(Item):
    """Something to use for a campaign: a poster, a film, posts for social media."""

    noun: ClassVar[str] = "an asset"

    title: Line = Field(description="What it is.", examples=["Posters"])
    link: LinkAddress | None = Field(default=None, description="Where it is.", examples=["https://thebigask.uk"])
    summary: Line | None = Field(default=None, description="A few words on it.", examples=["for schools, A4 and A3"])

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.title, self.link), self.link or self.title, self.title)


class Campaign(BaseSection):
    """A campaign, with the one thing that it asks of the reader."""

    noun: ClassVar[str] = "a campaign section"
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.UPDATED,
        one_of_a_kind=False,
        links_recur=True,
        in_blank_forms=False,
        headings=r"campaign|big ask|awareness|appeal|survey|\bweek\b|(?:week|day|month)\b.*\d{4}|coping with",
    )

    kind: Literal["campaign"] = Field(description="The kind of section.", examples=["campaign"])
    status: CampaignStatus = Field(
        default=CampaignStatus.RUNNING, description="Whether it is planned, running or finished.", examples=["running"]
    )
    partners: Annotated[tuple[Organisation, ...], BeforeValidator(one_or_more), NOT_IN_TABLES] = Field(
        default=(), description="The organisations that run it.", examples=[["Greenwich", "Lewisham"]]
    )
    audience: Name | None = Field(default=None, description="Who it is for.", examples=["Parents of young babies"])
    phase: Annotated[Phase, BeforeValidator(parsed_by(parse_phase)), WithJsonSchema({"type": "string"})] | None = Field(
        default=None, description="The phase it is in.", examples=["1 of 2"]
    )
    ends: ADate | None = Field(default=None, description="The day it ends.", examples=["28 May 2021"])
    text: Text = Field(
        description="What the campaign is about.", examples=["The survey asks children what worries them."]
    )
    ask: Ask | None = Field(
        default=None,
        description="The one thing that you ask of the reader.",
        examples=[{"text": "Share it.", "button": "Open the survey", "link": "https://thebigask.uk"}],
    )
    links: Annotated[tuple[Link, ...], NOT_IN_TABLES] = Field(
        default=(), description="More to read.", examples=[[{"title": "About", "link": "https://thebigask.uk"}]]
    )
    assets: Annotated[tuple[Asset, ...], NOT_IN_TABLES] = Field(
        default=(), description="Materials that readers can use.", examples=[[{"title": "Posters"}]]
    )
