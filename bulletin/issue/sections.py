"""The kinds of section. Each has fields of its own, so that each can have a form of its own. Pure.

To add a kind: a class here, its name in `Section` below, and a template for it in the theme (CONTRIBUTING.md has a
worked example).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from bulletin.declaration.values import (
    Line,
    LinkAddress,
    Plain,
    Text,
    WholeNumber,
    YesOrNo,
    one_or_more,
    parsed_by,
    refusal,
)
from bulletin.issue.dates import ADate
from bulletin.issue.item import Booking, Figure, Image, Item, Link, Points, Session


class BaseSection(Item):
    """What every section has."""

    title: Line = Field(description="The section's heading.", examples=["Executive updates"])
    image: Image | None = Field(
        default=None,
        description="A picture at the head of the section, with its text alternative.",
        examples=[{"file": "issues/images/poster.png", "alt": "Poster: a parent rocks a crying baby"}],
    )


class ExecutiveUpdates(BaseSection):
    """What the executive worked on, and what it looks ahead to."""

    noun: ClassVar[str] = "an executive_updates section"

    kind: Literal["executive_updates"] = Field(description="The kind of section.", examples=["executive_updates"])
    lead: Text = Field(description="The line that says it all.", examples=["Scrutiny was the Executive's main work."])
    items: Points = Field(description="The points, one by one.", examples=[["We reviewed the action plan."]])
    outlook: Text | None = Field(default=None, description="What comes next.", examples=["In May the report is out."])


class PriorityStatus(StrEnum):
    """How a priority stands."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    DELAYED = "delayed"
    PAUSED = "paused"
    CLOSED = "closed"


class Milestone(Item):
    """A dated step of a priority."""

    noun: ClassVar[str] = "a milestone"

    date: ADate = Field(description="When: a day, a month or a year.", examples=["June 2021"])
    until: ADate | None = Field(default=None, description="The end, if it takes longer.", examples=["July 2021"])
    text: Line = Field(description="What happens.", examples=["The first phase ends"])
    done: YesOrNo | None = Field(default=None, description="Whether it has happened.", examples=["yes"])


class Priority(Item):
    """A numbered priority with its state, its dates and what comes next."""

    noun: ClassVar[str] = "a priority"

    number: WholeNumber = Field(description="The number that it is known by.", examples=[6])
    title: Line = Field(description="Its name.", examples=["Getting basic child protection right"])
    status: PriorityStatus = Field(description="How it stands.", examples=["under way"])
    led_by: Line | None = Field(default=None, description="The lead organisation.", examples=["Bexley CCG"])
    summary: Text = Field(description="What was done, in a sentence or two.", examples=["The action plan moved on."])
    milestones: tuple[Milestone, ...] = Field(
        default=(),
        description="Its dated steps, in order.",
        examples=[[{"date": "June 2021", "text": "The first phase ends"}]],
    )
    next: Text | None = Field(default=None, description="What comes next.", examples=["Learning is shared from July."])


def _check_numbers(priorities: tuple[Priority, ...]) -> tuple[Priority, ...]:
    seen: set[int] = set()
    for priority in priorities:
        if priority.number in seen:
            raise refusal(f"Two priorities have the number {priority.number}.", "Give each its own number.")
        seen.add(priority.number)
    return priorities


class Priorities(BaseSection):
    """The priorities that the partnership works on."""

    noun: ClassVar[str] = "a priorities section"

    kind: Literal["priorities"] = Field(description="The kind of section.", examples=["priorities"])
    introduction: Text | None = Field(
        default=None, description="A line before the priorities.", examples=["Three priorities are open."]
    )
    items: Annotated[tuple[Priority, ...], Field(min_length=1), AfterValidator(_check_numbers)] = Field(
        description="The priorities.",
        examples=[[{"number": 6, "title": "Neglect", "status": "planned", "summary": "It begins in June."}]],
    )


class CampaignStatus(StrEnum):
    """Whether a campaign is to come, running or over."""

    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Phase:
    """Phase `number` of `total`; `total` is None where it is not known."""

    number: int
    total: int | None = None

    def __str__(self) -> str:
        return f"Phase {self.number}" + (f" of {self.total}" if self.total else "")


def parse_phase(text: str) -> Phase:
    """`1 of 2`, or `1`. Raises PydanticCustomError."""
    match = re.fullmatch(r"(?:phase\s+)?(\d{1,2})(?:\s+of\s+(\d{1,2}))?", text, re.IGNORECASE)
    if not match:
        raise refusal(f"“{text}” is not a phase.", "Write it as 1 of 2, or as 1.")
    phase = Phase(int(match[1]), int(match[2]) if match[2] else None)
    if phase.number < 1 or (phase.total is not None and phase.number > phase.total):
        raise refusal(f"“{text}” is not a phase: the first number goes from 1 to the second.", "Write it as 1 of 2.")
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


