"""Statistics: two to four large numbers, each with what it counts. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from bulletin.declaration.translated import Line, Plain, Text
from bulletin.issue.item import Item, check_figure
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits


class Statistic(Item):
    """A large number, with what it counts."""

    noun: ClassVar[str] = "a statistic"

    value: Annotated[Plain, AfterValidator(check_figure)] = Field(
        description="The number, as readers should see it.", examples=["1,284"]
    )
    label: Line = Field(description="What the number counts.", examples=["people trained by the Learning Hub"])

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return (self.label, self.value)


class Figures(BaseSection):
    """Two to four large numbers, each with what it counts."""

    noun: ClassVar[str] = "a figures section"
    also_called: ClassVar[frozenset[str]] = frozenset({"statistics", "stats", "numbers", "facts"})
    traits: ClassVar[Traits] = Traits(
        next_month=NextMonth.EMPTIED,
        one_of_a_kind=False,
        links_recur=True,
        in_blank_forms=False,
        headings=r"figures|statistics|numbers|the (?:year|month|quarter) so far|at a glance",
    )

    kind: Literal["figures"] = Field(description="The kind of section.", examples=["figures"])
    date: Line | None = Field(
        default=None, description="When they were counted, in your words.", examples=["From January to October 2026"]
    )
    introduction: Text | None = Field(default=None, description="A line before them.", examples=["Our year so far."])
    items: Annotated[tuple[Statistic, ...], Field(min_length=2, max_length=4)] = Field(
        description="The numbers, two to four.",
        examples=[[{"value": "24", "label": "schools took part"}, {"value": "91%", "label": "would do it again"}]],
    )
