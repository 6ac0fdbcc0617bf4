"""What the executive worked on. Pure."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Text
from bulletin.issue.item import Points
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class ExecutiveUpdates(BaseSection):
    """What the executive worked on, and what it looks ahead to."""

    noun: ClassVar[str] = "an executive_updates section"
    also_called: ClassVar[frozenset[str]] = frozenset({"updates", "executive"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.EMPTIED,
        one_of_a_kind=True,
        links_recur=False,
        in_blank_forms=False,
        headings=r"executive|board update|director|leadership",
    )

    kind: Literal["executive_updates"] = Field(description="The kind of section.", examples=["executive_updates"])
    lead: Text = Field(description="A one-line summary.", examples=["Scrutiny was the Executive's main work."])
    items: Points = Field(description="The points, one by one.", examples=[["We reviewed the action plan."]])
    outlook: Text | None = Field(default=None, description="What comes next.", examples=["In May the report is out."])
