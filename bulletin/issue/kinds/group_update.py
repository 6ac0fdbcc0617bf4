"""What a group has been doing. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal

from pydantic import Field

from bulletin.declaration.translated import Text
from bulletin.issue.item import Name, Organisation, Points
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class GroupUpdate(BaseSection):
    """What a group has been doing, point by point."""

    noun: ClassVar[str] = "a group_update section"
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.EMPTIED,
        one_of_a_kind=False,
        links_recur=False,
        in_blank_forms=False,
        headings=r"group|network|forum|council|champions|f\.?l\.?a\.?r\.?e",
    )

    kind: Literal["group_update"] = Field(description="The kind of section.", examples=["group_update"])
    group: Organisation = Field(description="The group's name.", examples=["Bexley F.L.A.R.E."])
    members: Name | None = Field(default=None, description="Who is in it.", examples=["Parents and carers"])
    introduction: Text | None = Field(
        default=None, description="A line before the points.", examples=["The group kept in touch online."]
    )
    items: Points = Field(description="The points, one by one.", examples=[["Workshops begin in June."]])

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return (self.title, self.group)