class Campaign(BaseSection):
    """A campaign, with the one thing that it asks of the reader."""

    noun: ClassVar[str] = "a campaign section"

    kind: Literal["campaign"] = Field(description="The kind of section.", examples=["campaign"])
    status: CampaignStatus = Field(
        default=CampaignStatus.RUNNING, description="Whether it is to come, running or over.", examples=["running"]
    )
    partners: Annotated[tuple[Line, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Who runs it, with us or without.", examples=[["Greenwich", "Lewisham"]]
    )
    audience: Line | None = Field(default=None, description="Whom it is for.", examples=["Parents of young babies"])
    phase: Annotated[Phase, BeforeValidator(parsed_by(parse_phase)), WithJsonSchema({"type": "string"})] | None = Field(
        default=None, description="How far it is.", examples=["1 of 2"]
    )
    ends: ADate | None = Field(default=None, description="The day on which it ends.", examples=["28 May 2021"])
    text: Text = Field(description="What it is about.", examples=["The survey asks children what worries them."])
    ask: Ask | None = Field(
        default=None,
        description="The one thing that you ask of the reader.",
        examples=[{"text": "Share it.", "button": "Open the survey", "link": "https://thebigask.uk"}],
    )
    links: tuple[Link, ...] = Field(
        default=(), description="More to read.", examples=[[{"title": "About", "link": "https://thebigask.uk"}]]
    )
    assets: tuple[Asset, ...] = Field(
        default=(), description="What readers can use.", examples=[[{"title": "Posters"}]]
    )


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


class Course(Item):
    """One training offer: on demand, or on given dates."""

    noun: ClassVar[str] = "a course"

    title: Line = Field(description="The course's name.", examples=["Signs of Safety for partners"])
    provider: Line = Field(description="Who gives it.", examples=["Me Learning"])
    summary: Text | None = Field(default=None, description="What one learns.", examples=["The practice framework."])
    audience: Line | None = Field(default=None, description="Whom it is for.", examples=["All partners"])
    on_demand: YesOrNo = Field(default=False, description="Whether it can be taken at any time.", examples=["yes"])
    sessions: tuple[Session, ...] = Field(
        default=(), description="Its dates, if it has any.", examples=[[{"date": "9 June 2021", "starts": "9:30am"}]]
    )
    places: WholeNumber | None = Field(default=None, description="How many can take part.", examples=[20])
    cost: Line | None = Field(default=None, description="What it costs.", examples=["Free"])
    link: LinkAddress | None = Field(
        default=None, description="Where it is, or is described.", examples=["https://www.example.org/course"]
    )
    book: Booking | None = Field(
        default=None, description="How to book.", examples=[{"how": "Sign in.", "link": "https://www.example.org"}]
    )
    figure: Figure | None = Field(
        default=None,
        description="A number worth showing.",
        examples=[{"value": "24", "label": "have completed it", "date": "April 2021"}],
    )

    @model_validator(mode="after")
    def _check_when(self) -> Self:
        if self.on_demand == bool(self.sessions):
            found = "is both on demand and on given dates." if self.on_demand else "has no dates and is not on demand."
            raise refusal(f"This course {found}", "Write `on_demand: yes`, or `sessions:` with their dates.")
        return self


class Training(BaseSection):
    """Training offers."""

    noun: ClassVar[str] = "a training section"

    kind: Literal["training"] = Field(description="The kind of section.", examples=["training"])
    introduction: Text | None = Field(default=None, description="A line before the courses.", examples=["All free."])
    items: Annotated[tuple[Course, ...], Field(min_length=1)] = Field(
        description="The courses.",
        examples=[[{"title": "Signs of Safety", "provider": "Me Learning", "on_demand": "yes"}]],
    )


class Event(Session):
    """Something that happens on a day."""

    noun: ClassVar[str] = "an event"

    title: Line = Field(description="What it is.", examples=["Safeguarding champions' meeting"])
    summary: Text | None = Field(default=None, description="What happens there.", examples=["Open to all champions."])
    audience: Line | None = Field(default=None, description="Whom it is for.", examples=["Safeguarding champions"])
    link: LinkAddress | None = Field(
        default=None, description="Where it is described.", examples=["https://www.example.org/event"]
    )
    book: Booking | None = Field(
        default=None, description="How to take part.", examples=[{"link": "https://www.example.org/book"}]
    )


class Events(BaseSection):
    """Days to keep free."""

    noun: ClassVar[str] = "an events section"

    kind: Literal["events"] = Field(description="The kind of section.", examples=["events"])
    introduction: Text | None = Field(default=None, description="A line before the events.", examples=["All online."])
    items: Annotated[tuple[Event, ...], Field(min_length=1)] = Field(
        description="The events.", examples=[[{"title": "Champions' meeting", "date": "9 June 2021"}]]
    )


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

    publishers: Annotated[tuple[Line, ...], BeforeValidator(one_or_more)] = Field(
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

    kind: Literal["resources"] = Field(description="The kind of section.", examples=["resources"])
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["New this month."])
    groups: Annotated[tuple[ResourceGroup, ...], Field(min_length=1)] = Field(
        description="The groups.",
        examples=[[{"title": "Reports", "items": [{"title": "A report", "link": "https://www.example.org"}]}]],
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
